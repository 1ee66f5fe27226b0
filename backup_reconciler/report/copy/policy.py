"""A vault's policies in a copy: Azure's own properties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from backup_reconciler.report.copy.names import Names
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.policy import BUILT_IN_POLICIES
from backup_reconciler.state.snapshot import VaultContents

_OF_THE_SERVICE = ("protectedItemsCount", "resourceGuardOperationRequests")
"""Properties that the service counts, or that belong to one request."""


class WhyNoPolicy(Protocol):
    """Why no world can state a policy; empty where one can. `legacy`: among those made before a rule of today."""

    def __call__(self, properties: Mapping[str, Any], *, legacy: bool = False) -> str: ...


@dataclass(slots=True)
class CopiedPolicies:
    """The policies of one vault, those that the service would refuse today apart."""

    usual: dict[str, Any] = field(default_factory=dict)
    legacy: dict[str, Any] = field(default_factory=dict)
    told: set[ArmId] = field(default_factory=set)
    """Their ids."""
    left_out: list[str] = field(default_factory=list)

    @property
    def entries(self) -> dict[str, Any]:
        """The fields of a vault that state them. A new vault's own policies go where they are not among them."""
        names = {policy.name.casefold() for policy in self.told}
        all_there = all(name.casefold() in names for name in BUILT_IN_POLICIES)
        stated = {"policies": self.usual, "legacyPolicies": self.legacy}
        own: dict[str, Any] = {} if all_there else {"defaultPolicies": False}
        return own | {field: dict(sorted(policies.items())) for field, policies in stated.items() if policies}


def copy_policies(contents: VaultContents, names: Names, why_not: WhyNoPolicy) -> CopiedPolicies:
    """The policies for VMs; the box would refuse a world with one that it cannot hold, so those are left out."""
    made = CopiedPolicies()
    for id_, policy in sorted(contents.policies.items()):
        properties = {name: value for name, value in policy.raw["properties"].items() if name not in _OF_THE_SERVICE}
        why, name = why_not(properties), names.policy(policy.name)
        if why and why_not(properties, legacy=True):
            made.left_out.append(f"policy {policy.name}: {why}")
            continue
        (made.legacy if why else made.usual)[name] = names.policy_properties(properties)
        made.told.add(id_)
    return made
