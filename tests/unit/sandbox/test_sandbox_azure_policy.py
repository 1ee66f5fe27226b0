"""Azure Policy: what a world's rules deny, asked beforehand and met by a write."""

from __future__ import annotations

import json

import pytest

from backup_reconciler.sandbox.core.policy_insights.snapshots import snapshot_denied

S = "11111111-1111-1111-1111-111111111111"
VAULTS = "Microsoft.RecoveryServices/vaults"
ALLOWED = {
    "name": "allowed-locations",
    "displayName": "Allowed locations",
    "types": [VAULTS],
    "allowedLocations": ["westeurope"],
}
OWNER = {"name": "owner", "types": [VAULTS], "requiredTags": ["owner"]}
NEW = {"location": "japaneast", "sku": {"name": "Standard"}}


def check(service, content, pending=(), **more):
    """Ask beforehand, at the resource group."""
    path = f"{service.group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    body = {"resourceDetails": {"resourceContent": content}, "pendingFields": list(pending), **more}
    response = service.ask("POST", path, body)
    assert response.status == 200, response
    return response.body


def test_a_denied_write_says_which_policy_and_why(open_service):
    service = open_service(azurePolicies=[ALLOWED])
    response = service.ask("PUT", service.vault("new"), NEW)
    assert response.status == 403
    assert response.headers["x-ms-failure-cause"] == "gateway"
    error = response.body["error"]
    assignment = f"/subscriptions/{S}/providers/Microsoft.Authorization/policyAssignments/allowed-locations"
    definition = f"/subscriptions/{S}/providers/Microsoft.Authorization/policyDefinitions/allowed-locations"
    sentence, _, listed = error["message"].partition(" Policy identifiers: ")
    assert (error["code"], error["target"]) == ("RequestDisallowedByPolicy", "new")
    assert sentence == "Resource 'new' was disallowed by policy."
    assert json.loads(listed.strip("'.")) == [
        {
            "policyAssignment": {"name": "Allowed locations", "id": assignment},
            "policyDefinition": {"name": "Allowed locations", "id": definition},
        }
    ]
    (violation,) = error["additionalInfo"]
    info = violation["info"]
    assert violation["type"] == "PolicyViolation"
    assert [one["expression"] for one in info["evaluationDetails"]["evaluatedExpressions"]] == ["type", "location"]
    assert info["evaluationDetails"]["evaluatedExpressions"][1] == {
        "result": "True",
        "expressionKind": "Field",
        "expression": "location",
        "path": "location",
        "expressionValue": "japaneast",
        "targetValue": ["westeurope"],
        "operator": "NotIn",
    }
    assert (info["policyAssignmentId"], info["policyDefinitionId"]) == (assignment, definition)
    assert (info["policyAssignmentScope"], info["policyDefinitionEffect"]) == (f"/subscriptions/{S}", "Deny")
    assert service.refused("GET", service.vault("new"))[0] == 404


@pytest.mark.parametrize(
    ("policy", "refused"),
    [
        (ALLOWED, True),
        ({**ALLOWED, "allowedLocations": ["Japan East"]}, False),
        ({**ALLOWED, "types": ["Microsoft.Compute/*"]}, False),
        ({**ALLOWED, "types": []}, True),
        ({**ALLOWED, "effect": "Audit"}, False),
        ({**ALLOWED, "scope": f"/subscriptions/{S}/resourceGroups/RG"}, True),
        ({**ALLOWED, "scope": f"/subscriptions/{S}/resourceGroups/other"}, False),
        (OWNER, True),
        ({**OWNER, "requiredTags": ["Env"]}, False),
        ({"name": "names", "deniedNames": ["NE*"]}, True),
        ({"name": "names", "deniedNames": ["old*"]}, False),
        ({"name": "none", "types": [VAULTS]}, True),
    ],
)
def test_what_a_rule_denies(open_service, policy, refused):
    service = open_service(azurePolicies=[policy])
    response = service.ask("PUT", service.vault("new"), {**NEW, "tags": {"env": "prod"}})
    assert response.status == (403 if refused else 201)


def test_a_patch_is_judged_by_what_it_leaves(open_service, world):
    described = world()
    (subscription,) = described["subscriptions"].values()
    subscription["resourceGroups"]["rg"]["vaults"]["rsv"] = {"location": "japaneast", "tags": {"owner": "me"}}
    service = open_service(azurePolicies=[OWNER], subscriptions=described["subscriptions"])
    soft = {"properties": {"securitySettings": {"softDeleteSettings": {"softDeleteRetentionPeriodInDays": 20}}}}
    assert service.ask("PATCH", service.vault(), soft).status == 200
    assert service.refused("PATCH", service.vault(), {"tags": {}}) == (403, "RequestDisallowedByPolicy")
    assert service.refused("PATCH", service.vault("rsv2"), soft) == (403, "RequestDisallowedByPolicy")
    assert service.refused("PUT", service.vault(), NEW) == (403, "RequestDisallowedByPolicy")  # leaves it without tags


def test_conditions_on_tags_and_places_pass_over_what_has_neither(open_service):
    service = open_service(azurePolicies=[{**OWNER, "types": []}, {**ALLOWED, "types": []}])
    service.protect("a")


def test_deleting_reading_and_actions_meet_no_policy(open_service):
    service = open_service(azurePolicies=[{"name": "none"}])
    assert service.ask("DELETE", service.vault("rsv2")).status == 202
    assert service.get(service.vault())["name"] == "rsv"


