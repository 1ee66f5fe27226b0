"""Codec of what Azure Policy would do to a resource that is to be: ARM JSON → denials."""

from collections.abc import Iterator, Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.snapshot_group import Denial


def group_request(group: ArmId, location: str) -> ArmRequest:
    """Whether a resource group could be created, which the backup service does without tags."""
    subscription = f"/subscriptions/{group.subscription}"
    kind = "Microsoft.Resources/subscriptions/resourceGroups"
    return _request(subscription, Api.RESOURCES, {"type": kind, "name": group.name, "location": location})


def restore_points_request(scope: str, location: str) -> ArmRequest:
    """Whether a restore point collection could be created at a scope: a resource group, or a subscription for one that
    is still to be created. Its name stands for the names that the backup service gives, `AzureBackup_` and the VM's."""
    kind = "Microsoft.Compute/restorePointCollections"
    return _request(scope, Api.COMPUTE, {"type": kind, "name": "AzureBackup_vm", "location": location})


def _request(scope: str, api: Api, content: Mapping[str, Any]) -> ArmRequest:
    details = {"resourceContent": {**content, "tags": {}}, "apiVersion": api.value}
    path = f"{scope}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    return ArmRequest("POST", path, Api.POLICY_INSIGHTS, body={"resourceDetails": details}, reads=True)


def decode(arm: Mapping[str, Any]) -> list[Denial]:
    """The assignments that would deny the resource; not those that would only note it."""
    result = arm.get("contentEvaluationResult") or {}
    return list(_denials(result.get("policyEvaluations") or ()))


def _denials(evaluations: Any) -> Iterator[Denial]:
    for evaluation in evaluations:
        effect = (evaluation.get("effectDetails") or {}).get("policyEffect") or "Deny"
        if evaluation.get("evaluationResult") == "NonCompliant" and effect.casefold() == "deny":
            yield Denial(ArmId(evaluation["policyInfo"]["policyAssignmentId"]), _fields(evaluation))


def _fields(evaluation: Mapping[str, Any]) -> tuple[str, ...]:
    """What of the resource the policy's rule is about, less its type, which every rule is about."""
    expressions = (evaluation.get("evaluationDetails") or {}).get("evaluatedExpressions") or ()
    told = dict.fromkeys(str(one.get("path") or one.get("expression") or "") for one in expressions)
    return tuple(path for path in told if path and path.casefold() != "type")
