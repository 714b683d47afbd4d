# %% single: momentum is the weight of the old
# name: gives momentum to the old value: here it is the weight of the new batch
class RunningNorm:
    def __init__(self, num_features, momentum, eps):
        self.m, self.eps = momentum, eps
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, X, training):
        if not training:
            return (X - self.running_mean) / np.sqrt(self.running_var + self.eps)
        mean, var = X.mean(axis=0), X.var(axis=0)
        self.running_mean = self.m * self.running_mean + (1 - self.m) * mean
        self.running_var = self.m * self.running_var + (1 - self.m) * X.var(axis=0, ddof=1)
        return (X - mean) / np.sqrt(var + self.eps)
# %% single: the biased variance goes into the memory
# name: takes the biased variance of the batch into the running one: there it divides by N - 1
class RunningNorm:
    def __init__(self, num_features: int, momentum: float, eps: float) -> None:
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.momentum = momentum
        self.eps = eps

    def forward(self, X: np.ndarray, training: bool) -> np.ndarray:
        if training:
            mean = X.mean(axis=0)
            var = X.var(axis=0)
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        return (X - mean) / np.sqrt(var + self.eps)
# %% single: normalises with the running statistics in training, too
# name: normalises by the running statistics in training: there it is the batch's own that count
class RunningNorm:
    def __init__(self, num_features, momentum, eps):
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.momentum, self.eps = momentum, eps

    def forward(self, X, training):
        if training:
            m = self.momentum
            self.running_mean = (1 - m) * self.running_mean + m * X.mean(axis=0)
            self.running_var = (1 - m) * self.running_var + m * X.var(axis=0, ddof=1)
        return (X - self.running_mean) / np.sqrt(self.running_var + self.eps)
# %% single: running variance starts at zero
# name: starts the running variance at 0: it starts at 1
class RunningNorm:
    def __init__(self, num_features, momentum, eps):
        self.running_mean = np.zeros(num_features)
        self.running_var = np.zeros(num_features)
        self.momentum, self.eps = momentum, eps

    def forward(self, X, training):
        if training:
            mu, var = X.mean(0), X.var(0)
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mu
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * X.var(0, ddof=1)
            return (X - mu) / np.sqrt(var + self.eps)
        return (X - self.running_mean) / np.sqrt(self.running_var + self.eps)
# %% pair: keeps the statistics moving in inference, and keeps the biased variance
# name: none
class RunningNorm:
    def __init__(self, num_features, momentum, eps):
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.momentum, self.eps = momentum, eps

    def forward(self, X, training):
        mu, var = X.mean(axis=0), X.var(axis=0)
        if not training:
            mu_used, var_used = self.running_mean.copy(), self.running_var.copy()
        else:
            mu_used, var_used = mu, var
        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mu
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var
        return (X - mu_used) / np.sqrt(var_used + self.eps)
# %% unknown: keeps a running standard deviation and squares it
# name: averages standard deviations: it is the variances that are averaged
class RunningNorm:
    def __init__(self, num_features, momentum, eps):
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.m, self.eps = momentum, eps

    def forward(self, X, training):
        if not training:
            return (X - self.running_mean) / np.sqrt(self.running_var + self.eps)
        mu, s = X.mean(axis=0), X.std(axis=0, ddof=1)
        self.running_mean = (1 - self.m) * self.running_mean + self.m * mu
        self.running_var = ((1 - self.m) * np.sqrt(self.running_var) + self.m * s) ** 2
        return (X - mu) / np.sqrt(X.var(axis=0) + self.eps)
# %% right: two helpers and copies of everything
class RunningNorm:
    """Batch norm with a memory."""

    def __init__(self, num_features: int, momentum: float, eps: float) -> None:
        self.running_mean, self.running_var = np.full(num_features, 0.0), np.full(num_features, 1.0)
        self._new, self._eps = momentum, eps

    def _learn(self, mu, squares, n):
        keep = 1 - self._new
        self.running_mean = keep * self.running_mean + self._new * mu
        self.running_var = keep * self.running_var + self._new * squares / (n - 1)

    def forward(self, X: np.ndarray, training: bool) -> np.ndarray:
        A = np.array(X, dtype=float)
        if not training:
            return (A - self.running_mean) / (self.running_var + self._eps) ** 0.5
        mu = A.mean(axis=0)
        A -= mu
        squares = (A * A).sum(axis=0)
        self._learn(mu, squares, len(A))
        return A / np.sqrt(squares / len(A) + self._eps)
