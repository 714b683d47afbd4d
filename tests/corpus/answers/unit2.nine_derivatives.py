# %% single: no slope of the sigmoid in the hidden layer
# name: forgets the slope of the sigmoid on the way into the hidden layer
import numpy as np
def nine_derivatives(x, y, W1, b1, W2, b2, hidden):
    z = x @ W1 + b1
    O = z if hidden == "linear" else 1 / (1 + np.exp(-z))
    yhat = float(O @ W2[:, 0] + b2[0])
    d = -2 * (y - yhat)
    dO = d * W2[:, 0]
    return {"w11^1": dO[0] * x[0], "w12^1": dO[1] * x[0], "w21^1": dO[0] * x[1], "w22^1": dO[1] * x[1],
            "b11": dO[0], "b12": dO[1], "w11^2": d * O[0], "w21^2": d * O[1], "b21": d}
# %% single: sign turned round (y - yhat without the minus)
# name: has the sign turned round in all nine: the derivative of (y - yhat)^2 is -2 (y - yhat)
import numpy as np
def nine_derivatives(x, y, W1, b1, W2, b2, hidden):
    z = x @ W1 + b1
    if hidden == "sigmoid":
        O = 1 / (1 + np.exp(-z))
        slope = O * (1 - O)
    else:
        O, slope = z, np.ones(2)
    yhat = O @ W2[:, 0] + b2[0]
    d = 2 * (y - yhat)
    h = d * W2[:, 0] * slope
    return {"w11^1": h[0] * x[0], "w12^1": h[1] * x[0], "w21^1": h[0] * x[1], "w22^1": h[1] * x[1],
            "b11": h[0], "b12": h[1], "w11^2": d * O[0], "w21^2": d * O[1], "b21": d}
# %% single: w12 and w21 of the first layer exchanged
# name: exchanges w12^1 and w21^1: the first index is the input that the weight comes from
import numpy as np
def nine_derivatives(x, y, W1, b1, W2, b2, hidden):
    z = W1.T @ x + b1
    O = z if hidden == "linear" else 1 / (1 + np.exp(-z))
    f_ = np.ones(2) if hidden == "linear" else O * (1 - O)
    yhat = float((O @ W2 + b2)[0])
    g = 2 * (yhat - y)
    r = {}
    for to in range(2):
        for frm in range(2):
            r[f"w{to + 1}{frm + 1}^1"] = float(g * W2[to, 0] * f_[to] * x[frm])
        r[f"b1{to + 1}"] = float(g * W2[to, 0] * f_[to])
        r[f"w{to + 1}1^2"] = float(g * O[to])
    r["b21"] = float(g)
    return r
# %% single: the weight of the second layer is forgotten on the way to the hidden biases
# name: forgets the upper weight for b11 and b12: their way to the loss leads through w11^2 or w21^2, too
import numpy as np
def nine_derivatives(x, y, W1, b1, W2, b2, hidden):
    z1, z2 = x @ W1 + b1
    f = (lambda t: t) if hidden == "linear" else (lambda t: 1 / (1 + np.exp(-t)))
    s = (lambda t: 1.0) if hidden == "linear" else (lambda t: f(t) * (1 - f(t)))
    o1, o2 = f(z1), f(z2)
    v1, v2 = W2.ravel()
    e = -2 * (y - (v1 * o1 + v2 * o2 + b2[0]))
    return {"w11^1": e * v1 * s(z1) * x[0], "w12^1": e * v2 * s(z2) * x[0],
            "w21^1": e * v1 * s(z1) * x[1], "w22^1": e * v2 * s(z2) * x[1],
            "b11": e * s(z1), "b12": e * s(z2), "w11^2": e * o1, "w21^2": e * o2, "b21": e}
# %% pair: no factor 2, and the weights of the second layer get x instead of O
# name: none
import numpy as np
def nine_derivatives(x, y, W1, b1, W2, b2, hidden):
    z = x @ W1 + b1
    if hidden == "linear":
        O, s = z, np.ones(2)
    else:
        O = 1 / (1 + np.exp(-z))
        s = O * (1 - O)
    d = float((O @ W2 + b2)[0]) - y
    h = d * W2[:, 0] * s
    return {"w11^1": h[0] * x[0], "w12^1": h[1] * x[0], "w21^1": h[0] * x[1], "w22^1": h[1] * x[1],
            "b11": h[0], "b12": h[1], "w11^2": d * x[0], "w21^2": d * x[1], "b21": d}
# %% right: in plain numbers
import math
def nine_derivatives(x, y, W1, b1, W2, b2, hidden):
    x1, x2 = (float(v) for v in x)
    (a, c), (d, e) = ([float(v) for v in row] for row in W1)
    v1, v2 = float(W2[0][0]), float(W2[1][0])
    net1 = a * x1 + d * x2 + float(b1[0])
    net2 = c * x1 + e * x2 + float(b1[1])
    if hidden == "sigmoid":
        out1, out2 = 0.5 * (1 + math.tanh(net1 / 2)), 0.5 * (1 + math.tanh(net2 / 2))
        k1, k2 = out1 * (1 - out1), out2 * (1 - out2)
    else:
        out1, out2, k1, k2 = net1, net2, 1.0, 1.0
    miss = float(y) - (v1 * out1 + v2 * out2 + float(b2[0]))
    top = -2 * miss
    g1, g2 = top * v1 * k1, top * v2 * k2
    return {"b21": top, "w11^2": top * out1, "w21^2": top * out2, "b11": g1, "b12": g2,
            "w11^1": g1 * x1, "w21^1": g1 * x2, "w12^1": g2 * x1, "w22^1": g2 * x2}
# %% right: outer products
import numpy as np
def nine_derivatives(x, y, W1, b1, W2, b2, hidden):
    Z = np.einsum("i,ij->j", x, W1) + b1
    O = Z if hidden == "linear" else np.exp(-np.logaddexp(0, -Z))
    fp = np.ones_like(O) if hidden == "linear" else O - O**2
    up = 2 * (np.einsum("j,jk->k", O, W2) + b2 - y)
    d2 = np.outer(O, up)
    dz = (W2 @ up) * fp
    d1 = np.outer(x, dz)
    names = {f"w{i + 1}{j + 1}^1": d1[i, j] for i in range(2) for j in range(2)}
    names.update({"b11": dz[0], "b12": dz[1], "w11^2": d2[0, 0], "w21^2": d2[1, 0], "b21": up[0]})
    return {k: float(v) for k, v in names.items()}
