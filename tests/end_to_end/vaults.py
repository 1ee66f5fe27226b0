"""Vaults in every setting, and the verbs that the tests of vaults ask."""

from typing import Any

from tests.conftest import SUBSCRIPTION, Cli, Estate, planned

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

ENCRYPTED = {"identity": {"systemAssigned": True, "userAssigned": [USER]}, "encryption": {"key": KEY, "identity": USER}}

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
