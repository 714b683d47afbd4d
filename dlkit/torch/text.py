"""Text as tensors: bags of words, dense or sparse, and one-hot tokens."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from dlkit.numpy import text as _numpy
from dlkit.numpy.text import build_vocabulary, tokenize

__all__ = ["bag_of_words", "build_vocabulary", "one_hot_tokens", "tokenize"]


def bag_of_words(documents: Sequence[str], vocabulary: Sequence[str], *, sparse: bool = False) -> torch.Tensor:
    """How often each word of the vocabulary occurs in each document.

    Parameters
    ----------
    documents : sequence of str
        N texts.
    vocabulary : sequence of str
        V different words in small letters; others are not counted.
    sparse : bool
        Keep only the counts that are not zero, as a sparse COO tensor, built without the dense table.

    Returns
    -------
    torch.Tensor
        Shape (N, V), PyTorch's default dtype.

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> bag_of_words(["The cat saw the dog."], ["the", "dog", "bird"]).tolist()
    [[2.0, 1.0, 0.0]]
    >>> bag_of_words(["The cat saw the dog."], ["the", "dog", "bird"], sparse=True)._nnz()
    2
    """
    if not sparse:
        return torch.from_numpy(_numpy.bag_of_words(documents, vocabulary)).to(torch.get_default_dtype())
    column = {word: j for j, word in enumerate(vocabulary)}
    places = [(i, column[word]) for i, text in enumerate(documents) for word in tokenize(text) if word in column]
    indices = torch.tensor(places, dtype=torch.long).reshape(-1, 2).T
    size = (len(documents), len(column))
    counts = torch.sparse_coo_tensor(indices, torch.ones(len(places)), size, check_invariants=True)
    return counts.coalesce()  # adds up what stands at one place


def one_hot_tokens(text: str, vocabulary: Sequence[str]) -> torch.Tensor:
    """One row per word of the text, with a 1 in the column of the word; zeros for a word that is not there.

    Parameters
    ----------
    text : str
        T words.
    vocabulary : sequence of str
        V different words in small letters.

    Returns
    -------
    torch.Tensor
        Shape (T, V), PyTorch's default dtype.

    Examples
    --------
    >>> one_hot_tokens("no no yes", ["no", "yes"]).sum(dim=0).tolist()
    [2.0, 1.0]
    """
    return torch.from_numpy(_numpy.one_hot_tokens(text, vocabulary)).to(torch.get_default_dtype())
