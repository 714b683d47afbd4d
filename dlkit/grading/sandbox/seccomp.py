"""Which system calls are refused: a filter assembled here, without libseccomp. Linux 3.17 and later."""

from __future__ import annotations

import ctypes
import errno
import struct
from functools import cache

from dlkit.grading.sandbox import libc
from dlkit.grading.sandbox.policy import SandboxError

# Name: number on x86_64, number on aarch64 (None where there is no such call).
REFUSED_CALLS: dict[str, tuple[int | None, int | None]] = {
    # new namespaces and file systems
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "open_tree_attr": (467, 467),
    "statmount": (457, 457), "listmount": (458, 458),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_mrelease": (448, 448), "move_pages": (279, 239),
    "migrate_pages": (256, 238), "perf_event_open": (298, 241), "lookup_dcookie": (212, 18),
    # the kernel itself
    "bpf": (321, 280), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "create_module": (174, None), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443), "acct": (163, 89),
    "syslog": (103, 116), "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162), "vhangup": (153, 58),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "uselib": (134, None), "_sysctl": (156, None),
    "fanotify_init": (300, 262), "fanotify_mark": (301, 263), "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    # what outlives a process or is counted nowhere
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "shmget": (29, 194), "shmat": (30, 196),
    "shmctl": (31, 195), "semget": (64, 190), "semop": (65, 193), "semtimedop": (220, 192), "semctl": (66, 191),
    "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180),
}  # fmt: skip
# Refused as if the kernel did not have them, so that programs take another way.
UNKNOWN_CALLS = {"clone3": (435, 435), "memfd_create": (319, 279), "memfd_secret": (447, 447)}
# Level 2 shares its processes and files with the user's own: what Landlock has no rules for is refused or does nothing.
SHARED_CALLS = {
    "ioprio_set": (251, 30), "sched_setattr": (314, 274), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
    "inotify_init1": (294, 26), "inotify_init": (253, None), "inotify_add_watch": (254, 27),
    "chown": (92, None), "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "removexattrat": (466, 466),
    "file_setattr": (469, 469),
}  # fmt: skip
SILENT_CALLS = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
}  # fmt: skip
CONDITIONAL = {
    "clone": (56, 220), "ioctl": (16, 29), "socket": (41, 198), "socketpair": (53, 199), "kill": (62, 129),
    "prlimit64": (302, 261), "setpriority": (141, 140), "sched_setaffinity": (203, 122), "truncate": (76, 45),
    "open": (2, None), "openat": (257, 56), "openat2": (437, 437), "creat": (85, None),
}  # fmt: skip

NAMESPACES = (
    libc.CLONE_NEWNS | libc.CLONE_NEWCGROUP | libc.CLONE_NEWUTS | libc.CLONE_NEWIPC
    | libc.CLONE_NEWUSER | libc.CLONE_NEWPID | libc.CLONE_NEWNET
)  # fmt: skip
TIOCSTI, TIOCLINUX, TIOCSETD = 0x5412, 0x541C, 0x5423
AF_UNIX = 1
O_ACCMODE, O_TRUNC = 0o3, 0o1000

ARCH = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
LOAD, JUMP_EQUAL, JUMP_MORE, JUMP_SET, RETURN, AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
X32 = 0x40000000


def _op(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, true, false, value & 0xFFFFFFFF)


def _refuse(code: int) -> bytes:
    return _op(RETURN, ERRNO | code)


def _argument(index: int, high: bool = False) -> bytes:
    return _op(LOAD, 16 + 8 * index + 4 * high)  # little-endian on both architectures


def _when(number: int, body: bytes) -> bytes:
    """The body, which must end in a return, for this call only."""
    return _op(JUMP_EQUAL, number, 0, len(body) // 8) + body


def _unless_equal(value: int, code: int) -> bytes:
    return _op(JUMP_EQUAL, value, 1, 0) + _refuse(code)


@cache
def program(level: int, machine: str = libc.MACHINE, old_landlock: bool = False) -> bytes:
    """The filter of a level. ``old_landlock`` adds what Landlock could not yet forbid before its third version (truncation)."""
    column, arch = ARCH[machine]
    allow = _op(RETURN, ALLOW)

    def number(name: str) -> int | None:
        table = next(t for t in (CONDITIONAL, REFUSED_CALLS, UNKNOWN_CALLS, SHARED_CALLS, SILENT_CALLS) if name in t)
        return table[name][column]

    answers: dict[str, int] = dict.fromkeys(REFUSED_CALLS, errno.EPERM) | dict.fromkeys(UNKNOWN_CALLS, errno.ENOSYS)
    checks: dict[str, bytes] = {
        "clone": _argument(0) + _op(JUMP_SET, NAMESPACES, 0, 1) + _refuse(errno.EPERM) + allow,
        "ioctl": _argument(1)
        + b"".join(_op(JUMP_EQUAL, request, 0, 1) + _refuse(errno.EPERM) for request in (TIOCSTI, TIOCLINUX, TIOCSETD))
        + allow,
        "socketpair": _argument(0) + _unless_equal(AF_UNIX, errno.EPERM) + allow,
    }
    if level >= 3:
        checks["socket"] = checks["socketpair"]
    else:
        only_self = _argument(0) + _unless_equal(0, errno.EPERM) + allow
        answers |= dict.fromkeys(SHARED_CALLS, errno.EPERM) | dict.fromkeys(SILENT_CALLS, 0) | {"socket": errno.EPERM}
        checks |= {
            "kill": _argument(0) + _op(JUMP_EQUAL, -1, 0, 1) + _refuse(errno.EPERM) + allow,
            "prlimit64": only_self,
            "sched_setaffinity": only_self,
            "setpriority": _argument(0) + _unless_equal(0, errno.EPERM) + _argument(1) + _unless_equal(0, errno.EPERM) + allow,
        }
        if old_landlock:
            answers |= {"truncate": errno.EPERM, "openat2": errno.ENOSYS}
            truncating = _op(AND, O_ACCMODE | O_TRUNC) + _op(JUMP_EQUAL, O_TRUNC, 0, 1) + _refuse(errno.EPERM) + allow
            checks |= {"open": _argument(1) + truncating, "openat": _argument(2) + truncating}
    code = _op(LOAD, 4) + _op(JUMP_EQUAL, arch, 1, 0) + _op(RETURN, KILL) + _op(LOAD, 0)
    if machine == "x86_64":
        code += _op(JUMP_MORE, X32, 0, 1) + _refuse(errno.ENOSYS)
    for name, body in [*checks.items(), *((name, _refuse(answer)) for name, answer in answers.items())]:
        if (call := number(name)) is not None:
            code += _when(call, body)
    return code + allow


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def restrict(level: int, old_landlock: bool = False) -> None:
    """From here on the filter holds for this process and all its descendants; no_new_privs must be set."""
    code = ctypes.create_string_buffer(program(level, old_landlock=old_landlock))
    pointer = _Program((len(code) - 1) // 8, ctypes.addressof(code))
    try:
        libc.syscall("seccomp", 1, 0, libc.address(pointer))
    except OSError as error:
        raise SandboxError("seccomp", f"the kernel refuses a filter of system calls: {error}") from error
