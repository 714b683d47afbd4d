# %% single: capitals count as other words
# name: misses words that have a capital letter
import re


def bag_of_words(documents, vocabulary):
    counts = np.zeros((len(documents), len(vocabulary)))
    for i, text in enumerate(documents):
        words = re.findall("[a-zA-Z]+", text)
        for j, word in enumerate(vocabulary):
            counts[i, j] = words.count(word)
    return counts
# %% single: looks for the letters anywhere, so "cat" is found in "catch"
# name: counts strings of letters: 'cat' is no word of 'catalogue'
def bag_of_words(documents: list, vocabulary: list) -> np.ndarray:
    return np.array([[d.lower().count(w) for w in vocabulary] for d in documents])
# %% single: splits at spaces only, commas stick to the words
# name: splits at spaces only, so that a comma stays with its word
def bag_of_words(documents, vocabulary):
    X = np.zeros((len(documents), len(vocabulary)), dtype=int)
    for i, document in enumerate(documents):
        for word in document.lower().split():
            if word in vocabulary:
                X[i, vocabulary.index(word)] += 1
    return X
# %% single: only whether a word occurs
# name: marks which words occur: count them
import re


def bag_of_words(documents, vocabulary):
    rows = []
    for document in documents:
        present = set(re.findall(r"[a-z]+", document.lower()))
        rows.append([int(word in present) for word in vocabulary])
    return np.array(rows)
# %% pair: digits belong to words, and the columns are in alphabetical order
# name: none
import re


def bag_of_words(documents, vocabulary):
    vocabulary = sorted(vocabulary)
    counts = np.zeros((len(documents), len(vocabulary)), dtype=int)
    for i, d in enumerate(documents):
        words = re.findall(r"\w+", d.lower())
        for j, v in enumerate(vocabulary):
            counts[i, j] = words.count(v)
    return counts
# %% right: reads letter by letter
def bag_of_words(documents: list, vocabulary: list) -> np.ndarray:
    place = {word: j for j, word in enumerate(vocabulary)}
    table = np.zeros((len(documents), len(vocabulary)), dtype=int)
    for i, document in enumerate(documents):
        word = ""
        for letter in document.lower() + " ":
            if "a" <= letter <= "z":
                word += letter
            else:
                if word in place:
                    table[i, place[word]] += 1
                word = ""
    return table
# %% right: Counter
import re
from collections import Counter


def bag_of_words(documents: list, vocabulary: list) -> np.ndarray:
    bags = [Counter(re.sub("[^a-z]", " ", d.lower()).split()) for d in documents]
    return np.array([[bag[v] for v in vocabulary] for bag in bags], dtype=float).reshape(len(documents), len(vocabulary))
