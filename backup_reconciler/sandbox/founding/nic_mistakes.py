"""What of the network interfaces of a world's VMs does not fit."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.founding.references import network_reference, part_reference, subnet_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backup_reconciler.sandbox.core.estate import Json
    from backup_reconciler.sandbox.world.base import Trail
    from backup_reconciler.sandbox.world.network import NicModel
    from backup_reconciler.sandbox.world.world import World

_KEPT = 5
"""Addresses of a subnet that Azure keeps (Learn: virtual-networks-faq)."""


def nic_mistakes(world: World, known: Mapping[str, Json]) -> list[tuple[Trail, str]]:
    """References to nothing, addresses that do not fit or are taken, names that are given twice."""
    problems: list[tuple[Trail, str]] = []
    names: set[str] = set()
    addresses: set[tuple[str, str]] = set()
    members: Counter[str] = Counter()
    for at, nic, name in _nics(world):
        subscription, group = str(at[1]), str(at[3])
        if fold(f"{subscription}/{group}/{name}") in names:
            problems.append((at, f"the name '{name}' is taken by another interface of the group; give it another one"))
        names.add(fold(f"{subscription}/{group}/{name}"))
        missing = [told for told, reference in _references(nic, subscription, group) if fold(reference) not in known]
        problems += [(at, f"'{told}' is not in this world; name a resource as name, group/name or by its id")
                     for told in missing]  # fmt: skip
        subnet = fold(subnet_reference(nic.subnet, subscription, group))
        if subnet not in known:
            continue
        prefix = str(known[subnet]["addressPrefix"])
        members[subnet] += 1
        if members[subnet] == ip_network(prefix).num_addresses - _KEPT + 1:
            problems.append((at, f"the subnet '{nic.subnet}' has no address left; make its prefix {prefix} shorter"))
        if nic.private_ip is None:
            continue
        if not _fits(nic.private_ip, prefix):
            problems.append(((*at, "privateIp"), f"'{nic.private_ip}' is no address of its subnet, which has {prefix}"))
        elif (subnet, nic.private_ip) in addresses:
            problems.append(((*at, "privateIp"), f"'{nic.private_ip}' is taken by another interface"))
        addresses.add((subnet, nic.private_ip))
    return problems


def _nics(world: World) -> Iterator[tuple[Trail, NicModel, str]]:
    """Every stated interface, where it stands, and its name."""
    for subscription_id, subscription in world.subscriptions.items():
        for group_name, group in subscription.resource_groups.items():
            for vm_name, vm in group.virtual_machines.items():
                for index, nic in enumerate(vm.nics):
                    at: Trail = ("subscriptions", subscription_id, "resourceGroups", group_name)
                    here = (*at, "virtualMachines", vm_name, "nics", index)
                    yield here, nic, nic_name(vm_name, index, nic)


def nic_name(vm: str, index: int, nic: NicModel) -> str:
    """An interface's name; the first of a VM is named as az names it."""
    return nic.name or f"{vm}VMNic{index + 1 if index else ''}"


def _references(nic: NicModel, subscription: str, group: str) -> Iterator[tuple[str, str]]:
    """What an interface names, as told and as an id."""
    yield nic.subnet, subnet_reference(nic.subnet, subscription, group)
    if nic.network_security_group:
        told = nic.network_security_group
        yield told, network_reference(told, "networkSecurityGroups", subscription, group)
    for told in nic.application_security_groups:
        yield told, network_reference(told, "applicationSecurityGroups", subscription, group)
    for told in nic.backend_address_pools:
        yield told, part_reference(told, "loadBalancers", "backendAddressPools", subscription, group)


def _fits(address: str, prefix: str) -> bool:
    """Inside the subnet, and not one of the addresses that Azure keeps."""
    network = ip_network(prefix)
    try:
        place = int(ip_address(address)) - int(network.network_address)
    except ValueError:
        return False
    return 4 <= place < network.num_addresses - 1
