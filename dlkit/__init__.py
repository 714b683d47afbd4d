"""dlkit: the library behind a deep-learning course that grades itself.

Nothing is imported here: ``import dlkit.numpy`` brings the reference implementations, ``import dlkit.torch`` their PyTorch
counterparts, and each stays usable without the other and without Jupyter.
"""

__version__ = "0.1.0"
