# %% single: counts epochs from 1
# name: counts epochs from 1, as the table of the notes does: epoch 0 has the initial rate
import numpy as np
def decayed_rates(initial, decay, epochs):
    t = np.arange(1, epochs + 1)
    return initial / (1 + decay * t)
# %% single: divides the rate of the epoch before (compounded)
# name: divides the last rate again and again: each rate is the initial one, divided
import numpy as np
def decayed_rates(initial, decay, epochs):
    rates, rate = [], initial
    for t in range(epochs):
        rate = rate / (1 + decay * t)
        rates.append(rate)
    return np.array(rates)
# %% single: exponential decay
# name: decays like e^(-decay epoch): that is exponential decay, which falls faster
import numpy as np
def decayed_rates(initial: float, decay: float, epochs: int) -> np.ndarray:
    return initial * np.exp(-decay * np.arange(epochs))
# %% single: one epoch too many
# name: returns one rate too many: epochs 0 to epochs - 1 were asked for
import numpy as np
def decayed_rates(initial, decay, epochs):
    return np.array([initial / (1 + decay * t) for t in range(epochs + 1)])
# %% pair: decay multiplied outside the bracket and epochs from 1
# name: none
import numpy as np
def decayed_rates(initial, decay, epochs):
    return initial / ((1 + decay) * np.arange(1, epochs + 1))
# %% right: reciprocal grows in equal steps
import numpy as np
def decayed_rates(initial, decay, epochs):
    rates = np.empty(epochs)
    for epoch in range(epochs):
        rates[epoch] = float(initial) * (1.0 + decay * epoch) ** -1
    return rates
