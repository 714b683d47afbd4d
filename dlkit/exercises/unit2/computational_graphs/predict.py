"""The exercise predicted_gradients: three derivatives with pencil and paper."""

from __future__ import annotations

from dlkit.exercises.model import Example, Exercise, Mistake

# (a + b)(b - c) at a = 2, b = 3, c = 1: d = 5, e = 2, Y = 10.


def predicted_gradients():
    return [2.0, 7.0, -5.0]


def predicted_by_formula():
    a, b, c = 2, 3, 1
    return [b - c, (b - c) + (a + b), -(a + b)]


def one_path_of_b_through_d():
    return [2.0, 2.0, -5.0]


def one_path_of_b_through_e():
    return [2.0, 5.0, -5.0]


def minus_sign_lost():
    return [2.0, 7.0, 5.0]


def local_gradients_swapped():
    return [5.0, 7.0, -2.0]


def paths_subtracted():
    return [2.0, -3.0, -5.0]


def paths_subtracted_the_other_way():
    return [2.0, 3.0, -5.0]


def paths_multiplied():
    return [2.0, 10.0, -5.0]


def paths_averaged():
    return [2.0, 3.5, -5.0]


def local_only():
    return [1.0, 1.0, -1.0]


def local_only_added():
    return [1.0, 2.0, -1.0]


def values_instead():
    return [5.0, 2.0, 10.0]


def inputs_instead():
    return [2.0, 3.0, 1.0]


def times_the_value():
    return [20.0, 70.0, -50.0]


def gradients_of_d_and_e():
    return [2.0, 5.0, 1.0]


def with_c_before_b():
    return [2.0, -5.0, 7.0]


PREDICTED_GRADIENTS = Exercise(
    key="unit2.predicted_gradients",
    title="Predict three gradients",
    reference=predicted_gradients,
    alternatives=(predicted_by_formula,),
    examples=(Example(args=(), expected=[2.0, 7.0, -5.0], source="lecture notes, unit 2"),),
    parts={"prediction": 1.0},
    mistakes=(
        Mistake("follows b along one arrow only, the one to d: b is used twice, and both uses move Y",
                one_path_of_b_through_d),
        Mistake("follows b along one arrow only, the one to e: b is used twice, and both uses move Y",
                one_path_of_b_through_e),
        Mistake("loses the minus sign of c: e = b - c falls when c grows", minus_sign_lost),
        Mistake("multiplies by the wrong partner: when d moves, Y moves by e times as much, not by d",
                local_gradients_swapped),
        Mistake("subtracts what b does along its two arrows: the minus sign belongs to c, both effects of b add up",
                paths_subtracted, also=(paths_subtracted_the_other_way,)),
        Mistake("multiplies what b does along its two arrows: slopes multiply along one path, different paths add up",
                paths_multiplied),
        Mistake("averages what b does along its two arrows: both happen at once, so they add up", paths_averaged),
        Mistake("stops at the first arrow: that says how d and e move; multiply by how Y moves with them", local_only,
                also=(local_only_added,)),
        Mistake("gives the values d, e and Y of the forward pass: asked are the three derivatives of Y", values_instead),
        Mistake("gives the inputs themselves: asked is how strongly Y reacts to each", inputs_instead),
        Mistake("starts the way back with the value of Y: it starts with dY/dY = 1", times_the_value),
        Mistake("gives the gradients of d, e and Y: go one arrow further back, to a, b and c", gradients_of_d_and_e),
        Mistake("has b and c in the wrong order: the order is a, b, c", with_c_before_b),
    ),
    hints=("Forward first: what are d, e and Y? Then ask how Y moves when d alone moves by 1, and when e alone does.",
           "Y = d e, so dY/dd = e and dY/de = d. Each of a, b, c reaches Y through d, through e, or through both.",
           "Along an arrow multiply, over different ways add: dY/db has two terms, one through d and one through e."),
    minutes=3, difficulty=2, rung="predict",
)
