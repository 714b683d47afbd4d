"""The exercise bag_of_words: how often each word of a vocabulary occurs in each text."""

from __future__ import annotations

import re

import numpy as np

from dlkit.exercises.model import Exercise, Mistake


def _words(text):
    return re.findall("[a-z]+", text.lower())


def _counted(documents, vocabulary):
    counts = np.zeros((len(documents), len(vocabulary)))
    for i, document in enumerate(documents):
        for word in _words(document):
            if word in vocabulary:
                counts[i, vocabulary.index(word)] += 1
    return counts


def bag_of_words(documents, vocabulary):
    return _counted(documents, vocabulary)


def bag_by_counting(documents, vocabulary):
    rows = []
    for document in documents:
        letters = "".join(sign if sign.isalpha() else " " for sign in document.lower())
        words = letters.split()
        rows.append([words.count(word) for word in vocabulary])
    return rows


def bag_of_presence(documents, vocabulary):
    return np.minimum(_counted(documents, vocabulary), 1.0)


def bag_sorted(documents, vocabulary):
    return _counted(documents, sorted(vocabulary))


def bag_turned(documents, vocabulary):
    return _counted(documents, vocabulary).T


def bag_of_letters(documents, vocabulary):
    return np.array([[float(document.lower().count(word)) for word in vocabulary] for document in documents])


def bag_with_capitals(documents, vocabulary):
    return np.array([[float(re.findall("[A-Za-z]+", document).count(word)) for word in vocabulary] for document in documents])


def bag_with_punctuation(documents, vocabulary):
    return np.array([[float(document.lower().split().count(word)) for word in vocabulary] for document in documents])


def bag_by_plain_split(documents, vocabulary):
    return np.array([[float(document.split().count(word)) for word in vocabulary] for document in documents])


def bag_with_digits(documents, vocabulary):
    return np.array([[float(re.findall(r"\w+", text.lower()).count(word)) for word in vocabulary] for text in documents])


def bag_glued_together(documents, vocabulary):
    texts = [re.sub("[^a-z ]", "", document.lower()) for document in documents]
    return np.array([[float(text.split().count(word)) for word in vocabulary] for text in texts])


def bag_glued_but_lines(documents, vocabulary):
    texts = [re.sub(r"[^a-z\s]", "", document.lower()) for document in documents]
    return np.array([[float(text.split().count(word)) for word in vocabulary] for text in texts])


def bag_strict(documents, vocabulary):
    column = {word: j for j, word in enumerate(vocabulary)}
    counts = np.zeros((len(documents), len(vocabulary)))
    for i, document in enumerate(documents):
        for word in _words(document):
            counts[i, column[word]] += 1
    return counts


def bag_strict_by_index(documents, vocabulary):
    counts = np.zeros((len(documents), len(vocabulary)))
    for i, document in enumerate(documents):
        for word in _words(document):
            counts[i, vocabulary.index(word)] += 1
    return counts


def bag_unknown_last(documents, vocabulary):
    counts = np.zeros((len(documents), len(vocabulary)))
    for i, document in enumerate(documents):
        for word in _words(document):
            counts[i, vocabulary.index(word) if word in vocabulary else -1] += 1
    return counts


def bag_of_shares(documents, vocabulary):
    counts = _counted(documents, vocabulary)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def bag_of_all(documents, vocabulary):
    return _counted(documents, vocabulary).sum(axis=0)


def bag_running_total(documents, vocabulary):
    return np.cumsum(_counted(documents, vocabulary), axis=0)


def bag_of_tokens(documents, vocabulary):
    rows = [[float(word == known) for known in vocabulary] for document in documents for word in _words(document)]
    return np.array(rows)


def _document(rng, words, repeated):
    """Every word of `words` once, and the first one `repeated` times more, mixed."""
    return " ".join(rng.permutation([*words, *[words[0]] * repeated]).tolist())


