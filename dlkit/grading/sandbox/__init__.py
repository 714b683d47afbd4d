"""Runs other people's code behind walls of the operating system, and proves that they hold.

The levels are rungs of a ladder, see ``LEVELS``: each is proved at start by trying what it forbids (``prove``), asked for by a
``Policy``, applied by ``confine`` (all of it, or an error), and watched by a ``Meter``.
"""

from dlkit.grading.sandbox.advice import advice
from dlkit.grading.sandbox.keeper import confine, warm
from dlkit.grading.sandbox.limits import protect_self
from dlkit.grading.sandbox.memory import cheap_forks
from dlkit.grading.sandbox.meter import Meter
from dlkit.grading.sandbox.paths import runtime_paths
from dlkit.grading.sandbox.policy import LEVELS, REFUSED, Policy, SandboxError
from dlkit.grading.sandbox.proof import Proof, prove, required

__all__ = [
    "LEVELS",
    "REFUSED",
    "Meter",
    "Policy",
    "Proof",
    "SandboxError",
    "advice",
    "cheap_forks",
    "confine",
    "protect_self",
    "prove",
    "required",
    "runtime_paths",
    "warm",
]
