"""Predictions about the tree of a hierarchical softmax: its depth, and the path lengths of Huffman's tree."""

from __future__ import annotations

import numpy as np

from dlkit.exercises.model import Example, Exercise, Mistake

# -- predict: decisions for one class --------------------------------------------------------------------------------------


def predicted_decisions():
    return [2, 10, 14, 16]


def decisions_by_doubling():
    found = []
    for classes in (4, 1000, 10_000, 50_000):
        depth = 0
        while 2**depth < classes:
            depth += 1
        found.append(depth)
    return found


def decisions_rounded_down():
    return [2, 9, 13, 15]


def decisions_rounded():
    return [2, 10, 13, 16]


def decisions_not_rounded():
    return [float(np.log2(classes)) for classes in (4, 1000, 10_000, 50_000)]


def decisions_not_rounded_two_digits():
    return [2, 9.97, 13.29, 15.61]


def decisions_one_too_many():
    return [3, 11, 15, 17]


def decisions_floor_plus_one():
    return [3, 10, 14, 16]


def decisions_all_nodes():
    return [3, 999, 9999, 49_999]


def decisions_one_per_class():
    return [4, 1000, 10_000, 50_000]


def decisions_by_halves():
    return [2, 500, 5000, 25_000]


def decisions_natural_logarithm():
    return [2, 7, 10, 11]


def decisions_natural_logarithm_rounded():
    return [1, 7, 9, 11]


PREDICTED_DECISIONS = Exercise(
    key="unit1.predicted_decisions",
    title="How many decisions lead to one class",
    reference=predicted_decisions,
    alternatives=(decisions_by_doubling,),
    examples=(Example(args=(), expected=[2, 10, 14, 16], source="lecture notes, unit 1",
                      why="log2 of 1000, 10 000 and 50 000 is 9.97, 13.29 and 15.61; a path is whole"),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("rounds the logarithm down: d decisions reach only 2^d leaves, so the longest path needs the next whole "
                "number", decisions_rounded_down),
        Mistake("rounds to the nearest whole number: 13 decisions reach only 8192 leaves, not 10 000", decisions_rounded),
        Mistake("leaves the logarithm as it is: nobody takes 13.29 decisions, the longest path is a whole number",
                decisions_not_rounded, also=(decisions_not_rounded_two_digits,)),
        Mistake("counts the levels of the tree, the leaves included: one decision fewer, as nothing is decided at a leaf",
                decisions_one_too_many),
        Mistake("rounds down and adds one, which is one too many where the classes are a power of two",
                decisions_floor_plus_one),
        Mistake("counts all inner nodes of the tree: one class meets only those on its own path", decisions_all_nodes),
        Mistake("counts one step for each class, as the plain softmax does", decisions_one_per_class),
        Mistake("halves the number of classes once: every decision halves what is left, until one class remains",
                decisions_by_halves),
        Mistake("takes the natural logarithm: each decision halves the classes, so count in powers of 2",
                decisions_natural_logarithm, also=(decisions_natural_logarithm_rounded,)),
    ),
    hints=("With one decision you tell 2 classes apart. With two?", "d decisions reach 2^d leaves.",
           "Take the smallest d with 2^d at least as large as the number of classes: 2^10 = 1024."),
    minutes=3, difficulty=1, rung="predict",
)

# -- predict: Huffman's code lengths ---------------------------------------------------------------------------------------


def predicted_code_lengths():
    return [2, 4, 3, 4, 1]


def code_lengths_from_merges():
    groups = [(5, [0]), (1, [1]), (2, [2]), (1, [3]), (9, [4])]
    lengths = [0] * 5
    while len(groups) > 1:
        groups.sort(key=lambda group: group[0])
        (a, left), (b, right), *rest = groups
        for leaf in left + right:
            lengths[leaf] += 1
        groups = [*rest, (a + b, left + right)]
    return lengths


def code_lengths_sorted():
    return [1, 2, 3, 4, 4]


def code_lengths_upside_down():
    return [4, 1, 3, 2, 4]


def code_lengths_upside_down_tied():
    return [4, 2, 3, 1, 4]


def code_lengths_balanced():
    return [3, 3, 2, 2, 2]


def code_lengths_balanced_by_frequency():
    return [2, 3, 2, 3, 2]


def code_lengths_chain():
    return [2, 4, 3, 5, 1]


def code_lengths_chain_tied():
    return [2, 5, 3, 4, 1]


def code_lengths_with_the_root():
    return [3, 5, 4, 5, 2]


def code_lengths_one_short():
    return [1, 3, 2, 3, 0]


PREDICTED_CODE_LENGTHS = Exercise(
    key="unit1.predicted_code_lengths",
    title="The path lengths of a Huffman tree",
    reference=predicted_code_lengths,
    alternatives=(code_lengths_from_merges,),
    examples=(Example(args=(), expected=[2, 4, 3, 4, 1]),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("has the right lengths in the order of the frequencies: list them in the order of the words",
                code_lengths_sorted),
        Mistake("puts the rare words near the root: the two rarest are joined first, so they end up deepest",
                code_lengths_upside_down, also=(code_lengths_upside_down_tied,)),
        Mistake("describes the balanced tree, which does not look at the frequencies", code_lengths_balanced,
                also=(code_lengths_balanced_by_frequency,)),
        Mistake("lets every word hang on a node of its own: the last two share one, so they are equally deep",
                code_lengths_chain, also=(code_lengths_chain_tied,)),
        Mistake("counts the nodes, root and leaf included, instead of the decisions between them",
                code_lengths_with_the_root),
        Mistake("misses the last join: the two groups that remain still have to be joined by the root",
                code_lengths_one_short),
    ),
    hints=("Join the two smallest numbers again and again, and write down who is inside each group.",
           "First join: 1 and 1 make a group of 2. Whoever is inside a group gets one decision longer at each join.",
           "The groups grow like this: 1 + 1 = 2, then 2 + 2 = 4, then 4 + 5 = 9, then 9 + 9 = 18."),
    minutes=4, difficulty=2, rung="predict",
)
