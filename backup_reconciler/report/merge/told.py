"""Actions as the JSON of a plan tells them: enough to be told again, and not enough to be carried out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from backup_reconciler.plan.action import Action, AnyAction, BindAction, Risk, VMAction
from backup_reconciler.plan.action.base import VaultAction
from backup_reconciler.plan.plan import HeldBack, WhyHeld
from backup_reconciler.plan.runs import Account, NextRuns, Reading
from backup_reconciler.report.data.held_back import HeldBackData
from backup_reconciler.report.data.plan import ActionData
from backup_reconciler.report.data.runs import ClockChangeData, NextRunsData, RunData
from backup_reconciler.report.merge.places import change_of, place_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.time_zones import ClockChange, clock


@dataclass(frozen=True, kw_only=True)
class _Told(Action):
    """An action that was told."""

    told_verb: str
    vms: tuple[ArmId, ...] = ()

    @property
    def verb(self) -> str:  # type: ignore[override]  # of a class that stands for many verbs
        return self.told_verb

    @property
    def touched(self) -> tuple[ArmId, ...]:
        return self.vms


@dataclass(frozen=True, kw_only=True)
class _ToldOfVault(_Told, VaultAction):
    """One on a vault, or on something in it."""


@dataclass(frozen=True, kw_only=True)
class _ToldOfVM(_Told, VMAction):
    """One on the backup of a VM."""

    found: None = None


@dataclass(frozen=True, kw_only=True)
class _ToldBinding(_Told, BindAction):
    """One that binds a VM to a policy."""

    found: None = None


def action_of(data: ActionData, as_of: date) -> AnyAction:
    """The action that is told; whoever only tells of actions need not know that it is no other."""
    fields: dict[str, Any] = {
        "told_verb": data.verb,
        "address": data.address,
        "label": data.label,
        "changes": tuple(map(change_of, data.changes)),
        "data_effect": data.data_effect,
        "risks": frozenset(map(Risk, data.risks)),
        "place": place_of(data.source, data.column),
        "depends_on": tuple(data.depends_on),
        "guard": data.needs_approval or "",
        "earliest": data.earliest,
        "runs": _runs_of(data.next_runs, as_of) if data.next_runs else None,
        "vms": tuple(map(ArmId, data.vms)),
    }
    if data.vault is None:
        return cast("AnyAction", _Told(**fields))
    fields["vault"] = ArmId(data.vault)
    if not data.address.startswith("Protection/"):
        return cast("AnyAction", _ToldOfVault(**fields))
    fields["vm"] = ArmId(data.vms[0])
    if data.policy is None:
        return cast("AnyAction", _ToldOfVM(**fields))
    return cast("AnyAction", _ToldBinding(**fields, policy=ArmId(data.policy)))


def held_of(data: HeldBackData) -> HeldBack:
    """The action that is left out, as far as a report tells it."""
    told = _Told(
        told_verb=data.verb,
        address=data.address,
        label=data.label,
        changes=(),
        data_effect="",
        place=place_of(data.source, data.column),
    )
    return HeldBack(cast("AnyAction", told), data.because, WhyHeld(data.why))


# ---- runs ----------------------------------------------------------------------------------------------------------


def _runs_of(data: NextRunsData, as_of: date) -> NextRuns:
    readings = (
        Reading(
            account=Account(one.account),
            runs=tuple(map(_moment, one.runs)),
            before=_moment(one.last_before_clock_change) if one.last_before_clock_change else None,
            after=_moment(one.first_after_clock_change) if one.first_after_clock_change else None,
        )
        for one in data.readings
    )
    change = data.clock_change
    return NextRuns(
        since=as_of,
        time_zone=data.time_zone,
        written_in=data.written_in,
        readings=tuple(readings),
        clock_change=_clock_change(change, data.time_zone) if change else None,
    )


def _moment(data: RunData) -> datetime:
    """With the local offset. Raises `ValueError` or `OverflowError` where UTC has no such moment."""
    local = datetime.fromisoformat(data.local)
    return local.astimezone(UTC).astimezone(local.tzinfo)


def _clock_change(data: ClockChangeData, time_zone: str) -> ClockChange:
    at = datetime.fromisoformat(data.utc).astimezone(clock(time_zone))
    return ClockChange(at, timedelta(minutes=data.minutes))
