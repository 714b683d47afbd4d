"""A cluster that exists in this process only, so that what goes wrong on it can be told beforehand."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import asdict
from types import SimpleNamespace

from dlkit.grading.cluster import dask_worker
from dlkit.grading.cluster.cargo import fingerprint
from dlkit.grading.cluster.parcel import pack, unpack
from dlkit.grading.results import GradedNotebook


class Future:
    def __init__(self, address: str) -> None:
        self.address, self.answer, self.released = address, None, False

    def release(self) -> None:
        self.released = True


class Client:
    """Workers by address, each a function ``(student) -> bytes | "dies" | None`` that grades; ``None`` for no answer."""

    def __init__(self, workers, level: int = 3, told=None) -> None:
        self.workers, self.level, self.told = dict(workers), level, told or {}
        self.most: dict[str, int] = {}
        self.sent: list[tuple[str, str]] = []
        self._open: list[Future] = []
        self.furnished: list[str] = []
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, daemon=True).start()
        self.loop = SimpleNamespace(asyncio_loop=loop)

    def nthreads(self):
        return dict.fromkeys(self.workers, 2)

    def run(self, function, *arguments, **options):
        assert function is dask_worker.leave

    def submit(self, function, run, *data, key, workers, **options):
        (address,) = workers
        future = Future(address)
        if function is dask_worker.greet:
            about = {"state": "here", "level": self.level, "reasons": ["no namespaces"], "fingerprint": fingerprint()}
            future.answer = pack({**about, **self.told.get(address, {})})
        elif function is dask_worker.furnish:
            self.furnished.append(address)
            future.answer = pack({"state": "ready"})
        else:
            student = unpack(data[0])[0]["student"]
            self.sent.append((student, address))
            self._open = [other for other in self._open if not other.released and other.address in self.workers] + [future]
            beside = sum(other.address == address for other in self._open)
            self.most[student] = max(self.most.get(student, 0), beside)
            answer = self.workers[address](student) if address in self.workers else None
            if answer == "dies":
                self.workers[f"{address}'"] = self.workers.pop(address)
                answer = None
            future.answer = answer
        return future

    async def gather(self, future, asynchronous):
        assert asynchronous
        while not future.released:
            await asyncio.sleep(0.001)
            if future.answer is not None and future.address in self.workers:
                return future.answer
        raise asyncio.CancelledError


def graded(student: str, notebook: str = "1_first", **more) -> bytes:
    result = GradedNotebook(student, notebook, {"unit1-double-check": 2.0}, content="{}", **more)
    return pack({"state": "graded", "result": asdict(result)})
