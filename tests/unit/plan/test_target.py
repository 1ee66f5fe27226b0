"""Which vault a VM goes to, of those that an assignment chooses from."""

import pytest

from backup_reconciler.azure.codec import vm as vm_codec
from backup_reconciler.plan.selection.target import Target, target_for, target_of_absent
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.vm import LiveVM
from tests.conftest import vm_id

WISHED = ProtectionSettings("stopped")
WEB = ArmId(vm_id("web-01"))


def target(name: str, location: str, *held: ArmId, torn_down: bool = False) -> Target:
    return Target(vault_id("s", "rg", name), location, torn_down, WISHED, False, held)


def machine(location: str) -> LiveVM:
    return vm_codec.decode({"id": WEB.text, "location": location})


EAST, WEST = target("east", "japaneast"), target("west", "japanwest", WEB)


@pytest.mark.parametrize(
    ("location", "targets", "chosen"),
    [
        ("koreacentral", [EAST], ["east"]),
        ("japaneast", [EAST, WEST], ["east"]),
        ("japanwest", [EAST, WEST], ["west"]),
        ("koreacentral", [EAST, WEST], ["west"]),
        ("koreacentral", [EAST, target("south", "japansouth")], ["east"]),
        ("japaneast", [EAST, target("other", "japaneast")], ["east", "other"]),
        ("japaneast", [target("gone", "japaneast", torn_down=True), WEST], []),
        ("koreacentral", [target("gone", "japaneast", torn_down=True), EAST], ["east"]),
    ],
    ids=[
        "the only one, which then refuses it",
        "that of its region",
        "that of its region, which holds it",
        "no region: the one that holds it",
        "no region: the first, which then refuses it",
        "two of one region",
        "none where that of its region is torn down",
        "never one that is torn down",
    ],
)
def test_a_vm_goes_to(location: str, targets: list[Target], chosen: list[str]) -> None:
    assert [one.vault.name for one in target_for(machine(location), targets)] == chosen


def test_a_vm_that_nobody_sees_goes_to_the_vault_that_holds_it() -> None:
    assert target_of_absent(WEB, [EAST, WEST]) is WEST
    assert target_of_absent(ArmId(vm_id("web-02")), [EAST, WEST]) is EAST