def _repeated(rng):
    """Words of two texts, some of them several times."""
    vocabulary = rng.permutation(["hat", "coat", "shoe", "glove", "scarf"]).tolist()
    while sorted(vocabulary) == vocabulary:
        vocabulary = rng.permutation(vocabulary).tolist()
    a, b, c = rng.permutation(vocabulary).tolist()[:3]
    return [_document(rng, [a, b], 2), _document(rng, [c, a, b], 1)], vocabulary


def _inside(rng):
    """Words that hide in longer ones of the vocabulary."""
    vocabulary = ["catalogue", "cat", "start", "art", "theatre", "the", "once", "on"]
    return [_document(rng, ["catalogue", "theatre", "cat"], 0), _document(rng, ["start", "once", "the"], 0)], vocabulary


def _signs(rng):
    """Capitals; signs, digits and a line end right after words or between them without a space."""
    vocabulary = ["wind", "sun", "rain", "snow", "fog"]
    a, b, c, d, e = rng.permutation(vocabulary).tolist()
    return [f"{a.capitalize()}, {b}! {c},{d}.\n{e}", f"({b}) {d.upper()} {c};{a}? 7{e}", f"{c}2{a}\n{e}"], vocabulary


def _unknown(rng):
    """Words that are not in the vocabulary, and an empty text."""
    vocabulary = ["tea", "milk", "salt", "bread"]
    known = rng.permutation(vocabulary).tolist()
    return [_document(rng, [known[0], "pepper", known[1]], 0), "", _document(rng, ["coffee", "sugar", known[2]], 0)], vocabulary


BAG_OF_WORDS = Exercise(
    key="unit2.bag_of_words",
    title="A bag of words",
    reference=bag_of_words,
    alternatives=(bag_by_counting,),
    regimes={"repeated words": _repeated, "words inside words": _inside, "capitals and signs": _signs,
             "unknown words": _unknown},
    parts={"repeated words": 0.5, "words inside words": 0.5, "capitals and signs": 0.5, "unknown words": 0.5},
    mistakes=(
        Mistake("marks which words occur: count them", bag_of_presence, mark=1.5),
        Mistake("sorts the vocabulary: column j belongs to word j of the vocabulary as it is given", bag_sorted),
        Mistake("has words in rows and documents in columns", bag_turned),
        Mistake("counts strings of letters: 'cat' is no word of 'catalogue'", bag_of_letters, mark=1.5),
        Mistake("misses words that have a capital letter", bag_with_capitals, mark=1.5),
        Mistake("splits at spaces only, so that a comma stays with its word", bag_with_punctuation, mark=1.5),
        Mistake("splits at spaces only and keeps capitals: neither 'Rain' nor 'rain,' is found", bag_by_plain_split, mark=1.5),
        Mistake("removes signs before splitting, which glues 'sun,rain' together: put a space in their place",
                bag_glued_together, mark=1.5, also=(bag_glued_but_lines,)),
        Mistake("lets digits belong to words: only the letters a to z do, so '7rain' holds the word rain", bag_with_digits,
                mark=1.5),
        Mistake("fails on a word that is not in the vocabulary: leave it out", bag_strict, mark=1.5),
        Mistake("asks the vocabulary for the place of a word that is not there: leave such words out", bag_strict_by_index,
                mark=1.5),
        Mistake("counts unknown words in the last column", bag_unknown_last, mark=1.5),
        Mistake("divides by the number of words: counts are asked for", bag_of_shares),
        Mistake("adds up all documents: each has a row of its own", bag_of_all),
        Mistake("does not start each document at zero", bag_running_total),
        Mistake("gives a row for every word: that is one-hot coding, a bag has one row for each document", bag_of_tokens),
    ),
    hints=("What is a word? Write the part that cuts one text into words first, and try it on 'Sun,rain! SUN'.",
           "re.findall('[a-z]+', text.lower()) gives the words. Each adds 1 to one place, or to none.",
           "rows: for each document, [words.count(word) for word in vocabulary]."),
    minutes=6, difficulty=1, rung="implement",
)
