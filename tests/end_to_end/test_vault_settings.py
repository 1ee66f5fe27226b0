"""Every setting of a vault: created with it, changed, reported as drift, exported, and refused by rule."""

from typing import Any

import pytest
import yaml

from backup_reconciler.azure.api_versions import Api
from tests.conftest import SUBSCRIPTION, Cli, Estate, absent_policy, assignment, policy, vault, vms, world
from tests.end_to_end.test_interrupt import interrupt_at

LIVE: dict[str, Any] = {"location": "japaneast"}
HELD = {**LIVE, "protectedItems": [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]}
DELETED = {
    **LIVE,
    "softDelete": {"retentionDays": 30},
    "protectedItems": [{"vm": "rg-web/web-01", "state": "SoftDeleted"}],
}
USER = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
OTHER = f"{USER}-2"
KEY = "https://kv-backup.vault.azure.net/keys/backup"
ALLOWED = ("--auto-approve", "--allow-one-way", "--allow-destructive")

EVERYTHING: dict[str, Any] = {
    "redundancy": "GeoRedundant",
    "crossRegionRestore": "Enabled",
    "crossSubscriptionRestore": "PermanentlyDisabled",
    "softDelete": {"state": "AlwaysOn", "retentionDays": 30},
    "immutability": "Locked",
    "publicNetworkAccess": "Disabled",
    "alerts": {"allJobFailures": "Enabled", "criticalOperations": "Disabled"},
    "identity": {"systemAssigned": True, "userAssigned": [USER]},
    "encryption": {"key": KEY, "identity": USER, "infrastructureEncryption": "Enabled"},
    "tags": {"owner": "platform"},
}


def planned(estate: Estate, cli: Cli, *arguments: object) -> Any:
    told = cli("plan", *estate.sandboxed, "--format", "json", *arguments)
    assert told.status == 0, told.err
    return told.json


def applied(estate: Estate, cli: Cli) -> list[tuple[str, Any]]:
    """The writes of an apply that succeeds and leaves nothing to do."""
    estate.forget()
    told = cli("apply", *estate.sandboxed, *ALLOWED)
    assert told.status == 0, told.out + told.err
    written = [(seen.method, seen.request) for seen in estate.writes()]
    assert planned(estate, cli)["actions"] == []
    assert cli("drift", *estate.sandboxed).status == 0
    return written


def changes(action: Any) -> dict[str, tuple[Any, Any]]:
    return {change["path"]: (change["from"], change["to"]) for change in action["changes"]}


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


# ---- identities and keys -------------------------------------------------------------------------------------------


def test_identities_come_and_go_and_those_that_are_not_stated_stay(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(identity={"userAssigned": [USER, OTHER]}))
    assert "identity.userAssigned — → /subscriptions/" in cli("plan", *estate.sandboxed).text
    both = {"type": "UserAssigned", "userAssignedIdentities": {USER: {}, OTHER: {}}}
    assert applied(estate, cli) == [("PATCH", {"identity": both})]

    estate.declare("all", vault(identity={"systemAssigned": True}))
    (action,) = planned(estate, cli)["actions"]
    assert (action["risk"], changes(action)) == ("one-way", {"identity.systemAssigned": (False, True)})
    assert applied(estate, cli) == [("PATCH", {"identity": {**both, "type": "SystemAssigned, UserAssigned"}})]

    estate.declare("all", vault(identity={"userAssigned": [OTHER.upper()]}))
    ids = {OTHER: {}, USER: None}
    kept = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": ids}
    assert applied(estate, cli) == [("PATCH", {"identity": kept})]


