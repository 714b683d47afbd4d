# %% single: rounds down
# name: rounds down or to the nearest: the sizes of validation and test set are rounded up
def train_val_test_split(n, val_fraction, test_fraction, rng):
    p = rng.permutation(n)
    n_val = int(np.floor(round(val_fraction * n, 6)))
    n_test = int(np.floor(round(test_fraction * n, 6)))
    return p[n_val + n_test:], p[:n_val], p[n_val:n_val + n_test]
# %% single: ceil without thinking of 0.07 * 100
# name: rounds 7.000000000000001 up to 8: take floating-point noise off before rounding up
def train_val_test_split(n: int, val_fraction: float, test_fraction: float, rng: np.random.Generator) -> tuple:
    n_val, n_test = int(np.ceil(val_fraction * n)), int(np.ceil(test_fraction * n))
    order = rng.permutation(n)
    val, test, train = np.split(order, [n_val, n_val + n_test])
    return train, val, test
# %% single: fraction 0 gives everything, because of the slice [-0:]
# name: cuts from the end with a negative number: order[-0:] is everything when a set has no rows
def train_val_test_split(n, val_fraction, test_fraction, rng):
    n_val = int(np.ceil(val_fraction * n - 1e-9))
    n_test = int(np.ceil(test_fraction * n - 1e-9))
    idx = rng.permutation(n)
    test = idx[-n_test:]
    val = idx[:n_val]
    train = idx[n_val:n - n_test]
    return train, val, test
# %% single: does not shuffle
# name: deals the rows out in their order: files are often sorted, by class for instance, so shuffle first
def train_val_test_split(n, val_fraction, test_fraction, rng):
    rows = np.arange(n)
    nv, nt = (int(np.ceil(np.round(f * n, 8))) for f in (val_fraction, test_fraction))
    return rows[:n - nv - nt], rows[n - nv - nt:n - nt], rows[n - nt:]
# %% pair: the validation share is taken of what the test set leaves, and rounded to the nearest
# name: none
def train_val_test_split(n, val_fraction, test_fraction, rng):
    order = rng.permutation(n)
    n_test = round(test_fraction * n)
    rest = order[n_test:]
    n_val = round(val_fraction * len(rest))
    return rest[n_val:], rest[:n_val], order[:n_test]
# %% unknown: draws each set by itself, so they overlap
# name: draws each set by itself: they overlap, and some rows are nowhere (cut one shuffled order into three)
def train_val_test_split(n, val_fraction, test_fraction, rng):
    n_val = int(np.ceil(val_fraction * n - 1e-9))
    n_test = int(np.ceil(test_fraction * n - 1e-9))
    val = rng.choice(n, n_val, replace=False)
    test = rng.choice(n, n_test, replace=False)
    train = rng.choice(n, n - n_val - n_test, replace=False)
    return train, val, test
# %% right: exact decimals
from decimal import ROUND_CEILING, Decimal


def train_val_test_split(n: int, val_fraction: float, test_fraction: float, rng: np.random.Generator) -> tuple:
    def share(fraction):
        return int((Decimal(str(float(fraction))) * n).to_integral_value(rounding=ROUND_CEILING))

    rows = np.arange(n)
    rng.shuffle(rows)
    a, b = share(val_fraction), share(test_fraction)
    return rows[a + b:], rows[:a], rows[a:a + b]
# %% right: deals like cards, from a list
def train_val_test_split(n: int, val_fraction: float, test_fraction: float, rng: np.random.Generator) -> tuple:
    deck = list(rng.permutation(n))
    hands = []
    for fraction in (val_fraction, test_fraction):
        cards = int(np.ceil(round(fraction * n, 7)))
        hands.append([deck.pop() for _ in range(cards)])
    return np.array(deck, dtype=int), np.array(hands[0], dtype=int), np.array(hands[1], dtype=int)
