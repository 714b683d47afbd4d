"""Wrong answers to the exercises on rectifiers, each with one wrong decision."""

from __future__ import annotations

import numpy as np

# -- ReLU ------------------------------------------------------------------------------------------------------------------


def relu_slope_one_at_zero(Z):
    return np.where(Z >= 0, 1.0, 0.0)


def relu_slope_half_at_zero(Z):
    return np.heaviside(Z, 0.5)


def relu_slope_by_division(Z):
    return np.maximum(Z, 0) / Z


def relu_slope_by_sign(Z):
    return np.sign(Z)


def relu_slope_plus_minus_one(Z):
    return np.where(Z > 0, 1.0, -1.0)


def relu_slope_one(Z):
    return np.ones_like(Z)


def relu_itself(Z):
    return np.maximum(Z, 0)


def relu_slope_mirrored(Z):
    return np.where(Z < 0, 1.0, 0.0)


def relu_slope_mirrored_with_zero(Z):
    return np.where(Z > 0, 0.0, 1.0)


def relu_absolute(Z):
    return np.abs(Z)


def relu_minimum(Z):
    return np.minimum(Z, 0)


def relu_step(Z):
    return np.where(Z > 0, 1.0, 0.0)


def relu_in_place(Z):
    Z[Z < 0] = 0
    return Z


def relu_slope_in_place(Z):
    Z[Z <= 0] = 0
    Z[Z > 0] = 1
    return Z


def relu_zero_as_axis(Z):
    return np.max(Z, 0)


def relu_one_number(Z):
    return max(0, np.max(Z))


# -- the gradient of a bias behind a ReLU ------------------------------------------------------------------------------------


def bias_gradient_with_zero():
    return 111.0


def bias_gradient_of_all():
    return 1111.0


def bias_gradient_of_none():
    return 0.0


def bias_gradient_of_the_silent():
    return 1010.0


def bias_gradient_times_z():
    return 2 * 1.0 + 1 * 100.0


def bias_gradient_as_count():
    return 2.0


def bias_gradient_mean():
    return 101.0 / 4


def bias_gradient_mean_of_active():
    return 101.0 / 2


def bias_gradient_of_positive_inputs():
    return 1.0


def bias_gradient_without_zero():
    return 1101.0


# -- leaky ReLU --------------------------------------------------------------------------------------------------------------


def leaky_maximum(Z, negative_slope=0.01):
    return np.maximum(negative_slope * Z, Z)


def leaky_slope_as_printed(Z, negative_slope=0.01):
    return np.maximum(negative_slope * Z, Z)


def leaky_slope_is_the_function(Z, negative_slope=0.01):
    return np.where(Z > 0, Z, negative_slope * Z)


def leaky_default_tenth(Z, negative_slope=0.1):
    return np.where(Z > 0, Z, negative_slope * Z)


def leaky_slope_default_tenth(Z, negative_slope=0.1):
    return np.where(Z > 0, 1.0, negative_slope)


def leaky_fixed(Z, negative_slope=0.01):
    return np.where(Z > 0, Z, 0.01 * Z)


def leaky_slope_fixed(Z, negative_slope=0.01):
    return np.where(Z > 0, 1.0, 0.01)


def leaky_slope_one_at_zero(Z, negative_slope=0.01):
    return np.where(Z >= 0, 1.0, negative_slope)


def leaky_slope_by_division(Z, negative_slope=0.01):
    return np.where(Z > 0, Z, negative_slope * Z) / Z


def leaky_upwards(Z, negative_slope=0.01):
    return np.where(Z > 0, Z, -negative_slope * Z)


def leaky_slope_negative(Z, negative_slope=0.01):
    return np.where(Z > 0, 1.0, -negative_slope)


def leaky_slope_zero(Z, negative_slope=0.01):
    return np.where(Z > 0, 1.0, 0.0)


def leaky_slope_times_z(Z, negative_slope=0.01):
    return np.where(Z > 0, 1.0, negative_slope * Z)


