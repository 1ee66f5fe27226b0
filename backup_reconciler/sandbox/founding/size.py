"""How much a world describes: ranges multiply, so that a few lines can ask for more than a machine can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.world.ranges import count_of

if TYPE_CHECKING:
    from backup_reconciler.sandbox.world.base import Trail
    from backup_reconciler.sandbox.world.world import ResourceGroupModel, SubscriptionModel, World

MOST_RESOURCES = 500_000
"""Resource groups, VMs, vaults and protected items together."""


def size_mistakes(world: World) -> list[tuple[Trail, str]]:
    """One, where a world is too large to be made."""
    counted = _Count()
    count = sum(counted.subscription(each) for each in world.subscriptions.values())
    if count <= MOST_RESOURCES:
        return []
    return [(("subscriptions",), f"describe {count:,} groups, VMs, vaults and items; {MOST_RESOURCES:,} are the most")]


class _Count:
    """Counts what a range repeats once: its names share one value."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def subscription(self, each: SubscriptionModel) -> int:
        if id(each) not in self._known:
            self._known[id(each)] = sum(self._group(group) for group in each.resource_groups.values())
        return self._known[id(each)]

    def _group(self, group: ResourceGroupModel) -> int:
        if id(group) not in self._known:
            items = sum(count_of(item.vm) for vault in group.vaults.values() for item in vault.protected_items)
            self._known[id(group)] = 1 + len(group.virtual_machines) + len(group.vaults) + items
        return self._known[id(group)]
