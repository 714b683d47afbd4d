"""Each layer with all the others off: layers hide each other's holes."""

from __future__ import annotations

import errno
import os
import shutil
import struct
import subprocess

import pytest

from dlkit.grading.sandbox.landlock import abi

ERRORS = set(errno.errorcode.values()) - {"EBADF", "EFAULT"}
# A policy with one layer, and a canary within reach of everybody but for that layer.
ALONE = """
import ctypes, os, shutil, signal, socket, subprocess, sys, threading, time
rules = Policy(orders.get("level", 3), orders["work"], (orders["open"], *orders.get("readable", ())), (orders["secret"],),
               layers=frozenset({orders["layer"]}), **orders.get("limits", {}))

def alone(main, **more):
    ended = confined(rules, main, **more)
    assert not ended.refusal, ended.refusal
    return ended.answer

def below(main):
    # In a grandchild with a session of its own.
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(write, json.dumps(main()).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        found = json.loads(answer.read())
    os.wait()
    return found

import encodings.idna, json  # which sockets import late
"""


def alone(box, layer: str, script: str, **orders):
    return box.run(ALONE + script.replace("\n    ", "\n"), layer=layer, **orders)


FILES = """
    def attempts():
        def read(path):
            with open(path) as file:
                assert file.read()
        def write(path, mode="a"):
            with open(path, mode) as file:
                file.write("!")
        def symlink():
            os.symlink(orders["canary"], f"sym{os.getpid()}")
            read(f"sym{os.getpid()}")
        def hard_link():
            os.link(orders["canary"], f"hard{os.getpid()}")
        def carry_out():
            write(f"own{os.getpid()}", "w")
            os.rename(f"own{os.getpid()}", orders["outside"] + f"/stolen{os.getpid()}")
        def carry_in():
            os.rename(orders["canary"], "canary")
        def upwards():
            read("../outside/canary")
        here = os.open(".", os.O_RDONLY)
        def through_descriptor():
            os.close(os.open("../outside/canary", os.O_RDONLY, dir_fd=here))
        def listing():
            assert "canary" in os.listdir(orders["outside"])
        tries = {
            "read": lambda: read(orders["canary"]), "write": lambda: write(orders["canary"]), "truncate": lambda: os.truncate(orders["canary"], 1),
            "empty": lambda: os.close(os.open(orders["canary"], os.O_RDONLY | os.O_TRUNC)), "create": lambda: write(orders["outside"] + "/new", "x"),
            "delete": lambda: os.unlink(orders["canary"]), "list": listing, "make a folder": lambda: os.mkdir(orders["outside"] + "/dir"),
            "symbolic link": symlink, "hard link": hard_link, "carry out": carry_out, "carry in": carry_in, "upwards": upwards,
            "descriptor": through_descriptor, "hidden": lambda: read(orders["secret"]), "write to readable": lambda: write(orders["open"] + "/public"),
            "create in readable": lambda: write(orders["open"] + "/new", "x"), "delete readable": lambda: os.unlink(orders["open"] + "/public"),
            "shared memory": lambda: write(f"/dev/shm/dlkit-sandbox-test-{os.getpid()}", "x"),
        }
        return {name: outcome(attempt) for name, attempt in tries.items()}
    def may():
        os.makedirs("a/b"); os.makedirs("c")
        with open("a/b/file", "w") as file:
            file.write("mine")
        shutil.move("a/b/file", "a/file")
        with open("a/file") as file:
            mine = file.read()
        with open(orders["open"] + "/public") as file, open(orders["open"] + "/inner/deep") as deep, open("mine") as own:
            texts = [file.read(), deep.read(), own.read()]
        with open("/dev/null", "w") as null:
            null.write("x")
        assert len(os.urandom(8)) == 8 and open("/dev/zero", "rb").read(1) == b"\\0"
        os.unlink("a/file")
        return [mine, *texts]
"""


