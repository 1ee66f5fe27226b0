"""Every setting of a vault: created with it, changed, reported as drift, and exported."""

from typing import Any

import pytest
import yaml

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, planned, policy, vault, vms, world
from tests.end_to_end.vaults import ALLOWED, DELETED, EVERYTHING, KEY, LIVE, USER, applied, changes

# ---- whole ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("era", [2021, 2026])
def test_a_vault_is_created_with_every_setting_and_then_locked(estate: Estate, cli: Cli, era: int) -> None:
    estate.exists(**world(), era=era)
    estate.declare("all", vault(**EVERYTHING))
    assert [(action["verb"], action["risk"]) for action in planned(estate, cli)["actions"]] == [
        ("createVault", "one-way"),
        ("lockVault", "one-way"),
    ]
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 1
    assert estate.writes() == []
    (_, created), (_, locked) = applied(estate, cli)
    assert created == {
        "location": "japaneast",
        "sku": {"name": "Standard"},
        "tags": {"owner": "platform"},
        "identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {USER: {}}},
        "properties": {
            "redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant", "crossRegionRestore": "Enabled"},
            "restoreSettings": {
                "crossSubscriptionRestoreSettings": {"crossSubscriptionRestoreState": "PermanentlyDisabled"}
            },
            "securitySettings": {
                "softDeleteSettings": {
                    "softDeleteState": "AlwaysON",
                    "enhancedSecurityState": "AlwaysON",
                    "softDeleteRetentionPeriodInDays": 30,
                },
                "immutabilitySettings": {"state": "Unlocked"},
            },
            "publicNetworkAccess": "Disabled",
            "monitoringSettings": {
                "azureMonitorAlertSettings": {"alertsForAllJobFailures": "Enabled"},
                "classicAlertSettings": {"alertsForCriticalOperations": "Disabled"},
            },
            "encryption": {
                "keyVaultProperties": {"keyUri": KEY},
                "kekIdentity": {"useSystemAssignedIdentity": False, "userAssignedIdentity": USER},
                "infrastructureEncryption": "Enabled",
            },
        },
    }
    assert locked == {"properties": {"securitySettings": {"immutabilitySettings": {"state": "Locked"}}}}


@pytest.mark.parametrize("casing", [str, str.upper])
def test_what_is_created_is_exported_as_it_was_declared(estate: Estate, cli: Cli, casing: Any) -> None:
    """Ids of identities are Azure's to spell: in another casing they are the same."""
    identity = {"systemAssigned": True, "userAssigned": [casing(USER)]}
    estate.exists(**world())
    estate.declare("all", vault(**EVERYTHING | {"identity": identity}))
    applied(estate, cli)
    told = cli("export", "--sandbox", estate.world, "--subscription", SUBSCRIPTION)
    assert (told.status, told.err) == (0, ""), "nothing is left out"
    exported = next(one for one in yaml.safe_load_all(told.out) if one["kind"] == "Vault")
    assert exported["spec"] == vault(**EVERYTHING | {"identity": identity})["spec"]
    estate.declare("all", exported)
    assert planned(estate, cli)["actions"] == []


