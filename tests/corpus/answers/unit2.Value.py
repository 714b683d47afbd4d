# %% single: gradients of an earlier call stay and are added to
# name: keeps the gradients of an earlier call: this backward begins anew, so set the gradients of all nodes to 0
import numpy as np
class Value:
    def __init__(self, data, inputs=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.slopes = slopes
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def __radd__(self, other):
        return self + other
    def __rmul__(self, other):
        return self * other
    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), (1 - t ** 2,))
    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), (e,))
    def backward(self):
        order, seen = [], set()
        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for i in node.inputs:
                    visit(i)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for i, s in zip(node.inputs, node.slopes):
                i.grad += node.grad * s
# %% single: hands on as soon as something arrives (level by level), so shared nodes hand on too little
# name: hands on level by level: a node can be on several levels, and must wait until it is complete
import numpy as np
class Value:
    def __init__(self, data, inputs=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.inputs, self.slopes = inputs, slopes
    def __add__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    __radd__ = __add__
    __rmul__ = __mul__
    def tanh(self):
        t = float(np.tanh(self.data))
        return Value(t, (self,), (1 - t * t,))
    def exp(self):
        e = float(np.exp(self.data))
        return Value(e, (self,), (e,))
    def backward(self):
        queue, order = [self], []
        while queue:
            node = queue.pop(0)
            if any(node is n for n in order):
                continue
            order.append(node)
            queue.extend(node.inputs)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in order:
            for source, slope in zip(node.inputs, node.slopes):
                source.grad += node.grad * slope
# %% single: slope of tanh from its input instead of its result
# name: squares the input in the slope of tanh: it is 1 - tanh(x)^2, with the result squared
import numpy as np
class Value:
    def __init__(self, data, inputs=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.slopes = slopes
    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)
    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        other = Value.wrap(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def __radd__(self, other):
        return self + other
    def __rmul__(self, other):
        return self * other
    def tanh(self):
        return Value(np.tanh(self.data), (self,), (1 - self.data ** 2,))
    def exp(self):
        return Value(np.exp(self.data), (self,), (np.exp(self.data),))
    def topo(self, seen):
        if self in seen:
            return []
        seen.add(self)
        result = []
        for i in self.inputs:
            result += i.topo(seen)
        return result + [self]
    def backward(self):
        nodes = self.topo(set())
        for n in nodes:
            n.grad = 0.0
        self.grad = 1.0
        for n in reversed(nodes):
            for i, s in zip(n.inputs, n.slopes):
                i.grad += s * n.grad
# %% single: stores the last contribution instead of adding (=)
# name: overwrites the gradient of a node that is used twice: += and not =
import numpy as np
class Value:
    def __init__(self, data, inputs=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.slopes = slopes
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def __radd__(self, other):
        return self + other
    def __rmul__(self, other):
        return self * other
    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), (1 - t ** 2,))
    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), (e,))
    def backward(self):
        order, seen = [], set()
        def visit(node):
            if node in seen:
                return
            seen.add(node)
            for i in node.inputs:
                visit(i)
            order.append(node)
        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for i, s in zip(node.inputs, node.slopes):
                i.grad = node.grad * s
# %% single: follows every way alone, right numbers but endless for a graph with many ways
# name: follows every way to a node by itself: that takes as long as there are ways, and huge slopes that cancel become nan; let each node add up what comes back and hand the sum on, once
import numpy as np
class Value:
    def __init__(self, data, inputs=(), slopes=()):
        self.data, self.inputs, self.slopes, self.grad = data, inputs, slopes, 0.0
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def __radd__(self, other):
        return self + other
    def __rmul__(self, other):
        return self * other
    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))
    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), (e,))
    def _zero(self):
        self.grad = 0.0
        for i in self.inputs:
            i._zero()
    def _hand(self, g):
        self.grad += g
        for i, s in zip(self.inputs, self.slopes):
            i._hand(g * s)
    def backward(self):
        self._zero()
        self._hand(1.0)
# %% pair: the factors' own values as slopes of a product, and no reset of earlier gradients
# name: none
import numpy as np
class Value:
    def __init__(self, data, inputs=(), slopes=()):
        self.data, self.inputs, self.slopes, self.grad = data, inputs, slopes, 0.0
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (self.data, other.data))
    def __radd__(self, other):
        return self + other
    def __rmul__(self, other):
        return self * other
    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))
    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), (e,))
    def backward(self):
        order = []
        def visit(node):
            if all(node is not o for o in order):
                for i in node.inputs:
                    visit(i)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in order[::-1]:
            for i, s in zip(node.inputs, node.slopes):
                i.grad += node.grad * s
# %% unknown: with a plain number the result is a new Value without inputs, so the gradient ends there
# name: makes a Value without inputs when a plain number takes part: the way back ends there
import numpy as np
class Value:
    def __init__(self, data, inputs=(), slopes=()):
        self.data, self.inputs, self.slopes, self.grad = data, inputs, slopes, 0.0
    def __add__(self, other):
        if not isinstance(other, Value):
            return Value(self.data + other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        if not isinstance(other, Value):
            return Value(self.data * other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def __radd__(self, other):
        return self + other
    def __rmul__(self, other):
        return self * other
    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))
    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), (e,))
    def backward(self):
        order, seen = [], set()
        def visit(node):
            if node not in seen:
                seen.add(node)
                for i in node.inputs:
                    visit(i)
                order.append(node)
        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for i, s in zip(node.inputs, node.slopes):
                i.grad += node.grad * s
# %% right: no recursion; serial numbers give the order
import itertools
import numpy as np
class Value:
    born = itertools.count()
    def __init__(self, data, parents=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = list(parents)          # pairs (Value, slope)
        self.number = next(Value.born)
    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])
        return Value(self.data + other, [(self, 1.0)])
    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, [(self, other.data), (other, self.data)])
        return Value(self.data * other, [(self, float(other))])
    __radd__, __rmul__ = __add__, __mul__
    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, [(self, (1 - t) * (1 + t))])
    def exp(self):
        e = np.exp(self.data)
        return Value(e, [(self, e)])
    def backward(self):
        found, stack = {self.number: self}, [self]
        while stack:
            for parent, _ in stack.pop().parents:
                if parent.number not in found:
                    found[parent.number] = parent
                    stack.append(parent)
        for node in found.values():
            node.grad = 0.0
        self.grad = 1.0
        for number in sorted(found, reverse=True):
            node = found[number]
            for parent, slope in node.parents:
                parent.grad += slope * node.grad
# %% right: closures that push, recursive order
import numpy as np
class Value:
    def __init__(self, data, inputs=()):
        self.data, self.grad, self.inputs = data, 0.0, inputs
        self.push = lambda: None
    def _result(self, data, pairs):
        new = Value(data, tuple(node for node, _ in pairs))
        def push():
            for node, slope in pairs:
                node.grad = node.grad + slope * new.grad
        new.push = push
        return new
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self._result(self.data + other.data, [(self, 1), (other, 1)])
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self._result(self.data * other.data, [(self, other.data), (other, self.data)])
    def __radd__(self, other):
        return Value(other) + self
    def __rmul__(self, other):
        return Value(other) * self
    def tanh(self):
        t = np.tanh(self.data)
        return self._result(t, [(self, 1 - t**2)])
    def exp(self):
        e = np.exp(self.data)
        return self._result(e, [(self, e)])
    def backward(self):
        order, seen = [], set()
        def visit(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for child in node.inputs:
                visit(child)
            order.append(node)
        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        while order:
            order.pop().push()