@pytest.mark.parametrize("layer", ["mounts", "landlock"])
def test_files_outside_the_list_are_out_of_reach(box, layer_here, layer):
    layer_here(layer)
    script = FILES + "\n    result = [alone(attempts), alone(lambda: below(attempts)), alone(may)]"
    here, below, may = alone(box, layer, script, level=3 if layer == "mounts" else 2)
    private = {"shared memory"} if layer == "mounts" else set()  # it has a /dev/shm of its own
    late = {"truncate"} if layer == "landlock" and abi() < 3 else set()  # then the filter of system calls does it
    for found in (here, below):
        assert {name for name, refusal in found.items() if not refusal} == private | late
        assert set(found.values()) <= {"", "AssertionError", *ERRORS}, "refused by the system, not broken"
    assert may == ["mine", "this is open/public", "this is open/inner/deep", "this is work/mine"]
    assert late or (box.top / "outside/canary").read_text() == "this is outside/canary"
    assert sorted(os.listdir(box.top / "outside")) == ["canary"]
    assert not [name for name in os.listdir("/dev/shm") if name.startswith("dlkit-sandbox-test")]


@pytest.mark.parametrize("layer", ["mounts", "landlock"])
def test_a_readable_path_within_a_hidden_one_can_be_read(box, layer_here, layer):
    layer_here(layer)
    script = """
    rules = Policy(rules.level, rules.folder, (orders["open"], orders["open"] + "/inner/deep"), (orders["open"] + "/inner",), layers=rules.layers)
    with open(orders["open"] + "/inner/other", "w") as file:
        file.write("x")
    os.chmod(orders["open"] + "/inner/other", 0o666)
    def main():
        def read(path):
            return outcome(lambda: open(path).read()[0])
        return [read(orders["open"] + name) for name in ("/public", "/inner/deep", "/inner/other")]
    result = alone(main)
    """
    assert [bool(refusal) for refusal in alone(box, layer, script, level=3 if layer == "mounts" else 2)] == [False, False, True]


@pytest.mark.parametrize("layer", ["mounts", "landlock"])
@pytest.mark.parametrize("place", ["inside a readable tree", "around a readable tree", "apart"])
def test_the_folders_of_others_cannot_be_read(box, layer_here, layer, place):
    """Wherever the folders lie, a process reaches its own only."""
    layer_here(layer)
    script = """
    from dlkit.grading.sandbox import warm
    parent = {"inside a readable tree": orders["open"] + "/boxes", "around a readable tree": orders["open"], "apart": orders["outside"] + "/boxes"}[orders["place"]]
    os.makedirs(parent, exist_ok=True)
    hidden = (parent,) if orders["place"] == "inside a readable tree" else ()
    readable = (orders["open"] + "/inner",) if orders["place"] == "around a readable tree" else (orders["open"],)
    for name in ("one", "two"):
        os.mkdir(f"{parent}/{name}"); os.chmod(f"{parent}/{name}", 0o777)
        with open(f"{parent}/{name}/work", "w") as file:
            file.write(name)
        os.chmod(f"{parent}/{name}/work", 0o666)
    rules = Policy(rules.level, f"{parent}/one", readable, (*hidden, orders["secret"]), layers=rules.layers)
    warm(rules)
    def main():
        def read(path):
            return outcome(lambda: open(path).read()[0])
        return [read(path) for path in ("work", f"{parent}/one/work", f"{parent}/two/work", orders["secret"], orders["open"] + "/inner/deep")]
    result = alone(main)
    """
    found = alone(box, layer, script, level=3 if layer == "mounts" else 2, place=place)
    assert [bool(refusal) for refusal in found] == [False, False, True, True, False]


@pytest.mark.parametrize("layer", ["mounts", "landlock"])
def test_names_that_are_symbolic_links_lead_to_the_same_places(box, layer_here, layer):
    layer_here(layer)
    script = """
    top = orders["outside"] + "/links"
    os.mkdir(top); os.symlink("../../work", top + "/work"); os.symlink(orders["open"], top + "/open"); os.symlink("open/inner", top + "/inner")
    rules = Policy(rules.level, top + "/work", (top + "/open/public", top + "/inner"), (top + "/open/secret",), layers=rules.layers)
    def main():
        def read(path):
            return outcome(lambda: open(path).read()[0])
        open("written", "w").close()
        names = (top + "/open/public", orders["open"] + "/public", top + "/inner/deep", orders["open"] + "/inner/deep", "mine", top + "/work" + "/mine",
                 orders["work"] + "/mine", top + "/open/secret", orders["secret"])
        return [read(name) for name in names]
    result = alone(main)
    """
    found = alone(box, layer, script, level=3 if layer == "mounts" else 2)
    assert [bool(refusal) for refusal in found] == [False] * 7 + [True] * 2, found
    assert (box.top / "work" / "written").exists()