def test_a_key_and_its_version_are_changed_in_place(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    encryption = {"key": KEY, "identity": USER}
    estate.declare(
        "all", vault(identity={"userAssigned": [USER]}, encryption=encryption), assignment(policy="DefaultPolicy")
    )
    (action, _) = planned(estate, cli)["actions"]
    assert action["risk"] == "one-way"
    assert "can be restored only while the key is there" in action["dataEffect"]
    applied(estate, cli)

    estate.declare("all", vault(encryption={**encryption, "key": f"{KEY.replace('kv', 'KV')}/"}))
    assert planned(estate, cli)["actions"] == [], "a host's name knows no letter case"
    estate.declare("all", vault(encryption={**encryption, "key": f"{KEY}-2"}))
    (action,) = planned(estate, cli)["actions"]
    assert (action["risk"], changes(action)) == ("safe", {"encryption.key": (KEY, f"{KEY}-2")})
    body = {
        "keyVaultProperties": {"keyUri": f"{KEY}-2"},
        "kekIdentity": {"useSystemAssignedIdentity": False, "userAssignedIdentity": USER},
    }
    assert applied(estate, cli) == [("PATCH", {"properties": {"encryption": body}})]


@pytest.mark.parametrize("exists", [True, False])
def test_a_key_waits_for_the_identity_that_is_to_read_it_and_backups_wait_for_the_key(
    estate: Estate, cli: Cli, exists: bool
) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE} if exists else {}))
    own = vault(identity={"systemAssigned": True}, encryption={"key": KEY})
    estate.declare("all", own, policy(), assignment())
    found = planned(estate, cli)
    assert [one["verb"] for one in found["actions"]] == ["updateVault" if exists else "createVault"]
    assert [(one["rule"], one["severity"]) for one in found["findings"]] == [("key-access", "warning")]
    assert "'Key Vault Crypto Service Encryption User'" in found["findings"][0]["remedy"]
    assert [(one["verb"], one["why"]) for one in found["heldBack"]] == [
        ("updateVault", "key"),
        ("createPolicy", "key"),
        ("protect", "key"),
    ]
    assert "a first key has to be there before the first backup" in cli("plan", *estate.sandboxed).text
    gone = absent_policy("DefaultPolicy")
    estate.declare("gone", gone)
    drift = cli("drift", *estate.sandboxed, "--format", "json").json["summary"]
    assert drift.get("unwanted", 0) == exists, "what a vault would come with is not there yet"
    estate.declare("gone")
    assert cli("apply", *estate.sandboxed, *ALLOWED).status == 0
    (sent,) = [seen.request for seen in estate.writes()]
    assert sent["identity"] == {"type": "SystemAssigned"}
    assert "encryption" not in sent.get("properties", {})
    assert [method for method, _ in applied(estate, cli)] == ["PATCH", "PUT", "PUT"], "the next run goes on"


def test_backups_wait_for_the_key_also_while_azure_is_still_creating_the_vault(estate: Estate, cli: Cli) -> None:
    """Else a run after one that was broken off would fill the vault, which then could never get its key."""
    estate.exists(**world(vms("web-01")))
    own = vault(identity={"systemAssigned": True}, encryption={"key": KEY})
    estate.declare("all", own, policy(), assignment())
    interrupt_at(estate, 1, "PUT", "/vaults/rsv")
    assert cli("apply", *estate.sandboxed, *ALLOWED).status == 130
    estate.on_exchange = lambda _: None
    found = planned(estate, cli)
    assert [one["verb"] for one in found["actions"]] == ["awaitVault"]
    assert [(one["rule"], one["severity"]) for one in found["findings"]] == [("key-access", "warning")]
    assert [one["verb"] for one in found["heldBack"]] == ["updateVault", "createPolicy", "protect"]
    assert cli("apply", *estate.sandboxed, *ALLOWED).status == 0
    assert [method for method, _ in applied(estate, cli)] == ["PATCH", "PUT", "PUT"]


def test_another_reader_of_a_key_that_is_there_holds_nothing_up(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    estate.declare("all", vault(**ENCRYPTED | {"identity": {"userAssigned": [USER]}}))
    applied(estate, cli)
    own = vault(identity={"systemAssigned": True}, encryption={"key": KEY})
    estate.declare("all", own, assignment(policy="DefaultPolicy"))
    found = planned(estate, cli)
    assert [one["verb"] for one in found["actions"]] == ["updateVault", "protect"]
    assert [one["verb"] for one in found["heldBack"]] == ["updateVault"]
    assert cli("apply", *estate.sandboxed, *ALLOWED).status == 0
    ((_, sent),) = applied(estate, cli)
    reader = {"useSystemAssignedIdentity": True}
    assert sent == {"properties": {"encryption": {"keyVaultProperties": {"keyUri": KEY}, "kekIdentity": reader}}}


def test_the_reader_of_a_key_is_not_taken_away_before_another_reads_it(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(**ENCRYPTED | {"identity": {"userAssigned": [USER]}}))
    applied(estate, cli)
    estate.declare("all", vault(identity={"systemAssigned": True, "userAssigned": [OTHER]}, encryption={"key": KEY}))
    estate.forget()
    assert cli("apply", *estate.sandboxed, *ALLOWED).status == 0
    kept = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {USER: {}}}
    assert [seen.request for seen in estate.writes()] == [{"identity": kept}]
    ((_, sent),) = applied(estate, cli)
    assert sent["identity"]["userAssignedIdentities"] == {OTHER: {}, USER: None}
    assert sent["properties"]["encryption"]["kekIdentity"] == {"useSystemAssignedIdentity": True}


