"""A Dask cluster on loopback for the tests: a scheduler and workers in processes of their own, and certificates made for it."""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[2]
LACKING = """
import sys
sys.path.insert(0, {folder!r})
import launch
launch.forbid(["namespaces", "landlock"])
import runpy
runpy.run_module("distributed.cli.dask_worker", run_name="__main__", alter_sys=True)
"""
"""A worker on a machine without namespaces and Landlock, as an older kernel or a strict container is."""


def make_certificates(folder: Path, name: str = "cluster") -> dict[str, Path]:
    """An authority, and a certificate that it has signed, for everybody in the cluster."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} authority")])
    authority = _certificate(authority_name, authority_key.public_key(), authority_name, authority_key, True)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = _certificate(subject, key.public_key(), authority_name, authority_key, False)
    files = {"ca": folder / f"{name}-ca.pem", "cert": folder / f"{name}.pem", "key": folder / f"{name}-key.pem"}
    pem = serialization.Encoding.PEM
    files["ca"].write_bytes(authority.public_bytes(pem))
    files["cert"].write_bytes(certificate.public_bytes(pem))
    files["key"].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


def _certificate(subject, public, issuer, signer, authority: bool):
    now = datetime.datetime.now(datetime.timezone.utc)
    usage = x509.KeyUsage(not authority, False, False, False, not authority, authority, authority, False, False)
    builder = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number(), now - datetime.timedelta(days=1), now + datetime.timedelta(days=2))
    builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True).add_extension(usage, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    return builder.sign(signer, hashes.SHA256())


class Cluster:
    """Use it in a ``with`` block; everything it has started is gone after that."""

    def __init__(self, folder: Path, files: dict[str, Path], protocol: str = "tls") -> None:
        self.folder, self.files, self.protocol = folder, files, protocol
        self.processes: list[subprocess.Popen] = []

    def __enter__(self) -> Cluster:
        where = self.folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--protocol", self.protocol, "--scheduler-file", str(where))
        until = time.monotonic() + 60
        while not where.is_file() or not where.read_text().endswith("}"):
            assert time.monotonic() < until and self.processes[0].poll() is None, self.log(0)
            time.sleep(0.1)
        self.address = json.loads(where.read_text())["address"]
        return self

    def __exit__(self, *_) -> None:
        scheduler, *workers = self.processes
        for processes in (workers, [scheduler]):
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def add_worker(self, name: str, *options: str, lacking: bool = False) -> int:
        """Start a worker; returns its number among the processes."""
        return self._start(
            "worker", self.address, "--host", "127.0.0.1", "--name", name, "--nthreads", "1", "--no-nanny", "--memory-limit", "0",
            "--local-directory", str(self.folder), *options, lacking=lacking,
        )  # fmt: skip

    def log(self, number: int) -> str:
        return (self.folder / f"{number}.log").read_text()

    def _start(self, what: str, *arguments: str, lacking: bool = False) -> int:
        code = ["-c", LACKING.format(folder=str(ROOT / "tests" / "sandbox"))] if lacking else ["-m", f"distributed.cli.dask_{what}"]
        secure = ["--tls-ca-file", self.files["ca"], "--tls-cert", self.files["cert"], "--tls-key", self.files["key"]]
        number = len(self.processes)
        with (self.folder / f"{number}.log").open("w") as log:
            self.processes.append(subprocess.Popen(
                [sys.executable, *code, *arguments, "--dashboard-address", "127.0.0.1:0", *map(str, secure if self.protocol == "tls" else [])],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            ))  # fmt: skip
        return number