def test_landlock_holds_back_connections_signals_and_attaching(box, layer_here):
    layer_here("landlock")
    script = """
    from dlkit.grading.sandbox import landlock
    server = socket.create_server(("127.0.0.1", 0)); address = server.getsockname()
    abstract = socket.socket(socket.AF_UNIX); abstract.bind("\\0" + orders["work"]); abstract.listen()
    victim = subprocess.Popen(["sleep", "30"])
    lib = ctypes.CDLL(None, use_errno=True)
    def attempts():
        def attach():
            if lib.ptrace(16, victim.pid, None, None):
                raise OSError(ctypes.get_errno(), "ptrace")
        tries = {
            "tcp": lambda: socket.create_connection(address, 2),
            "listen": lambda: socket.create_server(("127.0.0.1", 0)),
            "abstract": lambda: socket.socket(socket.AF_UNIX).connect("\\0" + orders["work"]),
            "signal": lambda: os.kill(victim.pid, signal.SIGCONT), "parent": lambda: os.kill(os.getppid(), 0),
            "attach": attach, "memory": lambda: open(f"/proc/{victim.pid}/mem", "rb"), "environment": lambda: open(f"/proc/{victim.pid}/environ", "rb"),
            "processes": lambda: os.listdir("/proc"), "command": lambda: open(f"/proc/{victim.pid}/cmdline"),
            "keeper": lambda: open(f"/proc/{os.getppid()}/mem", "rb"),
        }
        return {name: outcome(attempt) for name, attempt in tries.items()}
    result = [landlock.abi(), alone(attempts), alone(lambda: open("/proc/self/status").read().count("Seccomp"))]
    victim.kill()
    """
    version, found, own = alone(box, "landlock", script, level=2)
    since = {"tcp": 4, "listen": 4, "abstract": 6, "signal": 6, "parent": 6}
    assert {name for name, refusal in found.items() if not refusal} == {name for name, first in since.items() if version < first}
    assert set(found.values()) <= {"", *ERRORS}, "refused by the system, not broken"
    assert own, "a process may read about itself"


def test_namespaces_have_no_network_and_no_other_processes(box, layer_here):
    layer_here("namespaces")
    script = """
    server = socket.create_server(("127.0.0.1", 0)); address = server.getsockname()
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); datagrams.bind(("127.0.0.1", 0)); other = datagrams.getsockname()
    abstract = socket.socket(socket.AF_UNIX); abstract.bind("\\0" + orders["work"]); abstract.listen()
    victim = subprocess.Popen(["sleep", "30"])
    lib = ctypes.CDLL(None, use_errno=True)
    segment = lib.shmget(0x7264, 4096, 0o1666)
    def attempts():
        def shared():
            if lib.shmget(0x7264, 4096, 0) < 0:
                raise OSError(ctypes.get_errno(), "shmget")
        tries = {
            "tcp": lambda: socket.create_connection(address, 2),
            "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", other),
            "abstract": lambda: socket.socket(socket.AF_UNIX).connect("\\0" + orders["work"]),
            "signal": lambda: os.kill(victim.pid, 0), "shared memory": shared,
        }
        return {name: outcome(attempt) for name, attempt in tries.items()}
    result = [alone(attempts), alone(lambda: below(attempts)), alone(os.getpid), alone(os.getppid), alone(os.getuid) == os.getuid()]
    lib.shmctl(segment, 0, None)
    victim.kill()
    """
    here, below, pid, parent, same = alone(box, "namespaces", script)
    assert all(here.values()) and all(below.values()), (here, below)
    assert {*here.values(), *below.values()} <= {*ERRORS}, "refused by the system, not broken"
    assert (pid, parent, same) == (1, 0, True)


