"""Transfer learning: keep a trained body as it is and train a new head on top of it."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

__all__ = ["Frozen", "freeze", "unfreeze"]


class Frozen(nn.Module):
    """A module whose parameters need no gradient and that stays in evaluation mode.

    ``requires_grad_(False)`` alone is not enough: in training mode, dropout would go on dropping and batch
    normalisation would go on changing its running statistics.

    Parameters
    ----------
    module : nn.Module
        What is kept; `unfreeze` gives it back.

    Source: Lecture notes, unit 2.
    """

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module.requires_grad_(False)
        self.train(False)

    def train(self, mode: bool = True) -> Frozen:
        """Stay in evaluation mode, whatever is asked for."""
        return super().train(False)

    def forward(self, *inputs: Any) -> torch.Tensor:
        """As the module itself."""
        return self.module(*inputs)


def freeze(module: nn.Module) -> Frozen:
    """Wrap a module so that training leaves it alone: no gradients, evaluation mode.

    Parameters
    ----------
    module : nn.Module
        It is not copied.

    Returns
    -------
    Frozen

    Source: Lecture notes, unit 2.

    Examples
    --------
    >>> body = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5))
    >>> model = nn.Sequential(freeze(body), nn.Linear(3, 2)).train()
    >>> sum(p.numel() for p in model.parameters() if p.requires_grad), body[1].training
    (8, False)
    """
    return Frozen(module)


def unfreeze(module: nn.Module) -> nn.Module:
    """The module with everything that `freeze` wrapped unwrapped and trainable again.

    Examples
    --------
    >>> model = nn.Sequential(freeze(nn.Linear(4, 3)), nn.Linear(3, 2))
    >>> sum(p.numel() for p in unfreeze(model).parameters() if p.requires_grad)
    23
    """
    if isinstance(module, Frozen):
        return unfreeze(module.module.requires_grad_(True).train())
    for name, child in list(module.named_children()):
        setattr(module, name, unfreeze(child))
    return module
