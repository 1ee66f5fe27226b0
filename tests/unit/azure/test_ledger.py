"""Counting what goes out as Azure counts it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec import graph, job, policy, protection
from backup_reconciler.azure.ledger import Ledger, counted_as
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId, policy_id, vault_id
from tests.unit.fakes import Answer, in_turn, road

NOW = datetime(2026, 11, 23, tzinfo=UTC)
VAULT = vault_id("S", "rg", "rsv")
VM = ArmId("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-01")
ITEM = protection.item_id(VAULT, VM)
OF_VAULTS = "microsoft.recoveryservices/vaults"
OF_AN_ITEM = f"{OF_VAULTS}/backupfabrics/protectioncontainers/protecteditems"


@pytest.mark.parametrize(
    ("request_", "action"),
    [
        (protection.list_request(VAULT), f"{OF_VAULTS}/backupprotecteditems/read"),
        (job.since_request(VAULT, NOW), f"{OF_VAULTS}/backupjobs/read"),
        (get(VAULT.child("backupJobs", "j").text, Api.BACKUP), f"{OF_VAULTS}/backupjobs/read"),
        (policy.get_request(policy_id(VAULT, "p")), f"{OF_VAULTS}/backuppolicies/read"),
        (get(ITEM.text, Api.BACKUP), f"{OF_AN_ITEM}/read"),
        (protection.stop_request(ITEM, VM), f"{OF_AN_ITEM}/write"),
        (protection.delete_request(ITEM), f"{OF_AN_ITEM}/delete"),
        (ArmRequest("POST", f"{ITEM}/backup", Api.BACKUP), f"{OF_AN_ITEM}/backup/action"),
    ],
)
def test_a_request_counts_by_its_subscription_and_the_types_in_its_path(request_: ArmRequest, action: str) -> None:
    assert counted_as(request_) == ("s", action)


def test_a_query_counts_by_itself() -> None:
    query = ArmRequest("POST", graph.PATH, Api.GRAPH, reads=True)
    assert counted_as(query) == ("", "microsoft.resourcegraph/resources/action")


def test_what_went_out_more_than_an_hour_ago_counts_no_more() -> None:
    ledger, items = Ledger(), protection.list_request(VAULT)
    ledger.note(items, NOW)
    ledger.note(protection.list_request(vault_id("s", "rg", "another")), NOW + timedelta(minutes=10))
    ledger.note(job.since_request(VAULT, NOW), NOW)
    later = [NOW + timedelta(minutes=minutes) for minutes in (10, 59, 60, 70)]
    assert [ledger.in_last_hour(items, moment) for moment in later] == [2, 2, 1, 0]


def test_a_list_is_remembered_by_the_requests_it_took() -> None:
    items = protection.list_request(VAULT)
    pages = [Answer(200, {"value": [], "nextLink": f"https://x{VAULT}/backupProtectedItems?$skipToken=2"})]
    arm, _, clock = road(in_turn(*pages, Answer(200, {"value": []})))
    assert arm.ledger.pages(items) == 1
    asyncio.run(arm.list(items))
    assert arm.ledger.pages(items) == arm.ledger.in_last_hour(items, clock.now()) == 2


def test_a_part_of_a_list_says_nothing_of_how_long_the_whole_is() -> None:
    every, running = job.since_request(VAULT, NOW), job.since_request(VAULT, NOW, "InProgress")
    ledger = Ledger()
    ledger.note_pages(every, 7)
    ledger.note_pages(running, 1)
    assert (ledger.pages(every), ledger.pages(running)) == (7, 1)
