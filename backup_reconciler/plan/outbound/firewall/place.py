"""Where rule collections are put: a classic firewall, or a rule collection group of a firewall policy."""

from collections.abc import Mapping
from dataclasses import dataclass

from backup_reconciler.plan.address import firewall_address, rule_collection_group_address
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import AzureFirewall, RuleCollectionGroup, RuleKind
from backup_reconciler.state.network.network import Network

Holder = AzureFirewall | RuleCollectionGroup
"""What holds rule collections, and is written as a whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a document names: each is written once, whatever the number of documents."""

    id: ArmId
    """Of the firewall, or of the group."""
    policy: ArmId | None
    """The policy that the group is in; None for a classic firewall."""

    @classmethod
    def of(cls, document: Outbound) -> "Place":
        rules = document.spec.firewall
        assert rules is not None, "method firewall states its block"
        if rules.azure_firewall is not None:
            return cls(ArmId(rules.azure_firewall), None)
        policy = ArmId(rules.firewall_policy or "")
        return cls(policy.child("ruleCollectionGroups", rules.rule_collection_group or ""), policy)

    @property
    def address(self) -> str:
        if self.policy is None:
            return firewall_address(self.id)
        return rule_collection_group_address(self.policy, self.id.name)

    @property
    def label(self) -> str:
        if self.policy is None:
            return f"Azure Firewall {self.id.name}"
        return f"rule collection group {self.id.name} of {self.policy.name}"

    def find(self, network: Network) -> Holder | None:
        """What is there now; None where it is missing."""
        if self.policy is None:
            return network.firewalls.get(self.id)
        policy = network.firewall_policies.get(self.policy)
        return policy.groups.get(self.id) if policy else None

    def space(self, kind: RuleKind) -> str:
        """Rule collections of one space have different priorities.

        A group takes each number once; a classic firewall once for each kind (source: Azure Firewall rule processing).
        """
        return kind if self.policy is None else ""

    def firewalls(self, network: Network) -> Mapping[ArmId, AzureFirewall]:
        """The firewalls that follow the rules there, as far as they were read."""
        if self.policy is None:
            return {id_: one for id_, one in network.firewalls.items() if id_ == self.id}
        policies = network.firewall_policies
        heirs = {self.policy} | {id_ for id_, one in policies.items() if one.base == self.policy}
        return {id_: one for id_, one in network.firewalls.items() if one.policy in heirs}


def places_of(network: Network) -> dict[Place, Holder]:
    """Every place that was read."""
    classic = {Place(id_, None): one for id_, one in network.firewalls.items() if one.policy is None}
    policies = network.firewall_policies.values()
    return {**classic, **{Place(id_, one.id): group for one in policies for id_, group in one.groups.items()}}
