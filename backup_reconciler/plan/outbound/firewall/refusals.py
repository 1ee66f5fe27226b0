"""What keeps a document from being carried out in a place as a whole."""

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.outbound.finding import finding_of
from backup_reconciler.plan.outbound.firewall.place import Holder, Place
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.firewall import FIREWALL_HAS_POLICY, FIREWALL_MISSING
from backup_reconciler.state.network.firewall import AzureFirewall
from backup_reconciler.state.network.network import Network


def unusable(document: Outbound, place: Place, holder: Holder | None, network: Network) -> Finding | None:
    """Why nothing can be put into a place; None where it can."""
    if holder is None:
        return _missing(document, place, network)
    if isinstance(holder, AzureFirewall) and holder.policy is not None:
        return _has_policy(document, holder, holder.policy)
    return None


def _missing(document: Outbound, place: Place, network: Network) -> Finding:
    if place.policy is None:
        message = f"there is no Azure Firewall {place.id}"
        return finding_of(document, FIREWALL_MISSING, Severity.BLOCKED, message, "firewall", "azureFirewall")
    if place.policy not in network.firewall_policies:
        message = f"there is no firewall policy {place.policy}"
        return finding_of(document, FIREWALL_MISSING, Severity.BLOCKED, message, "firewall", "firewallPolicy")
    message = f"the firewall policy {place.policy.name} has no rule collection group {place.id.name}"
    path = ("firewall", "ruleCollectionGroup")
    instead = _make_group(place.policy, place.id.name)
    return finding_of(document, FIREWALL_MISSING, Severity.BLOCKED, message, *path, instead=instead)


def _make_group(policy: ArmId, name: str) -> str:
    return (
        f"correct the name, or make the group: az network firewall policy rule-collection-group create --subscription "
        f"{policy.subscription} --resource-group {policy.resource_group} --policy-name {policy.name} --name {name} "
        "--priority NUMBER (100 to 65000; groups with a lower number come first)"
    )


def _has_policy(document: Outbound, firewall: AzureFirewall, policy: ArmId) -> Finding:
    message = f"{firewall.id.name} takes its rules from the firewall policy {policy.name}, and can have none of its own"
    instead = f"in place of azureFirewall, state firewallPolicy: {policy} and ruleCollectionGroup"
    path = ("firewall", "azureFirewall")
    return finding_of(document, FIREWALL_HAS_POLICY, Severity.BLOCKED, message, *path, instead=instead)
