"""Attacks on the line between the judge and the answers: forged, endless, malformed and missing replies."""

from __future__ import annotations

from .model import WRONG, Attack, answer_to, then_right

LINES = '''
import base64, fcntl, json, os, stat, struct, threading, time
def lines(mode=os.O_WRONLY):
    """Descriptors of pipes and sockets of this process that can be written (or read)."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            kind = os.fstat(int(name)).st_mode
            how = fcntl.fcntl(int(name), fcntl.F_GETFL) & os.O_ACCMODE
        except OSError:
            continue
        if int(name) > 2 and (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)) and how in (mode, os.O_RDWR):
            found.append(int(name))
    return found
def send(data):
    for fd in lines():
        try:
            os.set_blocking(fd, False)
            os.write(fd, data)
        except OSError:
            pass
        finally:
            try:
                os.set_blocking(fd, True)
            except OSError:
                pass
def frame(message, form="<Q"):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    return struct.pack(form, len(data)) + data
def reply(*replies):
    return {'replies': list(replies)}
'''
SET = "print('the trap is set')"
NUMBER = '{"k": "array", "v": ["<f8", [1], base64.b64encode(struct.pack("<d", 102.5)).decode()]}'


def _line(name: str, tries: str, text: str, **more) -> Attack:
    """The answer cell of the first exercise attacks the line, and defines the right answer; that exercise is what it costs.

    What it may cost: the exercise in whose cell it stands, and no other one.
    """
    more.setdefault("marks", {"linear_unit": (0.0, 2.0)})
    return Attack(name, tries, answers={"linear_unit": then_right("linear_unit", f"{LINES}\n{text.strip()}\n{SET}")}, **more)


def _inside(name: str, tries: str, body: str, before: str = "", of: str = "linear_unit", **more) -> Attack:
    """The answer itself attacks the line while the judge waits for it."""
    more.setdefault("marks", {of: 0.0})
    return Attack(name, tries, answers={of: answer_to(of, body, f"{LINES}\n{before}")}, **more)


