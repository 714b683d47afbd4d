"""The template: imports what notebooks need, once, and forks a child for each notebook.

It runs no student code, opens no gradebook, and knows no key, exercise or expected value. Everything that is in its memory
a child can read.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

MOST_FDS = 2


def main(argv: Sequence[str]) -> None:
    """Serve spawn requests from descriptor ``argv[0]``; ``argv[1]`` is a file with the names of modules to import."""
    requests = socket.socket(fileno=int(argv[0]))
    with open(argv[1], encoding="utf-8") as file:
        modules = file.read().split()
    from dlkit.grading.child.program import make_shell

    shell = make_shell()  # before Matplotlib, which looks for a shell to show its figures in
    preload(modules)
    warm_up(shell)
    ready()
    from dlkit.grading.sandbox import protect_self

    protect_self()
    requests.send(b"ready")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ofs: dict[str, socket.socket] = {}
    for request, descriptors in _requests(requests):
        name = request["notebook"]
        if name not in ofs:
            ofs[name], theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            if os.fork() == 0:
                for end in (requests, *ofs.values()):
                    end.close()
                for descriptor in descriptors:  # they come again, with the request
                    os.close(descriptor)
                _of_one_notebook(theirs, request, shell)
            theirs.close()
        socket.send_fds(ofs[name], [json.dumps(request).encode()], descriptors)


def _of_one_notebook(requests: socket.socket, first: dict[str, Any], shell: Any) -> NoReturn:
    """A template for one notebook: has imported also what of the course that notebook imports, as far as it may see it.

    It has read the cells that all students have, too.
    """
    try:
        import dlkit

        dlkit.__path__[:0] = first["packages"]
        preload(first["modules"])
        with open(first["cells"], encoding="utf-8") as file:
            shell.learn(json.load(file))
        ready()
        for request, descriptors in _requests(requests):
            spawn(request, descriptors, shell)
    finally:
        os._exit(0)


def _requests(requests: socket.socket) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Requests with their descriptors, which are closed here afterwards, until nobody is left who might ask."""
    while True:
        _reap()
        data, descriptors, _, _ = socket.recv_fds(requests, 2**16, MOST_FDS)
        if not data:
            return
        yield json.loads(data), list(descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def cold(argv: Sequence[str]) -> None:
    """The other start: this program is the child of one notebook; ``argv[0]`` is the descriptor of its line."""
    from dlkit.grading.child.program import make_shell

    start = json.loads(sys.stdin.buffer.read())
    if argv[0] == "share":  # Windows hands sockets on in a form of its own
        line = socket.fromshare(bytes.fromhex(start["line"])).detach()  # type: ignore[attr-defined]
    else:
        line = int(argv[0])
    keeper(start["request"], line, make_shell())


def preload(modules: Sequence[str]) -> None:
    """Import modules by name; one that cannot be imported here is left to the notebook."""
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:
            continue


def warm_up(shell: Any) -> None:
    """Run what is slow the first time, on cells of our own: a result, an error, a picture."""
    kept: list[Any] = []
    shell.sink = kept.append
    picture = "import matplotlib.pyplot as plt\nplt.subplots()[1].plot([0, 1], label='$x$')\nplt.legend(), plt.title('t')"
    for source in ("1 + 1", "raise NotImplementedError('warm up')", "print(1)", picture):
        shell.run_cell(source, store_history=False)
    shell.reset(new_session=True, aggressive=False)


def ready() -> None:
    """Make sure that forking is safe, and that pages stay shared."""
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if threads != 1:
        raise SystemExit(f"the template has {threads} threads, expected 1: forking it would not be safe")
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        raise SystemExit("the template has initialised CUDA: forking it would not be safe")
    gc.collect()
    gc.freeze()
    from dlkit.grading.sandbox import cheap_forks

    cheap_forks()


def spawn(request: dict[str, Any], descriptors: Sequence[int], shell: Any) -> None:
    """Fork the keeper of one notebook.

    ``descriptors`` are the child's end of its line, and a socket for the reply: the process id with a handle of the process.
    The keeper closes that socket without a word when all layers of the sandbox hold, or says in one line why they do not.
    """
    from dlkit.grading.sandbox import warm

    line, answer = descriptors
    policy = policy_of(request)
    warm(policy)
    pid = os.fork()
    if pid:
        with socket.socket(fileno=os.dup(answer)) as reply:
            handles = [os.pidfd_open(pid)] if hasattr(os, "pidfd_open") else []
            try:
                socket.send_fds(reply, [json.dumps({"pid": pid}).encode()], handles)
            except OSError:  # the worker has gone
                pass
            for handle in handles:
                os.close(handle)
        return
    try:
        keeper(request, line, shell, answer)
    finally:
        os._exit(1)


def policy_of(request: dict[str, Any]) -> Any:
    """The sandbox policy of a request."""
    from dlkit.grading.sandbox import Policy

    lists = {name: tuple(value) if isinstance(value, list) else value for name, value in request["policy"].items()}
    return Policy(**lists)


def keeper(request: dict[str, Any], line: int, shell: Any, status: int | None = None) -> None:
    """Confine this process as asked, and be the child of one notebook in it."""
    from dlkit.grading.child.channel import Channel
    from dlkit.grading.child.program import serve

    def main() -> None:
        import dlkit

        dlkit.__path__[:0] = [path for path in request["packages"] if path not in dlkit.__path__]
        channel = Channel(socket.socket(fileno=line))
        serve(channel, shell, request["folder"], request["seed"], request["environment"])

    if sys.platform != "linux":  # there is no sandbox: level 0, and its proof has said so
        main()
        return
    from dlkit.grading.sandbox import confine

    confine(policy_of(request), main, keep_fds=(line,), status_fd=status)


def _reap() -> None:
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
