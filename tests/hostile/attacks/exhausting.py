"""Attacks on time, memory, processes, disk and patience. Those marked heavy end by themselves where nothing stops them."""

from __future__ import annotations

from .model import Attack, answer_to, then_right

LOST = {"linear_unit": 0.0}
EITHER = {"linear_unit": (0.0, 2.0)}


def _cell(name: str, tries: str, text: str, **more) -> Attack:
    """The cell of the first answer, which would be right, does harm: it costs that exercise at most."""
    more.setdefault("marks", LOST)
    return Attack(name, tries, answers={"linear_unit": then_right("linear_unit", text)}, **more)


def _call(name: str, tries: str, body: str, before: str = "", **more) -> Attack:
    """The answer does harm when it is judged: it costs that exercise."""
    more.setdefault("marks", LOST)
    return Attack(name, tries, answers={"linear_unit": answer_to("linear_unit", body, before)}, **more)


SWALLOW = """
import signal
def swallow():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
SEGFAULT = "import ctypes\nctypes.string_at(0)"
MEMORY = """
held = []
while len(held) < 96:  # 6 GiB
    held.append(bytearray(b"x") * (64 * 2**20))
print("BREA" "CH: 6 GiB of memory")
"""
MANY = """
import os, time
started = []
for _ in range(40):  # 8 GiB together, 200 MiB each
    pid = os.fork()
    if pid == 0:
        held = bytearray(b"x") * (200 * 2**20)
        time.sleep(8)
        os._exit(0)
    started.append(pid)
whole = sum(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 for pid in started)
print("BREA" "CH: 8 GiB of memory in many processes" if whole == 40 else "some were stopped")
"""
FORKS = """
import os, signal, time
started = []
try:
    for _ in range(400):
        pid = os.fork()
        if pid == 0:
            time.sleep(10)
            os._exit(0)
        started.append(pid)
    print("BREA" "CH: 400 processes")
except OSError:
    end = time.monotonic() + 3
    while time.monotonic() < end:  # there is a limit: now for real
        try:
            if os.fork() == 0:
                continue
        except OSError:
            pass
for pid in started:
    os.kill(pid, signal.SIGKILL)
"""
DISK = """
import os
try:
    for number in range(24):
        with open(f"fill{number}", "wb") as file:
            for _ in range(64):
                file.write(os.urandom(2**20))
    print("BREA" "CH: 1.5 GiB on the disk")
except OSError:
    pass
"""
ATTACKS = (
    _cell("endless loop in a cell", "grading never ends", "while True:\n    pass"),
    _call("endless loop under judgement", "judging never ends", "while True:\n    pass"),
    _cell("swallows the interrupt", "an interrupt does not end the loop", f"{SWALLOW}swallow()"),
    _call("swallows the interrupt under judgement", "the same when it is judged", "swallow()", SWALLOW),
    _cell("ignores all signals", "no signal that can be ignored ends the loop", f"""{SWALLOW}
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
swallow()"""),
    _cell("sleeps", "a cell that takes no time of the processor, and all time of the clock", "import time\ntime.sleep(10**6)"),
    _call("sleeps under judgement", "the same when it is judged", "time.sleep(10**6)", "import time"),
    _cell("stops itself", "a stopped process neither ends nor answers", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
          marks=EITHER),
    _call("stops itself under judgement", "the same when it is judged", "os.kill(os.getpid(), signal.SIGSTOP)", "import os, signal"),
    _cell("deadlock", "a lock that is taken twice", "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"),
    _cell("loops in C", "no interrupt is looked at inside one long operation", "import itertools\nall(itertools.repeat(True))"),
    _call("loops in C under judgement", "the same when it is judged", "all(itertools.repeat(True))", "import itertools"),
    _cell("regular expression", "a pattern that takes longer than the world exists", "import re\nre.match(r'(a|aa)+$', 'a' * 200 + 'b')"),
    _cell("ends the process", "the process ends in the middle of the notebook", "import os\nos._exit(0)"),
    _call("ends the process under judgement", "the process ends when it is judged", "os._exit(0)", "import os"),
    _cell("crashes", "memory that is not there is read", SEGFAULT),
    _call("crashes under judgement", "the same when it is judged", "ctypes.string_at(0)", "import ctypes"),
    _cell("kills itself", "the process ends by a signal", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", marks=EITHER),
    _cell("runs out of stack", "recursion until the stack is used up", """
