"""Azure Policy: a write that leaves a resource as a policy denies is refused before its provider is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.policy_insights.evaluation import Described, denying, disallowed
from backup_reconciler.sandbox.core.wire.messages import Refused, Response
from backup_reconciler.sandbox.core.wire.scope import TENANT, scope_of

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Vault, VirtualMachine
    from backup_reconciler.sandbox.core.policy_insights.evaluation import Violation
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Json


class Disallowed(Refused):
    """403 with a `PolicyViolation` for each policy that denies (Learn: enforce-job-execution; ARM errors in issues)."""

    def __init__(self, name: str, denied: list[Violation]) -> None:
        super().__init__(403, "RequestDisallowedByPolicy", disallowed(name, denied), of_gateway=True)
        self._name = name
        self._denied = denied

    def response(self) -> Response:
        error = {
            "code": self.code,
            "target": self._name,
            "message": self.message,
            "additionalInfo": [{"type": "PolicyViolation", "info": _info(each)} for each in self._denied],
        }
        return Response(self.status, {"error": error}, {"x-ms-failure-cause": "gateway"})


def _info(violation: Violation) -> Json:
    policy = violation.policy
    return {
        "evaluationDetails": {"evaluatedExpressions": violation.expressions},
        "policyDefinitionId": violation.definition_id,
        "policyDefinitionName": policy.name,
        "policyDefinitionDisplayName": policy.display_name,
        "policyDefinitionEffect": policy.effect,
        "policyAssignmentId": violation.assignment_id,
        "policyAssignmentName": policy.name,
        "policyAssignmentDisplayName": policy.display_name,
        "policyAssignmentScope": violation.scope,
        "policyAssignmentParameters": {},
    }


def check(call: Call) -> None:
    """Only what writes a resource is evaluated: neither reading, nor deleting, nor an action upon it."""
    if not call.estate.access.policies or call.request.method not in {"PUT", "PATCH"}:
        return
    scope = scope_of(call)
    if scope == TENANT:
        return
    resource = _described(call, scope)
    denied = denying(call.estate, resource)
    if denied:
        raise Disallowed(str(resource.name), denied)


def _described(call: Call, scope: str) -> Described:
    """The resource as the request leaves it: what a PATCH does not state stays as it is."""
    existing = call.estate.vault(scope) or call.estate.virtual_machine(scope)
    body = call.request.body if isinstance(call.request.body, dict) else {}
    location, tags = body.get("location"), body.get("tags")
    if not isinstance(location, str):
        location = existing.location if existing else None
    if not isinstance(tags, dict):
        tags = _kept_tags(call, existing) if location is not None else None
    kind = call.route.action.rpartition("/")[0]
    return Described(scope, kind, scope.rpartition("/")[2], location, tags)


def _kept_tags(call: Call, existing: Vault | VirtualMachine | None) -> dict[str, str]:
    return dict(existing.tags or {}) if existing and call.request.method == "PATCH" else {}
