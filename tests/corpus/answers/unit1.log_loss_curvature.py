# %% single: forgets the square of x
# name: brings x down once: each of the two derivatives brings a factor x
def log_loss_curvature(x, y, w, b):
    p = 1 / (1 + np.exp(-(w * x + b)))
    return x * p * (1 - p)
# %% single: first derivative instead of second
# name: is the first derivative: differentiate once more
def log_loss_curvature(x, y, w, b):
    z = w * x + b
    p = 1.0 / (1.0 + np.exp(-z))
    return (p - y) * x
# %% single: bias forgotten in the score
def log_loss_curvature(x, y, w, b):
    s = 1 / (1 + np.exp(-w * x))
    return x**2 * s * (1 - s)
# %% pair: y is kept in the curvature and no chain rule through w
def log_loss_curvature(x, y, w, b):
    p = 1 / (1 + np.exp(-(w * x + b)))
    return (p - y) * p * (1 - p)
# %% right: through the hyperbolic cosine
def log_loss_curvature(x: float, y: float, w: float, b: float) -> float:
    z = abs(w * x + b)
    e = np.exp(-z)
    return float(x * x * e / (1 + e) ** 2)
