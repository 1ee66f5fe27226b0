"""Reading the networks of subscriptions as far as Azure tells them, to judge by and not to write."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Any

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.azure.tasks import gather
from backup_reconciler.live.as_told import or_not_read
from backup_reconciler.live.firewall import read_policies
from backup_reconciler.live.network import list_networks, read_service_tags
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.not_read import NotRead


async def read_networks(
    arm: Arm, subscriptions: Iterable[str], *, tags_too: bool
) -> tuple[Network, dict[str, NotRead]]:
    """What was read, and which subscriptions' networks could not be.

    Where the service tags cannot be read, nothing can be judged by the rest, and so it counts as not read.
    """
    names = sorted(subscriptions)
    lists = dict(zip(names, await gather(_listed(arm, name) for name in names), strict=True))
    unread = {name: found for name, found in lists.items() if isinstance(found, NotRead)}
    network = reduce(Network.joined, (found for found in lists.values() if not isinstance(found, NotRead)), Network())
    if tags_too:
        tags = await or_not_read(read_service_tags(arm, network))
        if isinstance(tags, NotRead):
            return Network(), unread | dict.fromkeys(lists.keys() - unread.keys(), tags)
        network = replace(network, service_tags=tags)
    policies = await or_not_read(
        read_policies(arm, (), {one.policy for one in network.firewalls.values() if one.policy})
    )
    return replace(network, firewall_policies={} if isinstance(policies, NotRead) else policies), unread


async def _listed(arm: Arm, subscription: str) -> Network | NotRead:
    """What the lists of a subscription show. Where Azure would not tell one of them, the others still end."""
    refused: list[NotRead] = []

    async def list_(request: ArmRequest) -> list[Any]:
        found = await or_not_read(arm.list(request))
        if isinstance(found, NotRead):
            refused.append(found)
            return []
        return found

    network = await list_networks(list_, [subscription])
    return refused[0] if refused else network
