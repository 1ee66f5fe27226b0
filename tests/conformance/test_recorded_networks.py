"""Interfaces and virtual networks as Azure was seen to write them are understood, all that is asked of them."""

from typing import Any

import pytest

from backup_reconciler.azure.codec.network import interface, virtual_network
from backup_reconciler.state.network.interface import Interface
from backup_reconciler.state.network.virtual_network import VirtualNetwork
from tests.conformance.recorded import recording

RECORDINGS = ["job", "policy", "protection"]


def recorded(name: str, kind: str) -> list[dict[str, Any]]:
    """Every body of that kind, of a list or alone."""
    paths = f"/providers/Microsoft.Network/{kind}"
    bodies = [one["response"] for one in recording(name) if paths in one["path"]]
    return [each for body in bodies for each in body.get("value", [body])]


def interfaces(name: str) -> list[Interface]:
    return [interface.decode(one) for one in recorded(name, "networkInterfaces")]


def networks(name: str) -> list[VirtualNetwork]:
    return [virtual_network.decode(one) for one in recorded(name, "virtualNetworks")]


@pytest.mark.parametrize("name", RECORDINGS)
def test_an_interface_is_its_vms_way_to_the_world(name: str) -> None:
    found = interfaces(name)
    assert found
    for one in found:
        outgoing = one.outgoing
        assert outgoing is not None
        assert one.primary
        assert one.vm is not None
        assert one.vm.name in one.id.name
        assert one.security_group is not None
        assert (outgoing.address or "").startswith("10.0.0.")
        assert outgoing.public_ip is not None


def test_every_interface_lies_in_a_subnet_of_a_network_that_was_recorded() -> None:
    subnets = {subnet.id: subnet for network in networks("policy") for subnet in network.subnets.values()}
    for one in interfaces("policy"):
        assert one.outgoing is not None
        assert one.outgoing.subnet is not None
        subnet = subnets[one.outgoing.subnet]
        assert subnet.prefixes == ("10.0.0.0/24",)
        assert subnet.default_outbound, "the api-version of the recording does not know private subnets"
