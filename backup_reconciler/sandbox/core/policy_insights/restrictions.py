"""`POST …/Microsoft.PolicyInsights/checkPolicyRestrictions`: what Azure Policy would do to a resource that is to be.

The shapes are those of the 2020-07-01 to 2024-10-01 specifications (azure-rest-api-specs, policyinsights).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.policy_insights import evaluation
from backup_reconciler.sandbox.core.policy_insights.evaluation import Described, Violation
from backup_reconciler.sandbox.core.wire.messages import Json, Response, gateway, section, unreadable
from backup_reconciler.sandbox.core.wire.router import GROUP, SUBSCRIPTION, Route
from backup_reconciler.sandbox.core.wire.scope import lies_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.estate import AzurePolicy
    from backup_reconciler.sandbox.core.wire.call import Call

_CHECK = "providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
_ACTION = "Microsoft.PolicyInsights/checkPolicyRestrictions/read"
_KNOWS_EFFECTS = "2023-03-01"
"""The first api-version that tells a policy's effect, and may be asked for Audit."""


def check_in_subscription(call: Call) -> Response:
    return _check(call, f"/subscriptions/{call.subscription.id}")


def check_in_group(call: Call) -> Response:
    return _check(call, call.group.id)


def _check(call: Call, scope: str) -> Response:
    resource = _resource(call, scope)
    pending = _pending(call)
    with_audit = call.api_version >= _KNOWS_EFFECTS and call.body.get("includeAuditEffect") is True
    found = [
        each for each in evaluation.violations(call.estate, resource) if each.policy.effect == "Deny" or with_audit
    ]
    restrictions = [
        {"field": field, "restrictions": stated} for field, stated in _restrictions(call, resource, pending).items()
    ]
    return Response(
        200,
        {
            "fieldRestrictions": restrictions,
            "contentEvaluationResult": {"policyEvaluations": [_evaluation(call, each) for each in found]},
        },
    )


def _resource(call: Call, scope: str) -> Described:
    details = section(call.body, "resourceDetails")
    content = section(details, "resourceContent")
    inside = details.get("scope")
    kind, name, location = (content.get(key) for key in ("type", "name", "location"))
    if not isinstance(kind, str) or not kind:
        raise gateway(
            400, "InvalidCheckRestrictionsRequest", "The request content is invalid: a resource needs a type."
        )
    if not all(value is None or isinstance(value, str) for value in (name, location, inside)):
        raise unreadable()
    place = inside if inside and lies_in(inside, scope) else scope
    return Described(place, kind, name, location, section(content, "tags"))


def _pending(call: Call) -> dict[str, list[str] | None]:
    """The fields that are asked about, with the values under thought; None: none yet."""
    asked = call.body.get("pendingFields")
    if asked is not None and not isinstance(asked, list):
        raise unreadable()
    pending: dict[str, list[str] | None] = {}
    for each in asked or []:
        if not isinstance(each, dict) or not isinstance(each.get("field"), str):
            raise unreadable()
        values = each.get("values")
        if values is not None and not (isinstance(values, list) and all(isinstance(value, str) for value in values)):
            raise unreadable()
        pending[each["field"]] = values or None
    return pending


def _restrictions(call: Call, resource: Described, pending: dict[str, list[str] | None]) -> dict[str, list[Json]]:
    """What each field asked about may not be, or must be, policy by policy."""
    found: dict[str, list[Json]] = {}
    for policy in evaluation.applying(call.estate, resource):
        if policy.effect != "Deny":
            continue
        reference = _reference(Violation(policy, evaluation.assigned_at(policy, resource), []))
        for field, values in pending.items():
            for at, restriction in _of_field(policy, resource, field, values):
                found.setdefault(at, []).append({**restriction, "policy": reference})
    return found


def _of_field(
    policy: AzurePolicy, resource: Described, field: str, values: list[str] | None
) -> Iterator[tuple[str, Json]]:
    if field in {"name", "location"}:
        yield from _of_plain(policy, resource, field, values)
    elif field.partition(".")[0] == "tags":
        for met in evaluation.CONDITIONS["tags"](policy, resource):
            if field == "tags" or fold(met["expression"]) == fold(field):
                yield met["expression"], {"result": "Required"}


def _of_plain(
    policy: AzurePolicy, resource: Described, field: str, values: list[str] | None
) -> Iterator[tuple[str, Json]]:
    """Of the values under thought those that are denied; without any, the ones the policy wants."""
    meets = evaluation.CONDITIONS[field]
    denied = [value for value in values or [] if meets(policy, _with(resource, field, value))]
    if denied:
        yield field, {"result": "Deny", "values": denied}
    elif field == "location" and values is None and policy.allowed_locations:
        yield field, {"result": "Required", "values": policy.allowed_locations}


def _with(resource: Described, field: str, value: str) -> Described:
    return replace(resource, name=value) if field == "name" else replace(resource, location=value)


def _evaluation(call: Call, violation: Violation) -> Json:
    shown: Json = {
        "policyInfo": _reference(violation),
        "evaluationResult": "NonCompliant",
        "evaluationDetails": {"evaluatedExpressions": violation.expressions},
    }
    if call.api_version >= _KNOWS_EFFECTS:
        shown["effectDetails"] = {"policyEffect": violation.policy.effect}
    return shown


def _reference(violation: Violation) -> Json:
    return {"policyDefinitionId": violation.definition_id, "policyAssignmentId": violation.assignment_id}


ROUTES = (
    Route("POST", f"{SUBSCRIPTION}/{_CHECK}", check_in_subscription, _ACTION),
    Route("POST", f"{GROUP}/{_CHECK}", check_in_group, _ACTION),
)
