"""Honest work goes on inside: what students and libraries do, alike at all levels."""

from __future__ import annotations

import pytest

START = """
import hashlib, json, os, subprocess, sys, tempfile, threading
from dlkit.grading.sandbox import advice, runtime_paths, warm
rules = [Policy(level, orders["work"], (*runtime_paths(), orders["open"]), (orders["secret"],)) for level in range(4)]

def said(attempt):
    try:
        return attempt()
    except BaseException as error:
        return [type(error).__name__, advice(error)]

def everywhere(main):
    found = []
    for one in rules[: orders["level"] + 1]:
        warm(one)
        ended = confined(one, main)
        found.append(ended.answer if not ended.refusal else ended.refusal)
    return found
"""


@pytest.fixture
def at_levels(box, proofs):
    """What a script's ``main`` returns at levels 0, 1, 2 and 3, as far as they are proved here; the proof says why not further."""

    def ask(script: str) -> list:
        proof = proofs(box.user)
        level = proof["level"]
        assert all(any(f"level {missing} not available" in reason for reason in proof["reasons"]) for missing in range(level + 1, 4))
        found = box.run(START + script.replace("\n    ", "\n") + "\nresult = everywhere(main)\n", level=level)
        assert len(found) == level + 1
        return found

    return ask


def test_training_gives_the_same_bits_at_all_levels(at_levels):
    script = """
    import torch
    from torch.utils.data import DataLoader, TensorDataset
    def main():
        torch.manual_seed(3)
        x = torch.randn(96, 3, 8, 8)
        y = torch.randint(0, 5, (96,))
        model = torch.nn.Sequential(torch.nn.Conv2d(3, 7, 3), torch.nn.BatchNorm2d(7), torch.nn.GELU(), torch.nn.Flatten(), torch.nn.Linear(252, 5))
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        for _ in range(2):
            for a, b in DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(model(a), b).backward()
                optimizer.step()
        bits = b"".join(value.detach().numpy().tobytes() for value in model.state_dict().values())
        recurrent = torch.nn.LSTM(5, 6)(torch.randn(4, 2, 5))[0]
        wide = torch.randn(130, 130) @ torch.randn(130, 130)
        return hashlib.sha256(bits + recurrent.detach().numpy().tobytes() + wide.numpy().tobytes()).hexdigest()
    """
    found = at_levels(script)
    assert len(found[0]) == 64 and set(found) == {found[0]}


def test_programs_threads_files_and_times_work(at_levels):
    script = """
    import asyncio, getpass, shutil, zoneinfo
    from concurrent.futures import ThreadPoolExecutor
    def main():
        def program():
            return subprocess.run([sys.executable, "-c", "import numpy; print(numpy.arange(3).sum())"], capture_output=True, text=True).stdout
        def shell():
            return subprocess.run("echo $HOME | tr a-z A-Z", shell=True, capture_output=True, text=True).stdout.strip() == os.getcwd().upper()
        def threads():
            with ThreadPoolExecutor(8) as pool:
                return list(pool.map(abs, range(-4, 0)))
        def temporary():
            with tempfile.NamedTemporaryFile("w+") as file, tempfile.TemporaryDirectory() as folder:
                return [os.path.dirname(file.name) == os.getcwd(), os.path.dirname(folder) == os.getcwd(), os.getcwd() == os.environ["HOME"]]
        def files():
            with open("one.py", "w") as file:
                file.write("print(1)")
            shutil.copy("one.py", "two.py")
            shutil.make_archive("all", "gztar", ".", "two.py")
            shutil.unpack_archive("all.tar.gz", "unpacked")
            os.replace("one.py", "unpacked/one.py")
            names = sorted(os.listdir("unpacked"))
            shutil.rmtree("unpacked")
            return names
        async def wait():
            process = await asyncio.create_subprocess_exec("echo", "x", stdout=subprocess.PIPE)
            return (await process.communicate())[0].decode()
        def lazily():
            import xml.dom.minidom, sqlite3, lzma, ssl, decimal
            return zoneinfo.ZoneInfo("Europe/Zurich").key
        tries = {"program": program, "shell": shell, "threads": threads, "temporary": temporary, "files": files, "loop": lambda: asyncio.run(wait()),
                 "modules": lazily, "readable": lambda: open(orders["open"] + "/public").read(), "processors": lambda: os.cpu_count() == count}
        return {name: said(attempt) for name, attempt in tries.items()}
    count = os.cpu_count()
    """
    expected = {
        "program": "3\n", "shell": True, "threads": [4, 3, 2, 1], "temporary": [True, True, True], "files": ["one.py", "two.py"], "loop": "x\n",
        "modules": "Europe/Zurich", "readable": "this is open/public", "processors": True,
    }  # fmt: skip
    for level, found in enumerate(at_levels(script)):
        assert found == expected, f"level {level}"


