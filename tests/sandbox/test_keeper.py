"""The keeper ends like the process it keeps, and nothing outlives it; the meter sees and ends everything from outside."""

from __future__ import annotations

import pytest

START = """
import json, mmap, os, resource, select, signal, socket, subprocess, sys, threading, time
rules = Policy(orders["level"], orders["work"], ("/usr", "/bin", "/lib", "/lib64", sys.prefix, sys.base_prefix, orders["open"]), **orders.get("limits", {}))

def gone(read, seconds=3):
    # Whether nobody holds the other end of a pipe any more.
    return bool(select.select([read], [], [], seconds)[0]) and not os.read(read, 1)

def detach(work, *held):
    # Double fork, own session, deaf to what can be ignored.
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            work()
        os._exit(0)
    os.wait()

def metered(main, seconds=6, act=None, keep=()):
    # What the meter complains about while main runs, and whether its kill succeeded.
    said = {}
    def watch(pid):
        with Meter(pid, rules) as meter:
            begin = time.monotonic()
            while not said.get("complaint") and meter.alive() and time.monotonic() < begin + seconds:
                said["complaint"] = meter.check()
                if act and act(meter, pid):
                    break
                time.sleep(0.01)
            said["peak"] = meter.peak
            said["killed"] = meter.kill()
            said["seconds"] = time.monotonic() - begin
    ended = confined(rules, main, watch=watch, keep=keep)
    return {**said, "code": ended.code, "refusal": ended.refusal, "answer": ended.answer}
"""
LEVELS = [0, 1, 2, 3]


@pytest.fixture
def run(box, proofs):
    """Runs a script at a level that is proved here; where it is not, the proof has to say why."""

    def start(level: int, script: str, **orders):
        proof = proofs(box.user)
        if proof["level"] < level:
            reasons = [reason for reason in proof["reasons"] if reason.startswith(f"level {level} not available")]
            assert reasons, proof
            pytest.skip(reasons[0])
        return box.run(START + script.replace("\n    ", "\n"), level=level, **orders)

    return start


@pytest.mark.parametrize("level", LEVELS)
def test_the_keeper_ends_like_its_child(run, level):
    script = """
    def crash():
        import ctypes
        ctypes.string_at(0)
    def end(code):
        raise SystemExit(code)
    result = [confined(rules, main).code for main in (int, lambda: os._exit(7), lambda: end(3), lambda: 1 / 0, crash)]
    """
    assert run(level, script) == [0, 7, 3, 1, -11]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_processor_time_is_limited_also_for_the_first_process_of_a_namespace(run, level):
    script = """
    def main():
        while True:
            pass
    result = confined(rules, main).code
    """
    assert run(level, script, limits={"cpu_seconds": 1}) == -9


@pytest.mark.parametrize("level", LEVELS)
def test_an_interrupt_from_outside_reaches_the_process(run, level):
    script = """
    read, write = os.pipe()
    def main():
        try:
            os.write(write, b"x")
            time.sleep(20)
        except KeyboardInterrupt:
            return "interrupted"
    def act(meter, pid):
        if select.select([read], [], [], 0)[0]:
            os.read(read, 1)
            meter.interrupt()
    result = metered(main, act=act, keep=(write,))
    """
    found = run(level, script)
    assert found["answer"] == "interrupted" and found["seconds"] < 5


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_process_leaves_behind_is_killed(run, level):
    script = """
    read, write = os.pipe()
    def main():
        for _ in range(3):
            detach(lambda: time.sleep(60))
    ended = confined(rules, main, keep=(write,))
    os.close(write)
    result = [ended.code, gone(read)]
    """
    assert run(level, script) == [0, True]


