from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


def _load_box():
    spec = importlib.util.spec_from_file_location("box", Path(__file__).with_name("box.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["box"] = module
    spec.loader.exec_module(module)
    return module


BOX = _load_box()


@pytest.fixture(params=BOX.USERS)
def box(request):
    """A place for a test, for each kind of user that can be had here."""
    found, folder = BOX.make(request.param)
    with folder:
        yield found


@pytest.fixture(scope="session")
def proofs():
    """What each kind of user can prove on this machine, asked once: ``proofs("ordinary")``, with ``lacking`` abilities."""
    known = {}

    def ask(user: str, lacking: tuple[str, ...] = (), highest: int = 3) -> dict:
        key = (user, lacking, highest)
        if key not in known:
            found, folder = BOX.make(user)
            with folder:
                script = "from dlkit.grading.sandbox import prove\nproof = prove(orders['highest'])\nresult = [proof.as_dict(), proof.text()]"
                answer, text = found.run(script, lacking=lacking, highest=highest)
                known[key] = {**answer, "text": text}
        return known[key]

    return ask


@pytest.fixture
def layer_here(box, proofs):
    """Whether a layer can be had here; if not, the proof must say so, and the test is skipped with the reason."""

    def ask(layer: str) -> None:
        script = """
            rules = Policy(3, orders["work"], (orders["open"],), layers=frozenset({orders["layer"]}))
            result = confined(rules, lambda: 1).refusal
        """
        if refusal := box.run(script, layer=layer):
            proof = proofs(box.user)
            level = {"namespaces": 3, "mounts": 3, "landlock": 2}[layer]
            assert any(reason.startswith(f"level {level} not available") for reason in proof["reasons"])
            assert refusal in proof["text"]
            pytest.skip(refusal)

    return ask
