# %% single: takes the variance of f(z) instead of the mean square
# name: takes the variance of f(z) around its mean: the next layer feels the whole mean square
def weight_std(f, fan_in):
    z = np.random.default_rng(0).standard_normal(1_000_000)
    return float(1 / np.sqrt(fan_in * np.var(f(z))))
# %% single: returns the variance, no root
# name: returns the variance: its root was asked for
def weight_std(f, fan_in: int) -> float:
    z = np.linspace(-8, 8, 4001)
    p = np.exp(-z**2 / 2)
    m = np.sum(p * f(z)**2) / np.sum(p)
    return float(1 / (fan_in * m))
# %% single: averages over an evenly spaced grid without the bell curve
# name: averages over a grid of z (from -3 to 3, say) without the bell curve: z is normal, so values near 0 count more
def weight_std(f, fan_in):
    z = np.linspace(-3, 3, 10001)
    m = np.mean(f(z) ** 2)
    return 1 / np.sqrt(fan_in * m)
# %% single: forgets the fan-in
# name: forgets the fan-in: that is only the gain
def weight_std(f, fan_in):
    rng = np.random.default_rng(1)
    return float(np.mean(f(rng.normal(size=2_000_000)) ** 2) ** -0.5)
# %% pair: mean of |f| instead of the mean square, and divides by fan_in without root
# name: none
def weight_std(f, fan_in):
    z = np.random.default_rng(3).normal(size=500_000)
    return 1 / (fan_in * np.mean(np.abs(f(z))))
# %% right: trapezoid by hand with the density
def weight_std(f, fan_in: int) -> float:
    h = 0.001
    grid = np.arange(-10.0, 10.0 + h, h)
    density = np.exp(-0.5 * grid * grid) / np.sqrt(2 * np.pi)
    values = np.asarray(f(grid), dtype=float)
    mean_square = h * float(np.dot(values * values, density))
    return (fan_in * mean_square) ** -0.5
# %% right: many random numbers in chunks, with their mirror images
def weight_std(f, fan_in: int) -> float:
    rng, total, chunks = np.random.default_rng(2024), 0.0, 20
    for _ in range(chunks):
        z = rng.standard_normal(50_000)
        total += 0.5 * (np.mean(np.square(f(z))) + np.mean(np.square(f(-z))))
    return float(np.sqrt(1 / (fan_in * total / chunks)))
