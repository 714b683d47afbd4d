"""Makes .venv with everything the course needs, in the exact versions of requirements.lock.

    python tools/setup_venv.py            # what `make setup` runs; on Windows: py tools\\setup_venv.py

Needs Python 3.10 or newer and nothing else. Running it again brings an existing .venv up to date. PyTorch
comes from pip's usual index; for the smaller build without GPU support on Linux, name PyTorch's own index:

    python tools/setup_venv.py --torch-index https://download.pytorch.org/whl/cpu
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
LOG = VENV / "setup.log"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip(*arguments: str, packages: int = 0) -> None:
    """Run pip in .venv, write all it says to the log, and show how far it is."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    start, done, shown, unpacking = time.monotonic(), 0, 0.0, False
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            log.flush()
            if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
                done += 1
            begins = line.startswith("Installing collected packages")
            unpacking |= begins
            now = time.monotonic()
            if packages and (begins or now - shown > (0.2 if sys.stdout.isatty() else 15)):
                shown = now
                what = "unpacking" if unpacking else f"{min(done, packages)} of {packages} packages found"
                end = "" if sys.stdout.isatty() else "\n"
                print(f"\r  {now - start:4.0f} s  {what:<40}"[not sys.stdout.isatty() :], end=end, flush=True)
        status = process.wait()
    if packages and sys.stdout.isatty():
        print()
    if status:
        tail = LOG.read_text(encoding="utf-8").splitlines()[-15:]
        sys.exit("\n".join(["pip could not install what the course needs:", *tail, f"(more in {LOG})"]))


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument(
        "--torch-index", metavar="URL", default="", help="also look for PyTorch in this index"
    )
    options = parser.parse_args()
    version = sys.version.split()[0]
    if sys.version_info < (3, 10):  # noqa: UP036  (this file is what an old Python meets first)
        sys.exit(
            f"The course needs Python 3.10 or newer; this is {version}. Try: make setup PYTHON=python3.12"
        )
    if not PYTHON.exists():
        print(f"Making .venv with Python {version}", flush=True)
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    packages = sum("==" in line and "<" not in line and "sys_platform" not in line for line in lines)
    print(f"Installing about {packages} packages into .venv: a few minutes the first time", flush=True)
    LOG.unlink(missing_ok=True)
    extra = ["--extra-index-url", options.torch_index] if options.torch_index else []
    pip(*extra, "--requirement", str(LOCK), packages=packages)
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    # Compiled once, here: grading copies the package, and its processes start twice as fast with what this leaves.
    subprocess.run([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "dlkit")], check=False)
    print("Ready. Next: make lab, make demo, make test; or .venv's own `dlkit --help`.")


if __name__ == "__main__":
    main()