# ---- what is refused -----------------------------------------------------------------------------------------------

ENCRYPTED = {"identity": {"systemAssigned": True, "userAssigned": [USER]}, "encryption": {"key": KEY, "identity": USER}}

REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str, str]] = {
    # world, what was applied before, declared, rule, message
    "redundancy once locked": (
        HELD,
        {},
        {"redundancy": "LocallyRedundant"},
        "redundancy-locked",
        "it is GeoRedundant and holds the backups of VMs (1), so it cannot become LocallyRedundant",
    ),
    "redundancy under cross-region restore": (
        {**LIVE, "crossRegionRestore": True},
        {},
        {"redundancy": "ZoneRedundant"},
        "cross-region-restore-kept",
        "crossRegionRestore is Enabled for good and needs GeoRedundant, so it cannot be ZoneRedundant",
    ),
    "cross-region restore without geo-redundancy": (
        {**LIVE, "redundancy": "ZoneRedundant"},
        {},
        {"crossRegionRestore": "Enabled"},
        "cross-region-restore",
        "the redundancy is ZoneRedundant; the redundancy is Azure's, none is stated",
    ),
    "cross-region restore off": (
        {**LIVE, "crossRegionRestore": True},
        {},
        {"crossRegionRestore": "Disabled"},
        "cross-region-restore-kept",
        "it is Enabled and cannot be Disabled again",
    ),
    "cross-subscription restore back": (
        LIVE,
        {"crossSubscriptionRestore": "PermanentlyDisabled"},
        {"crossSubscriptionRestore": "Enabled"},
        "cross-subscription-restore-kept",
        "it is PermanentlyDisabled and cannot be Enabled again",
    ),
    "immutability once locked": (
        {**LIVE, "immutability": "Locked"},
        {},
        {"immutability": "Unlocked"},
        "immutability-locked",
        "it is Locked and cannot be Unlocked again",
    ),
    "the vault's own identity": (
        LIVE,
        {"identity": {"systemAssigned": True}},
        {"identity": {"systemAssigned": False}},
        "system-identity-kept",
        "the vault has an identity of its own, which cannot be taken away",
    ),
    "an identity that reads the key": (
        LIVE,
        ENCRYPTED,
        {"identity": {"userAssigned": [OTHER]}},
        "encryption-identity",
        "reads the vault's key, so it cannot be taken away",
    ),
    "an identity that the vault does not have": (
        LIVE,
        {},
        {"encryption": {"key": KEY, "identity": USER}},
        "encryption-identity",
        f"the vault does not have the identity {USER}, which is to read the key",
    ),
    "an identity of its own that the vault does not have": (
        LIVE,
        {},
        {"encryption": {"key": KEY}},
        "encryption-identity",
        "the vault does not have an identity of its own, which is to read the key",
    ),
    "a first key beside backups": (
        HELD,
        {},
        ENCRYPTED,
        "first-key",
        "the vault has no key and holds the backups of VMs (1), so it can get none",
    ),
    "infrastructure encryption later": (
        LIVE,
        ENCRYPTED,
        {"encryption": {**ENCRYPTED["encryption"], "infrastructureEncryption": "Enabled"}},
        "infrastructure-encryption",
        "it is Disabled since the vault got its key, and cannot become Enabled",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_service_would_refuse_is_refused_by_rule(estate: Estate, cli: Cli, case: str) -> None:
    live, before, declared, rule, message = REFUSED[case]
    estate.exists(**world(vms("web-01"), {"rsv": live}))
    if before:
        estate.declare("all", vault(**before))
        applied(estate, cli)
    estate.declare("all", vault(**declared))
    found = planned(estate, cli)
    assert found["actions"] == []
    (blocked,) = [one for one in found["findings"] if one["severity"] == "blocked"]
    assert (blocked["rule"], message in blocked["message"]) == (rule, True)
    assert cli("drift", *estate.sandboxed).status == 2


def test_a_new_vault_that_the_service_would_refuse_is_refused(estate: Estate, cli: Cli) -> None:
    estate.exists(**world())
    estate.declare("all", vault(crossRegionRestore="Enabled", encryption={"key": KEY}))
    found = planned(estate, cli)
    assert found["actions"] == []
    assert [(one["rule"], one["message"]) for one in found["findings"]] == [
        (
            "cross-region-restore",
            "it is Enabled, and no redundancy is stated: that of a new vault is not GeoRedundant in every region",
        ),
        ("encryption-identity", "the vault does not have an identity of its own, which is to read the key"),
    ]
    assert cli("drift", *estate.sandboxed, "--format", "json").json["summary"]["missing"] == 1


def test_classic_alerts_that_stay_are_explained(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": {**LIVE, "classicAlertsStay": True}}))
    estate.declare("all", vault(alerts={"criticalOperations": "Disabled"}))
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 1
    assert "one of the vaults whose classic alerts the service does not let be disabled" in told.text
    assert "fix: leave alerts.criticalOperations out" in told.text


# ---- the Resource Guard --------------------------------------------------------------------------------------------

GUARD = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/guard"
GUARDED = {**LIVE, "softDelete": {"retentionDays": 30}, "immutability": "Unlocked", "resourceGuard": {"id": GUARD}}
WEAKER = {"softDelete": {"state": "Enabled", "retentionDays": 14}, "immutability": "Disabled"}


def test_what_a_guard_watches_over_waits_and_the_rest_goes_on(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": GUARDED}))
    estate.declare("all", vault(**WEAKER, publicNetworkAccess="Disabled"), policy(), assignment())
    found = planned(estate, cli)
    told = [(one["verb"], sorted(changes(one)), one["needsApproval"]) for one in found["actions"][:2]]
    assert told == [
        ("updateVault", ["publicNetworkAccess"], None),
        ("weakenVault", ["immutability", "softDelete.retentionDays"], "guard"),
    ]
    assert found["requests"]["read"] == 7, "the guard's tie is one more"
    drift = cli("drift", *estate.sandboxed, "--format", "json")
    approvals = {one["address"].partition("/")[0]: one["needsApproval"] for one in drift.json["differences"]}
    assert (drift.status, approvals) == (2, {"Vault": "guard", "Policy": None, "Protection": None})
    estate.forget()
    applying = cli("apply", *estate.sandboxed, "--auto-approve")
    assert applying.status == 3
    assert "the Resource Guard guard has to approve it" in applying.text
    assert [seen.method for seen in estate.writes()] == ["PATCH", "PUT", "PUT"]
    assert estate.writes()[0].request == {"properties": {"publicNetworkAccess": "Disabled"}}
    assert [one["verb"] for one in planned(estate, cli)["actions"]] == ["weakenVault"]


def test_nothing_waits_for_what_a_guard_has_to_approve(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": GUARDED}))
    estate.declare("all", vault(immutability="Disabled"), policy(), assignment())
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 3
    assert [seen.method for seen in estate.writes()] == ["PUT", "PUT"], "policy and VM"


def test_what_a_guard_does_not_watch_over_goes_with_the_rest(estate: Estate, cli: Cli) -> None:
    guard = {"id": GUARD, "protects": ["deleteProtectedItemRequests"]}
    estate.exists(**world(vaults={"rsv": {**GUARDED, "resourceGuard": guard}}))
    estate.declare("all", vault(immutability="Disabled", publicNetworkAccess="Disabled"))
    assert [method for method, _ in applied(estate, cli)] == ["PATCH"]


def test_no_backup_goes_into_a_vault_whose_first_key_has_to_be_approved(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": GUARDED}))
    estate.declare("all", vault(**ENCRYPTED), policy(), assignment())
    found = planned(estate, cli)
    assert [(one["verb"], one["needsApproval"]) for one in found["actions"]] == [
        ("updateVault", None),
        ("weakenVault", "guard"),
    ]
    assert [(one["verb"], one["why"]) for one in found["heldBack"]] == [("createPolicy", "key"), ("protect", "key")]


# ---- the storage configuration -------------------------------------------------------------------------------------

STORAGE = "/backupstorageconfig/vaultstorageconfig"


@pytest.mark.parametrize(("declared", "asked"), [("GeoRedundant", 0), ("LocallyRedundant", 1)])
def test_the_storage_configuration_is_asked_only_where_the_redundancy_is_to_change(
    estate: Estate, cli: Cli, declared: str, asked: int
) -> None:
    estate.exists(**world(vaults={"rsv": LIVE, "rsv-2": LIVE}))
    estate.declare("all", vault(redundancy=declared), vault("rsv-2", existing=True, redundancy=declared))
    assert planned(estate, cli)["requests"]["read"] == 7 + asked
    assert len(estate.requests("GET", STORAGE)) == asked


@pytest.fixture
def old_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloud whose vaults do not tell their redundancy yet."""
    monkeypatch.setattr(Api.VAULTS, "_value_", "2022-01-01")


@pytest.mark.usefixtures("old_api")
def test_a_redundancy_that_the_vault_does_not_tell_is_read_and_written_where_it_stands(
    estate: Estate, cli: Cli
) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(redundancy="GeoRedundant", crossRegionRestore="Disabled"))
    assert planned(estate, cli)["actions"] == []
    estate.declare("all", vault(redundancy="GeoRedundant", crossRegionRestore="Enabled"))
    assert applied(estate, cli) == [("PATCH", {"properties": {"crossRegionRestoreFlag": True}})]

    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(redundancy="LocallyRedundant", tags={"a": "b"}))
    (action,) = planned(estate, cli)["actions"]
    assert changes(action)["redundancy"] == ("GeoRedundant", "LocallyRedundant")
    shown = cli("apply", *estate.sandboxed, "--dry-run").out
    assert [line.split()[0] for line in shown.splitlines() if "api-version" in line] == ["PATCH", "PATCH"]
    assert "Dry run: 2 requests would be sent" in shown
    assert applied(estate, cli) == [
        ("PATCH", {"properties": {"storageModelType": "LocallyRedundant"}}),
        ("PATCH", {"tags": {"a": "b"}}),
    ]


@pytest.mark.usefixtures("old_api")
def test_a_change_of_which_azure_took_one_half_is_told_as_that(estate: Estate, cli: Cli) -> None:
    refused = {"method": "PATCH", "path": "*/vaults/rsv", "status": 403, "code": "AuthorizationFailed"}
    estate.exists(**world(vaults={"rsv": LIVE}), faults=[refused])
    estate.declare("all", vault(redundancy="LocallyRedundant", tags={"a": "b"}))
    told = cli("apply", *estate.sandboxed, *ALLOWED)
    assert (told.status, "failed vault rsv" in told.text) == (3, True)

    estate.exists(**world(vaults={"rsv": LIVE}))
    interrupt_at(estate, 1, "PATCH", STORAGE)
    told = cli("apply", *estate.sandboxed, *ALLOWED)
    assert told.status == 130
    assert "Azure took its first request; its second was not sent fix: run again" in told.text
    estate.on_exchange = lambda _: None
    assert applied(estate, cli) == [("PATCH", {"tags": {"a": "b"}})]


@pytest.mark.usefixtures("old_api")
def test_a_redundancy_that_only_its_configuration_tells_is_locked_too(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": HELD}))
    estate.declare("all", vault(redundancy="LocallyRedundant"))
    found = planned(estate, cli)
    assert [one["rule"] for one in found["findings"] if one["severity"] == "blocked"] == ["redundancy-locked"]


@pytest.mark.usefixtures("old_api")
def test_where_the_vault_owns_the_redundancy_it_is_written_there_once(estate: Estate, cli: Cli) -> None:
    code = "BMSUserErrorRedundancySettingsUseVaultApi"
    fault = {"method": "PATCH", "path": f"*{STORAGE}", "status": 400, "code": code}
    estate.exists(**world(vaults={"rsv": LIVE}), faults=[fault])
    estate.declare("all", vault(redundancy="LocallyRedundant"))
    told = cli("apply", *estate.sandboxed, *ALLOWED)
    assert [(seen.path.rpartition("/")[2], seen.request) for seen in estate.writes()] == [
        ("vaultstorageconfig", {"properties": {"storageModelType": "LocallyRedundant"}}),
        ("rsv", {"properties": {"redundancySettings": {"standardTierStorageRedundancy": "LocallyRedundant"}}}),
    ]
    # This api-version of the vault passes over what it does not know, and that is noticed.
    assert (told.status, "accepted, not applied" in told.text) == (3, True)
