"""What all tests run with, solved notebooks included, however they are started."""

from __future__ import annotations

import os

os.environ.update(
    OMP_NUM_THREADS="1",  # results are the same to the last bit only with as many threads
    MPLBACKEND="Agg",
    DLKIT_ANSWERS="",  # solved notebooks are not a student's answers: nothing of them is kept for later notebooks
)
