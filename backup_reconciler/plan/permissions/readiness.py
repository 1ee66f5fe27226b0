"""The rights that it takes to tell whether VMs are ready to be backed up, with the network around them."""

from collections.abc import Iterator

from backup_reconciler.plan.permissions.need import Need, Permission, needs, subscription
from backup_reconciler.plan.selection.target import looked_in
from backup_reconciler.spec.document import Manifests

_NETWORK = "Microsoft.Network"
NETWORK = (
    Permission(f"{_NETWORK}/networkInterfaces/read", "lists network interfaces: which subnet a VM is in"),
    Permission(f"{_NETWORK}/virtualNetworks/read", "lists virtual networks and their subnets"),
    Permission(f"{_NETWORK}/networkSecurityGroups/read", "lists network security groups and their rules"),
    Permission(f"{_NETWORK}/routeTables/read", "lists route tables"),
    Permission(f"{_NETWORK}/loadBalancers/read", "lists load balancers: who has a way out by one"),
    Permission(f"{_NETWORK}/privateEndpoints/read", "lists private endpoints: who reaches a vault by one"),
    Permission(f"{_NETWORK}/azureFirewalls/read", "lists Azure Firewalls, and reads one that is named"),
    Permission(f"{_NETWORK}/firewallPolicies/read", "reads the policies that firewalls take their rules from"),
    Permission(f"{_NETWORK}/firewallPolicies/ruleCollectionGroups/read", "reads the rules in these policies"),
    Permission(f"{_NETWORK}/locations/serviceTags/read", "reads the addresses behind Azure's service tags"),
)
_AROUND = (
    Permission("Microsoft.Authorization/locks/read", "lists locks: which keep snapshots from being made or deleted"),
    Permission("Microsoft.Resources/subscriptions/resourceGroups/read", "lists resource groups: those of snapshots"),
    Permission(
        "Microsoft.PolicyInsights/checkPolicyRestrictions/read", "asks what Azure Policy would refuse of snapshots"
    ),
)


def of_readiness(manifests: Manifests) -> Iterator[Need]:
    """What looking at the VMs takes that are to be backed up. What may not be read there is told as not known."""
    for assignment in manifests.assignments:
        if assignment.spec.protection == "active":
            homes = map(subscription, looked_in(assignment, manifests))
            yield from needs([*_AROUND, *NETWORK], [assignment], homes)