def test_pictures_are_the_same_at_all_levels(at_levels):
    script = """
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    def main():
        plt.plot([1, 3, 2], label="loss")
        plt.title("a $x^2$ in 数")
        plt.legend()
        plt.savefig("picture.png", metadata={"Software": None})
        plt.savefig("picture.pdf")
        with open("picture.png", "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    """
    found = at_levels(script)
    assert len(found[0]) == 64 and set(found) == {found[0]}


def test_loader_workers_work_at_level_3_and_are_explained_at_level_2(at_levels):
    script = """
    import torch, multiprocessing
    from torch.utils.data import DataLoader, TensorDataset
    def main():
        def load():
            data = TensorDataset(torch.arange(40.0))
            return sum(float(batch.sum()) for batch, in DataLoader(data, batch_size=4, num_workers=2))
        def pool():
            with multiprocessing.get_context("fork").Pool(2) as workers:
                return workers.map(abs, [-1, -2])
        return [said(load), said(pool)]
    """
    found = at_levels(script)
    for level, (loaded, pooled) in enumerate(found):
        if level == 2:
            assert loaded[0] == pooled[0] == "PermissionError"
            assert "num_workers=0" in loaded[1] and "level 2" in loaded[1] and pooled[1] == loaded[1]
        else:
            assert (loaded, pooled) == (780.0, [1, 2]), f"level {level}"


def test_errors_of_the_walls_are_explained_and_no_others(at_levels):
    script = """
    import socket, urllib.request
    def main():
        def download():
            urllib.request.urlopen("http://127.0.0.1:9/data", timeout=2)
        def huge():
            bytearray(2**36)
        tries = {
            "download": download, "connect": lambda: socket.create_connection(("127.0.0.1", 9), 2), "write": lambda: open(orders["open"] + "/new", "w").fileno() and 1 / 0,
            "missing": lambda: open("missing"), "divide": lambda: 1 / 0, "own": lambda: (_ for _ in ()).throw(PermissionError("mine")),
        }
        return {name: said(attempt)[1] for name, attempt in tries.items()}
    """
    for level, found in enumerate(at_levels(script)):
        assert {name: found[name] for name in ("missing", "divide", "own")} == dict.fromkeys(("missing", "divide", "own"))
        if level >= 2:
            assert "no network" in found["download"] and "no network" in found["connect"] and "own folder" in found["write"]
        else:
            assert found["download"] is found["connect"] is None


def test_forks_are_cheaper_after_gathering_memory_and_nothing_changes(box):
    script = """
    import time
    from dlkit.grading.sandbox import cheap_forks
    block = [list(range(40)) for _ in range(150_000)]
    def fork_time():
        best = 1.0
        for _ in range(8):
            begin = time.perf_counter()
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            best = min(best, time.perf_counter() - begin)
            os.waitpid(pid, 0)
        return best
    before = fork_time()
    gathered = cheap_forks()
    result = [gathered, before, fork_time(), sum(map(sum, block))]
    """
    gathered, before, after, total = box.run(START.replace('orders["open"]', '"/usr"') + script.replace("\n    ", "\n"), level=0)
    assert total == 780 * 150_000
    assert gathered == 0 or after < before, "where the kernel has no such call, nothing is gathered"
