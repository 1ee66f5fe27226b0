"""Run commands: what Resource Graph shows as declared counts, and all else is asked for."""

import asyncio
from typing import Any

from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.live import with_run_commands
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.run_command import RunCommand, RunCommandScope
from backup_reconciler.state.snapshot import Snapshot
from tests.unit.fakes import Answer, road
from tests.unit.plan.networks import vm_id

OURS = "backup-reconciler-web-proxy"


def command(vm: str, name: str = OURS) -> ArmId:
    return vm_id(vm).child("runCommands", name)


def row(vm: str, script: str = "new", state: str = "Succeeded", name: str = OURS) -> dict[str, Any]:
    return {"id": command(vm, name).text, "location": "japaneast", "script": script, "state": state}


def read(scope: RunCommandScope, *rows: dict[str, Any], gone: bool = False) -> tuple[dict[str, RunCommand], list[str]]:
    """What is found, by VM, and the VMs whose command was asked for; each of these failed, unless it is gone."""

    def azure(request: ArmRequest) -> Answer:
        if request.method == "POST":
            return Answer(200, {"data": list(rows)})
        view = {"executionState": "Failed", "exitCode": 3, "error": "no room"}
        properties = {"source": {"script": "new"}, "provisioningState": "Failed", "instanceView": view}
        if gone:
            return Answer(404, {"error": {"code": "NotFound"}})
        return Answer(200, {"id": request.path, "location": "japaneast", "properties": properties})

    arm, clients, _ = road(azure)
    snapshot = asyncio.run(with_run_commands(arm, Snapshot(network=Network()), scope))
    assert snapshot.network is not None
    assert snapshot.requests == snapshot.network.requests == len(clients.sent)
    asked = [ArmId(one.path).parent(2).name for one in clients.sent if one.method == "GET"]
    return {id_.parent(2).name: one for id_, one in snapshot.network.run_commands.items()}, asked


def wishing(*vms: str, leaving: tuple[str, ...] = ()) -> RunCommandScope:
    return RunCommandScope(frozenset({"s"}), {command(vm): "new" for vm in vms}, frozenset(leaving))


def test_what_is_shown_as_declared_is_asked_for_no_more() -> None:
    found, asked = read(wishing("a", "b"), row("a"), row("b"))
    assert (sorted(found), asked) == (["a", "b"], [])


def test_what_is_missing_differs_or_failed_is_asked_for() -> None:
    found, asked = read(wishing("a", "b", "c", "d"), row("b", "old"), row("c", state="Failed"), row("d", ""))
    assert asked == ["a", "b", "c", "d"]
    assert [(one.exit_code, one.error) for one in found.values()] == [(3, "no room")] * 4


def test_what_is_not_there_after_all_is_not_there() -> None:
    assert read(wishing("a"), row("a", "old"), gone=True) == ({}, ["a"])


def test_what_is_to_go_is_asked_for_and_what_nobody_wishes_for_is_not() -> None:
    found, asked = read(wishing(leaving=(OURS,)), row("a"), row("b", name="backup-reconciler-others-proxy"))
    assert (sorted(found), asked) == (["a", "b"], ["a"])


def test_what_is_sought_is_asked_for_though_it_is_not_shown() -> None:
    scope = RunCommandScope(frozenset({"s"}), leaving=frozenset({OURS}), sought=frozenset({command("a"), command("b")}))
    found, asked = read(scope, row("b"))
    assert (sorted(found), asked) == (["a", "b"], ["a", "b"])


def test_nothing_is_read_where_no_proxy_is_declared() -> None:
    assert read(RunCommandScope()) == ({}, [])
