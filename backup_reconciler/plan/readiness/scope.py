"""What has to be read to tell whether VMs are ready to be backed up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from backup_reconciler.plan.outbound.scope import network_scope
from backup_reconciler.plan.readiness.candidate import Candidate, readiness_scope
from backup_reconciler.plan.readiness.need import needs_network, tells_no_error
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.readiness import ReadinessScope
from backup_reconciler.state.snapshot import Snapshot


def scope_of_check(candidates: Sequence[Candidate], manifests: Manifests, snapshot: Snapshot) -> ReadinessScope:
    """Of a check: the networks of all its VMs, and why their last backups failed."""
    scope = _with_networks(readiness_scope(candidates), candidates, manifests, snapshot)
    return replace(scope, failures=_failures(candidates))


def scope_of_plan(candidates: Sequence[Candidate], manifests: Manifests, snapshot: Snapshot) -> ReadinessScope:
    """Of a plan: the networks of those VMs alone that are known to need them."""
    return _with_networks(readiness_scope(candidates), filter(needs_network, candidates), manifests, snapshot)


def _with_networks(
    scope: ReadinessScope, candidates: Iterable[Candidate], manifests: Manifests, snapshot: Snapshot
) -> ReadinessScope:
    """The scope with the networks of these VMs, as far as the snapshot does not have them."""
    known = snapshot.network
    read = network_scope(manifests).subscriptions if known else frozenset[str]()
    return replace(
        scope,
        networks=frozenset(one.subscription for one in candidates) - read,
        service_tags=not (known and known.service_tags.prefixes),
    )


def _failures(candidates: Iterable[Candidate]) -> Mapping[ArmId, frozenset[ArmId]]:
    """By vault, the VMs whose last backup failed for a reason that only jobs tell."""
    found: dict[ArmId, set[ArmId]] = defaultdict(set)
    for one in filter(tells_no_error, candidates):
        found[one.vault].add(one.vm.id)
    return {vault: frozenset(vms) for vault, vms in found.items()}
