"""The exercise predicted_means: how many means each kind of normalisation computes."""

from __future__ import annotations

from dlkit.exercises.model import Example, Exercise, Mistake


def predicted_means():
    return {"batch": 6, "layer": 8, "instance": 48, "group": 24}


def predicted_means_from_the_shape():
    N, C, G = 8, 6, 3
    return dict(batch=C, layer=N, instance=N * C, group=N * G)


# -- mistakes ------------------------------------------------------------------------------------------------------------


def means_of_how_many():
    return {"batch": 200, "layer": 150, "instance": 25, "group": 50}


def means_batch_and_layer_swapped():
    return {"batch": 8, "layer": 6, "instance": 48, "group": 24}


def means_batch_for_each_position():
    return {"batch": 150, "layer": 8, "instance": 48, "group": 24}


def means_batch_one_for_all():
    return {"batch": 1, "layer": 8, "instance": 48, "group": 24}


def means_layer_for_each_position():
    return {"batch": 6, "layer": 200, "instance": 48, "group": 24}


def means_layer_one_for_all():
    return {"batch": 6, "layer": 1, "instance": 48, "group": 24}


def means_instance_for_each_example():
    return {"batch": 6, "layer": 8, "instance": 8, "group": 24}


def means_instance_for_each_channel():
    return {"batch": 6, "layer": 8, "instance": 6, "group": 24}


def means_group_without_examples():
    return {"batch": 6, "layer": 8, "instance": 48, "group": 3}


def means_group_channels_in_a_group():
    return {"batch": 6, "layer": 8, "instance": 48, "group": 16}


def means_group_of_one_example_only():
    return {"batch": 6, "layer": 8, "instance": 48, "group": 2}


def means_with_variances():
    return {"batch": 12, "layer": 16, "instance": 96, "group": 48}


PREDICTED_MEANS = Exercise(
    key="unit2.predicted_means",
    title="Predict: how many means?",
    reference=predicted_means,
    alternatives=(predicted_means_from_the_shape,),
    examples=(Example(args=(), expected={"batch": 6, "layer": 8, "instance": 48, "group": 24}),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("counts the numbers that go into one mean: the question is how many means there are", means_of_how_many),
        Mistake("swaps batch and layer norm: batch norm has a mean for each channel, layer norm one for each example",
                means_batch_and_layer_swapped),
        Mistake("gives batch norm a mean for each channel and position: it averages over the positions, too",
                means_batch_for_each_position),
        Mistake("gives batch norm one mean for everything: every channel has its own", means_batch_one_for_all),
        Mistake("gives layer norm a mean for each example and position: here it averages over channels and positions",
                means_layer_for_each_position),
        Mistake("gives layer norm one mean for everything: every example has its own", means_layer_one_for_all),
        Mistake("gives instance norm one mean for each example: every channel of every example has its own",
                means_instance_for_each_example),
        Mistake("gives instance norm one mean for each channel, as in batch norm: the examples stay apart",
                means_instance_for_each_channel),
        Mistake("counts the groups of one example only: every example has a mean for each of its groups",
                means_group_without_examples),
        Mistake("takes 3 for the number of channels in a group, or divides once too often: there are 3 groups in each example",
                means_group_channels_in_a_group),
        Mistake("answers with the channels in one group: there is one mean for each group of each example",
                means_group_of_one_example_only),
        Mistake("counts the variances as well: means only", means_with_variances),
    ),
    hints=("Colour in your mind all cells of the cube that share one mean. How many such pieces fill the cube?",
           "A mean over some axes leaves one number for each combination of the axes that remain.",
           "Batch norm leaves the channels, layer norm the examples, instance norm both, group norm examples and groups."),
    minutes=3, difficulty=2, rung="predict",
)
