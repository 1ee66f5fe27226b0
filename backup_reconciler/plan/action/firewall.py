"""Actions on Azure Firewalls and firewall policies."""

from dataclasses import dataclass

from backup_reconciler.plan.action.base import Action
from backup_reconciler.state.network.firewall import AzureFirewall, RuleCollection, RuleCollectionGroup


@dataclass(frozen=True, kw_only=True)
class UpdateFirewall(Action):
    """Change the rule collections of ours in a classic firewall, or in a rule collection group of a firewall policy.

    One action for all documents that mean the same place: Azure takes it as a whole, and minutes for each time.
    """

    verb = "updateFirewall"

    live: AzureFirewall | RuleCollectionGroup
    """What the plan was made from."""
    written: tuple[RuleCollection, ...]
    """Those that are new or changed, as they will be."""
    removed: tuple[RuleCollection, ...]
    """Those that are taken away, as they are."""
