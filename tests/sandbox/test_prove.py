"""A level is claimed only if it was proved, and what is missing is said."""

from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest

from dlkit.grading.sandbox import LEVELS, Policy, Proof, SandboxError, prove, required

HERE = {"ordinary", "root"}


def test_a_proof_is_plain_data_and_readable(proofs, box):
    proof = proofs(box.user)
    assert json.loads(json.dumps(proof)) == proof
    assert f"level {proof['level']} proved ({LEVELS[proof['level']]})" in proof["text"]
    assert all(reason in proof["text"] for reason in proof["reasons"])
    assert set(proof["layers"]) == {
        "files", "network", "memory of others", "signals", "sight of others", "new namespaces", "processes", "memory", "file size", "survivors",
    }  # fmt: skip
    assert proof["seconds"] < 10


@pytest.mark.parametrize("lacking", [(), ("namespaces",), ("landlock",), ("namespaces", "landlock"), ("proc",), ("capabilities",), ("capabilities", "namespaces")])
def test_the_level_follows_what_the_machine_offers(box, proofs, lacking):
    if "proc" in lacking and not sys.modules["box"].IS_ROOT or "capabilities" in lacking and box.user != "root":
        return  # to cover /proc takes root, and only root has capabilities to lose; started as root all of these are run
    full = proofs(box.user)
    proof = proofs(box.user, lacking)
    reasons = "\n".join(proof["reasons"])
    bare = full["level"]
    if "namespaces" in lacking:
        assert "level 3 not available: user namespaces are forbidden here (EPERM)" in reasons
        bare = min(bare, 2)
    if "landlock" in lacking and bare == 3:
        assert "Landlock, a second wall at level 3, is not available here" in reasons
    elif "landlock" in lacking:
        assert "level 2 not available: the kernel offers no Landlock" in reasons
        bare = min(bare, 1)
    assert proof["level"] == bare
    assert all(proof["layers"][name] for name in ("processes", "memory", "file size", "survivors")) or bare == 0


@pytest.mark.parametrize("highest", [0, 1, 2])
def test_no_more_is_proved_than_asked_for(box, proofs, highest):
    proof = proofs(box.user, (), highest)
    assert proof["level"] <= highest
    if highest == 1 and box.user == "ordinary":
        assert not proof["layers"]["files"] and not proof["layers"]["network"], "limits alone stop neither"


def test_where_even_limits_fail_nothing_is_proved(box):
    script = """
        from dlkit.grading.sandbox import prove
        import dlkit.grading.sandbox.proof as module
        code = module.PROBE.replace("main()", "from dlkit.grading.sandbox import limits; limits.apply = lambda *a: None; main()")
        module.PROBE = code
        proof = prove(1)
        result = [proof.level, proof.reasons]
    """
    level, reasons = box.run(script)
    assert level == 0 and "start too many processes" in reasons[0] and "take too much memory" in reasons[0]


@pytest.mark.parametrize(
    ("level", "cripple", "broken"),
    [
        (3, "mounts.build = lambda *a, **k: os.chdir(a[0].folder); landlock.abi = lambda: 0", "read a file outside"),
        (2, "seccomp.restrict = lambda *a, **k: None", "send by UDP"),
        (2, "landlock.expand = lambda *a: [('/', 13)]", "read a file outside"),
        (1, "meter.Meter.check = lambda self: None", "take too much memory together"),
        (1, "keeper._Keeper.kill_all = lambda self: None", "leave a process behind"),
    ],
)
def test_a_wall_with_a_hole_is_not_proved(box, proofs, level, cripple, broken):
    """The same proof on a sandbox that lacks something on purpose."""
    if proofs(box.user)["level"] < level:
        assert any(reason.startswith(f"level {level} not available") for reason in proofs(box.user)["reasons"])
        return
    script = """
        import os, sys
        import dlkit.grading.sandbox.proof as module
        from dlkit.grading.sandbox import prove
        cripple = "import os, sys; from dlkit.grading.sandbox import keeper, landlock, limits, meter, mounts, seccomp; " + orders["cripple"]
        module.PROBE = module.PROBE.replace("main()", f"exec({cripple!r}); main()")
        exec(cripple)
        module.PATIENCE = 3.0
        proof = prove(orders["level"])
        result = [proof.level, proof.reasons]
    """
    found, reasons = box.run(script, level=level, cripple=cripple)
    assert found < level and broken in reasons[0], reasons


def test_less_than_required_is_an_error():
    proof = Proof(1, {}, ["level 2 not available: the kernel offers no Landlock"])
    required(proof, 0)
    required(proof, 1)
    with pytest.raises(SandboxError, match="level 2 .* is required; proved here is level 1: level 2 not available: the kernel offers no Landlock"):
        required(proof, 2)


def test_other_systems_prove_nothing_and_can_import_it():
    script = """
import sys, json
import subprocess, sysconfig, tempfile
sysconfig.get_paths()
sys.platform = "darwin"
sys.modules["resource"] = None
from dlkit.grading.sandbox import Policy, landlock, prove, protect_self, runtime_paths
protect_self()
proof = prove()
assert landlock.abi() == 0 and runtime_paths()
print(json.dumps(proof.as_dict()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=sys.modules["box"].ROOT)
    assert done.returncode == 0, done.stderr
    proof = json.loads(done.stdout)
    assert proof["level"] == 0 and f"this is darwin on {platform.machine()}" in proof["reasons"][0]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"level": 4}, "level is 4"), ({"folder": "here"}, "'here' is not an absolute"), ({"hidden": ("/a/../b",)}, "is not an absolute"),
     ({"layers": frozenset({"moat"})}, "moat")],
)  # fmt: skip
def test_policies_are_checked(wrong, message):
    with pytest.raises(ValueError, match=message):
        Policy(**{"level": 1, "folder": "/tmp", **wrong})


def test_the_proof_of_this_very_process():
    """Not through a launcher: as the engine asks for it."""
    proof = prove()
    assert proof.level > 0 or proof.reasons
    assert proof.level == 3 or proof.reasons
