"""The state of a VM's backup in words, and where VMs are that several sources tell of."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from backup_reconciler.azure.codec import vault as vault_codec
from backup_reconciler.azure.codec import vm as vm_codec
from backup_reconciler.plan.protection.whereabouts import Whereabouts
from backup_reconciler.plan.protection.words import told_age, told_item
from backup_reconciler.spec.arm_id import ArmId, policy_id, vault_id
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import HeldElsewhere, Presence, Snapshot, VaultContents
from tests.conftest import vm_id

DAY = date(2026, 11, 23)
RSV, FAR = vault_id("s", "rg", "rsv"), vault_id("s", "rg", "far")
WEB = ArmId(vm_id("web-01"))
KEPT = "its backups are stopped and its data is kept without an end, at cost"


def contents(*items: LiveItem) -> VaultContents:
    days = {"softDeleteSettings": {"softDeleteState": "Enabled", "softDeleteRetentionPeriodInDays": 14}}
    arm = {"id": RSV.text, "location": "japaneast", "properties": {"securitySettings": days}}
    return VaultContents(vault_codec.decode(arm), items={item.vm: item for item in items})


def item(state: ItemState, **rest: Any) -> LiveItem:
    fields = {"policy": None, "has_points": True, "wire_state": "ProtectionPaused", **rest}
    return LiveItem(id=ArmId("/i"), vm=WEB, state=state, **fields)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (item(ItemState.ACTIVE, policy=policy_id(RSV, "daily")), "it is backed up by daily"),
        (item(ItemState.ACTIVE, has_points=False), "it is backed up by its policy; its first backup is pending"),
        (item(ItemState.STOPPED), KEPT),
        (
            item(ItemState.STOPPED, last_backup=datetime(2026, 11, 22, 23, tzinfo=UTC)),
            f"{KEPT}; last backed up on 2026-11-22, 1 day ago",
        ),
        (item(ItemState.SUSPENDED), "its backups are suspended, and its recovery points expire by its policy"),
        (item(ItemState.SOFT_DELETED), "its backup is soft-deleted"),
        (
            item(ItemState.SOFT_DELETED, deleted_at=datetime(2026, 11, 20, tzinfo=UTC)),
            "its backup is soft-deleted, and purged on 2026-12-04",
        ),
        (item(ItemState.UNKNOWN), "its protection state is ProtectionPaused"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_state_has_its_words(found: LiveItem, told: str) -> None:
    assert told_item(found, contents(found), DAY) == told


def test_an_age_that_is_not_known_is_not_made_up() -> None:
    assert told_age(item(ItemState.STOPPED), DAY) == "when it was last backed up is not told"


def test_what_is_not_seen_is_gone_only_where_azure_says_so() -> None:
    dark = ArmId(WEB.text.replace("1111", "2222"))
    snapshot = Snapshot(hidden_subscriptions=frozenset({dark.subscription}), absent_vms={WEB: Presence.GONE})
    assert snapshot.presence(WEB) is Presence.GONE
    assert snapshot.presence(dark) is Presence.HIDDEN
    assert snapshot.presence(ArmId(vm_id("web-02"))) is Presence.UNREAD


def test_the_service_itself_has_the_last_word_on_who_holds_a_vm() -> None:
    machine = vm_codec.decode({"id": WEB.text, "location": "japaneast"})
    snapshot = Snapshot(
        {RSV: contents()},
        vms={WEB: machine},
        held_elsewhere={WEB: HeldElsewhere(FAR, ItemState.ACTIVE)},
        disputed={WEB: RSV},
    )
    assert Whereabouts.of(snapshot).is_doubtful(WEB, FAR)
    for answer, holders in ((None, []), (FAR, [FAR]), (RSV, [RSV])):
        where = Whereabouts.of(replace(snapshot, confirmed_holders={WEB: answer}))
        assert list(where.holders(WEB)) == holders
        assert not where.is_doubtful(WEB, FAR)
