"""What a vault has no room for: the service takes so many policies and VMs, those that no manifest declares included.

The validator has counted what manifests name. Here what Azure has is counted too, and the VMs that patterns select.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.plan.action import CreatePolicy, Protect
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.spec.limits import MOST_POLICIES, MOST_VMS
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.policy import POLICIES_PER_VAULT
from backup_reconciler.spec.rules.protection import VMS_PER_VAULT
from backup_reconciler.state.snapshot import Snapshot

if TYPE_CHECKING:
    from backup_reconciler.spec.arm_id import ArmId

_Coming = CreatePolicy | Protect


def keep_to_the_room(snapshot: Snapshot, draft: Draft) -> None:
    """Block, vault by vault and in the order of their addresses, the policies and VMs that come too late to fit in.

    Policies of other kinds than VMs' take up room as well and are not read: of those the service itself has to tell.
    """
    policies: dict[ArmId, list[_Coming]] = defaultdict(list)
    vms: dict[ArmId, list[_Coming]] = defaultdict(list)
    for action in draft.actions.values():
        if isinstance(action, CreatePolicy):
            policies[action.vault].append(action)
        elif isinstance(action, Protect) and action.found is None:
            vms[action.vault].append(action)
    for vault, coming in policies.items():
        there = len(snapshot.vaults[vault].policies) if vault in snapshot.vaults else 0
        _block_surplus(coming, there, MOST_POLICIES, POLICIES_PER_VAULT, draft)
    for vault, coming in vms.items():
        there = len(snapshot.vaults[vault].items) if vault in snapshot.vaults else 0
        _block_surplus(coming, there, MOST_VMS, VMS_PER_VAULT, draft)


def _block_surplus(coming: Sequence[_Coming], there: int, most: int, rule: Rule, draft: Draft) -> None:
    surplus = sorted(coming, key=lambda action: action.address)[max(most - there, 0) :]
    message = f"the vault has {there:,}, {len(coming):,} are to come, and it takes {most:,}"
    draft.refuse({action.id: _missing(action, rule, message) for action in surplus})


def _missing(action: _Coming, rule: Rule, message: str) -> Finding:
    found = Finding(rule, Severity.BLOCKED, action.address, action.label, message, action.place)
    return replace(found, drift=DriftState.MISSING, changes=action.changes)
