"""Puts code behind the layers of a policy: a keeper, and the confined process that it watches."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from dlkit.grading.sandbox import landlock, libc, limits, mounts, namespaces, seccomp
from dlkit.grading.sandbox.meter import children_of
from dlkit.grading.sandbox.policy import REFUSED, Policy, SandboxError

PATIENCE = 5.0  # seconds that the keeper spends on killing what is left
IGNORED = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2) if libc.LINUX else ()  # by the keeper


def confine(policy: Policy, main: Callable[[], Any], keep_fds: tuple[int, ...] = (), status_fd: int | None = None) -> NoReturn:
    """Run ``main`` confined; called in a freshly forked process of one thread, which becomes the keeper.

    The keeper applies what has to come before the confined process exists, forks it, passes SIGINT on to it, waits for it,
    kills whatever it left, and exits like it: with its status, or by its signal. On SIGTERM it kills all and exits.

    Parameters
    ----------
    policy:
        The rung of the ladder.
    main:
        Runs in the confined process with ``folder`` as working directory, HOME and TMPDIR. What it returns is ignored.
    keep_fds:
        Descriptors that stay open; of the standard streams, too, only those named here.
    status_fd:
        Closed without a word once all layers hold, else told in one line why not. Without it the line goes to stderr. In both
        cases the exit status is then ``REFUSED``, and ``main`` never ran.
    """
    report = 2 if status_fd is None else status_fd
    child = None
    try:
        _alone(policy)
        keeper = _Keeper(policy)
        child = _start(policy, main, tuple(keep_fds), report)
    except BaseException as error:
        _refuse(report, error)
    try:
        status = keeper.watch(child, report)
    except BaseException as error:
        keeper.kill_all()
        _refuse(report, error)
    _exit_like(status)


_shared_rules: dict[tuple[tuple[str, ...], tuple[str, ...], str], int] = {}


def warm(policy: Policy) -> None:
    """Work out once, before the forks, what policies share that differ in the last part of ``folder`` only.

    For Landlock without mounts that is a file descriptor, kept open in this process and closed by ``confine``.
    """
    if policy.wants("mounts"):
        mounts.plan((*policy.readable, *mounts.SYSTEM), policy.hidden)
    if policy.wants("seccomp"):
        seccomp.program(policy.level, old_landlock=0 < landlock.abi() < 3)
    if policy.wants("landlock") and not policy.wants("mounts"):
        key = _rules_key(policy)
        if key not in _shared_rules:
            _shared_rules[key] = landlock.common(*key)


def _rules_key(policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    return policy.readable, policy.hidden, os.path.dirname(os.path.realpath(policy.folder))


def _alone(policy: Policy) -> None:
    if not libc.LINUX or not libc.SUPPORTED and policy.level > 0:
        raise SandboxError("identity", f"there is no sandbox for {sys.platform} on {libc.MACHINE}")
    if len(os.listdir("/proc/self/task")) != 1:
        raise SandboxError("identity", "the keeper must be a process of one thread")


def _start(policy: Policy, main: Callable[[], Any], keep: tuple[int, ...], report: int) -> int:
    root = os.geteuid() == 0
    user = limits.identity() if policy.wants("identity") else os.geteuid()
    if root and user:
        limits.hand_over(policy.folder, user)
    walls = policy.wants("namespaces") or policy.wants("mounts")
    privileged = root and bool(libc.capabilities() >> limits.CAP_SYS_ADMIN & 1)
    if walls and root and not privileged and user:
        limits.become(user)
        root = False
    processes = limits.process_limit(policy, root and bool(user), policy.wants("namespaces")) if policy.wants("limits") else 0
    if walls:
        namespaces.enter(policy, privileged)
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGTERM)  # again: a change of identity cancels it
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        limits.silence((*keep, report, *_shared_rules.values()))
        _apply(policy, user if root else 0, processes)
        _settle(policy)
    except BaseException as error:
        _refuse(report, error)
    if report != 2:
        os.close(report)
    _run(main)


def _apply(policy: Policy, user: int, processes: int) -> None:
    """All layers of the confined process, in the one order that works."""
    data = limits.data_size()
    if policy.wants("mounts"):
        mounts.build(policy, own_processes=policy.wants("namespaces"))
    else:
        os.chdir(policy.folder)
    rules = _rules(policy)
    if user:
        limits.become(user)
    if policy.wants("limits"):
        limits.apply(policy, processes, data)
    if policy.wants("identity"):
        limits.unprivileged()
    if rules or policy.wants("seccomp"):
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    for fd in rules:
        landlock.restrict(fd)
    libc.prctl(libc.PR_SET_DUMPABLE, 1)
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    if policy.wants("seccomp"):
        seccomp.restrict(policy.level, old_landlock=0 < landlock.abi() < 3)


def _rules(policy: Policy) -> list[int]:
    """Landlock's rules, made while every path can still be reached. At level 3 they are a second wall, if there are any."""
    if policy.wants("mounts"):
        extra = policy.layers is None and landlock.abi() > 0
        return [landlock.inside(policy.folder)] if policy.wants("landlock") or extra else []
    if not policy.wants("landlock"):
        return []
    key = _rules_key(policy)
    common = _shared_rules.pop(key, None)
    for fd in _shared_rules.values():
        os.close(fd)
    return [landlock.common(*key) if common is None else common, landlock.own(policy.readable, policy.hidden, policy.folder)]


