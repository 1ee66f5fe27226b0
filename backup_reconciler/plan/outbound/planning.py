"""Planning outbound access: each method its own way."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.outbound.firewall.absence import tell_left
from backup_reconciler.plan.outbound.firewall.as_planned import with_firewalls_as_planned
from backup_reconciler.plan.outbound.firewall.planning import plan_firewalls
from backup_reconciler.plan.outbound.nsg.planning import plan_security_rules
from backup_reconciler.plan.outbound.nsg.standing import tell_undeclared
from backup_reconciler.plan.outbound.proxy.planning import plan_proxies
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.outbound import OutboundMethod
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.snapshot import Snapshot

Opened = Iterable[tuple[ArmId, str]]
"""VMs, each with the id of an action that opens its way out."""

_PLANNERS: Mapping[OutboundMethod, Callable[[Sequence[Outbound], Targets, Network, Draft], Opened]] = {
    "firewall": plan_firewalls,
    "nsg": plan_security_rules,
    "proxy": plan_proxies,
}
"""In the order in which they plan: what is said of security rules depends on what firewalls will let through."""


def plan_outbound(manifests: Manifests, snapshot: Snapshot, draft: Draft) -> Mapping[ArmId, tuple[str, ...]]:
    """Decide what to do for all outbound access; returns what a VM's first backup has to wait for, by VM."""
    network = snapshot.network
    if not manifests.outbound or network is None:
        return {}
    targets = Targets.of(manifests, snapshot, network)
    opened: dict[ArmId, list[str]] = defaultdict(list)
    around = network  # as those methods leave it that have been planned
    for method, plan in _PLANNERS.items():
        documents = [one for one in manifests.outbound if one.spec.method == method]
        for vm, action in plan(documents, targets, around, draft) if documents else ():
            opened[vm].append(action)
        around = with_firewalls_as_planned(network, draft)
    tell_left((one for one in manifests.outbound if one.spec.method == "firewall"), network, draft)
    tell_undeclared((one.handle for one in manifests.outbound if one.spec.method != "firewall"), network, draft)
    return {vm: tuple(actions) for vm, actions in opened.items()}