import sys, threading
sys.setrecursionlimit(10**9)
def fall(n, *args):
    return fall(n + 1, *args) if n % 2 else max((n,), key=lambda _: fall(n + 1))
fall(0)"""),
    _cell("sys.exit", "the program is left", "import sys\nsys.exit('bye')", marks=EITHER),
    _cell("exit and quit", "the shell is left", "exit\nquit()\nget_ipython().ask_exit()", marks=EITHER),
    _cell("threads that go on", "threads that are waited for at the end never end", """
import threading, time
for _ in range(5):
    threading.Thread(target=lambda: time.sleep(10**6), daemon=False).start()""", marks={"linear_unit": 2.0}),
    _cell("work at exit", "a function that is called at the end never ends", """
import atexit, time
atexit.register(lambda: time.sleep(10**6))
class Last:
    def __del__(self):
        time.sleep(10**6)
last = Last()""", marks={"linear_unit": 2.0}),
    _cell("memory bomb", "all memory is taken by one process", MEMORY, heavy=True),
    _call("memory bomb under judgement", "the same when it is judged", MEMORY.strip() + "\nreturn X @ w + b", heavy=True),
    _cell("memory bomb in many processes", "all memory is taken by many processes, each of them modest", MANY, heavy=True,
          marks=EITHER),
    _cell("fork bomb", "as many processes as there can be", FORKS, heavy=True, marks=EITHER),
    _cell("thread bomb", "as many threads as there can be", """
import threading, time
try:
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
    print("BREA" "CH: 3000 threads")
except RuntimeError:
    pass""", heavy=True, marks=EITHER),
    _cell("fills the disk", "all space on the disk is taken", DISK, heavy=True, marks=EITHER),
    _cell("one huge file", "one file takes all space", """
try:
    with open("huge", "wb") as file:
        for _ in range(20):
            file.write(bytes(64 * 2**20))
    print("BREA" "CH: a file of 1.25 GiB")
except OSError:
    pass""", heavy=True, marks=EITHER),
    _cell("many small files", "all entries of the file system are taken", """
import os
os.makedirs("many")
for number in range(20_000):
    with open(f"many/{number}", "w") as file:
        pass""", heavy=True, marks=EITHER),
    _cell("all descriptors", "as many open files as there can be", """
import os
held = []
try:
    while len(held) < 100_000:
        held.append(os.open("/dev/null", os.O_RDONLY))
    print("BREA" "CH: 100 000 open files")
except OSError:
    pass""", marks=EITHER),
    _cell("output flood", "more output than anybody can read", "for number in range(400):\n    print('x' * 10**6)", marks=EITHER),
    _cell("output flood past Python", "the same by the descriptors themselves", """
import os
for number in range(2000):
    os.write(1 + number % 2, b"y" * 65536)""", marks=EITHER),
    _cell("a million outputs", "as many displays as there can be", """
from IPython.display import display
for number in range(30_000):
    display(number)""", marks=EITHER),
    _cell("huge picture", "a display of 200 MB", """
from IPython.display import display
display({"image/png": "A" * 200_000_000, "text/plain": "x"}, raw=True)""", marks=EITHER),
    _cell("endless warnings", "ten million warnings, or as many as time allows", """
import warnings
warnings.simplefilter("always")
for number in range(10_000_000):
    warnings.warn(f"warning {number}")""", marks=EITHER),
    _cell("display that never ends", "showing the result of a cell takes for ever", """
class Slow:
    def _repr_html_(self):
        while True:
            pass
    __repr__ = _repr_html_
from IPython.display import display
display(Slow())"""),
    _cell("asks for input", "a question that nobody answers", "name = input('Who are you? ')"),
    _cell("reads standard input", "standard input is read to its end", """
import os, sys
print(repr(sys.stdin.read())[:80] if sys.stdin else "no standard input")
print(len(os.read(0, 100)))""", marks=EITHER),
    _cell("removes its folder", "the folder in which the notebook runs is deleted", """
import os, shutil
where = os.getcwd()
os.chdir("/")
shutil.rmtree(where, ignore_errors=True)""", marks={"linear_unit": 2.0}),
)
