# %% single: only the beta repaired, the decay still goes through the averages
# name: mends the correction of v, but the decay still goes through the gradient and is divided by the root
import numpy as np
def adamw_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    gradient = gradient + decay * theta
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
# %% single: only the decay repaired, v still corrected with beta1
# name: mends the decay, but v is still corrected with beta1
import numpy as np
def adamw_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta1**t)
    return (1 - lr * decay) * theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
# %% single: the decay is taken out and never put back
# name: throws the decay away: the weights have to shrink by the factor 1 - lr * decay
import numpy as np
def adamw_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
# %% single: decays by decay, not by rate times decay
# name: shrinks by 1 - decay: the factor is 1 - lr * decay
import numpy as np
def adamw_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return (1 - decay) * theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
# %% pair: decay and beta both unrepaired in part: L2 kept, v corrected without power
# name: none
import numpy as np
def adamw_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    gradient = gradient + decay * theta
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2)) + eps), m, v
# %% unknown: shrinks after the step, so the step shrinks too
# name: shrinks the weights after Adam's step, and the step with them: it is the old weights that shrink
import numpy as np
def adamw_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta * (1 - lr * decay), m, v
# %% right: the decay as a second part of the step, by name
import numpy as np
def adamw_step(theta, m, v, gradient, t, lr, beta1, beta2, eps, decay):
    first = np.array(m, dtype=float) * beta1 + np.array(gradient, dtype=float) * (1 - beta1)
    second = np.array(v, dtype=float) * beta2 + np.array(gradient, dtype=float) ** 2 * (1 - beta2)
    adam_part = (first / (1 - beta1**t)) / (np.sqrt(second / (1 - beta2**t)) + eps)
    return theta - lr * (adam_part + decay * theta), first, second
