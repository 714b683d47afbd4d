# %% single: no node is used twice, so overwriting does no harm
# name: lets the engine that overwrites escape: some node must be used twice, with a slope along both arrows
def revealing_graph():
    steps = [("s", "sin", ("x",)), ("d", "-", ("s", "y")), ("f", "*", ("d", "z"))]
    return steps, {"x": 0.7, "y": 2.3, "z": -1.7}
# %% single: the sine is taken at 0, where its slope is 1
# name: lets three engines escape: no minus, slope of sin is 1, first to last; a 0 on the way makes gradients 0 and hides them
def revealing_graph():
    steps = [("s", "sin", ("x",)), ("d", "-", ("s", "y")), ("f", "*", ("d", "x"))]
    return steps, {"x": 0.0, "y": 3.0}
# %% single: there is no difference in it
# name: lets the engine without minus escape: there must be a difference, and its second input must matter
def revealing_graph():
    return [("s", "sin", ("x",)), ("p", "*", ("s", "y")), ("f", "*", ("p", "x"))], {"x": 0.9, "y": 2.5}
# %% single: four steps
# name: takes more than three steps: every step must earn its place
def revealing_graph():
    steps = [
        ("p", "*", ("x", "y")),
        ("s", "sin", ("x",)),
        ("d", "-", ("p", "s")),
        ("f", "*", ("d", "y")),
    ]
    return steps, {"x": 1.3, "y": 0.6}
# %% pair: no sine, and no node that is used twice
# name: none
def revealing_graph():
    return [("d", "-", ("x", "y")), ("f", "*", ("d", "z"))], {"x": 2.0, "y": 5.0, "z": 7.0}
# %% unknown: the product is a square, where the other factor is the same number
# name: lets the engine escape that takes the wrong factor: there must be a product, and of two different numbers
def revealing_graph():
    steps = [("s", "sin", ("x",)), ("p", "*", ("x", "x")), ("f", "-", ("p", "s"))]
    return steps, {"x": 1.1}
# %% right: sine first, product last, x in both
def revealing_graph():
    return [["s", "sin", ["x"]], ["d", "-", ["s", "y"]], ["f", "*", ["d", "x"]]], {"x": 1.9, "y": 0.37}
# %% right: sine last
def revealing_graph():
    a, b = 0.83, 1.71
    graph = [("u", "-", ("a", "b")), ("v", "*", ("u", "b")), ("w", "sin", ("v",))]
    return graph, dict(a=a, b=b)
