"""Generated fleets, wishes, consents and Ctrl-C: nothing goes that nobody agreed to, and all runs converge."""

import json
import signal
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backup_reconciler.sandbox import Exchange
from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    assignment,
    daily_policy,
    planned,
    policy,
    vault,
    vm_id,
    vms,
    world,
)

ASK_NOT = "--auto-approve"
FLAGS = ("--allow-destructive", "--allow-one-way")
RUNS: list[tuple[tuple[str, ...], int | None]] = [
    *((FLAGS, number) for number in (1, 2, 3, 4)),
    *((flags, None) for flags in ((), FLAGS[:1], FLAGS[1:])),
    ((), 1),
]
"""What is agreed to, and after which write Ctrl-C is pressed."""
FOREVER = datetime.max.replace(tzinfo=UTC)
POINTS = {"recoveryPoints": {"count": 3, "until": "2026-12-20T00:00:00Z"}}
FOUND: dict[str, dict[str, Any] | None] = {
    "unprotected": None,
    "pending": {"policy": "daily", "state": "IRPending"},
    "active": {"policy": "daily", **POINTS},
    "on the longer policy": {"policy": "long", **POINTS},
    "stopped": {"state": "ProtectionStopped", **POINTS},
    "suspended": {"state": "BackupsSuspended", **POINTS},
    "soft-deleted": {"state": "SoftDeleted", **POINTS},
    "held elsewhere": {"policy": "DefaultPolicy", **POINTS},
}
WISHED: dict[str, dict[str, Any] | None] = {
    "nothing": None,
    "active": {},
    "on the longer policy": {"policy": "long"},
    "other disks": {"disks": {"exclude": [1]}},
    "stopped": {"protection": "stopped"},
    "suspended": {"protection": "suspended"},
    "deleted": {"protection": "deleted"},
    "deleted without approval": {"protection": "deleted"},
}


@dataclass(frozen=True)
class Fleet:
    """How each VM is found and what is wished for it, in a vault of some kind."""

    found: dict[str, str]
    wished: dict[str, str]
    vault: dict[str, Any]

    def exists(self, estate: Estate) -> None:
        held: dict[str, list[Any]] = {"rsv": [], "elsewhere": []}
        for name, state in self.found.items():
            item = FOUND[state]
            if item is not None:
                held["elsewhere" if state == "held elsewhere" else "rsv"].append({"vm": f"rg-web/{name}", **item})
        policies = {"daily": daily_policy(30), "long": daily_policy(60)}
        live = {"location": "japaneast", "policies": policies, "protectedItems": held["rsv"], **self.vault}
        other = {"location": "japaneast", "protectedItems": held["elsewhere"]}
        estate.exists(**world(vms(*self.found), {"rsv": live, "elsewhere": other}))

    def declare(self, estate: Estate) -> None:
        wishes = [self._wish(name, wish) for name, wish in self.wished.items() if WISHED[wish] is not None]
        longer = policy("long", retention={"daily": {"days": 60}})
        estate.declare("all", vault(), policy(), longer, *wishes)

    def _wish(self, name: str, wish: str) -> dict[str, Any]:
        approved = vm_id(name if wish == "deleted" else "another")
        approval = {"by": "Ada", "reason": "x", "expires": "2099-12-31", "vms": [approved]}
        consent = {"approval": approval} if wish.startswith("deleted") else {}
        return assignment(name, select={"names": [name]}, **(WISHED[wish] or {}), **consent)


@st.composite
def fleets(draw: st.DrawFn) -> Fleet:
    names = [f"web-{number}" for number in range(draw(st.integers(1, 6)))]
    vaults: list[dict[str, Any]] = [{}, {"immutability": "Unlocked"}, {"softDelete": {"state": "Disabled"}}]
    return Fleet(
        {name: draw(st.sampled_from(sorted(FOUND))) for name in names},
        {name: draw(st.sampled_from(sorted(WISHED))) for name in names},
        draw(st.sampled_from(vaults)),
    )


