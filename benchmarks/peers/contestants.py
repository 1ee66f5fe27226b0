"""Who is measured at what. The last of each list is what the others are compared with."""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.contest import Command, Contestant
from benchmarks.peers.fleet import Fleet

_HERE = Path(__file__).parent
_PYTHON = (sys.executable, "-m")
_SDK_LOOP = (*_PYTHON, "benchmarks.peers.sdk_loop")
_SDK_GATHERED = (*_PYTHON, "benchmarks.peers.sdk_gathered")
_OURS = (*_PYTHON, "backup_reconciler")
_SIGN_IN = Command((str(_HERE / "az_login.sh"),))


def readers(fleet: Fleet, manifests: Path) -> list[Contestant]:
    """What all vaults protect, and how."""
    every, number = _lines(fleet.held()), f"{len(fleet.held())}\n"
    as_declared = f"{len(fleet.held()) + fleet.vaults} as declared"
    gathered = Command((*_SDK_GATHERED, "read"), told=number)

    def loop(at_a_time: str) -> Command:
        return Command((*_SDK_LOOP, "read", at_a_time), every, number)

    def ours(verb: str, *options: str, status: int = 0) -> Command:
        return Command((*_OURS, verb, str(manifests), *options), told=as_declared, status=status)

    return [
        Contestant(
            "az: a command for each vault", Command((str(_HERE / "az_read.sh"),), told=number), _SIGN_IN, runs=1
        ),
        Contestant("SDK: a GET for each VM, one at a time", loop("1"), runs=1),
        Contestant("SDK: a GET for each VM, ten at a time", loop("10")),
        Contestant("SDK: the lists, gathered", gathered),
        Contestant("this tool: `plan`, which asks for more", ours("plan")),
        Contestant("this tool: `drift --read graph`", ours("drift", "--read", "graph", status=2)),
        Contestant("this tool: `drift`", ours("drift", status=2)),
    ]


def writers(fleet: Fleet, manifests: Path) -> list[Contestant]:
    """The VMs that are to join are protected, and it is known that they are."""
    joining, number = _lines(fleet.to_join()), len(fleet.to_join())
    proof = Command((*_SDK_GATHERED, "read"), told=f"{len(fleet.held()) + number}\n")

    def sdk(*words: str) -> Contestant:
        what = {"1": "one VM after the other", "10": "ten VMs at a time"}.get(words[-1], "all VMs, gathered")
        return Contestant(f"SDK: {what}", Command(words, joining), after=proof, runs=1)

    apply = Command((*_OURS, "apply", str(manifests), "--auto-approve"), told=f"Apply: {number} done")
    az = Command((str(_HERE / "az_protect.sh"),), joining)
    return [
        Contestant("az: a command for each VM", az, _SIGN_IN, proof, runs=1),
        sdk(*_SDK_LOOP, "protect", "1"),
        sdk(*_SDK_LOOP, "protect", "10"),
        sdk(*_SDK_GATHERED, "protect"),
        Contestant("this tool: `apply`, its plan included", apply, after=proof, runs=1),
    ]


def _lines(vms: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{group} {vm}\n" for group, vm in vms)