def test_asked_beforehand_it_answers_the_same(open_service):
    service = open_service(azurePolicies=[ALLOWED, OWNER])
    content = {"type": VAULTS, "name": "new", "location": "japaneast"}
    evaluations = check(service, content)["contentEvaluationResult"]["policyEvaluations"]
    assert [one["policyInfo"]["policyAssignmentId"].rpartition("/")[2] for one in evaluations] == [
        "allowed-locations",
        "owner",
    ]
    assert evaluations[0]["evaluationResult"] == "NonCompliant"
    assert evaluations[0]["effectDetails"] == {"policyEffect": "Deny"}
    good = {**content, "location": "westeurope", "tags": {"Owner": "me"}}
    assert check(service, good) == {"fieldRestrictions": [], "contentEvaluationResult": {"policyEvaluations": []}}


def test_fields_that_are_pending_are_restricted(open_service):
    service = open_service(azurePolicies=[ALLOWED, OWNER, {"name": "names", "deniedNames": ["AzureBackupRG_*"]}])
    pending = [
        {"field": "location", "values": ["japaneast", "westeurope", "japanwest"]},
        {"field": "tags"},
        {"field": "name", "values": ["azurebackuprg_japaneast_1", "other"]},
    ]
    restrictions = check(service, {"type": VAULTS}, pending)["fieldRestrictions"]
    told = {
        one["field"]: [(each["result"], each.get("values")) for each in one["restrictions"]] for one in restrictions
    }
    assert told == {
        "location": [("Deny", ["japaneast", "japanwest"])],
        "tags.owner": [("Required", None)],
        "name": [("Deny", ["azurebackuprg_japaneast_1"])],
    }
    assert restrictions[0]["restrictions"][0]["policy"]["policyAssignmentId"].endswith("/allowed-locations")
    assert check(service, {"type": VAULTS}, [{"field": "location"}])["fieldRestrictions"][0]["restrictions"][0][
        "values"
    ] == ["westeurope"]
    assert check(service, {"type": VAULTS}, [{"field": "tags.env"}, {"field": "kind"}])["fieldRestrictions"] == []


def test_what_is_only_audited_is_told_when_asked_for(open_service):
    service = open_service(azurePolicies=[{**ALLOWED, "effect": "Audit"}])
    content = {"type": VAULTS, "location": "japaneast"}
    assert check(service, content)["contentEvaluationResult"]["policyEvaluations"] == []
    (told,) = check(service, content, includeAuditEffect=True)["contentEvaluationResult"]["policyEvaluations"]
    assert told["effectDetails"] == {"policyEffect": "Audit"}
    service.api = "2022-03-01"  # knows nothing of effects
    assert check(service, content, includeAuditEffect=True)["contentEvaluationResult"]["policyEvaluations"] == []


def test_a_check_is_made_where_the_resource_is_to_be(open_service):
    service = open_service(azurePolicies=[{**ALLOWED, "scope": f"/subscriptions/{S}/resourceGroups/rg"}])
    content = {"type": VAULTS, "location": "japaneast"}
    path = f"/subscriptions/{S}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    found = service.ask("POST", path, {"resourceDetails": {"resourceContent": content}}).body
    assert found["contentEvaluationResult"]["policyEvaluations"] == []
    asked = {"resourceDetails": {"resourceContent": content, "scope": service.group}}
    found = service.ask("POST", path, asked).body
    assert len(found["contentEvaluationResult"]["policyEvaluations"]) == 1


def test_checking_is_reading(open_service):
    service = open_service(access=[{"actions": ["*/read"]}])
    assert check(service, {"type": VAULTS})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"resourceDetails": {"resourceContent": {}}},
        {"resourceDetails": {"resourceContent": {"type": 1}}},
        {"resourceDetails": {"resourceContent": {"type": VAULTS, "location": 1}}},
        {"resourceDetails": {"resourceContent": {"type": VAULTS}}, "pendingFields": {}},
        {"resourceDetails": {"resourceContent": {"type": VAULTS}}, "pendingFields": [{"field": 1}]},
        {"resourceDetails": {"resourceContent": {"type": VAULTS}}, "pendingFields": [{"field": "name", "values": [1]}]},
    ],
)
def test_a_check_of_nothing_is_refused(service, body):
    path = f"{service.group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    assert service.refused("POST", path, body)[0] == 400


@pytest.mark.parametrize(
    ("policy", "group", "denied"),
    [
        ({"types": ["*/resourceGroups"], "requiredTags": ["owner"]}, "AzureBackupRG_japaneast_1", True),
        ({"types": ["*/resourceGroups"], "requiredTags": ["owner"]}, "rg", False),  # it is there already
        ({"types": ["Microsoft.Compute/restorePointCollections"]}, "AzureBackupRG_japaneast_1", True),
        ({"types": ["Microsoft.Compute/restorePointCollections"]}, "rg", True),
        ({"deniedNames": ["AzureBackupRG_*"]}, "AzureBackupRG_japaneast_1", True),
        ({"deniedNames": ["AzureBackupRG_*"], "effect": "Audit"}, "AzureBackupRG_japaneast_1", False),
        ({"allowedLocations": ["japaneast"]}, "AzureBackupRG_japaneast_1", False),
    ],
)
def test_the_backup_service_may_be_denied_its_snapshots(open_service, policy, group, denied):
    service = open_service(azurePolicies=[{"name": "p", **policy}])
    estate = service.state.estate
    failure = snapshot_denied(estate, estate.virtual_machine(service.vm("a")), group)
    assert (failure.code if failure else None) == ("UserErrorRequestDisallowedByPolicy" if denied else None)


def test_without_policies_snapshots_are_never_denied(service):
    estate = service.state.estate
    assert snapshot_denied(estate, estate.virtual_machine(service.vm("a")), "AzureBackupRG_japaneast_1") is None
