"""What Azure Firewalls and firewall policies will be like once a plan is carried out."""

from collections.abc import Iterable
from dataclasses import replace

from backup_reconciler.plan.action import UpdateFirewall
from backup_reconciler.plan.draft import Draft
from backup_reconciler.state.network.firewall import AzureFirewall, RuleCollection
from backup_reconciler.state.network.network import Network


def with_firewalls_as_planned(network: Network, draft: Draft) -> Network:
    """The network with what is planned for its firewalls, which decides over what else is in the way of VMs."""
    firewalls, policies = dict(network.firewalls), dict(network.firewall_policies)
    for action in draft.actions.values():
        if isinstance(action, UpdateFirewall):
            live, collections = action.live, tuple(_collections(action))
            if isinstance(live, AzureFirewall):
                firewalls[live.id] = replace(live, collections=collections)
            else:
                policy = policies[live.id.parent(2)]
                groups = {**policy.groups, live.id: replace(live, collections=collections)}
                policies[policy.id] = replace(policy, groups=groups)
    return replace(network, firewalls=firewalls, firewall_policies=policies)


def _collections(action: UpdateFirewall) -> Iterable[RuleCollection]:
    """By priority, as they are asked."""
    own = {(one.kind, one.name.casefold()) for one in (*action.written, *action.removed)}
    others = [one for one in action.live.collections if (one.kind, one.name.casefold()) not in own]
    return sorted([*others, *action.written], key=lambda collection: collection.priority)
