"""Makes the forks of a large, quiet process cheap."""

from __future__ import annotations

import ctypes

from dlkit.grading.sandbox import libc

MADV_COLLAPSE = 25  # Linux 6.1
HUGE = 2 * 2**20


def cheap_forks() -> int:
    """Gather the private memory of this process in huge pages; how many bytes that is now.

    A fork copies one entry per page, so that a process of 200 MB with PyTorch in it forks four times faster afterwards. To be
    called once, after all imports. Where the kernel cannot do it, nothing happens.
    """
    if not libc.SUPPORTED:
        return 0
    lib = ctypes.CDLL(None)
    lib.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        fields = [line.split(None, 5) for line in maps]
    gathered = 0
    for span, rights, _, _, inode, *name in fields:
        if rights == "rw-p" and inode == "0" and (not name or name[0].strip() == "[heap]"):
            low, high = (int(edge, 16) for edge in span.split("-"))
            low, high = -(-low // HUGE) * HUGE, high // HUGE * HUGE
            if high > low and lib.madvise(low, high - low, MADV_COLLAPSE) == 0:
                gathered += high - low
    return gathered
