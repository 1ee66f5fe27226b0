"""The rights that declared outbound access takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from backup_reconciler.plan.outbound.scope import network_scope
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.plan.permissions.need import Need, Permission, Purpose, needs, subscription
from backup_reconciler.plan.permissions.protection import LIST_VMS, vm_scopes
from backup_reconciler.plan.permissions.readiness import NETWORK
from backup_reconciler.spec.arm_id import ArmId, resource_group_of
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.outbound import OutboundMethod

_NETWORK = "Microsoft.Network"
_RULES = f"{_NETWORK}/networkSecurityGroups/securityRules"
_READ_RULES = Permission(f"{_RULES}/read", "reads a security rule before and after it is written")
_WRITE_RULES = Permission(f"{_RULES}/write", "writes security rules, one by one")
_DELETE_RULES = Permission(f"{_RULES}/delete", "deletes the security rules that an earlier run wrote")
_COMMANDS = "Microsoft.Compute/virtualMachines/runCommands"
_READ_COMMANDS = Permission(f"{_COMMANDS}/read", "sees which scripts ran in VMs, and how they ended")
_RUN = Permission(f"{_COMMANDS}/write", "runs the scripts in VMs that make them use the proxy, or use it no more")
_DELETE_COMMANDS = Permission(f"{_COMMANDS}/delete", "deletes the run commands whose work is undone")
_WRITE_GROUPS = Permission(
    f"{_NETWORK}/firewallPolicies/ruleCollectionGroups/write", "writes the rule collection group of the firewall policy"
)
_WRITE_FIREWALL = (
    Permission(f"{_NETWORK}/azureFirewalls/write", "writes the rules of the firewall, which is written whole"),
    Permission(f"{_NETWORK}/virtualNetworks/subnets/join/action", "writes a firewall: Azure asks for it on its subnet"),
    Permission(
        f"{_NETWORK}/publicIPAddresses/join/action", "writes a firewall: Azure asks for it on its public addresses"
    ),
)
"""Source: Learn, "About roles and permissions for Azure Firewall": create new or update existing."""


def of_outbound(manifests: Manifests) -> Iterator[Need]:
    """What reading networks, and opening ways out of them, takes."""
    for document in manifests.outbound:
        yield from _read(document, manifests)
        yield from _OF_METHOD[document.spec.method](document, manifests)


def _read(document: Outbound, manifests: Manifests) -> Iterator[Need]:
    """The networks, and the VMs in them; a firewall may lie in another subscription."""
    scope = network_scope(_alone(document, manifests))
    places = {
        *map(subscription, scope.subscriptions),
        *map(resource_group_of, scope.firewalls | scope.firewall_policies),
    }
    yield from needs(NETWORK, [document], places)
    vms = scope.vm_subscriptions | scope.status_subscriptions
    yield from needs([LIST_VMS] if vms else [], [document], map(subscription, vms))


def _alone(document: Outbound, manifests: Manifests) -> Manifests:
    return Manifests(vaults=manifests.vaults, assignments=manifests.assignments, outbound=(document,))


# ---- what each method writes ---------------------------------------------------------------------------------------


def _of_nsg(document: Outbound, manifests: Manifests) -> Iterator[Need]:
    """Only named groups are known beforehand; those of VMs and subnets may lie anywhere in their subscriptions."""
    named = [resource_group_of(ArmId(id_)) for id_ in document.spec.for_.network_security_groups or ()]
    others = [ArmId(id_).subscription for id_ in document.spec.for_.subnets or ()]
    around = [one.subscription for one in _vm_places(document, manifests)]
    yield from _rules(document, [*named, *map(subscription, (*others, *around))])


def _of_proxy(document: Outbound, manifests: Manifests) -> Iterator[Need]:
    proxy = document.spec.proxy
    machine = ArmId(proxy.vm) if proxy and proxy.vm else None
    own = [resource_group_of(machine)] if machine else []
    subnets = [subscription(ArmId(id_).subscription) for id_ in document.spec.for_.subnets or ()]
    places = [*_vm_places(document, manifests), *subnets, *own]
    statuses = map(subscription, network_scope(_alone(document, manifests)).status_subscriptions)
    yield from needs([_READ_COMMANDS], [document], statuses)
    deleting = [_DELETE_COMMANDS] if document.spec.state == "absent" else []
    yield from needs([_RUN, *deleting], [document], places, Purpose.APPLY)
    if machine:
        yield from _rules(document, [subscription(machine.subscription)])


def _of_firewall(document: Outbound, _: Manifests) -> Iterator[Need]:
    rules = document.spec.firewall
    if rules and rules.azure_firewall:
        firewall = ArmId(rules.azure_firewall)
        write, *joins = _WRITE_FIREWALL
        yield from needs([write], [document], [resource_group_of(firewall)], Purpose.APPLY)
        yield from needs(joins, [document], [subscription(firewall.subscription)], Purpose.APPLY)
    if rules and rules.firewall_policy:
        yield from needs([_WRITE_GROUPS], [document], [resource_group_of(ArmId(rules.firewall_policy))], Purpose.APPLY)


_OF_METHOD: Mapping[OutboundMethod, Callable[[Outbound, Manifests], Iterator[Need]]] = {
    "nsg": _of_nsg,
    "proxy": _of_proxy,
    "firewall": _of_firewall,
}


def _rules(document: Outbound, places: Iterable[ArmId]) -> list[Need]:
    writing = [_DELETE_RULES] if document.spec.state == "absent" else [_WRITE_RULES]
    return needs([_READ_RULES, *writing], [document], places, Purpose.APPLY)


def _vm_places(document: Outbound, manifests: Manifests) -> Iterator[ArmId]:
    named = {handle.casefold() for handle in document.spec.for_.assignments or ()}
    for assignment in manifests.assignments:
        if assignment.handle.casefold() in named:
            yield from vm_scopes(assignment, manifests)