@dataclass(frozen=True)
class Kept:
    """The backups of a VM: all that the box keeps of them, and until when each recovery point is there."""

    whole: dict[str, Any]
    ends: dict[str, datetime] = field(default_factory=dict)

    @property
    def deleted(self) -> bool:
        return bool(self.whole["deleted"])

    @classmethod
    def of(cls, item: dict[str, Any]) -> "Kept":
        *others, latest = item["recovery_points"] or [None]
        ends = {one["time"]: datetime.fromisoformat(one["expires"]) for one in others}
        if latest:
            ends[latest["time"]] = FOREVER
        if item["deleted"]:
            ends = dict.fromkeys(ends, datetime.fromisoformat(item["deleted"]) + timedelta(days=14))
        elif item["state"] == "ProtectionStopped":
            ends = dict.fromkeys(ends, FOREVER)
        return cls(item, ends)

    def loses(self, after: "Kept | None") -> bool:
        """Whether a point goes earlier than it would have."""
        return any(after is None or after.ends.get(time, end) < end for time, end in self.ends.items()) or (
            after is not None and not self.ends.keys() <= after.ends.keys()
        )


def kept(estate: Estate) -> dict[str, Kept]:
    """The backups of each VM, which is in one vault at most."""
    state = json.loads((estate.folder / ".sandbox" / "test.json").read_text(encoding="utf-8"))
    vaults = state["estate"]["subscriptions"][SUBSCRIPTION]["groups"]["rg-backup"]["vaults"].values()
    items = [item for one in vaults for item in one["items"].values()]
    by_vm = {item["vm"]: Kept.of(item) for item in items}
    assert len(by_vm) == len(items), "no VM is in two vaults"
    return by_vm


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(fleets(), st.sampled_from(RUNS))
def test_no_run_takes_more_than_was_agreed_to_and_all_converge(
    estate: Estate, cli: Cli, fleet: Fleet, run: tuple[tuple[str, ...], int | None]
) -> None:
    flags, stopped_at = run
    fleet.exists(estate)
    fleet.declare(estate)
    estate.on_exchange = lambda _: None
    plan, before = planned(estate, cli), kept(estate)
    estate.forget()
    if stopped_at is not None:
        stop_at(estate, stopped_at)
    first = cli("apply", *estate.sandboxed, ASK_NOT, *flags)
    judge(fleet, before, kept(estate), flags)
    assert first.status in (0, 1, 130)
    if first.status == 1:
        assert estate.writes() == []

    estate.on_exchange = lambda _: None
    again = cli("apply", *estate.sandboxed, ASK_NOT, *FLAGS)
    assert again.status == 0, again.out + again.err
    judge(fleet, before, kept(estate), FLAGS)
    assert planned(estate, cli)["actions"] == []
    sent = Counter(seen.path.rpartition(";")[2] for seen in estate.writes())
    assert sent == Counter(one["address"].rpartition("/")[2] for one in plan["actions"]), "nothing is sent twice"


def stop_at(estate: Estate, number: int) -> None:
    """Press Ctrl-C when the box has answered the n-th write."""

    def pressed(_: Exchange) -> None:
        if len(estate.writes()) == number:
            signal.raise_signal(signal.SIGINT)
            estate.on_exchange = lambda _: None

    estate.on_exchange = pressed


def judge(fleet: Fleet, before: dict[str, Kept], after: dict[str, Kept], flags: tuple[str, ...]) -> None:
    for name, was in before.items():
        now, wish = after.get(name), fleet.wished[name]
        if wish == "nothing" or fleet.found[name] == "held elsewhere":
            assert now == was, "nobody asked for anything"
        if was.loses(now):
            assert "--allow-destructive" in flags
        if not was.deleted and (now is None or now.deleted):
            assert (wish, "--allow-destructive" in flags) == ("deleted", True)
        if now is None:
            assert "--allow-one-way" in flags, "nothing keeps it any more"
    assert all(fleet.wished[name] not in ("nothing", "deleted") for name in after.keys() - before.keys())
