"""Scripts are told once for all VMs in which they do the same."""

from io import StringIO
from typing import Any

from rich.console import Console

from backup_reconciler.plan.action import Change, DeleteRunCommand, RunScript
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.text.scripts import ScriptAction, write_scripts
from backup_reconciler.spec.document import Place
from tests.unit.plan.networks import vm_id

PLACE = Place("web.yaml", 3, 1)


def common(vm: str, kind: str) -> dict[str, Any]:
    command = vm_id(vm).child("runCommands", "ours")
    return {"address": vm, "label": f"{kind} ours in {vm}", "data_effect": "not touched", "place": PLACE,
            "command": command, "script": ""}  # fmt: skip


def run(vm: str, host: str) -> RunScript:
    changes = (Change("proxy.host", None, host, PLACE),)
    return RunScript(location="japaneast", found=None, changes=changes, **common(vm, "script"))


def told(*actions: ScriptAction) -> list[str]:
    out = StringIO()
    write_scripts(actions, Page(Console(file=out, width=100)))
    return [" ".join(line.split()) for line in out.getvalue().splitlines() if line.strip()]


def test_vms_that_get_the_same_are_told_together() -> None:
    assert told(run("a", "p"), run("b", "q"), run("c", "p")) == [
        "run script ours in 2 VMs web.yaml:3",
        "a and c",
        "proxy.host p",
        "recovery points: not touched",
        "run script ours in b web.yaml:3",
        "proxy.host q",
        "recovery points: not touched",
    ]


def test_run_commands_that_go_are_told_together() -> None:
    going = [DeleteRunCommand(changes=(), **common(vm, "run command")) for vm in ("a", "b")]
    assert told(*going) == [
        "delete run command ours in 2 VMs web.yaml:3",
        "a and b",
        "recovery points: not touched",
    ]
