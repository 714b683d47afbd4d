# %% single: cross entropy for the film genres
# name: makes the genres of a film compete, as if it could have only one
def which_loss():
    return {"house price": "mse", "delivery time": "mae", "rain": "bce_with_logits", "spam": "bce_with_logits",
            "digit": "cross_entropy", "film genres": "cross_entropy", "sorting machine": "multiclass_hinge"}
# %% single: mse for the delivery time
# name: squares delivery times: a few lost parcels would outweigh thousands of ordinary ones
def which_loss():
    return {"house price": "mse", "delivery time": "mse", "rain": "bce_with_logits", "spam": "bce_with_logits",
            "digit": "cross_entropy", "film genres": "multilabel_loss", "sorting machine": "multiclass_hinge"}
# %% single: cross entropy for the sorting machine
# name: trains probabilities that the sorting machine never asks for: it wants a lead in the scores
def which_loss():
    answer = {"house price": "mse", "delivery time": "mae", "digit": "cross_entropy",
              "film genres": "multilabel_loss", "sorting machine": "cross_entropy"}
    answer["rain"] = answer["spam"] = "bce_with_logits"
    return answer
# %% pair: mse for the rain probability and a hinge for spam
def which_loss():
    return {"house price": "mse", "delivery time": "mae", "rain": "mse", "spam": "multiclass_hinge",
            "digit": "cross_entropy", "film genres": "multilabel_loss", "sorting machine": "multiclass_hinge"}
# %% right: zip of tasks and losses
def which_loss():
    tasks = ["house price", "delivery time", "rain", "spam", "digit", "film genres", "sorting machine"]
    losses = ["mse", "mae"] + 2 * ["bce_with_logits"] + ["cross_entropy", "multilabel_loss", "multiclass_hinge"]
    return dict(zip(tasks, losses))
