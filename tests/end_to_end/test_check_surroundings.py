"""`check` of what surrounds VMs: locks, Azure Policy, and what the rights let be read."""

from typing import Any

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, planned, policy, vault, vm_id, vms
from tests.end_to_end.checks import AROUND, GROUP, GROUPS, NETWORK, POINTS, checked, declare, exists, said


@pytest.mark.parametrize(
    ("around", "holds"),
    [
        ({"locks": {"everything": {"level": "ReadOnly"}}}, f"everything (ReadOnly) on /subscriptions/{SUBSCRIPTION} "),
        ({"groups": {GROUP: {"locks": {"keep": {}}}}}, f"keep (CanNotDelete) on /subscriptions/{SUBSCRIPTION}/"),
        ({"groups": {"AzureBackupRG_japaneast_7": {"locks": {"keep": {}}}}}, "keep (CanNotDelete)"),
        ({"locks": {"note": {"level": "NotSpecified"}}}, None),
        ({"groups": {"AzureBackupRG_japanwest_1": {"locks": {"keep": {}}}}}, None),
        ({"groups": {"rg-other": {"locks": {"keep": {}}}}}, None),
    ],
)
def test_a_lock_that_holds_the_snapshots_is_named(
    estate: Estate, cli: Cli, around: dict[str, Any], holds: str | None
) -> None:
    exists(estate, vms("web-01", "web-02"), **around)
    declare(estate)
    found = checked(estate, cli, 2 if holds else 0)
    assert said(found) == ([("warning", "snapshots-locked", ["web-01", "web-02"])] if holds else [])
    assert (holds or "") in "".join(one["message"] for one in found["findings"])


@pytest.mark.parametrize(
    ("rule", "there", "told"),
    [
        ({"types": [GROUPS], "requiredTags": ["owner"]}, False, "denies the group itself because of tags.owner: "),
        ({"types": [GROUPS], "requiredTags": ["owner"]}, True, None),
        ({"types": [POINTS]}, False, "denies restore points in it: "),
        ({"types": [POINTS]}, True, "denies restore points in it: "),
        ({"types": [POINTS], "effect": "Audit"}, True, None),
        ({"types": [GROUPS], "deniedNames": ["AzureBackup*"]}, False, "denies the group itself because of name: "),
        ({"types": ["*"], "allowedLocations": ["westeurope"]}, True, "denies restore points in it because of location"),
        ({"types": [POINTS], "scope": vm_id("x", GROUP).partition("/providers")[0]}, True, "denies restore points"),
    ],
)
def test_azure_policy_that_denies_snapshots_is_named(
    estate: Estate, cli: Cli, rule: dict[str, Any], there: bool, told: str | None
) -> None:
    groups: dict[str, Any] = {GROUP: {}} if there else {}
    exists(estate, vms("web-01"), azurePolicies=[{"name": "guardrail", **rule}], groups=groups)
    declare(estate)
    found = checked(estate, cli, 2 if told else 0)
    assert said(found) == ([("warning", "snapshots-denied", ["web-01"])] if told else [])
    assert found["requests"]["read"] == 6 + AROUND + NETWORK + (1 if there else 2)
    assert found["snapshotGroups"][0]["exists"] is there
    if told:
        assert told in found["findings"][0]["message"]
        assert found["findings"][0]["message"].endswith("/policyAssignments/guardrail")
        remedy = "create AzureBackupRG_japaneast_1 beforehand" if "itself" in told else "exempt the resource group"
        assert found["findings"][0]["remedy"].startswith(remedy)


def test_the_groups_are_those_that_the_policy_will_name(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("web-01"), groups={"rg-snap-1-jpe": {"locks": {"keep": {}}}, GROUP: {"locks": {"keep": {}}}})
    named = policy(snapshotResourceGroup={"prefix": "rg-snap-", "suffix": "-jpe"})
    declare(estate, vault(), named, assignment())
    found = checked(estate, cli, 2)
    assert [one["id"].rpartition("/")[2] for one in found["snapshotGroups"]] == ["rg-snap-1-jpe"]
    assert said(found) == [("warning", "snapshots-locked", ["web-01"])]


@pytest.mark.parametrize(
    ("action", "what", "requests"),
    [
        ("Microsoft.Authorization/locks/read", "its locks cannot be read", 6 + AROUND + NETWORK + 2),
        # Whether the group has to be made is not known then, so it is not asked about.
        (
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "its resource groups cannot be read",
            6 + AROUND + NETWORK + 1,
        ),
        (
            "Microsoft.PolicyInsights/checkPolicyRestrictions/read",
            "whether Azure Policy denies",
            6 + AROUND + NETWORK + 2,
        ),
    ],
)
def test_what_may_not_be_read_is_not_known_and_nothing_ends_by_it(
    estate: Estate, cli: Cli, action: str, what: str, requests: int
) -> None:
    exists(estate, vms("web-01") | vms("web-02", agent=None), access=[{"actions": ["*"], "notActions": [action]}])
    declare(estate)
    found = checked(estate, cli, 2)
    assert found["summary"] == {"ready": 0, "not known": 1, "not ready": 1}
    assert {one["rule"] for one in found["findings"]} == {"vm-agent", "readiness-not-known"}
    (message, *_) = [one["message"] for one in found["findings"] if one["rule"] == "readiness-not-known"]
    assert message.startswith(what)
    assert message.endswith("with these rights (403 AuthorizationFailed)")
    assert found["requests"]["read"] == requests
    assert [one["verb"] for one in planned(estate, cli)["actions"]] == ["createPolicy", "protect", "protect"]
