"""Own namespaces: no network, no sight of other processes, an own view of the files."""

from __future__ import annotations

import errno
import os

from dlkit.grading.sandbox import libc
from dlkit.grading.sandbox.policy import Policy, SandboxError

ALL = libc.CLONE_NEWNET | libc.CLONE_NEWPID | libc.CLONE_NEWIPC | libc.CLONE_NEWUTS


def enter(policy: Policy, privileged: bool) -> None:
    """Leave the namespaces of the machine; the process ids become new with the next fork.

    A user namespace gives an ordinary user the right to the others, and to mount; a privileged process needs none.
    """
    flags = ALL if policy.wants("namespaces") else 0
    user, group = os.geteuid(), os.getegid()
    try:
        libc.unshare(flags | (0 if privileged else libc.CLONE_NEWUSER))
    except OSError as error:
        raise SandboxError("namespaces", _reason(error)) from error
    if not privileged:
        try:
            _write("setgroups", "deny")
            _write("uid_map", f"{user} {user} 1")
            _write("gid_map", f"{group} {group} 1")
        except OSError as error:
            raise SandboxError("namespaces", f"a user namespace could be made, but not filled: {error}") from error
        if not libc.capabilities() >> 21 & 1:
            raise SandboxError("namespaces", "user namespaces give no rights here (restricted by AppArmor or SELinux)")


def _reason(error: OSError) -> str:
    code = errno.errorcode.get(error.errno or 0, str(error.errno))
    reasons = {
        errno.EPERM: f"user namespaces are forbidden here ({code})",
        errno.EACCES: f"user namespaces are forbidden here ({code})",
        errno.ENOSPC: f"user namespaces are switched off or used up: user.max_user_namespaces ({code})",
        errno.EUSERS: f"user namespaces are nested too deeply ({code})",
        errno.EINVAL: f"the kernel has no user namespaces, or the process is not single ({code})",
        errno.ENOSYS: f"the kernel has no namespaces ({code})",
    }
    return reasons.get(error.errno or 0, f"namespaces could not be made: {error}")


def _write(name: str, text: str) -> None:
    with open(f"/proc/self/{name}", "w", encoding="ascii") as target:
        target.write(text)
