"""What the service would refuse of a policy that is to be created or changed.

The validator has judged what the manifest states. Here the unstated settings are those of the live policy, and the
vault and its VMs are what they are, because the service judges the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.policy.retention import shortened
from backup_reconciler.plan.vaults_after import is_immutable
from backup_reconciler.spec.document import Declaration, FieldPath
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings
from backup_reconciler.spec.policy_rules import breaches
from backup_reconciler.spec.policy_rules.archive import moves
from backup_reconciler.spec.policy_rules.retention import is_daily_count
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.policy import IMMUTABLE_RETENTION
from backup_reconciler.spec.rules.retention import ARCHIVE_REDUNDANCY, DAILY_RETENTION
from backup_reconciler.spec.vault import VaultSettings

_DAYS: FieldPath = ("retention", "daily", "days")
_ARCHIVE: FieldPath = ("archiveTier", "mode")


@dataclass(frozen=True, slots=True)
class Judged:
    """One policy in one vault, as it would be."""

    declaration: Declaration[BackupPolicySpec]
    address: str
    label: str
    after: PolicySettings
    """What is stated, and for the rest what Azure has or a new policy gets."""
    found: PolicySettings | None
    """What Azure has; None where there is no such policy yet."""
    vault: VaultSettings
    """What the vault will be."""
    bound: bool
    """Whether it backs up VMs."""


def refusals(judged: Judged, changes: tuple[Change, ...]) -> Iterator[Finding]:
    """A finding for each rule that would be broken; the first tells how the policy differs."""
    drift = DriftState.MISSING if judged.found is None else DriftState.DIFFERS
    for rule, message, path, instead in _broken(judged):
        yield Finding(
            rule,
            Severity.BLOCKED,
            judged.address,
            judged.label,
            message,
            judged.declaration.place_of(*path),
            drift if changes else None,
            changes,
            instead,
        )
        changes = ()


def kept_from_before(declaration: Declaration[BackupPolicySpec], address: str, label: str) -> Iterator[Finding]:
    """A declared count that the service has from before a rule of today: it goes on, and can only be raised."""
    kept = declaration.spec.retention
    if kept is not None and kept.daily is not None and not is_daily_count(kept.daily.days):
        message = f"it keeps daily points for {kept.daily.days} days, so the service takes no other change of it"
        yield Finding(DAILY_RETENTION, Severity.WARNING, address, label, message, declaration.place_of(*_DAYS))


class _Broken(NamedTuple):
    """A broken rule, what is so here, the field to blame, and what to do where the rule's own advice does not fit."""

    rule: Rule
    message: str
    path: FieldPath
    instead: str = ""


def _broken(judged: Judged) -> Iterator[_Broken]:
    stated = judged.declaration.spec.stated()
    yield from _combinations(judged, stated)
    yield from _daily_count(judged.after, stated)
    if moves(judged.after.archive_tier) and judged.vault.redundancy == "ZoneRedundant":
        yield _Broken(ARCHIVE_REDUNDANCY, "the vault is zone-redundant, and has no archive tier", _ARCHIVE)
    if judged.bound and is_immutable(judged.vault) and judged.found is not None:
        before, after = judged.found.retention, judged.after.retention
        for loss in shortened(before, after) if before and after else ():
            message = f"the vault is immutable, and VMs are bound to the policy: {loss}"
            yield _Broken(IMMUTABLE_RETENTION, message, ("retention",))


def _combinations(judged: Judged, stated: dict[str, object]) -> Iterator[_Broken]:
    whole = judged.declaration.spec.model_copy(update=dict(judged.after))
    for breach in breaches(whole):
        ours = [path for path in breach.paths if path[0] in stated]
        if ours:  # what is wrong with the live policy by itself the service has taken before
            unstated = next((path[0] for path in breach.paths if path[0] not in stated), None)
            if unstated is None:
                yield _Broken(breach.rule, breach.what, ours[0])
            else:
                message = f"{breach.what}; the {unstated} is Azure's, none is stated"
                instead = f"state {unstated} as well, one that goes with this {ours[0][0]}"
                yield _Broken(breach.rule, message, ours[0], instead)


def _daily_count(after: PolicySettings, stated: dict[str, object]) -> Iterator[_Broken]:
    """Unlike other things from before, this one the service holds against every change."""
    daily = after.retention.daily if after.retention else None
    if daily is not None and not is_daily_count(daily.days):
        whose = "" if "retention" in stated else "; the retention is Azure's, none is stated"
        message = f"it would keep daily points for {daily.days} days, and the service takes no such policy any more"
        yield _Broken(DAILY_RETENTION, message + whose, _DAYS)
