"""How much one run may change: the VMs whose backups a plan changes, counted against what was agreed to.

What waits for the approval of a Resource Guard, itself or by a step before it, or for a later run, is not counted. A VM
that is changed twice, as by a stop and a deletion, counts once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

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
from backup_reconciler.plan.measured import Limit, Measured
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.saved.saved_plan import SavedPlan
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Place
from backup_reconciler.spec.max_changes import MaxChanges
from backup_reconciler.spec.rules.limits import CHANGE_LIMIT
from backup_reconciler.spec.settings import Limits, SettingsSpec
from backup_reconciler.spec.shard import WHOLE, Shard
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


def with_limits(plan: Plan, snapshot: Snapshot, agreed: Agreed, approved: SavedPlan | None = None) -> Plan:
    """The plan, with a finding for each limit that it exceeds; apply refuses one that has any.

    Of a shard's plan that is carried out of one which was `approved` for all shards, that whole is held against the
    limits of a run; but not against a share of VMs, which only those of the shard are known for.
    """
    measured, shard = _measured(plan, snapshot, agreed), plan.shard
    if approved and not shard.is_whole and not (agreed.max_changes and agreed.max_changes.is_percent):
        changed, stopped = (len(_of_saved(approved, kinds)) for kinds in (_COUNTED, _STOPPING))
        measured, shard = replace(measured, changed=changed, stopped=stopped), WHOLE
    exceeded = [] if agreed.max_changes else list(_over_the_share(_vms(plan, _COUNTED), snapshot, agreed))
    return with_findings(plan, [*exceeded, *over_the_run(measured, shard)], measured)


def with_findings(plan: Plan, exceeded: Iterable[Finding], measured: Measured) -> Plan:
    """The plan with limits that it exceeds, and what to do about each."""
    instead = f"look through the plan; if all of it is meant, add {_option(measured.changed)}"
    findings = in_order([*plan.findings, *(replace(one, instead=instead) for one in exceeded)])
    return replace(plan, findings=findings, measured=measured)


def over_the_run(measured: Measured, shard: Shard = WHOLE) -> Iterator[Finding]:
    """A finding for each limit of a run as a whole that is exceeded.

    The settings are about all shards together, so that of a number that they state each has an equal share; what the
    command line agrees to is about the run that it is given to.
    """
    if measured.max_changes is not None:
        yield from _over_what_was_agreed(measured, measured.max_changes)
        return
    yield from _over(measured.stops, measured.stopped, shard, "stopped or deleted", "do so for", "the backups of ")
    if measured.changes is not None:
        yield from _over(measured.changes, measured.changed, shard, "changed", "change")


def option(plan: Plan) -> str:
    """The option that agrees to what a plan changes, and to no more."""
    return _option(plan.measured.changed if plan.measured else _number(_vms(plan, _COUNTED)))


def _option(number: int) -> str:
    return f"--max-changes {number}"


def _measured(plan: Plan, snapshot: Snapshot, agreed: Agreed) -> Measured:
    limits = agreed.limits
    changes = None if limits.changes is None else Limit(limits.changes, agreed.place_of("changes"))
    own = (contents for vault, contents in snapshot.vaults.items() if plan.shard.has(vault))
    return Measured(
        changed=_number(_vms(plan, _COUNTED)),
        stopped=_number(_vms(plan, _STOPPING)),
        held=sum(len(contents.backups) for contents in own),
        stops=Limit(limits.stops, agreed.place_of("stops")),
        changes=changes,
        max_changes=agreed.max_changes,
    )


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


def _over(limit: Limit, number: int, shard: Shard, done: str, may: str, what: str = "") -> Iterator[Finding]:
    most = limit.most // shard.count
    if number > most:
        of_one = f"one run may {may} {most}"
        if not shard.is_whole:
            of_one = f"all shards together may {may} {limit.most}, and this one may {may} {most}"
        message = f"{what}{_told(number)} would be {done}, and {of_one}"
        yield Finding(CHANGE_LIMIT, Severity.WARNING, RUN, "this run", message, limit.place)


def _over_what_was_agreed(measured: Measured, max_changes: MaxChanges) -> Iterator[Finding]:
    most = max_changes.of(measured.held)
    if measured.changed > most:
        share = f" ({max_changes})" if max_changes.is_percent else ""
        message = f"{_told(measured.changed)} would be changed, and --max-changes agrees to {most}{share}"
        yield Finding(CHANGE_LIMIT, Severity.WARNING, RUN, "this run", message)


def _vms(plan: Plan, kinds: tuple[type[VaultAction], ...]) -> Mapping[ArmId, set[ArmId]]:
    """By vault, the VMs that actions of some kinds touch, of those that apply carries out."""
    touched: dict[ArmId, set[ArmId]] = defaultdict(set)
    for action in carried_out(plan.actions):
        if isinstance(action, kinds):
            touched[action.vault].update(action.touched)
    return touched


def _of_saved(plan: SavedPlan, kinds: tuple[type[VaultAction], ...]) -> set[tuple[str, str]]:
    """The VMs, each with its vault, that actions of some kinds touch which no Resource Guard has to approve."""
    verbs = {kind.verb for kind in kinds}
    touched = (action.basis for action in plan.actions if action.verb in verbs and not action.basis["guard"])
    return {
        (str(basis["vault"]).casefold(), str(vm).casefold())
        for basis in touched
        for vm in basis.get("vms", [basis.get("vm")])
    }


def _number(vms: Mapping[ArmId, set[ArmId]]) -> int:
    return sum(map(len, vms.values()))


def _told(number: int) -> str:
    return "1 VM" if number == 1 else f"{number} VMs"
