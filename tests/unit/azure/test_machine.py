"""The codec of VMs that are copied: two lists, each of which may lack what it likes."""

from typing import Any

import pytest

from backup_reconciler.azure.codec import machine
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.reading import read
from backup_reconciler.state.machine import LiveDisk
from backup_reconciler.state.vm_status import LiveAgent

ID = "/subscriptions/s/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/vm"


def status(code: str, **view: Any) -> dict[str, Any]:
    codes = [{"code": "ProvisioningState/succeeded"}, {"code": code}]
    return {"id": ID, "properties": {"instanceView": {"statuses": codes, **view}}}


@pytest.mark.parametrize("model", [{}, {"properties": None}, {"properties": {"storageProfile": {"osDisk": {}}}}])
@pytest.mark.parametrize("found", [{}, {"properties": None}, {"properties": {"instanceView": {}}}])
def test_what_is_not_told_is_not_made_up(model: dict[str, Any], found: dict[str, Any]) -> None:
    made = machine.decode({"id": ID, "location": "Japan East", **model}, found)
    assert (made.location, made.os, made.size, made.power, made.agent) == ("japaneast", None, None, None, None)
    assert (made.managed, made.disks, made.zones, made.has_identity, made.tags) == (True, (), (), False, {})


@pytest.mark.parametrize(
    ("code", "power"),
    [
        ("PowerState/running", "running"),
        ("PowerState/starting", "running"),
        ("PowerState/stopped", "stopped"),
        ("PowerState/deallocating", "deallocated"),
        ("PowerState/unknown", None),
        ("OSState/generalized", None),
    ],
)
def test_power_is_where_it_leads(code: str, power: str | None) -> None:
    assert machine.decode({"id": ID}, status(code)).power == power


@pytest.mark.parametrize(
    ("view", "agent"),
    [
        ({}, None),
        ({"vmAgent": {"vmAgentVersion": "2.7.1"}}, LiveAgent("2.7.1")),
        ({"vmAgent": {"vmAgentVersion": "Unknown"}}, LiveAgent(None)),
    ],
)
def test_an_agent_reports_or_is_silent_or_nothing_is_known(view: dict[str, Any], agent: LiveAgent | None) -> None:
    assert machine.decode({"id": ID}, status("PowerState/running", **view)).agent == agent


def test_disks_may_be_unmanaged_and_tell_no_size() -> None:
    storage = {
        "osDisk": {"osType": "Windows", "vhd": {"uri": "https://x"}},
        "dataDisks": [
            {"lun": 0, "managedDisk": {"id": "/d"}},
            {"lun": 1, "diskSizeGB": 4, "vhd": {"uri": "https://x"}},
        ],
    }
    made = machine.decode({"id": ID, "properties": {"storageProfile": storage}}, {})
    assert (made.os, made.managed) == ("Windows", False)
    assert made.disks == (LiveDisk(0, None, None, True), LiveDisk(1, 4, None, False))


def test_an_answer_that_is_no_vm_is_told_as_such() -> None:
    with pytest.raises(NotArm, match="cannot be understood"):
        read(lambda one: machine.decode(one, {}), {"id": ID, "properties": {"storageProfile": {"dataDisks": [{}]}}})
