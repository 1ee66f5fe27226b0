"""How much one run may change: the VMs whose backups a plan changes, counted against what was agreed to.

What waits for the approval of a Resource Guard, itself or by a step before it, or for a later run, is not counted. A VM
that is changed twice, as by a stop and a deletion, counts once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from backup_reconciler.plan.action import (
    ChangePolicy,
    DeleteData,
    Migrate,
    Stop,
    Suspend,
    UpdatePolicy,
    VaultAction,
)
from backup_reconciler.plan.address import vault_address
from backup_reconciler.plan.carried_out import carried_out
from backup_reconciler.plan.finding import Finding, Severity, in_order
from backup_reconciler.plan.plan import Plan
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Place
from backup_reconciler.spec.max_changes import MaxChanges
from backup_reconciler.spec.rules.limits import CHANGE_LIMIT
from backup_reconciler.spec.settings import Limits, SettingsSpec
from backup_reconciler.state.snapshot import Snapshot

RUN = "Run"
"""The address of findings about the run as a whole."""

_STOPPING = (Stop, Suspend, DeleteData)
_COUNTED = (*_STOPPING, ChangePolicy, Migrate, UpdatePolicy)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What has been agreed to for a run."""

    settings: Declaration[SettingsSpec] | None = None
    max_changes: MaxChanges | None = None
    """What the command line says; it holds in the place of all limits of the settings."""

    @property
    def limits(self) -> Limits:
        stated = self.settings.spec.limits if self.settings else None
        return stated or Limits()

    def place_of(self, limit: str) -> Place | None:
        """Where the settings state a limit."""
        if self.settings is None or limit not in self.limits.model_fields_set:
            return None
        return self.settings.place_of("limits", limit)


def with_limits(plan: Plan, snapshot: Snapshot, agreed: Agreed) -> Plan:
    """The plan, with a finding for each limit that it exceeds; apply refuses one that has any."""
    changed, stopped = _vms(plan, _COUNTED), _vms(plan, _STOPPING)
    if agreed.max_changes is not None:
        exceeded: Iterable[Finding] = _over_what_was_agreed(_number(changed), snapshot, agreed.max_changes)
    else:
        exceeded = chain(
            _over_the_share(changed, snapshot, agreed),
            _over_the_stops(_number(stopped), agreed),
            _over_the_changes(_number(changed), agreed),
        )
    instead = f"look through the plan; if all of it is meant, add {option(plan)}"
    return replace(plan, findings=in_order([*plan.findings, *(replace(one, instead=instead) for one in exceeded)]))


def option(plan: Plan) -> str:
    """The option that agrees to what a plan changes, and to no more."""
    return f"--max-changes {_number(_vms(plan, _COUNTED))}"


def _over_the_share(changed: Mapping[ArmId, set[ArmId]], snapshot: Snapshot, agreed: Agreed) -> Iterator[Finding]:
    limits = agreed.limits
    for vault, vms in sorted(changed.items()):
        held = len(snapshot.vaults[vault].backups)
        most = held * limits.share // 100
        if held >= limits.population and len(vms) > most:
            may = f"one run may change {most} ({limits.share} %)"
            message = f"{len(vms)} of its {_told(held)} would be changed, and {may}"
            place, label = agreed.place_of("share"), f"vault {vault.name}"
            yield Finding(CHANGE_LIMIT, Severity.WARNING, vault_address(vault), label, message, place)


def _over_the_stops(number: int, agreed: Agreed) -> Iterator[Finding]:
    most = agreed.limits.stops
    if number > most:
        message = f"the backups of {_told(number)} would be stopped or deleted, and one run may do so for {most}"
        yield Finding(CHANGE_LIMIT, Severity.WARNING, RUN, "this run", message, agreed.place_of("stops"))


def _over_the_changes(number: int, agreed: Agreed) -> Iterator[Finding]:
    most = agreed.limits.changes
    if most is not None and number > most:
        message = f"{_told(number)} would be changed, and one run may change {most}"
        yield Finding(CHANGE_LIMIT, Severity.WARNING, RUN, "this run", message, agreed.place_of("changes"))


def _over_what_was_agreed(number: int, snapshot: Snapshot, max_changes: MaxChanges) -> Iterator[Finding]:
    most = max_changes.of(sum(len(contents.backups) for contents in snapshot.vaults.values()))
    if number > most:
        share = f" ({max_changes})" if max_changes.is_percent else ""
        message = f"{_told(number)} would be changed, and --max-changes agrees to {most}{share}"
        yield Finding(CHANGE_LIMIT, Severity.WARNING, RUN, "this run", message)


def _vms(plan: Plan, kinds: tuple[type[VaultAction], ...]) -> Mapping[ArmId, set[ArmId]]:
    """By vault, the VMs that actions of some kinds touch, of those that apply carries out."""
    touched: dict[ArmId, set[ArmId]] = defaultdict(set)
    for action in carried_out(plan.actions):
        if isinstance(action, kinds) and action.touched:
            touched[action.vault].update(action.touched)
    return touched


def _number(vms: Mapping[ArmId, set[ArmId]]) -> int:
    return sum(map(len, vms.values()))


def _told(number: int) -> str:
    return "1 VM" if number == 1 else f"{number} VMs"