def test_with_namespaces_and_mounts_only_own_processes_are_seen(box, layer_here):
    layer_here("namespaces")
    script = """
    rules = Policy(3, orders["work"], (orders["open"],), layers=frozenset({"namespaces", "mounts"}))
    result = alone(lambda: [[name for name in os.listdir("/proc") if name.isdigit()], outcome(lambda: open("/proc/self/oom_score_adj", "w").write("0")),
                            sorted(name for name in os.listdir("/") if not name.startswith("."))])
    """
    pids, adjust, top = alone(box, "namespaces", script)
    assert pids == ["1"] and adjust == "EROFS"
    assert set(top) <= {"dev", "proc", "sys", "tmp", box.top.parts[1]}


def test_the_view_of_files_has_little_room_and_no_devices(box, layer_here):
    layer_here("mounts")
    script = """
    def fill(place):
        with open(place + "/big", "wb", buffering=0) as file:
            for _ in range(64):
                file.write(bytes(2**20))
    def main():
        room = os.statvfs("/dev/shm")
        found = [outcome(lambda: fill("/tmp")), outcome(lambda: fill("/dev/shm")), room.f_blocks * room.f_frsize, sorted(os.listdir("/dev")), os.listdir("/.old")]
        many = outcome(lambda: [open(f"/dev/shm/{number}", "w").close() for number in range(30_000)])
        return [*found, many]
    result = alone(main)
    """
    first, second, room, devices, old, many = alone(box, "mounts", script, limits={"memory": 64 * 2**20})
    assert (first, second, room, old, many) == ("ENOSPC", "ENOSPC", 16 * 2**20, [], "ENOSPC")
    assert set(devices) == {"fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "urandom", "zero"}


def test_mounts_work_on_kernels_without_the_call_that_changes_them_all(box, layer_here):
    layer_here("mounts")
    script = FILES + "\n    result = [alone(attempts), alone(may)]"
    found, may = alone(box, "mounts", script, lacking=("mount_setattr",))
    assert {name for name, refusal in found.items() if not refusal} == {"shared memory"}
    assert len(may) == 4


SYSCALLS = """
    from dlkit.grading.sandbox import seccomp
    lib = ctypes.CDLL(None, use_errno=True)
    column = seccomp.ARCH[libc.MACHINE][0]
    def call(number, *args):
        args = [ctypes.c_long(argument) for argument in (*args, *[0] * (6 - len(args)))]
        if lib.syscall(ctypes.c_long(number), *args) < 0:
            raise OSError(ctypes.get_errno(), "")
    def named(table):
        return {name: outcome(lambda numbers=numbers: call(numbers[column])) for name, numbers in table.items() if numbers[column] is not None}
"""


@pytest.mark.parametrize("level", [2, 3])
def test_seccomp_refuses_what_is_on_its_list(box, level):
    """Called without sense, most of them fail anyway, but with another error than the filter's."""
    script = SYSCALLS + """
    tables = seccomp.REFUSED_CALLS | (seccomp.SHARED_CALLS if orders["level"] == 2 else {})
    result = [alone(lambda: named(tables)), alone(lambda: below(lambda: named(tables))), alone(lambda: named(seccomp.UNKNOWN_CALLS)), sorted(tables)]
    """  # fmt: skip
    here, below, unknown, names = alone(box, "seccomp", script, level=level)
    assert len(names) > 60
    assert {name: code for name, code in here.items() if code != "EPERM"} == {}
    assert {name: code for name, code in below.items() if code != "EPERM"} == {}
    assert set(unknown.values()) == {"ENOSYS"} and len(unknown) == 3


def test_seccomp_refuses_calls_that_succeed_without_it(box):
    """The other half: for these the answer is not one that the kernel would have given as well."""
    script = SYSCALLS + """
    def attempts():
        read, write = os.pipe()
        tries = {
            "unshare": lambda: call((272, 97)[column], 0), "shmget": lambda: call((29, 194)[column], 0, 4096, 0o1600), "memfd": lambda: os.memfd_create("x"),
            "inet": lambda: socket.socket(socket.AF_INET), "inet6": lambda: socket.socket(socket.AF_INET6), "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
            "dup of a process": lambda: call(438, os.pidfd_open(os.getpid()), 0, 0),
            "process_vm_readv": lambda: call((310, 270)[column], os.getpid(), 0, 0, 0, 0, 0), "msgget": lambda: call((68, 186)[column], 0, 0o1600),
        }
        return {name: outcome(attempt) for name, attempt in tries.items()}
    def control():
        return {name: refusal for name, refusal in attempts().items() if refusal}
    free = Policy(3, orders["work"], layers=frozenset())
    result = [alone(attempts), confined(free, control).answer]
    """
    found, control = alone(box, "seccomp", script)
    assert not set(control) - {"unshare"}, "without the filter they work, but for unshare in some containers"
    assert set(found) - {name for name, refusal in found.items() if refusal in ("EPERM", "ENOSYS")} == set()


def test_seccomp_looks_at_arguments(box):
    script = SYSCALLS + """
    import fcntl, resource
    def attempts():
        open("new", "w").close()
        clone = seccomp.CONDITIONAL["clone"][column]
        def cloned(flags):
            return outcome(lambda: call(clone, flags | signal.SIGCHLD))
        def unix():
            socket.socket(socket.AF_UNIX).close()
        tries = {
            "sti": lambda: fcntl.ioctl(0, 0x5412, b"x"), "sti, high bits": lambda: call(seccomp.CONDITIONAL["ioctl"][column], 0, 0x5412 | 1 << 32, 0),
            "harmless ioctl": lambda: fcntl.ioctl(0, 0x5401, bytes(64)), "pair": lambda: socket.socketpair(), "unix": unix,
            "pair of inet": lambda: call(seccomp.CONDITIONAL["socketpair"][column], socket.AF_INET, 1, 0, 0),
            "kill all": lambda: call(seccomp.CONDITIONAL["kill"][column], -1, 0), "kill self": lambda: os.kill(os.getpid(), 0),
            "limit of another": lambda: call(seccomp.CONDITIONAL["prlimit64"][column], 1, 7, 0, 0), "own limit": lambda: resource.getrlimit(7),
            "chmod": lambda: os.chmod("new", 0o600), "times": lambda: os.utime("new", (1, 1)), "thread": lambda: threading.Thread(target=int).start(),
            "program": lambda: subprocess.run(["true"], check=True),
        }
        found = {name: outcome(attempt) for name, attempt in tries.items()}
        found |= {f"clone {flag:#x}": cloned(flag) for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)}
        return [found, oct(os.stat("new").st_mode), os.stat("new").st_mtime > 1]
    result = alone(attempts)
    """
    shared, mode, touched = alone(box, "seccomp", script, level=2)
    apart, *_ = alone(box, "seccomp", script, level=3)
    always = {"sti": "EPERM", "sti, high bits": "EPERM", "harmless ioctl": "ENOTTY", "pair": "", "pair of inet": "EPERM", "kill self": "", "own limit": "",
              "thread": "", "program": ""}  # fmt: skip
    always |= {name: "EPERM" for name in shared if name.startswith("clone")}
    assert {name: shared[name] for name in always} == always
    assert {name: apart[name] for name in always} == always
    rest = {name: (shared[name], apart[name]) for name in shared if name not in always and name != "kill all"}
    assert rest.pop("limit of another")[0] == "EPERM" and shared["kill all"] == "EPERM"
    assert rest == {"unix": ("EPERM", ""), "chmod": ("", ""), "times": ("", "")}
    assert mode == "0o100644" and touched, "at level 2, files of the user elsewhere cannot be changed this way either"


def decide(program: bytes, number: int, *arguments: int, arch: int) -> int:
    """What a filter answers: an interpreter of the few instructions that ours use."""
    data = struct.pack("=IIQ6Q", number, arch, 0, *arguments, *[0] * (6 - len(arguments)))
    register, line = 0, 0
    while True:
        code, true, false, value = struct.unpack_from("=HBBI", program, 8 * line)
        line += 1
        if code == 0x20:
            register = struct.unpack_from("=I", data, value)[0]
        elif code == 0x54:
            register &= value
        elif code == 0x06:
            return value
        else:
            line += true if {0x15: register == value, 0x35: register >= value, 0x45: bool(register & value)}[code] else false


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filters_of_both_architectures_decide_alike(machine, level):
    from dlkit.grading.sandbox import seccomp

    column, arch = seccomp.ARCH[machine]
    program = seccomp.program(level, machine)
    allow, eperm, enosys = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS

    def ask(name: str, *arguments: int) -> int:
        tables = (seccomp.REFUSED_CALLS, seccomp.UNKNOWN_CALLS, seccomp.SHARED_CALLS, seccomp.SILENT_CALLS, seccomp.CONDITIONAL)
        number = next(table[name] for table in tables if name in table)[column]
        return allow if number is None else decide(program, number, *arguments, arch=arch)

    assert all(ask(name) == eperm for name, numbers in seccomp.REFUSED_CALLS.items() if numbers[column] is not None)
    assert all(ask(name) == enosys for name in seccomp.UNKNOWN_CALLS)
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert ask("clone", flag | 17) == eperm
    assert ask("clone", 0x3D0F00) == allow, "a thread"
    assert ask("ioctl", 0, 0x5412 | 7 << 32) == eperm and ask("ioctl", 0, 0x5413) == allow
    assert ask("socketpair", 1) == allow and ask("socketpair", 2) == eperm
    assert [ask("socket", family) for family in (1, 2, 10, 16, 17, 40)] == [allow if level == 3 else eperm, *[eperm] * 5]
    shared = eperm if level == 2 else allow
    assert ask("kill", 0xFFFFFFFF) == shared and ask("kill", 1) == allow
    assert ask("prlimit64", 5) == shared and ask("prlimit64", 0) == allow
    assert ask("setpriority", 0, 5) == ask("setpriority", 1, 0) == shared and ask("setpriority", 0, 0) == allow
    assert ask("fchmodat") == (0x50000 if level == 2 else allow)
    assert ask("openat", 0, 0, 0o1000) == allow
    old = seccomp.program(2, machine, old_landlock=True)
    openat = seccomp.CONDITIONAL["openat"][column]
    assert [decide(old, openat, 0, 0, flags, arch=arch) for flags in (0, 0o1000, 0o1001, 0o1102)] == [allow, eperm, allow, allow]
    for number in (0, 1, 64, 220, 500):
        assert decide(program, number, arch=0x40000003) == 0x80000000, "32-bit calls end the process"
        if machine == "x86_64":
            assert decide(program, 0x40000000 | number, arch=arch) == enosys, "the other table of system calls"


def test_the_calls_of_another_word_size_end_the_process(box):
    """Compiled where there is a compiler: the old 32-bit gate of x86_64 has numbers of its own."""
    if os.uname().machine != "x86_64" or not shutil.which("gcc"):
        assert "x86_64" != os.uname().machine or shutil.which("gcc") is None
        return
    source = box.top / "open/gate.c"
    source.write_text('int main(void) { int r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(20)); return r > 0 ? 0 : 1; }')
    subprocess.run(["gcc", "-o", str(box.top / "open/gate"), str(source)], check=True)
    script = """
    free = Policy(3, orders["work"], layers=frozenset())
    main = lambda: subprocess.run([orders["open"] + "/gate"]).returncode
    result = [alone(main), confined(free, main).answer]
    """
    inside, free = alone(box, "seccomp", script)
    assert inside == -31 and free in (0, -11), "some kernels have no such gate"


def test_seccomp_makes_up_for_a_landlock_that_cannot_forbid_truncation(box):
    script = """
    from dlkit.grading.sandbox import seccomp
    def main():
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.restrict(2, old_landlock=True)
        path = orders["canary"]
        with open("mine", "w") as file:
            file.write("written")
        return [outcome(lambda: os.truncate(path, 1)), outcome(lambda: os.close(os.open(path, os.O_RDONLY | os.O_TRUNC))), open("mine").read()]
    rules = Policy(2, orders["work"], layers=frozenset())
    result = alone(main)
    """
    assert alone(box, "seccomp", script) == ["EPERM", "EPERM", "written"]
    assert (box.top / "outside/canary").read_text() == "this is outside/canary"


def test_seccomp_programs_of_both_architectures_have_the_same_shape():
    from dlkit.grading.sandbox import seccomp

    for level in (2, 3):
        programs = {machine: seccomp.program(level, machine) for machine in seccomp.ARCH}
        assert all(len(program) % 8 == 0 and len(program) // 8 < 4096 for program in programs.values())
        assert programs["x86_64"] != programs["aarch64"]
    tables = (seccomp.REFUSED_CALLS, seccomp.UNKNOWN_CALLS, seccomp.SHARED_CALLS, seccomp.SILENT_CALLS, seccomp.CONDITIONAL)
    for column in (0, 1):
        numbers = [numbers[column] for table in tables for numbers in table.values() if numbers[column] is not None]
        assert len(numbers) == len(set(numbers))


def test_identity_leaves_no_privilege(box):
    script = """
    def main():
        status = dict(line.rstrip("\\n").split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
        return {
            "uid": status["Uid"].split(), "gid": status["Gid"].split(), "groups": status["Groups"].split(), "new privileges": status["NoNewPrivs"],
            "capabilities": [status[name].strip("0") for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")],
            "back": [outcome(lambda: os.setuid(0)), outcome(lambda: os.setgid(0))],
        }
    before = (os.getuid(), os.getgid())
    result = [alone(main), alone(lambda: below(main)), before]
    """
    for found in (result := alone(box, "identity", script))[:2]:
        uid, gid = result[2]
        expected = [str(uid)] * 4
        if box.user == "root":
            assert found["uid"] == found["gid"] and len(set(found["uid"])) == 1 and int(found["uid"][0]) > 60000
            assert found["groups"] == []
        else:
            assert found["uid"] == expected
        assert found["new privileges"] == "1" and found["capabilities"] == [""] * 4
        assert found["back"] == ["EPERM", "EPERM"]


def test_started_as_root_each_process_has_a_user_of_its_own(box):
    if box.user != "root":
        return  # an ordinary user has no other identity to give, as the page on levels says
    script = """
    result = [alone(os.getuid), alone(os.getuid), os.stat(orders["work"] + "/mine").st_uid]
    """
    first, second, owner = alone(box, "identity", script)
    assert first != second and owner == second


def test_limits_hold_in_the_process_and_below(box):
    script = """
    import mmap, resource
    def attempts():
        def large():
            with open(f"large{os.getpid()}", "wb") as file:
                file.write(bytes(3 * 2**20))
        def many():
            kept = [os.open("/dev/null", os.O_RDONLY) for _ in range(100)]
        def crowd():
            pids = []
            try:
                for _ in range(200):
                    pid = os.fork()
                    if pid == 0:
                        signal.pause()
                    pids.append(pid)
            finally:
                counts.append(len(pids))
                for pid in pids:
                    os.kill(pid, 9); os.waitpid(pid, 0)
        counts = []
        tries = {
            "memory": lambda: mmap.mmap(-1, 300 * 2**20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), "bytes": lambda: bytes(300 * 2**20), "file": large, "files": many,
            "processes": crowd, "raise": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 1000)),
        }
        found = {name: outcome(attempt) for name, attempt in tries.items()}
        return [found, counts, resource.getrlimit(resource.RLIMIT_CORE)]
    rules = Policy(rules.level, rules.folder, layers=frozenset({"limits", *(["identity"] if os.getuid() == 0 else [])}), **orders["limits"])
    result = [alone(attempts), alone(lambda: below(attempts))]
    """
    limits = {"memory": 200 * 2**20, "processes": 16, "open_files": 50, "file_size": 2**20}
    for found, (count,), core in alone(box, "limits", script, limits=limits):
        assert found == {"memory": "ENOMEM", "bytes": "MemoryError", "file": "EFBIG", "files": "EMFILE", "processes": "EAGAIN", "raise": "ValueError"}
        assert count < (16 if box.user == "root" else 4 * 16 + 16) and core == [0, 0]


def test_only_named_descriptors_are_inherited(box):
    script = """
    secret = os.open(orders["canary"], os.O_RDONLY); os.set_inheritable(secret, True)
    kept = os.open(orders["canary"], os.O_RDONLY)
    def main():
        return [sorted(int(name) for name in os.listdir("/proc/self/fd")), os.readlink("/proc/self/fd/0"), os.readlink("/proc/self/fd/1")]
    ended = confined(rules, main, keep=(kept,))
    result = [ended.answer, kept]
    """
    (found, stdin, stdout), kept = alone(box, "limits", script)
    assert kept in found and len(found) == 6, "the standard streams, what was kept, the way to answer, and the listing itself"
    assert (stdin, stdout) == ("/dev/null", "/dev/null")
