"""How parts of a world's network name each other."""

from __future__ import annotations

from backup_reconciler.sandbox.core.estate import network_id


def network_reference(told: str, kind: str, subscription: str, group: str) -> str:
    """The id of what is named: `name` in the same group, `group/name`, or an id already."""
    if told.startswith("/"):
        return told
    before, _, name = told.rpartition("/")
    return network_id(subscription, before or group, kind, name)


def part_reference(told: str, kind: str, collection: str, subscription: str, group: str) -> str:
    """The id of a part: `parent/part` in the same group, `group/parent/part`, or an id already."""
    if told.startswith("/"):
        return told
    parent, _, name = told.rpartition("/")
    return f"{network_reference(parent, kind, subscription, group)}/{collection}/{name}"


def subnet_reference(told: str, subscription: str, group: str) -> str:
    return part_reference(told, "virtualNetworks", "subnets", subscription, group)
