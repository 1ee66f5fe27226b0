"""Codec of load balancers: ARM JSON → the backend address pools through which connections can be begun."""

from collections.abc import Iterator, Mapping
from typing import Any

from backup_reconciler.azure.codec.network import fields
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId


def list_request(subscription: str) -> ArmRequest:
    return fields.list_request(subscription, "loadBalancers")


def outbound_pools(arm: Mapping[str, Any]) -> frozenset[ArmId]:
    """The pools whose machines get out through the balancer, over TCP.

    Those of its outbound rules; and those that a public frontend balances TCP over, unless the rule says that it is not
    to be used for connections that begin inside (source: Outbound rules of Azure Load Balancer, Microsoft Learn).
    """
    properties = fields.properties(arm)
    public = frozenset(_public_frontends(properties))
    return frozenset((*_of_outbound_rules(properties), *_of_balancing_rules(properties, public)))


def _of_outbound_rules(properties: Mapping[str, Any]) -> Iterator[ArmId]:
    for rule in map(fields.properties, properties.get("outboundRules") or ()):
        if _carries_tcp(rule):
            yield from fields.references([rule.get("backendAddressPool") or {}])


def _of_balancing_rules(properties: Mapping[str, Any], public: frozenset[ArmId]) -> Iterator[ArmId]:
    for rule in map(fields.properties, properties.get("loadBalancingRules") or ()):
        frontend = fields.reference(rule.get("frontendIPConfiguration"))
        if frontend in public and _carries_tcp(rule) and not rule.get("disableOutboundSnat"):
            yield from fields.references(
                [rule.get("backendAddressPool") or {}, *(rule.get("backendAddressPools") or ())]
            )


def _carries_tcp(rule: Mapping[str, Any]) -> bool:
    return str(rule.get("protocol") or "All").casefold() in {"tcp", "all"}


def _public_frontends(properties: Mapping[str, Any]) -> Iterator[ArmId]:
    for one in properties.get("frontendIPConfigurations") or ():
        held = fields.properties(one)
        if held.get("publicIPAddress") or held.get("publicIPPrefix"):
            yield ArmId(one["id"])
