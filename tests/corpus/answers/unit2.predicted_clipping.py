# %% single: by value forgets the negative limit
# name: clips from above only: -12 is too large as well
def predicted_clipping():
    return {"by_value": [-12, 5], "by_norm": [-6, 2.5], "short": [0.75, -1], "together": [1.5, 2, 6]}
# %% single: lengthens the short one to the limit
# name: stretches the short gradient to length 2: clipping makes shorter, never longer
def predicted_clipping():
    return {"by_value": [-5, 5], "by_norm": [-6, 2.5], "short": [1.2, -1.6], "together": [1.5, 2, 6]}
# %% single: clips each array by its own norm
# name: clips W and b apart, by their own norms or entry by entry: b alone shrinks, and the step of both together turns; the global norm gives one factor for both
def predicted_clipping() -> dict:
    return dict(by_value=[-5.0, 5.0], by_norm=[-6.0, 2.5], short=[0.75, -1.0], together=[3.0, 4.0, 6.5])
# %% single: by norm cuts the entries at 6.5
# name: cuts the entries at 6.5 where the length was meant: both entries shrink by one factor
def predicted_clipping() -> dict:
    return {"by_value": [-5, 5], "by_norm": [-6.5, 5], "short": [0.75, -1], "together": [1.5, 2, 6]}
# %% pair: shortens (-12, 5) to a length of 1, and the sign of the first entry got lost by value
# name: none
def predicted_clipping():
    return {"by_value": [5, 5], "by_norm": [-12 / 13, 5 / 13], "short": [0.75, -1], "together": [1.5, 2, 6]}
# %% right: with fractions
def predicted_clipping() -> dict:
    half = 6.5 / (12**2 + 5**2) ** 0.5
    return {"by_value": [max(-5, -12), min(5, 5)],
            "by_norm": [-12 * half, 5 * half],
            "short": [3 / 4, -1],
            "together": [g * 6.5 / 13 for g in (3, 4, 12)]}
