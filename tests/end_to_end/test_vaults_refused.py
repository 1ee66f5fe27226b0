"""What the service would refuse of a vault, by rule; and what it refuses that no plan can know."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, planned, vault, vms, world
from tests.end_to_end.vaults import ENCRYPTED, HELD, KEY, LIVE, OTHER, USER, applied

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