def leaky_swapped(Z, negative_slope=0.01):
    return np.where(Z > 0, negative_slope * Z, Z)


def leaky_slope_swapped(Z, negative_slope=0.01):
    return np.where(Z > 0, negative_slope, 1.0)


def leaky_constant(Z, negative_slope=0.01):
    return np.where(Z > 0, Z, negative_slope)


def leaky_not_at_all(Z, negative_slope=0.01):
    return np.maximum(Z, 0)


def leaky_in_place(Z, negative_slope=0.01):
    Z[Z < 0] = negative_slope * Z[Z < 0]
    return Z


def leaky_in_place_by_times(Z, negative_slope=0.01):
    Z[Z < 0] *= negative_slope
    return Z


def leaky_in_whole_numbers(Z, negative_slope=0.01):
    A = Z.copy()
    A[Z < 0] = negative_slope * Z[Z < 0]
    return A


def leaky_slope_in_whole_numbers(Z, negative_slope=0.01):
    slopes = np.ones_like(Z)
    slopes[Z <= 0] = negative_slope
    return slopes


def leaky_slope_in_place(Z, negative_slope=0.01):
    positive = Z > 0
    Z[positive] = 1
    Z[~positive] = negative_slope
    return Z


# -- PReLU: the cache is (Z, slope) --------------------------------------------------------------------------------------------


def prelu_maximum(Z, slope):
    return np.maximum(slope * Z, Z), (Z, np.asarray(slope))


def prelu_in_whole_numbers(Z, slope):
    A = Z.copy()
    A[Z <= 0] = slope * Z[Z <= 0]
    return A, (Z, np.asarray(slope))


def prelu_dz_in_whole_numbers(dA, cache):
    Z, slope = cache
    dZ = dA.copy()
    dZ[Z <= 0] = slope * dA[Z <= 0]
    return dZ, np.sum(dA * np.minimum(Z, 0))


def prelu_slopes_in_whole_numbers(dA, cache):
    Z, slope = cache
    slopes = np.ones_like(dA)
    slopes[Z <= 0] = slope
    return slopes * dA, np.sum(dA * np.minimum(Z, 0))


def prelu_dslope_of_all(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, slope * dA), np.sum(dA * Z)


def prelu_dslope_not_summed(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, slope * dA), dA * np.minimum(Z, 0)


def prelu_dslope_mean(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, slope * dA), np.mean(dA * np.minimum(Z, 0))


def prelu_dslope_mean_of_negative(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, slope * dA), np.mean((dA * Z)[Z <= 0])


def prelu_dslope_without_upstream(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, slope * dA), np.sum(np.minimum(Z, 0))


def prelu_dz_without_upstream(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, 1.0, slope), np.sum(dA * np.minimum(Z, 0))


def prelu_dslope_of_output(dA, cache):
    Z, slope = cache
    A = np.where(Z > 0, Z, slope * Z)
    return np.where(Z > 0, dA, slope * dA), np.sum(np.where(Z > 0, 0, dA * A))


def prelu_dz_blocked(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, 0.0), np.sum(dA * np.minimum(Z, 0))


def prelu_dslope_without_z(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, slope * dA), np.sum(dA[Z <= 0])


def prelu_dslope_of_positive(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, slope * dA), np.sum(dA * np.maximum(Z, 0))


def prelu_dslope_per_column(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, slope * dA), np.sum(dA * np.minimum(Z, 0), axis=0)


def prelu_dz_swapped(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, slope * dA, dA), np.sum(dA * np.minimum(Z, 0))


def prelu_dz_unchanged(dA, cache):
    Z, slope = cache
    return dA.copy(), np.sum(dA * np.minimum(Z, 0))


def prelu_dz_times_z(dA, cache):
    Z, slope = cache
    return np.where(Z > 0, dA, dA * slope * Z), np.sum(dA * np.minimum(Z, 0))
