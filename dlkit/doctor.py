"""What this machine offers: versions, GPU, sandbox abilities, free memory."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from typing import Any

PACKAGES = ("numpy", "torch", "matplotlib", "scikit-learn", "jupyterlab", "nbgrader", "pytest", "nbval")


def report() -> dict[str, Any]:
    """Facts about this machine, ready for JSON.

    >>> report()["python"].count(".") >= 1
    True
    """
    return {
        "python": platform.python_version(), "system": f"{platform.system()} {platform.release()}",
        "cores": os.cpu_count(), "free_memory_gib": _free_memory(),
        "free_disk_gib": round(shutil.disk_usage(".").free / 2**30, 1),
        "packages": {name: _version(name) for name in PACKAGES}, "gpu": _gpu(), "sandbox": _sandbox(),
    }


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _free_memory() -> float | None:
    try:
        with open("/proc/meminfo") as file:
            kib = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable"))
        return round(kib / 2**20, 1)
    except (OSError, StopIteration):
        return None


def _gpu() -> str | None:
    """The name of the GPU that PyTorch would use, or ``None`` (also when PyTorch is not installed)."""
    if _version("torch") is None:
        return None
    from dlkit.torch.device import default_device

    device = default_device()
    return None if device.type == "cpu" else str(device)


def _sandbox() -> dict[str, bool]:
    """Abilities that a sandbox for untrusted notebooks can build on; a fact about this machine, not a promise."""
    found = {"user namespaces": False, "landlock": False, "seccomp": False}
    if sys.platform != "linux":
        return found
    allowed = _read("/proc/sys/user/max_user_namespaces") not in ("", "0")
    found["user namespaces"] = allowed and os.path.exists("/proc/self/ns/user")
    found["landlock"] = "landlock" in _read("/sys/kernel/security/lsm") or _landlock_abi() > 0
    found["seccomp"] = "Seccomp" in _read("/proc/self/status")
    return found


def _read(path: str) -> str:
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""


def _landlock_abi() -> int:
    """The Landlock version that the kernel reports, 0 if there is none."""
    import ctypes

    create_ruleset, version_flag = 444, 1
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(create_ruleset, None, 0, version_flag)))


def text(found: dict[str, Any]) -> str:
    """The report as lines for people."""
    lines = [f"Python {found['python']} on {found['system']}, {found['cores']} cores"]
    if found["free_memory_gib"] is not None:
        lines.append(f"free memory {found['free_memory_gib']} GiB, free disk {found['free_disk_gib']} GiB")
    lines += [f"{name:<13} {version or 'not installed'}" for name, version in found["packages"].items()]
    lines.append(f"GPU           {found['gpu'] or 'none: everything runs on the CPU'}")
    lines.append("sandbox       " + ", ".join(f"{name}: {'yes' if able else 'no'}" for name, able in found["sandbox"].items()))
    return "\n".join(lines)
