"""Wrong answers to the exercise Value: each is the right class with one decision changed."""

from __future__ import annotations

import math

from dlkit.exercises.unit2.computational_graphs.value_answer import Value

# -- the walk back -------------------------------------------------------------------------------------------------------


class ValueOverwrites(Value):
    def backward(self):
        order = self.ordered()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad = slope * node.grad


class ValueOnArrival(Value):
    def backward(self):
        for node in self.ordered():
            node.grad = 0.0
        self.grad = 1.0
        self.hand_on()

    def hand_on(self):
        for source, slope in zip(self.inputs, self.slopes, strict=True):
            source.grad += slope * self.grad
            source.hand_on()


class ValueEveryWayAlone(Value):
    """The right numbers, one way after the other: what arrives at a node is handed on by itself."""

    def backward(self):
        for node in self.ordered():
            node.grad = 0.0
        self.receive(1.0)

    def receive(self, gradient):
        self.grad += gradient
        for source, slope in zip(self.inputs, self.slopes, strict=True):
            source.receive(gradient * slope)


class ValueLevelByLevel(Value):
    def backward(self):
        for node in self.ordered():
            node.grad = 0.0
        self.grad = 1.0
        queue = [self]
        for node in queue:
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad
                if source not in queue:
                    queue.append(source)


class ValueDepthFirst(Value):
    def backward(self):
        for node in self.ordered():
            node.grad = 0.0
        self.grad = 1.0
        seen = []

        def visit(node):
            if node in seen:
                return
            seen.append(node)
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad
            for source in node.inputs:
                visit(source)

        visit(self)


class ValueNeverReset(Value):
    def backward(self):
        self.grad = 1.0
        for node in reversed(self.ordered()):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


class ValueNeverResetSeedAdded(Value):
    def backward(self):
        self.grad += 1.0
        for node in reversed(self.ordered()):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


class ValueResetsLeaves(Value):
    def backward(self):
        order = self.ordered()
        self.grad = 1.0
        for node in order:
            if not node.inputs:
                node.grad = 0.0
        for node in reversed(order):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


class ValueOneStepBack(Value):
    def backward(self):
        for node in self.ordered():
            node.grad = 0.0
        self.grad = 1.0
        for source, slope in zip(self.inputs, self.slopes, strict=True):
            source.grad += slope * self.grad


class ValueStartsWithZero(Value):
    def backward(self):
        order = self.ordered()
        for node in order:
            node.grad = 0.0
        for node in reversed(order):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


class ValueStartsWithData(Value):
    def backward(self):
        order = self.ordered()
        for node in order:
            node.grad = 0.0
        self.grad = self.data
        for node in reversed(order):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


class ValueForwardOrder(Value):
    def backward(self):
        order = self.ordered()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in order:
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


class ValueLocalOnly(Value):
    def backward(self):
        order = self.ordered()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope


# -- the slopes ----------------------------------------------------------------------------------------------------------


class ValueProductSwapped(Value):
    def __mul__(self, other):
        other = self.as_value(other)
        return self.made(self.data * other.data, (self, other), (self.data, other.data))


class ValueSumFirstOnly(Value):
    def __add__(self, other):
        other = self.as_value(other)
        return self.made(self.data + other.data, (self, other), (1.0, 0.0))


class ValueProductFirstOnly(Value):
    def __mul__(self, other):
        other = self.as_value(other)
        return self.made(self.data * other.data, (self, other), (other.data, 0.0))


class ValueTanhOfInput(Value):
    def tanh(self):
        return self.made(math.tanh(self.data), (self,), (1.0 - self.data**2,))


class ValueTanhWithoutSquare(Value):
    def tanh(self):
        t = math.tanh(self.data)
        return self.made(t, (self,), (1.0 - t,))


class ValueTanhLikeSigmoid(Value):
    def tanh(self):
        t = math.tanh(self.data)
        return self.made(t, (self,), (t * (1.0 - t),))


class ValueTanhSlopeOne(Value):
    def tanh(self):
        return self.made(math.tanh(self.data), (self,), (1.0,))


class ValueExpOfInput(Value):
    def exp(self):
        return self.made(math.exp(self.data), (self,), (self.data,))


class ValueExpSlopeOne(Value):
    def exp(self):
        return self.made(math.exp(self.data), (self,), (1.0,))


class ValueExpLikePower(Value):
    def exp(self):
        return self.made(math.exp(self.data), (self,), (self.data * math.exp(self.data - 1.0),))


# -- the values, and who may take part -----------------------------------------------------------------------------------


class ValueSigmoid(Value):
    def tanh(self):
        s = 1.0 / (1.0 + math.exp(-self.data))
        return self.made(s, (self,), (s * (1.0 - s),))


class ValueTanhOfExponentials(Value):
    def tanh(self):
        up, down = math.exp(self.data), math.exp(-self.data)
        t = (up - down) / (up + down)
        return self.made(t, (self,), (1.0 - t * t,))


class ValueTenToThe(Value):
    def exp(self):
        e = 10.0**self.data
        return self.made(e, (self,), (e * math.log(10.0),))


class ValueNoPlainNumbers(Value):
    def as_value(self, other):
        other.data  # noqa: B018  an AttributeError for a plain number
        return other


class ValueNumbersEndTheWay(Value):
    def __add__(self, other):
        return super().__add__(other) if isinstance(other, Value) else type(self)(self.data + other)

    def __mul__(self, other):
        return super().__mul__(other) if isinstance(other, Value) else type(self)(self.data * other)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other


class ValueNoNumbersOnTheLeft(Value):
    def __radd__(self, other):
        return NotImplemented

    def __rmul__(self, other):
        return NotImplemented


class ValueMeetsItselfOnce(Value):
    def made(self, data, inputs, slopes):
        once = dict(zip(inputs, slopes, strict=True))
        return type(self)(data, tuple(once), tuple(once.values()))


class ValueInPlace(Value):
    def __add__(self, other):
        self.data += self.as_value(other).data
        return self

    def __mul__(self, other):
        self.data *= self.as_value(other).data
        return self