def _settle(policy: Policy) -> None:
    if not os.access(policy.folder, os.R_OK | os.W_OK | os.X_OK):
        raise SandboxError("identity", f"user {os.geteuid()} has no way into {policy.folder}: chmod o+x the folders above it")
    os.environ.update(HOME=policy.folder, TMPDIR=policy.folder, USER="student", LOGNAME="student")
    tempfile.tempdir = None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in IGNORED:
        signal.signal(number, signal.SIG_DFL)


def _run(main: Callable[[], Any]) -> NoReturn:
    code = 1
    try:
        main()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code & 0xFF)


def _refuse(report: int, error: BaseException) -> NoReturn:
    text = str(error) if isinstance(error, SandboxError) else f"{type(error).__name__}: {error}"
    try:
        os.write(report, " ".join(text.split()).encode("utf-8", "replace")[:2000] + b"\n")
    finally:
        os._exit(REFUSED)


class _Keeper:
    """The process that called ``confine``: it stays outside the walls and sees to the end of everything behind them."""

    def __init__(self, policy: Policy):
        for number in (signal.SIGINT, *IGNORED):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if os.getpid() != os.getsid(0):
            os.setsid()
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGTERM)
        libc.prctl(libc.PR_SET_CHILD_SUBREAPER, 1)
        self.child = 0
        # With its signals confined to its descendants, the keeper can end them all by one call, however fast they fork.
        self.at_once = policy.layers is None and 0 < policy.level < 3 and landlock.scope_signals()

    def watch(self, child: int, report: int) -> int:
        """Wait for the confined process and return its status. Orphans are reaped on the way, what is left is killed."""
        self.child = child
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._pass_on)
        libc.prctl(libc.PR_SET_DUMPABLE, 0)
        if report > 2:
            os.close(report)
        limits.silence(())
        if libc.SUPPORTED:
            libc.set_capabilities(libc.capabilities() & 1 << limits.CAP_KILL, bounding=False)
        while True:
            pid, status = os.waitpid(-1, 0)
            if pid == child:
                self.child = 0
                self.kill_all()
                return status

    def _pass_on(self, number: int, frame: Any) -> None:
        try:
            if self.child:
                os.kill(self.child, signal.SIGINT)
        except OSError:
            pass  # it has just ended

    def _stop(self, number: int, frame: Any) -> None:
        self.kill_all()
        os._exit(128 + signal.SIGTERM)

    def kill_all(self) -> None:
        """Kill every descendant: those whose parents die become children of the keeper, until there are none."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for pid in [-1] if self.at_once else {self.child, *children_of(os.getpid())} - {0}:
                try:
                    os.kill(pid, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    pass  # ended already; or, of all that there are, none is ours
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                return
            time.sleep(0.0005)


def _exit_like(status: int) -> NoReturn:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)
