"""How to get to a Dask cluster: over TLS, with a certificate, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from dlkit.grading.cluster.cargo import pack_unit
from dlkit.grading.cluster.dask_crew import LEAST, DaskCrew
from dlkit.grading.cluster.dask_worker import SECURE
from dlkit.grading.course import Course, CourseError
from dlkit.grading.running.crew import Crew
from dlkit.grading.running.session import CELL_SECONDS
from dlkit.grading.sandbox import LEVELS

CONNECT_SECONDS = 20.0
NO_LOG = {"distributed.admin.low-level-log-length": 0}  # else the last 1000 messages, with all that is in them, stay in memory


@dataclass(frozen=True)
class Certificates:
    """Files in PEM format: the authority of the cluster, and a certificate of ours with its key."""

    authority: Path
    certificate: Path
    key: Path


def dask_crew(
    address: str, certificates: Certificates, require: int = LEAST, say: Callable[[str], Any] | None = None
) -> Callable[..., Any]:
    """The workers of a cluster, for the parameter `crew` of :func:`dlkit.grading.engine.grade_unit`.

    How many notebooks are graded at once is the number of threads of its workers; ``jobs`` does not change it.

    Parameters
    ----------
    address : str
        Of the scheduler, ``tls://host:port``.
    certificates : Certificates
        What the cluster knows us by, and we it.
    require : int
        The level that a worker has to prove, 2 or 3.
    say : callable
        Gets a line of text when a worker is refused or lost; they go to stderr otherwise.

    Raises
    ------
    CourseError
        The address is not one of TLS, the level is below 2, or, later, the cluster cannot be used.
    """
    if require < LEAST:
        raise CourseError(f"on a cluster, level {LEAST} of the sandbox is the least ({LEVELS[LEAST]}); got {require}")
    if not address.startswith(SECURE):
        raise CourseError(f"{address!r} does not begin with {SECURE}: the course key travels to a cluster over TLS only")

    @contextmanager
    def crew(course: Course, unit: str, jobs: int, cell_timeout: int | None = None) -> Iterator[Crew]:
        packed = pack_unit(course, unit, cell_timeout or CELL_SECONDS)
        with connected(address, certificates) as client:
            cluster = DaskCrew(client, packed, require, say or _to_stderr)
            try:
                yield cluster
            finally:
                cluster.close()

    return crew


@contextmanager
def connected(address: str, certificates: Certificates) -> Iterator[Any]:
    """A client of the cluster. It takes bytes and plain values as results, and no pickles."""
    try:
        import dask
        from distributed import Client
        from distributed.security import Security
    except ImportError as error:
        raise CourseError(f"Dask is not installed ({error.name} is missing): pip install 'dlkit-course[dask]'") from None
    for path in (certificates.authority, certificates.certificate, certificates.key):
        if not path.is_file():
            raise CourseError(f"there is no file {path}, which the cluster would know us by")
    security = Security(
        require_encryption=True, tls_ca_file=str(certificates.authority), tls_client_cert=str(certificates.certificate),
        tls_client_key=str(certificates.key),
    )  # fmt: skip
    with dask.config.set(NO_LOG):
        try:
            client = Client(
                address, security=security, set_as_default=False, timeout=CONNECT_SECONDS, name="dlkit",
                deserializers=["dask", "msgpack"],
            )  # fmt: skip
        except (OSError, ValueError) as error:
            why = str(error.__cause__ or error).splitlines()[:1]
            raise CourseError(f"no connection to a scheduler at {address}: {''.join(why) or type(error).__name__}") from None
        with client:
            yield client


def _to_stderr(text: str) -> None:
    tqdm.write(f"dlkit grade: {text}", file=sys.stderr)