@pytest.mark.parametrize("level", LEVELS)
def test_a_chain_of_forks_does_not_escape(run, level):
    """Every link forks the next one and ends, so that none is there for long."""
    script = """
    read, write = os.pipe()
    def hop():
        while os.fork() == 0:
            pass
        os._exit(0)
    def main():
        for _ in range(2):
            detach(hop)
        time.sleep(0.05)
    ended = confined(rules, main, keep=(write,))
    os.close(write)
    result = [ended.code, gone(read)]
    """
    assert run(level, script) == [0, True]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_meter_kills_even_if_the_keeper_is_stopped_or_dead(run, level):
    script = """
    result = []
    for number in (signal.SIGSTOP, signal.SIGKILL):
        read, write = os.pipe()
        def main():
            detach(lambda: time.sleep(60))
            time.sleep(60)
        def act(meter, pid):
            time.sleep(0.2)
            meter.check()
            os.kill(pid, number)
            return True
        found = metered(main, act=act, keep=(write,))
        os.close(write)
        result.append([found["killed"], gone(read)])
    """
    assert run(level, script) == [[True, True], [True, True]]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_nothing_outlives_the_template(run, level):
    """Whoever forked the keeper is killed: the keeper ends with it, and takes all others along."""
    script = """
    read, write = os.pipe()
    started, start = os.pipe()
    def main():
        detach(lambda: time.sleep(60))
        os.write(start, b"x")
        time.sleep(60)
    template = os.fork()
    if template == 0:
        confined(rules, main, keep=(write, start))
    os.close(write)
    os.read(started, 1)
    os.kill(template, signal.SIGKILL)
    os.waitpid(template, 0)
    result = gone(read)
    """
    assert run(level, script) is True


@pytest.mark.parametrize("level", [2, 3])
def test_the_keeper_is_out_of_reach(run, level):
    """At level 2 as an ordinary user that needs the signal scope of Landlock (Linux 6.12)."""
    script = """
    from dlkit.grading.sandbox import landlock
    keeper, tell = os.pipe()
    def main():
        pid = int(os.read(keeper, 20))
        def reach(what):
            return lambda: open(f"/proc/{pid}/{what}", "rb").read(1)
        return {
            "stop": outcome(lambda: os.kill(pid, signal.SIGSTOP)), "kill": outcome(lambda: os.kill(pid, signal.SIGKILL)), "memory": outcome(reach("mem")),
            "environment": outcome(reach("environ")), "parent": outcome(lambda: os.kill(os.getppid() or pid, 0)),
        }
    ended = confined(rules, main, watch=lambda pid: os.write(tell, str(pid).encode()), keep=(keeper,))
    result = [ended.answer, ended.code, landlock.abi(), os.getuid()]
    """
    found, code, abi, uid = run(level, script)
    if level == 2 and abi < 6 and uid:
        found = {name: found[name] for name in ("memory", "environment")}
    else:
        assert code == 0
    assert all(found.values()), found


@pytest.mark.parametrize("level", [1, 2, 3])
def test_memory_is_measured_in_sum(run, level):
    """Shared memory, which no limit of a process counts, spread over children."""
    script = """
    read, write = os.pipe()
    def hog():
        block = mmap.mmap(-1, 40 * 2**20)
        for start in range(0, len(block), 4096):
            block[start] = 1
        time.sleep(30)
    def main():
        for _ in range(4):
            detach(hog)
        time.sleep(30)
    result = metered(main, keep=(write,))
    os.close(write)
    result["gone"] = gone(read)
    """
    found = run(level, script, limits={"memory": 100 * 2**20})
    assert found["complaint"] == "used more than 100 MiB of memory"
    assert found["killed"] and found["gone"] and found["seconds"] < 5


@pytest.mark.parametrize("level", [1, 3])
def test_pages_that_are_only_shared_since_a_fork_are_not_counted_again(run, level):
    script = """
    inherited = bytearray(60 * 2**20)  # what the template had
    for start in range(0, len(inherited), 4096):
        inherited[start] = 1
    def main():
        own = bytearray(40 * 2**20)
        for start in range(0, len(own), 4096):
            own[start] = 1
        for _ in range(5):
            if os.fork() == 0:
                time.sleep(0.7)
                os._exit(0)
        time.sleep(0.7)
        return True
    found = metered(main)
    def write():
        for _ in range(5):
            if os.fork() == 0:
                for start in range(0, len(inherited), 4096):
                    inherited[start] = 2
                time.sleep(10)
        time.sleep(10)
    result = [found, metered(write)]
    """
    quiet, loud = run(level, script, limits={"memory": 100 * 2**20})
    assert quiet["complaint"] is None and quiet["answer"] is True
    assert loud["complaint"] == "used more than 100 MiB of memory", "written to, they are each process's own"


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_fork_bomb_is_noticed_and_ended(run, level):
    script = """
    read, write = os.pipe()
    def main():
        while True:
            try:
                os.fork()
            except OSError:
                pass
    result = metered(main, seconds=1, keep=(write,))
    os.close(write)
    result["gone"] = gone(read)
    """
    found = run(level, script, limits={"processes": 12})
    # Where the kernel keeps the number exactly there is nothing to complain about, and kill ends them all.
    assert found["complaint"] in ("started more than 12 processes and threads", None)
    assert found["killed"] and found["gone"]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_threads_count_as_processes(run, level):
    script = """
    def main():
        for _ in range(30):
            threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
        time.sleep(5)
    result = metered(main)
    """
    found = run(level, script, limits={"processes": 12})
    assert found["complaint"] == "started more than 12 processes and threads" or found["code"] == 1


