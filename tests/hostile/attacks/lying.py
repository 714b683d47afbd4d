"""Answers that lie about what they are: objects that equal everything, arrays that are none, results that grow when read."""

from __future__ import annotations

from .model import Attack, answer_to


def _lies(name: str, tries: str, before: str, body: str, of: str = "linear_unit", **more) -> Attack:
    """One answer lies and deserves nothing; the others are right and lose nothing."""
    return Attack(name, tries, answers={of: answer_to(of, body, before)}, marks={of: 0.0}, **more)


EQUAL = """
class Equal:
    shape, dtype, ndim, size = (1,), float, 1, 1
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    def __abs__(self): return 0.0
    def __float__(self): return 0.0
    def __bool__(self): return True
    def __len__(self): return 1
    def __iter__(self): return iter([self])
    def __getitem__(self, at): return self
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
"""
SUBCLASS = """
import numpy as np
class Close(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __sub__
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.ones(self.shape, bool) if ufunc.nout == 1 else NotImplemented
    def __array_function__(self, function, types, args, kwargs): return True
    def tobytes(self, *args): return b"x"
"""
SHAPED = """
import numpy as np
class Shaped(np.ndarray):
    shape = property(lambda self: (1,))
    dtype = property(lambda self: np.dtype(float))
    nbytes = property(lambda self: 0)
    size = property(lambda self: 1)
"""
ATTACKS = (
    _lies("equals everything", "an object that equals whatever it is compared with", EQUAL, "return Equal()"),
    _lies("equals everything at a gate", "the same where the judge unpacks the result", EQUAL, "return Equal()", of="gate_weights"),
    _lies("components equal everything", "a pair of objects that equal everything", EQUAL, "return Equal(), Equal()",
          of="gate_weights"),
    _lies("array that is always close", "a subclass of the array type decides every comparison", SUBCLASS,
          "return np.zeros(len(X)).view(Close)"),
    _lies("array that lies about its shape", "a huge array says that it has one element", SHAPED,
          "return np.zeros((7, 7)).view(Shaped)"),
    _lies("another array at each look", "an object turns into another array each time", """
import numpy as np
class Moving:
    looks = 0
    def __array__(self, *args, **kwargs):
        Moving.looks += 1
        return np.full(1, 100.0 + Moving.looks / 2)
""", "return Moving()"),
    _lies("float with its own equality", "a float that is as close as it has to be", """
class Near(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
""", "return [Near(0)] * len(X)"),
    _lies("list that is never the same", "a list that gives other elements each time it is read", """
class Fickle(list):
    def __iter__(self): return iter([102.5])
    def __len__(self): return 1
    def __getitem__(self, at): return 102.5
""", "return Fickle([0, 0, 0])"),
    _lies("array of agreeable objects", "an object array whose elements equal everything", "import numpy as np" + EQUAL,
          "a = np.empty(len(X), dtype=object)\na[:] = [Equal() for _ in X]\nreturn a"),
    _lies("mock", "a mock accepts whatever is done to it", "from unittest.mock import MagicMock", "return MagicMock()"),
    _lies("mock as a gate", "a mock where the judge goes on with the result", "from unittest.mock import MagicMock",
          "return MagicMock(), MagicMock()", of="gate_weights"),
    _lies("not a number", "nothing is different from what is not a number", "import numpy as np", "return np.full(len(X), np.nan)"),
    _lies("infinite", "infinity minus infinity is below every tolerance", "import numpy as np", "return np.full(len(X), np.inf)"),
    _lies("masked away", "a masked array has nothing in which it could differ", "import numpy as np",
          "return np.ma.masked_all(len(X))"),
    _lies("empty", "an empty array differs nowhere", "import numpy as np", "return np.zeros((0,))"),
    _lies("huge by broadcasting", "a result of terabytes in eight bytes", "import numpy as np",
          "return np.broadcast_to(102.5, (10**6, 10**6))"),
    _lies("numbers as text", "text that looks like the result", "", "return [str(v) for v in X @ w + b]"),
    _lies("bytes of a record", "a structured array", "import numpy as np", "return np.zeros(len(X), dtype=[('x', float), ('y', object)])"),
    _lies("dates", "an array of dates, which is not a number until it is subtracted", "import numpy as np",
          "return np.zeros(len(X), dtype='datetime64[ns]')"),
    _lies("generator", "a generator that never ends", "", "while True:\n    yield 102.5"),
    _lies("coroutine", "the result comes later", "async def later():\n    return 102.5", "return later()"),
    _lies("poses as a tensor", "an object that says it is of torch, and ends the process when it is read", """
import os
class Tensor:
    def detach(self): os._exit(3)
Tensor.__module__ = "torch"
""", "return Tensor()"),
    _lies("pickle", "an object that runs a command where it is unpickled", """
import os
class Bomb:
    def __reduce__(self): return os.system, ("touch @STAIN@",)
""", "return Bomb()"),
    _lies("contains itself", "a list that contains itself", "", "a = []\na.append(a)\nreturn a"),
    _lies("nested a hundred thousand deep", "a list so deep that reading it fails", "",
          "a = []\nfor _ in range(100_000):\n    a = [a]\nreturn a"),
    _lies("dict of strange keys", "keys that are not a number and not one another", "",
          "return {float('nan'): 1, True: 2, 1.5: 3, '': 4}"),
    _lies("giant array", "a result of 400 MiB", "import numpy as np", "return np.ones(50 * 2**20)"),
    _lies("giant list", "a result of ten million numbers", "", "return [0.5] * 10_000_000"),
    _lies("giant number", "a number with ten million digits", "", "return [1 << 30_000_000]"),
    _lies("giant text", "a result of 300 MB of text", "", "return 'x' * 300_000_000"),
    _lies("error that cannot be shown", "an exception that fails when it is read", """
class Sly(Exception):
    def __str__(self): raise self
    __repr__ = __str__
""", "raise Sly"),
    _lies("giant error", "an exception with 100 MB of text", "", "raise ValueError('x' * 100_000_000)"),
    _lies("error without end", "an exception that takes for ever to be read", """
class Slow(Exception):
    def __str__(self):
        while True: pass
""", "raise Slow"),
    _lies("interrupts its judge", "an interrupt comes out of the answer", "", "raise KeyboardInterrupt"),
    _lies("ends its judge", "the answer leaves by the exit", "", "raise SystemExit(0)"),
    _lies("ends the generator of its judge", "an exception that passes most handlers", "", "raise GeneratorExit"),
    _lies("reference to the judge's own", "the result claims to be an object that the judge keeps", """
try:
    from dlkit.checking.codec import Reference
except Exception:
    Reference = None
class Forged:
    def __init__(self, number):
        if Reference is not None:
            self.__dlkit_reference__ = Reference("judge", number, "function")
""", "return Forged(0)", of="neuron"),
    _lies("names instead of functions", "the name is bound to an object whose attributes are functions", """
class Names:
    def __call__(self, *args): return self
    def __getattr__(self, name): return lambda *args: [102.5]
""", "return Names()"),
    _lies("recursion", "an answer that calls itself with the limit raised", "import sys\nsys.setrecursionlimit(10**9)",
          "return linear_unit(X, w, b)", level=1),
)
