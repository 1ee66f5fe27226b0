"""Settings of a vault that a Resource Guard watches over."""

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, planned, policy, vault, vms, world
from tests.end_to_end.vaults import ENCRYPTED, LIVE, applied, changes

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
    assert found["requests"]["read"] == 7 + 5, "the guard's tie is one more, and five tell whether the VM is ready"
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
