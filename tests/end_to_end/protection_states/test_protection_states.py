"""Every state a VM's backup can be found in × every wish: what is planned and said, and that applying it ends there."""

import asyncio
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from backup_reconciler.azure.codec import protection
from backup_reconciler.sandbox.world.vault import ProtectedItemModel
from tests.conftest import SUBSCRIPTION, Cli, Estate, planned
from tests.end_to_end.protection_states.case import WISHES, Held, State, Told, read_states, told
from tests.end_to_end.service_rules.past_our_checks import USUAL_VAULT, calling

STATES = read_states()
UNASKED = ("--auto-approve", "--max-changes", len(WISHES))
CONSENT = (*UNASKED, "--allow-destructive", "--allow-one-way")


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, estate: Estate) -> State:
    """The state, with its world and its manifests in place."""
    found = STATES[request.param]
    estate.exists(**found.world())
    estate.declare("all", *found.documents())
    return found


def test_the_table_is_whole() -> None:
    assert [name for name, state in STATES.items() if list(state.wishes) != list(WISHES)] == []
    wire_states = {(state.item or {}).get("state", "Protected") for state in STATES.values()}
    assert wire_states == set(get_args(ProtectedItemModel.model_fields["state"].annotation))


def test_what_is_planned_and_where_it_ends(state: State, estate: Estate, cli: Cli) -> None:
    plan, drift = planned(estate, cli), cli("drift", *estate.sandboxed, "--format", "json").json
    asked = {wish: case for wish, case in state.wishes.items() if case.invalid is None}
    assert {wish: told(wish, plan, drift) for wish in asked} == {
        wish: Told(case.plan, case.findings, case.drift) for wish, case in asked.items()
    }
    if any(action["risks"] for action in plan["actions"] if not action["needsApproval"]):
        refused = cli("apply", *estate.sandboxed, *UNASKED)
        assert (refused.status, "to agree, add --allow-" in refused.err) == (1, True)
        assert estate.writes() == []

    sent = {wish: len(case.plan) if case.sent is None else case.sent for wish, case in state.wishes.items()}
    waits = any(sent[wish] < len(case.plan) for wish, case in asked.items())
    applied = cli("apply", *estate.sandboxed, *CONSENT)
    assert applied.status == (3 if waits else 0), applied.out
    written = Counter(seen.path.rpartition(";")[2] for seen in estate.writes())
    assert written == Counter({wish: number for wish, number in sent.items() if number})

    assert held(estate) == {wish: case.leaves for wish, case in state.wishes.items() if case.leaves is not None}
    after = planned(estate, cli)
    left = {action["address"].rpartition("/")[2] for action in after["actions"]}
    assert left == {wish for wish, case in asked.items() if sent[wish] < len(case.plan)}


@pytest.mark.parametrize(
    ("state", "wish"),
    [(name, wish) for name, one in STATES.items() for wish, case in one.wishes.items() if case.invalid],
)
def test_what_the_manifest_alone_shows_to_be_wrong(state: str, wish: str, estate: Estate, cli: Cli) -> None:
    vault, *_ = STATES[state].documents()
    estate.declare("all", vault, STATES[state].assignment(wish) or {})
    refused = cli("validate", estate.manifests, "--format", "json")
    assert (refused.status, [one["rule"] for one in refused.json["problems"]]) == (
        1,
        [STATES[state].wishes[wish].invalid],
    )


def held(estate: Estate) -> dict[str, Held]:
    """What the vault holds: how the box lists it, and the recovery points as it keeps them between two runs."""
    listed = asyncio.run(_listed(estate))
    items = _kept(estate)
    now = datetime.fromisoformat(items.pop("now"))
    return {name: _held(properties, items[name], now) for name, properties in listed.items()}


async def _listed(estate: Estate) -> dict[str, dict[str, Any]]:
    async with calling(estate) as caller:
        answered = await caller.send(protection.list_request(USUAL_VAULT))
    return {one["properties"]["friendlyName"]: one["properties"] for one in answered.body["value"]}


def _kept(estate: Estate) -> dict[str, Any]:
    state = json.loads((estate.folder / ".sandbox" / "test.json").read_text(encoding="utf-8"))
    groups = state["estate"]["subscriptions"][SUBSCRIPTION]["groups"]
    items = groups["rg-backup"]["vaults"]["rsv"]["items"].values()
    return {"now": state["clock"], **{item["vm"]: item["recovery_points"] for item in items}}


def _held(properties: dict[str, Any], points: list[dict[str, Any]], now: datetime) -> Held:
    """A point of a stopped item never expires, and the latest one of no item does."""
    deleted, state = properties.get("isScheduledForDeferredDelete"), properties["protectionState"]
    disks = properties.get("extendedProperties", {}).get("diskExclusionProperties")
    ends = [datetime.fromisoformat(one["expires"]) for one in points[:-1]] if state != "ProtectionStopped" else []
    return Held(
        state="SoftDeleted" if deleted else state,
        policy=properties["policyName"],
        disks={"include" if disks["isInclusionList"] else "exclude": disks["diskLunList"]} if disks else None,
        points=len(points) - sum(end <= now for end in ends),
        expiring=sum(now < end <= now + timedelta(days=1) for end in ends),
    )
