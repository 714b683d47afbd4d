"""The course's mathematics in idiomatic PyTorch: the same modules and functions as `dlkit.numpy`.

What PyTorch already has is used as it is; gradients come from autograd. Import the module you need:

>>> from dlkit.torch.losses_regression import mse
>>> from dlkit.torch.network import mlp
"""
