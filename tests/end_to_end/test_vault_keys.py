"""The identities of a vault, and the key that one of them reads."""

import pytest

from tests.conftest import Cli, Estate, absent_policy, assignment, interrupt_at, planned, policy, vault, vms, world
from tests.end_to_end.vaults import ALLOWED, ENCRYPTED, KEY, LIVE, OTHER, USER, applied, changes


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