ATTACKS = (
    Attack("forged replies", "the result of the worked example is written to the judge before it asks", marks={"linear_unit": (0.0, 0.5)},
           answers={**WRONG, "linear_unit": answer_to("linear_unit", "return X @ w")},
           first=f"{LINES}\nfor form in ('<Q', '>Q', '<I', '>I'):\n    for _ in range(20):\n"
                 f"        send(frame(reply({{'value': {NUMBER}}}), form))\n{SET}"),
    Attack("forged marks on the line", "messages that look like verdicts are written to every line", answers=WRONG,
           first=f"{LINES}\nfor form in ('<Q', '>Q', '<I', '>I'):\n    for kind in ('mark', 'verdict', 'result', 'done', 'cell'):\n"
                 "        send(frame({kind: 2.0, 'mark': 2.0, 'value': 2.0, 'key': 'unit1.linear_unit', 'ok': True,"
                 f" 'outputs': [{{'output_type': 'execute_result', 'data': {{'text/plain': '2.0'}}}}]}}, form))\n{SET}"),
    _line("huge length", "a message announces more bytes than there are in the world", "send(struct.pack('<Q', 2**63))"),
    _line("garbage on the line", "random bytes where messages are expected", "send(os.urandom(4000))"),
    _line("deeply nested message", "JSON so deep that reading it fails", "send(frame(b'[' * 200_000))"),
    _line("lines of text", "text lines in case the line speaks in lines", "send(b'{\"value\": 2.0}\\n' * 500)"),
    _line("truncated message", "half a message, and then nothing", "send(frame({'value': 1})[:-3])"),
    _line("cut line", "all lines are closed", "os.closerange(3, 300)"),
    _line("swapped lines", "every line leads somewhere else", """
r, w = os.pipe()
for fd in lines():
    os.dup2(w, fd)
for fd in lines(os.O_RDONLY):
    os.dup2(r, fd)
"""),
    _line("steals the questions", "a thread reads what the judge asks", """
def steal():
    while True:
        for fd in lines(os.O_RDONLY):
            try:
                os.set_blocking(fd, False)
                os.read(fd, 65536)
            except OSError:
                pass
        time.sleep(0.001)
threading.Thread(target=steal, daemon=True).start()
""", may_lose=True),
    _line("babbles for ever", "a thread that writes to the line without end", """
def babble():
    while True:
        send(os.urandom(64))
        time.sleep(0.001)
threading.Thread(target=babble, daemon=True).start()
""", may_lose=True),
    _inside("reply of its own", "the answer writes the reply itself, with everything right in it, and then fails",
            f"for form in ('<Q', '>Q', '<I', '>I'):\n    send(frame(reply({{'value': {NUMBER}, 'shortcuts': []}}), form))\nraise ValueError",
            marks={"linear_unit": (0.0, 0.5)}),
    _inside("malformed errors", "a reply that says error, without saying which",
            "for error in ([], None, 5, {}, ['x'], [[]]):\n    send(frame(reply({'error': error})))\n    send(frame({'error': error}))\nos._exit(0)"),
    _inside("numbers that are none", "NaN, Infinity and numbers too large to read",
            "for text in (b'NaN', b'Infinity', b'1e999', b'9' * 100_000):\n    send(frame(b'{\"replies\":[{\"value\":' + text + b'}]}'))\nos._exit(0)"),
    _inside("arrays that cannot be", "arrays whose shape, type and data do not fit",
            "for v in (['<f8', [-1], ''], ['<f8', [2**40], ''], ['<U999999999', [1], ''], ['<f8', [1], '!'], [], ['O', [1], '']):\n"
            "    send(frame(reply({'value': {'k': 'array', 'v': v}})))\nos._exit(0)"),
    _inside("silence", "no reply ever comes", "time.sleep(10**6)"),
    _inside("drip", "a byte of the reply each second", "data = frame(reply({'value': 102.5, 'pad': 'x' * 10**6}))\n"
            "for i in range(len(data)):\n    send(data[i:i + 1])\n    time.sleep(1)"),
    _inside("callbacks without end", "the function that the judge lent is called for ever",
            "while True:\n    activation(X @ w + b)", of="neuron"),
    _inside("callbacks with anything", "the function that the judge lent is called with what it cannot take",
            "for thing in (object(), None, 'x' * 10**6, [[[[1]]]], {1: 2}, lambda: 1, float('nan'), np.ones((50, 50, 50)), 10**400):\n"
            "    try:\n        activation(thing)\n    except Exception:\n        pass\nreturn np.zeros(len(X))", of="neuron",
            before="import numpy as np"),
    _inside("callbacks to the unknown", "forged calls of whatever else the judge keeps",
            "for number in (-1, 0, 1, 2, 10**9, 'x', None):\n    send(frame({'callback': number, 'args': []}))\n"
            "    send(frame({'callback': number, 'args': [{'k': 'ref', 'v': ['answer', 10**9, 'x']}]}))\nreturn 0", of="neuron"),
    _inside("callback that swallows its tail", "the lent function gets an object whose reading calls it again",
            "class Tail:\n    def __array__(self, *args, **kwargs):\n        return activation(self)\n"
            "try:\n    activation(Tail())\nexcept BaseException:\n    pass\nreturn 0.0", of="neuron"),
    _inside("callbacks from threads", "many threads call the lent function at once",
            "def call():\n    for _ in range(200):\n        try:\n            activation(X @ w)\n        except BaseException:\n            pass\n"
            "threads = [threading.Thread(target=call, daemon=True) for _ in range(8)]\n[t.start() for t in threads]\nreturn 0.0",
            of="neuron", may_lose=True),
    _inside("twenty million lists", "a short message that takes gigabytes once it is read",
            "send(frame(b'{\"replies\":[{\"value\":[' + b'[],' * 20_000_000 + b'[]]}]}'))\nos._exit(0)", heavy=True),
    Attack("methods of the course's functions", "the course's functions have attributes, and so lead to everything else", answers=WRONG,
           shows=("asked for everything",), first="""
import base64, json
import numpy as np
from dlkit.grading.child.program import line
def ask(**request):
    try:
        found = line().ask(json.dumps({"after": 0, "calls": [request]}).encode(), lambda message: b'{"value": 1}')
        return found["replies"][0] if "replies" in found else found
    except BaseException as error:
        print(type(error).__name__, str(error)[:200])
        return {}
def array(values):
    return {"k": "array", "v": ["<f8", list(values.shape), base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()]}
text = b"open('@STAIN@', 'w').close()"
text = np.frombuffer(text + b" " * (-len(text) % 8))[:, None]
neuron = "unit1.neuron:neuron"
for attribute in ("__builtins__", "__globals__", "__code__", "__closure__", "__class__", "__dict__", "__self__", "__func__"):
    found = ask(target=neuron, method=attribute, get=True, args=[])
    if "value" in found:
        print("BREA" "CH: was given", attribute)
        pairs = found["value"].get("v", []) if isinstance(found["value"], dict) else []
        for name, reference in [pair for pair in pairs if isinstance(pair, list) and len(pair) == 2]:
            if name in ("exec", "eval"):
                print(ask(target=neuron, args=[array(text), array(np.ones(1)), 0.0, reference]))
for number in range(40):
    for owner in ("answer", "judge", "earlier"):
        ask(target=neuron, args=[array(text), array(np.ones(1)), 0.0, {"k": "ref", "v": [owner, number, "x"]}])
for target in ("os:system", "builtins:exec", "linear:np", "../exercises:find", "unit1.neuron:", ":", "unit1.neuron:__class__", 5, None,
               {"k": "ref", "v": ["answer", 0, "x"]}):
    if "value" in ask(target=target, args=["touch @STAIN@"]):
        print("BREA" "CH: called", target)
ask(target=neuron, method="__setattr__", args=["__code__", None])
ask(target=neuron, keep=True, args=[[[1.0]], [1.0], 0.0, None])
for several in ([], None, 5, [None], [5], [{}], [{"target": neuron, "args": []}] * 2, {"target": neuron}):
    for after in (0, -1, 10**12, None, "x"):
        try:
            found = line().ask(json.dumps({"after": after, "calls": several}).encode(), lambda message: b"{}")
        except BaseException as error:
            found = {"error": [str(error)[:200]]}
        if "replies" in found and "error" not in found["replies"][0]:
            print("BREA" "CH: several calls at once", found)
print("asked for everything")"""),
    Attack("questions of any kind", "the trusted side is asked what it does not expect", answers=WRONG, shows=("asked for everything",), first="""
from dlkit.grading.child.program import line
deep = 5
for _ in range(90):
    deep = [deep]
for question in ("check", "grade", "use", "hint", "call", "mark", "", "judge", "verdict", None, 5, [], {}):
    for key in ("unit1.linear_unit", "unit1.nothing", "../..", "", "x" * 10**6, None, 5, [], {"a": 1}, deep):
        for more in ({}, {"number": 10**30}, {"number": [[]]}, {"request": "{"}, {"request": 5}, {"request": '{"calls": [{"target": "unit1.neuron:neuron"}]}'}):
            try:
                line().ask_course(question, **{"key": key, **more})
            except Exception:
                pass
print("asked for everything")"""),
    Attack("question about four gigabytes", "the course's function is asked for a result larger than the machine", answers=WRONG, heavy=True,
           shows=("asked for it",), first="""
from dlkit.checking import use
ask = use("unit1.gate_weights")
for number in (2**29, 10**30, -1, 2**62, float("inf")):
    try:
        print(len(ask("and", number)[0]))
    except BaseException as error:
        print(type(error).__name__, str(error)[:100])
print("asked for it")"""),
    Attack("endless questions", "the course is asked and asked again, and the judge does the work", answers=WRONG, first="""
from dlkit.checking import check, use
print("asking")
while True:
    check("unit1.linear_unit")
    use("unit1.neuron")""", says=("cell 1",)),
    Attack("nested questions", "every question leads to a callback that asks the next one, and none is answered", answers=WRONG, first="""
import json
from dlkit.grading.child.program import line
print("asking")
def ask(message):
    call = {"target": "unit1.neuron:neuron", "args": [[[1.0]], [1.0], 0.0, {"k": "ref", "v": ["judge", 0, "f"]}]}
    line().ask(json.dumps({"after": 0, "calls": [call]}).encode(), ask)
try:
    ask(None)
except BaseException as error:
    print(type(error).__name__)""", says=("cell 1",)),
)
