"""What the service would refuse of a policy for what it is beside the settings that no manifest states.

The validator has judged what the manifest states. Here the unstated settings are those of the live policy, because the
service judges the whole.
"""

from collections.abc import Iterator

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings
from backup_reconciler.spec.policy_rules import Breach, breaches


def refusals(
    declaration: Declaration[BackupPolicySpec],
    found: PolicySettings,
    changes: tuple[Change, ...],
    address: str,
    label: str,
) -> Iterator[Finding]:
    """A finding for each rule that would be broken; the first tells how the policy differs."""
    stated = declaration.spec.stated()
    for breach in breaches(_with_unstated(declaration.spec, found)):
        ours = [path for path in breach.paths if path[0] in stated]
        if ours:  # what is wrong with the live policy by itself the service has taken before
            theirs = [str(path[0]) for path in breach.paths if path[0] not in stated]
            place, drift = declaration.place_of(*ours[0]), DriftState.DIFFERS if changes else None
            message = _message(breach, theirs)
            yield Finding(breach.rule, Severity.BLOCKED, address, label, message, place, drift, changes)
            changes = ()


def _with_unstated(spec: BackupPolicySpec, found: PolicySettings) -> BackupPolicySpec:
    """The policy as it would be: stated settings over live ones."""
    unstated = {name: value for name, value in found if getattr(spec, name) is None}
    return spec.model_copy(update=unstated)


def _message(breach: Breach, unstated: list[str]) -> str:
    return f"{breach.what}; the {unstated[0]} is Azure's, none is stated" if unstated else breach.what
