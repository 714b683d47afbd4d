"""A PostgreSQL server of one's own, for tests, where one is installed."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"  # a server does not run as root


def program(name: str) -> str | None:
    """The newest of the server's programs, which are seldom on the path."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]), reverse=True)
    return str(places[0]) if places else shutil.which(name)


def missing() -> str:
    """What is not there for a server to be started and used; empty if nothing is missing."""
    lacking = [name for name in ("initdb", "pg_ctl") if program(name) is None]
    lacking += [] if importlib.util.find_spec("psycopg") else ["psycopg"]
    if not lacking and os.getuid() == 0:
        try:
            pwd.getpwnam(USER)
        except KeyError:
            lacking.append(f"a user {USER}")
    return ", ".join(lacking)


@contextmanager
def server() -> Iterator[str]:
    """Start a server, and stop it at the end; yields the address of its databases, without a name of one."""
    with tempfile.TemporaryDirectory(prefix="dlkit-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        account = pwd.getpwnam(USER) if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        if os.getuid() == 0:
            os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}

        def run(*command: str) -> None:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, **as_user)
            assert done.returncode == 0, done.stdout + done.stderr

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        data = str(folder / "data")
        run(program("initdb"), "-D", data, "-U", "grader", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-h 127.0.0.1 -p {port} -k {folder}"
        run(program("pg_ctl"), "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield f"postgresql+psycopg://grader@127.0.0.1:{port}"
        finally:
            run(program("pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
