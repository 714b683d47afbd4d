"""Text as numbers: words, a vocabulary, bags of words and one-hot tokens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

__all__ = ["bag_of_words", "build_vocabulary", "one_hot_tokens", "tokenize"]

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def tokenize(text: str) -> list[str]:
    """The words of a text, in small letters: runs of letters, with an apostrophe inside if there is one.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> tokenize("Don't panic: it's 3 o'clock!")
    ["don't", 'panic', "it's", "o'clock"]
    """
    return _WORD.findall(text.lower())


def build_vocabulary(documents: Sequence[str], min_count: int = 1) -> tuple[str, ...]:
    """All words of the training documents in alphabetical order; word j gets column j.

    Parameters
    ----------
    documents : sequence of str
        Training texts only: what the test set knows must not decide the columns.
    min_count : int
        Leave out words that occur less often.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> build_vocabulary(["A cat saw a dog", "The dog ran"], min_count=2)
    ('a', 'dog')
    """
    counts = Counter(word for document in documents for word in tokenize(document))
    return tuple(sorted(word for word, count in counts.items() if count >= min_count))


def bag_of_words(documents: Sequence[str], vocabulary: Sequence[str]) -> np.ndarray:
    """How often each word of the vocabulary occurs in each document; the order of the words is lost.

    Parameters
    ----------
    documents : sequence of str
        N texts.
    vocabulary : sequence of str
        V different words in small letters; others are not counted.

    Returns
    -------
    ndarray, shape (N, V), float64
        Mostly zeros, for a large vocabulary.

    Raises
    ------
    TypeError : if `documents` is one string.
    ValueError : if a word stands twice in the vocabulary.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> bag_of_words(["The cat saw the dog.", "Birds!"], ["the", "dog", "cat"]).tolist()
    [[2.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    """
    column = _columns(vocabulary)
    if isinstance(documents, str):
        raise TypeError("documents is one string, expected a list of strings")
    counts = np.zeros((len(documents), len(column)))
    for i, document in enumerate(documents):
        for word in tokenize(document):
            if word in column:
                counts[i, column[word]] += 1
    return counts


def one_hot_tokens(text: str, vocabulary: Sequence[str]) -> np.ndarray:
    """One row per word of the text, in its order, with a 1 in the column of the word: order kept, memory paid.

    The sum of the rows is the bag of words. A word outside the vocabulary is a row of zeros.

    Parameters
    ----------
    text : str
        T words.
    vocabulary : sequence of str
        V different words in small letters.

    Returns
    -------
    ndarray, shape (T, V), float64

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> one_hot_tokens("no no yes", ["no", "yes"]).tolist()
    [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    """
    column = _columns(vocabulary)
    words = tokenize(text)
    rows = np.zeros((len(words), len(column)))
    for t, word in enumerate(words):
        if word in column:
            rows[t, column[word]] = 1.0
    return rows


def _columns(vocabulary: Sequence[str]) -> dict[str, int]:
    column = {word: j for j, word in enumerate(vocabulary)}
    if len(column) != len(vocabulary):
        twice = next(word for word, count in Counter(vocabulary).items() if count > 1)
        raise ValueError(f"vocabulary contains {twice!r} twice, expected different words")
    return column
