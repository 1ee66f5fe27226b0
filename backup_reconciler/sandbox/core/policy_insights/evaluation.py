"""Azure Policy: which of a world's rules deny a resource, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.scope import ancestors, lies_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backup_reconciler.sandbox.core.estate import AzurePolicy, Estate
    from backup_reconciler.sandbox.core.wire.messages import Json


@dataclass(frozen=True)
class Described:
    """A resource as a policy sees it. What a type of resource does not have is None, and no condition on it applies."""

    scope: str
    """The resource's id, or the place where it is to be."""
    type: str
    name: str | None
    location: str | None = None
    tags: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Violation:
    policy: AzurePolicy
    scope: str
    """Where the policy is assigned."""
    expressions: list[Json]
    """What of its rule was met: `evaluatedExpressions` on the wire."""

    @property
    def assignment_id(self) -> str:
        return f"{self.scope}/providers/Microsoft.Authorization/policyAssignments/{self.policy.name}"

    @property
    def definition_id(self) -> str:
        subscription = "/".join(self.scope.split("/")[:3])
        return f"{subscription}/providers/Microsoft.Authorization/policyDefinitions/{self.policy.name}"


def violations(estate: Estate, resource: Described) -> list[Violation]:
    """What is met by a resource, in the order of the world: denied or, where the effect is Audit, only noted."""
    found = []
    for policy in applying(estate, resource):
        expressions = broken(policy, resource)
        if expressions:
            found.append(Violation(policy, assigned_at(policy, resource), expressions))
    return found


def denying(estate: Estate, resource: Described) -> list[Violation]:
    """The violations for which a resource is refused."""
    return [each for each in violations(estate, resource) if each.policy.effect == "Deny"]


def disallowed(name: str | None, denied: list[Violation]) -> str:
    """ARM's sentence (Learn: error-policy-requestdisallowedbypolicy)."""
    identifiers = [
        {
            "policyAssignment": {"name": each.policy.display_name, "id": each.assignment_id},
            "policyDefinition": {"name": each.policy.display_name, "id": each.definition_id},
        }
        for each in denied
    ]
    listed = json.dumps(identifiers, separators=(",", ":"))
    return f"Resource '{name}' was disallowed by policy. Policy identifiers: '{listed}'."


def applying(estate: Estate, resource: Described) -> list[AzurePolicy]:
    """The policies that look at a resource: assigned above it, and to its type."""
    return [
        policy
        for policy in estate.access.policies
        if (policy.scope is None or lies_in(resource.scope, policy.scope))
        and (not policy.types or _matched(policy.types, resource.type))
    ]


def assigned_at(policy: AzurePolicy, resource: Described) -> str:
    """A policy that is assigned at every subscription is assigned at the resource's."""
    return policy.scope or next(ancestors(resource.scope))


def broken(policy: AzurePolicy, resource: Described) -> list[Json]:
    """The expressions of the rule that a resource meets; none where the rule lets it pass."""
    looked_at = [_expression("type", resource.type, policy.types, "In")] if policy.types else []
    if unconditional(policy):
        return looked_at or [_expression("type", resource.type, True, "Exists")]
    met = [found for condition in CONDITIONS.values() for found in condition(policy, resource)]
    return looked_at + met if met else []


def unconditional(policy: AzurePolicy) -> bool:
    """Whether whatever it looks at is denied."""
    return not (policy.denied_names or policy.allowed_locations or policy.required_tags)


def _name(policy: AzurePolicy, resource: Described) -> list[Json]:
    if resource.name is None or not _matched(policy.denied_names, resource.name):
        return []
    return [_expression("name", resource.name, policy.denied_names, "Like")]


def _location(policy: AzurePolicy, resource: Described) -> list[Json]:
    allowed = {_region(location) for location in policy.allowed_locations}
    if not allowed or resource.location is None or _region(resource.location) in allowed:
        return []
    return [_expression("location", resource.location, policy.allowed_locations, "NotIn")]


def _tags(policy: AzurePolicy, resource: Described) -> list[Json]:
    """Names of tags ignore case."""
    if resource.tags is None:
        return []
    present = {fold(name) for name in resource.tags}
    return [
        _expression(f"tags.{tag}", None, False, "Exists") for tag in policy.required_tags if fold(tag) not in present
    ]


CONDITIONS: dict[str, Callable[[AzurePolicy, Described], list[Json]]] = {
    "name": _name,
    "location": _location,
    "tags": _tags,
}
"""What of a rule a resource meets, by the field it is about."""


def _matched(patterns: list[str], text: str) -> bool:
    return any(fnmatchcase(fold(text), fold(pattern)) for pattern in patterns)


def _region(location: str) -> str:
    return fold(location.replace(" ", ""))


def _expression(field: str, value: object, target: object, operator: str) -> Json:
    return {
        "result": "True",
        "expressionKind": "Field",
        "expression": field,
        "path": field,
        "expressionValue": value,
        "targetValue": target,
        "operator": operator,
    }