CHANGED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = {
    # live, declared, what is sent, risk
    "crossRegionRestore": (
        LIVE,
        {"crossRegionRestore": "Enabled"},
        {"redundancySettings": {"crossRegionRestore": "Enabled"}},
        "one-way",
    ),
    "crossSubscriptionRestore": (
        LIVE,
        {"crossSubscriptionRestore": "Disabled"},
        {"restoreSettings": {"crossSubscriptionRestoreSettings": {"crossSubscriptionRestoreState": "Disabled"}}},
        "safe",
    ),
    "softDelete.state": (
        LIVE,
        {"softDelete": {"state": "AlwaysOn"}},
        {
            "securitySettings": {
                "softDeleteSettings": {"softDeleteState": "AlwaysON", "enhancedSecurityState": "AlwaysON"}
            }
        },
        "one-way",
    ),
    "softDelete that is off": (
        {**LIVE, "softDelete": {"state": "Disabled"}},
        {"softDelete": {"state": "Enabled"}},
        {
            "securitySettings": {
                "softDeleteSettings": {"softDeleteState": "Enabled", "enhancedSecurityState": "Enabled"}
            }
        },
        "safe",
    ),
    "softDelete.retentionDays beside what is enforced": (
        {**LIVE, "softDelete": {"state": "AlwaysON"}},
        {"softDelete": {"state": "Enabled", "retentionDays": 60}},
        {"securitySettings": {"softDeleteSettings": {"softDeleteRetentionPeriodInDays": 60}}},
        "safe",
    ),
    "softDelete.retentionDays with deleted backups": (
        DELETED,
        {"softDelete": {"state": "Enabled", "retentionDays": 14}},
        {"securitySettings": {"softDeleteSettings": {"softDeleteRetentionPeriodInDays": 14}}},
        "destructive",
    ),
    "softDelete.retentionDays without": (
        {**LIVE, "softDelete": {"retentionDays": 30}},
        {"softDelete": {"state": "Enabled", "retentionDays": 14}},
        {"securitySettings": {"softDeleteSettings": {"softDeleteRetentionPeriodInDays": 14}}},
        "safe",
    ),
    "softDelete.retentionDays for longer": (
        DELETED,
        {"softDelete": {"state": "Enabled", "retentionDays": 60}},
        {"securitySettings": {"softDeleteSettings": {"softDeleteRetentionPeriodInDays": 60}}},
        "safe",
    ),
    "immutability": (
        LIVE,
        {"immutability": "Unlocked"},
        {"securitySettings": {"immutabilitySettings": {"state": "Unlocked"}}},
        "safe",
    ),
    "immutability back": (
        {**LIVE, "immutability": "Unlocked"},
        {"immutability": "Disabled"},
        {"securitySettings": {"immutabilitySettings": {"state": "Disabled"}}},
        "safe",
    ),
    "publicNetworkAccess": (
        LIVE,
        {"publicNetworkAccess": "Disabled"},
        {"publicNetworkAccess": "Disabled"},
        "safe",
    ),
    "alerts": (
        LIVE,
        {"alerts": {"criticalOperations": "Disabled"}},
        {"monitoringSettings": {"classicAlertSettings": {"alertsForCriticalOperations": "Disabled"}}},
        "safe",
    ),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_setting_is_changed_by_what_differs_and_by_nothing_else(estate: Estate, cli: Cli, case: str) -> None:
    live, declared, sent, risk = CHANGED[case]
    estate.exists(**world(vms("web-01"), {"rsv": live}))
    estate.declare("all", vault(**declared))
    assert cli("drift", *estate.sandboxed).status == 2
    (action,) = planned(estate, cli)["actions"]
    assert (action["verb"], action["risk"]) == ("updateVault", risk)
    allowed = [] if risk == "safe" else [f"--allow-{risk}"]
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == (1 if allowed else 0)
    assert len(estate.writes()) == (0 if allowed else 1)
    if allowed:
        estate.forget()
        assert cli("apply", *estate.sandboxed, "--auto-approve", *allowed).status == 0
    reads = [seen.path.rpartition("/")[2] for seen in estate.requests("GET")][-5:]
    assert sorted(reads[:4]) == ["backupPolicies", "backupProtectedItems", "rsv", "vaults"], "to plan"
    assert reads[4] == "rsv", "and once to see that it is so"
    assert [(seen.method, seen.request) for seen in estate.writes()] == [("PATCH", {"properties": sent})]
    assert planned(estate, cli)["actions"] == []


def test_what_a_change_does_to_recovery_points_is_told(estate: Estate, cli: Cli) -> None:
    effects = {}
    for case, (live, declared, _, _) in CHANGED.items():
        estate.exists(**world(vms("web-01"), {"rsv": live}))
        estate.declare("all", vault(**declared))
        effects[case] = planned(estate, cli)["actions"][0]["dataEffect"]
    assert {case: effect for case, effect in effects.items() if effect != "not touched"} == {
        "immutability": "not touched; while the vault is immutable, none can be deleted before it expires",
        "immutability back": "not touched; they can be deleted before they expire again",
        "softDelete.retentionDays beside what is enforced": (
            "not touched; what is deleted from now on can be brought back until 60 days after the deletion"
        ),
        "softDelete.retentionDays with deleted backups": (
            "the deleted backups of web-01 are gone for good 14 days after the deletion, 16 days earlier than now"
        ),
        "softDelete.retentionDays without": (
            "not touched; what is deleted from now on can be brought back until 14 days after the deletion"
        ),
        "softDelete.retentionDays for longer": (
            "not touched; the deleted backups of web-01 can be brought back until 60 days after the deletion"
        ),
    }


# ---- soft delete ---------------------------------------------------------------------------------------------------


def test_soft_delete_that_the_service_enforces_is_information_and_no_drift(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": {**LIVE, "softDelete": {"state": "AlwaysON"}}}))
    estate.declare("all", vault(softDelete={"state": "Enabled"}))
    found = planned(estate, cli)
    assert found["actions"] == []
    assert [(one["rule"], one["severity"]) for one in found["findings"]] == [("soft-delete-enforced", "info")]
    assert cli("drift", *estate.sandboxed).status == 0


def test_soft_delete_that_is_off_is_shown_and_cannot_be_exported(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": {**LIVE, "softDelete": {"state": "Disabled"}}}))
    estate.declare("all", vault(softDelete={"state": "Enabled", "retentionDays": 14}))
    (action,) = planned(estate, cli)["actions"]
    assert changes(action) == {"softDelete.state": ("Disabled", "Enabled")}
    told = cli("export", "--sandbox", estate.world, "--subscription", SUBSCRIPTION)
    assert "left out of rsv: softDelete: it is state: Disabled, retentionDays: 14 in Azure\n" in told.err
    assert "softDelete" not in told.out


def test_a_region_that_makes_every_vault_always_on_is_explained(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(), secureByDefault=True)
    estate.declare("all", vault(softDelete={"state": "Enabled"}))
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 1
    assert "the service makes every new vault of this region with soft delete that is always on" in told.text
    estate.declare("all", vault(softDelete={"state": "AlwaysOn"}))
    applied(estate, cli)


# ---- immutability --------------------------------------------------------------------------------------------------


def test_a_vault_is_locked_through_unlocked(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    estate.declare("all", vault(immutability="Locked"), policy(), assignment())
    found = planned(estate, cli)
    update, lock = (one for one in found["actions"] if one["address"].startswith("Vault/"))
    assert (update["verb"], update["risk"], changes(update)) == (
        "updateVault",
        "safe",
        {"immutability": ("Disabled", "Unlocked")},
    )
    assert (lock["verb"], lock["risk"], changes(lock)) == (
        "lockVault",
        "one-way",
        {"immutability": ("Unlocked", "Locked")},
    )
    assert lock["dependsOn"] == [update["id"]]
    assert not any(lock["id"] in one["dependsOn"] for one in found["actions"]), "nothing waits for the lock"
    (difference,) = [
        one
        for one in cli("drift", *estate.sandboxed, "--format", "json").json["differences"]
        if one["address"] == lock["address"]
    ]
    assert changes(difference) == {"immutability": ("Disabled", "Locked")}
    assert "1 vault to lock for good" in cli("plan", *estate.sandboxed).text
    patches = [body for method, body in applied(estate, cli) if method == "PATCH"]
    assert [body["properties"]["securitySettings"]["immutabilitySettings"]["state"] for body in patches] == [
        "Unlocked",
        "Locked",
    ]


def test_a_vault_that_is_not_unlocked_any_more_is_not_locked(estate: Estate, cli: Cli) -> None:
    """The update is taken and not carried out, so what would lock the vault is not sent."""
    fault = {"method": "PATCH", "path": "*/vaults/rsv", "ignored": True}
    estate.exists(**world(vaults={"rsv": LIVE}), faults=[fault])
    estate.declare("all", vault(immutability="Locked"))
    told = cli("apply", *estate.sandboxed, *ALLOWED)
    assert told.status == 3
    assert (
        "accepted, not applied: Azure took the change, and immutability still reads Disabled instead of Unlocked"
        in told.text
    )
    assert "it needs the step before it, which is failed" in told.text
    assert len(estate.writes()) == 1


@pytest.mark.parametrize(("late", "status"), [(60, 0), (3600, 3)])
def test_a_change_that_comes_late_is_waited_for_and_not_for_ever(
    estate: Estate, cli: Cli, late: int, status: int
) -> None:
    fault = {"method": "PATCH", "path": "*/vaults/rsv", "late": late}
    estate.exists(**world(vaults={"rsv": LIVE}), faults=[fault])
    estate.declare("all", vault(publicNetworkAccess="Disabled"))
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert (told.status, "accepted, not applied" in told.text) == (status, status == 3)
    assert len(estate.writes()) == 1
