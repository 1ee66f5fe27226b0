"""What has to be read of the network to plan the outbound access that is declared."""

from collections.abc import Iterator

from backup_reconciler.plan.selection.target import looked_in
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.state.network.network import NetworkScope

Outbound = Declaration[OutboundAccessSpec]


def network_scope(manifests: Manifests) -> NetworkScope:
    """What to read; nothing where no outbound access is declared."""
    documents = manifests.outbound
    by_assignments = {one for each in documents for one in _of_assignments(each, manifests)}
    by_ids = {id_.subscription.casefold() for each in documents for id_ in _vms_beyond_assignments(each)}
    groups = {ArmId(id_).subscription.casefold() for each in documents for id_ in _security_groups(each)}
    proxies = [each for each in documents if each.spec.method == "proxy"]
    rules = [each.spec.firewall for each in documents if each.spec.firewall]
    return NetworkScope(
        subscriptions=frozenset(by_assignments | by_ids | groups),
        vm_subscriptions=frozenset(by_ids - by_assignments),
        status_subscriptions=frozenset(name for each in proxies for name in _vm_subscriptions(each, manifests)),
        firewalls=frozenset(ArmId(one.azure_firewall) for one in rules if one.azure_firewall),
        firewall_policies=frozenset(ArmId(one.firewall_policy) for one in rules if one.firewall_policy),
    )


def _vm_subscriptions(document: Outbound, manifests: Manifests) -> set[str]:
    beyond = {id_.subscription.casefold() for id_ in _vms_beyond_assignments(document)}
    return beyond.union(_of_assignments(document, manifests))


def _of_assignments(document: Outbound, manifests: Manifests) -> Iterator[str]:
    named = {handle.casefold() for handle in document.spec.for_.assignments or ()}
    for assignment in manifests.assignments:
        if assignment.handle.casefold() in named:
            yield from looked_in(assignment, manifests)


def _vms_beyond_assignments(document: Outbound) -> Iterator[ArmId]:
    """What names VMs without an assignment: their subnets, the VM that is a proxy, and the groups in front of VMs
    whose disks decide about a port."""
    yield from map(ArmId, document.spec.for_.subnets or ())
    if document.spec.security_rules().port == "byDiskKind":
        yield from map(ArmId, _security_groups(document))
    if document.spec.proxy and document.spec.proxy.vm:
        yield ArmId(document.spec.proxy.vm)


def _security_groups(document: Outbound) -> tuple[str, ...]:
    return document.spec.for_.network_security_groups or ()