@pytest.mark.parametrize("how", ["files", "deleted files", "many files", "deep folders"])
def test_the_folder_has_a_limit(run, how):
    script = """
    def main():
        if orders["how"] == "many files":
            for number in range(10_500):
                open(str(number), "w").close()
        elif orders["how"] == "deep folders":
            for number in range(100):
                os.mkdir("d")
                os.chdir("d")
        else:
            for number in range(80):
                with open(f"file{number}", "wb") as file:
                    file.write(os.urandom(2**20))
                    if orders["how"] == "deleted files":
                        os.unlink(f"file{number}")
                        os.fsync(file.fileno())
        time.sleep(20)
    result = metered(main, seconds=20)
    """
    found = run(1, script, how=how, limits={"disk": 8 * 2**20})
    expected = {
        "files": "filled its folder with more than 8 MiB", "deleted files": "wrote more than 64 MiB to disk",
        "many files": "made more than 10000 files, or folders nested too deeply", "deep folders": "made more than 10000 files, or folders nested too deeply",
    }  # fmt: skip
    assert found["complaint"] == expected[how] and found["killed"]


def test_a_layer_that_cannot_be_applied_is_an_error(box):
    script = """
    def ran():
        open(orders["work"] + "/ran", "w").close()
    ended = [confined(Policy(level, orders["work"]), ran) for level in (2, 3)]
    result = [[one.refusal, one.code, one.answer] for one in ended] + [os.path.exists(orders["work"] + "/ran")]
    """
    level2, level3, ran = box.run(START.replace("orders[\"level\"]", "0") + script.replace("\n    ", "\n"), lacking=("namespaces", "landlock"), level=2)
    assert "the kernel offers no Landlock" in level2[0] and level2[1:] == [97, None]
    assert "forbidden here (EPERM)" in level3[0] and level3[1:] == [97, None]
    assert ran is False


def test_only_a_process_of_one_thread_is_confined(run):
    script = """
    threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
    pid = os.fork()
    if pid == 0:
        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
        from dlkit.grading.sandbox import confine
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        confine(rules, int)
    result = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    """
    assert run(1, script) == 97


def test_a_folder_that_the_user_cannot_reach_is_an_error(run):
    script = """
    os.mkdir(orders["work"] + "/closed"); os.mkdir(orders["work"] + "/closed/box")
    rules = Policy(1, orders["work"] + "/closed/box")
    os.chmod(orders["work"] + "/closed", 0o700 if os.getuid() == 0 else 0)
    ended = confined(rules, int)
    result = [ended.refusal, ended.code]
    """
    refusal, code = run(1, script)
    assert code == 97 and "closed" in refusal


def test_trusted_processes_can_close_their_memory(run):
    script = """
    from dlkit.grading.sandbox import protect_self
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        protect_self()
        os.write(write, b"x")
        time.sleep(30)
    os.read(read, 1)
    result = [outcome(lambda: open(f"/proc/{pid}/{name}", "rb").read(1)) for name in ("environ", "mem")]
    os.kill(pid, 9)
    os.wait()
    """
    found = run(1, script)
    # Root reads everything; the protection is from code of the same ordinary user.
    assert found == ["EACCES", "EACCES"] or found[0] == ""
