"""What this Python, its packages and the programs of the system need to read in order to work."""

from __future__ import annotations

import os
import site
import sys
import sysconfig

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store", "/run/current-system")
SETTINGS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/ld.so.preload",
    "/etc/locale.alias",
    "/etc/localtime",
    "/etc/matplotlibrc",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/os-release",
    "/etc/timezone",
    "/var/cache/fontconfig",
)
MACHINE = (
    "/proc/cpuinfo",
    "/proc/filesystems",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/kernel/cap_last_cap",
    "/proc/sys/kernel/osrelease",
    "/proc/sys/kernel/pid_max",
    "/proc/sys/vm/overcommit_memory",
    "/proc/uptime",
    "/proc/version",
    "/proc/vmstat",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/kernel/mm/hugepages",
    "/sys/kernel/mm/transparent_hugepage",
)


def runtime_paths() -> tuple[str, ...]:
    """The allow-list of this Python: itself, its packages, libraries and programs of the system, fonts, facts of the machine.

    Nothing of a home directory but the Python installations in it, and no other entry of ``sys.path``: whoever imports from a
    checkout adds it, and hides what must be hidden.
    """
    found = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, *sysconfig.get_paths().values()]
    found += site.getsitepackages() if hasattr(site, "getsitepackages") else []
    if site.ENABLE_USER_SITE:
        found.append(site.getusersitepackages())
    found += [os.path.dirname(os.path.realpath(sys.executable)), *_library_folders(), *SYSTEM, *SETTINGS, *MACHINE]
    plain = {os.path.normpath(path) for path in found if path and os.path.isabs(path)}
    return tuple(sorted(path for path in plain - {"/", os.path.expanduser("~")} if os.path.exists(path)))


def _library_folders() -> set[str]:
    """Where the shared libraries of this process came from (modules of a cluster, for instance)."""
    folders = {path for path in os.environ.get("LD_LIBRARY_PATH", "").split(":") if path}
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            files = {line.split(None, 5)[5].rstrip("\n") for line in maps if line.count("/")}
    except OSError:
        return folders
    return folders | {os.path.dirname(path) for path in files if ".so" in os.path.basename(path) and path.startswith("/")}
