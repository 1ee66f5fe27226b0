"""A plan, whole and ordered."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from backup_reconciler.plan.action import AnyAction, Risk
from backup_reconciler.plan.address import kind_rank
from backup_reconciler.plan.carried_out import carried_out
from backup_reconciler.plan.coverage import Coverage
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.measured import Measured
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.shard import WHOLE, Shard
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.reading import BY_LISTS, Reading


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Something declared that needs no action, and why not."""

    address: str
    label: str
    reason: str


class WhyHeld(StrEnum):
    """Why an action is left out of a plan."""

    BLOCKED = "blocked"
    """What it needs is blocked."""
    LATER_WAVE = "later wave"
    """It moves a VM to an Enhanced policy, and others go before it."""
    WRITE_BUDGET = "write budget"
    """Others use up the writes of policies that the service takes in a day."""
    KEY = "key"
    """A vault gets its customer-managed key before it holds backups, and cannot get it in this run."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An action that is left out, as if it had not been asked for."""

    action: AnyAction
    because: str
    """The address that is blocked, or that goes before it."""
    why: WhyHeld

    @property
    def rank(self) -> tuple[object, ...]:
        """What they stand in order by: vaults first, then policies, and what is to go comes last; those that are told
        together follow each other.
        """
        action = self.action
        goes = action.verb.startswith("delete")
        return self.why.value, goes, kind_rank(action.address), action.verb, action.place, action.address


class WhyKept(StrEnum):
    """Why recovery points never expire and go on costing, until somebody deletes them."""

    STOPPED = "stopped"
    """No more backups, and every recovery point is kept."""
    VM_GONE = "VM gone"
    """Its policy still counts, and the latest point outlives it (source: Microsoft Q&A 5745524, on expired points)."""


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup whose recovery points are kept without an end."""

    address: str
    label: str
    item: LiveItem
    why: WhyKept = WhyKept.STOPPED


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, in an order in which it can be done, and what there is to say."""

    as_of: date
    """The day that it is made for, in UTC."""
    actions: tuple[AnyAction, ...] = ()
    findings: tuple[Finding, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()
    held_back: tuple[HeldBack, ...] = ()
    doubtful: tuple[ArmId, ...] = ()
    """VMs to be protected of which Resource Graph and the lists leave open which vault holds them, by their ids."""
    coverage: Coverage | None = None
    """Which VMs have a backup once it is carried out; None where no VMs were looked for."""
    coverage_now: Coverage | None = None
    """Which VMs have a backup before that."""
    kept: tuple[KeptBackup, ...] = ()
    """The backups that are kept now without an end: those that are stopped, and those whose VM is gone."""
    opened: frozenset[ArmId] = frozenset()
    """The VMs whose way out it opens."""
    reads: int = 0
    """HTTP requests that reading Azure took."""
    measured: Measured | None = None
    """How much it changes against what was agreed to; None where that is not judged, as in a drift report."""
    shard: Shard = WHOLE
    """Which part of the manifests' vaults it is about."""
    missing: tuple[Shard, ...] = ()
    """The shards that it does not tell of, though it is joined from several."""
    others: frozenset[ArmId] = field(default=frozenset(), repr=False)
    """The VMs that are known, and that other shards tell of."""
    reading: Reading = BY_LISTS
    """How that was done."""

    def count_by_verb(self) -> Counter[str]:
        return Counter(action.verb for action in self.actions)

    @property
    def blocked(self) -> int:
        """How many declarations cannot be carried out."""
        return len(self.findings_of(Severity.BLOCKED)) + len(self.held(WhyHeld.BLOCKED))

    @property
    def postponed(self) -> int:
        """How many actions a later run carries out."""
        return len(self.held_back) - len(self.held(WhyHeld.BLOCKED))

    def held(self, why: WhyHeld) -> list[HeldBack]:
        return [held for held in self.held_back if held.why is why]

    def findings_of(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is severity]

    def of_risk(self, risk: Risk) -> list[AnyAction]:
        """The actions that need this consent; what a Resource Guard has to approve is left out by apply anyway."""
        return [action for action in carried_out(self.actions) if risk in action.risks]
