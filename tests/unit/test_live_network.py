"""Reading the network: what is asked for beyond the lists, and what becomes of it when it is not to be had."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from backup_reconciler.azure.errors import AzureError, NotAllowed
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.live import read_network
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network, NetworkScope
from tests.unit.fakes import Answer, road

NETWORKS = "/resourceGroups/rg/providers/Microsoft.Network"
HERE, ELSEWHERE = f"/subscriptions/s{NETWORKS}", f"/subscriptions/other{NETWORKS}"
LISTS = [
    "azureFirewalls",
    "loadBalancers",
    "networkInterfaces",
    "networkSecurityGroups",
    "privateEndpoints",
    "routeTables",
    "virtualNetworks",
]

Bodies = Mapping[str, Any]


def read_all(scope: NetworkScope, listed: Bodies, single: Bodies) -> tuple[Network, list[str]]:
    """The network, and the paths that were read beyond the seven lists. Lists and bodies by their paths."""

    def script(request: ArmRequest) -> Answer:
        if request.path in single:
            body = single[request.path]
            return body if isinstance(body, Answer) else Answer(200, body)
        if request.path.startswith("/subscriptions/s/providers/"):
            return Answer(200, {"value": listed.get(request.path.rpartition("/")[2], [])})
        if request.path.endswith("/ruleCollectionGroups"):
            return Answer(200, {"value": []})
        return Answer(404, {"error": {"code": "ResourceNotFound"}})

    arm, clients, _ = road(script)
    network = asyncio.run(read_network(arm, scope))
    paths = [request.path for request in clients.sent]
    lists = [f"/subscriptions/s/providers/Microsoft.Network/{kind}" for kind in LISTS]
    assert [path for path in lists if path not in paths] == []
    assert network.requests == len(paths)
    return network, sorted(set(paths) - set(lists))


def scope(**more: Any) -> NetworkScope:
    return NetworkScope(subscriptions=frozenset({"s"}), **more)


def firewall(path: str, policy: str) -> dict[str, Any]:
    return {"id": path, "location": "japaneast", "properties": {"firewallPolicy": {"id": policy}}}


def policy(path: str, base: str = "") -> dict[str, Any]:
    return {"id": path, "location": "japaneast", "properties": {"basePolicy": {"id": base}} if base else {}}


def test_where_there_is_nothing_the_seven_lists_tell_so() -> None:
    assert read_all(scope(), {}, {}) == (Network(requests=7), [])


def test_service_tags_are_asked_for_once_where_some_of_the_network_lies() -> None:
    groups = [
        {"id": f"{HERE}/networkSecurityGroups/{name}", "location": "Japan East", "properties": {}} for name in "ab"
    ]
    tags = "/subscriptions/s/providers/Microsoft.Network/locations/japaneast/serviceTags"
    tag = {"name": "Storage", "properties": {"addressPrefixes": ["20.0.0.0/24"]}}
    network, beyond = read_all(scope(), {"networkSecurityGroups": groups}, {tags: {"values": [tag]}})
    assert beyond == [tags]
    assert network.service_tags.of("Storage") == ("20.0.0.0/24",)


def test_the_policies_of_firewalls_are_read_and_those_that_they_build_on() -> None:
    own, base, root = (f"{HERE}/firewallPolicies/{name}" for name in ("own", "base", "root"))
    fw = firewall(f"{HERE}/azureFirewalls/fw", own)
    bodies = {own: policy(own, base), base: policy(base, root), root: policy(root)}
    network, beyond = read_all(scope(), {"azureFirewalls": [fw]}, bodies)
    assert network.firewall_policies.keys() == {ArmId(own), ArmId(base), ArmId(root)}
    assert beyond == sorted([own, base, root, *(f"{one}/ruleCollectionGroups" for one in (own, base, root))])


@pytest.mark.parametrize("status", [403, 404])
def test_a_policy_of_others_that_is_not_shown_is_left_out(status: int) -> None:
    own, base = f"{HERE}/firewallPolicies/own", f"{ELSEWHERE}/firewallPolicies/base"
    hidden = Answer(status, {"error": {"code": "no"}})
    network, _ = read_all(scope(firewall_policies=frozenset({ArmId(own)})), {}, {own: policy(own, base), base: hidden})
    assert {id_: found.base for id_, found in network.firewall_policies.items()} == {ArmId(own): ArmId(base)}


def test_a_firewall_that_is_named_and_not_listed_is_asked_for() -> None:
    there, gone = f"{ELSEWHERE}/azureFirewalls/there", f"{ELSEWHERE}/azureFirewalls/gone"
    fwp = f"{ELSEWHERE}/firewallPolicies/fwp"
    named = frozenset({ArmId(there), ArmId(gone)})
    network, beyond = read_all(scope(firewalls=named), {}, {there: firewall(there, fwp), fwp: policy(fwp)})
    assert network.firewalls.keys() == {ArmId(there)}
    assert network.firewall_policies.keys() == {ArmId(fwp)}
    assert beyond == sorted([there, gone, fwp, f"{fwp}/ruleCollectionGroups"])


def test_a_policy_that_is_named_and_may_not_be_read_is_an_error() -> None:
    fwp = f"{ELSEWHERE}/firewallPolicies/fwp"
    with pytest.raises(NotAllowed):
        read_all(scope(firewall_policies=frozenset({ArmId(fwp)})), {}, {fwp: Answer(403, {})})


def test_any_other_failure_to_read_a_policy_is_an_error_whoever_named_it() -> None:
    fwp = f"{ELSEWHERE}/firewallPolicies/fwp"
    fw = firewall(f"{HERE}/azureFirewalls/fw", fwp)
    with pytest.raises(AzureError):
        read_all(scope(), {"azureFirewalls": [fw]}, {fwp: Answer(409, {})})


def test_of_two_interfaces_the_primary_one_counts() -> None:
    vm = {"id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"}
    nics = [
        {"id": f"{HERE}/networkInterfaces/a", "properties": {"virtualMachine": vm}},
        {"id": f"{HERE}/networkInterfaces/b", "properties": {"virtualMachine": vm, "primary": True}},
        {"id": f"{HERE}/networkInterfaces/of-an-endpoint", "properties": {"primary": True}},
    ]
    network, _ = read_all(scope(), {"networkInterfaces": nics}, {})
    assert {of.name: one.id.name for of, one in network.interfaces.items()} == {"vm": "b"}
