"""`plan --explain VM`: why a VM is or is not selected, where it goes, what holds it, and what comes of that."""

from typing import Any

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, document, policy, vault, vm_id, vms, world

OTHER = "22222222-2222-2222-2222-222222222222"


def explained(estate: Estate, cli: Cli, vm: str, *arguments: object) -> Any:
    told = cli("plan", *estate.sandboxed, "--explain", vm, "--format", "json", *arguments)
    assert told.status == 0, told.err
    return told.json["vms"]


def reasons(one: Any, kind: str = "assignments") -> dict[str, tuple[bool, str]]:
    return {each["document"].partition("/")[2]: (each["selects"], each["reason"]) for each in one[kind]}


def exists(estate: Estate, *items: dict[str, Any], **rest: Any) -> None:
    held = {"rsv": {"location": "japaneast", "protectedItems": list(items)}}
    found = world({**vms("web-01"), **vms("web-scratch", tags={"env": "dev"})}, held, **rest)
    found["subscriptions"][OTHER] = {}
    estate.exists(**found)


WISHES: dict[str, dict[str, Any]] = {
    "by-tag": {"tags": {"ENV": ["prod", "stage"]}},
    "by-name": {"names": ["web-*"], "resourceGroups": ["rg-web"]},
    "by-group": {"resourceGroups": ["rg-db"]},
    "by-region": {"locations": ["japaneast"]},
    "by-id": {"ids": [vm_id("web-01")]},
    "by-subscription": {"subscriptions": [OTHER], "names": ["*"]},
    "with-owner": {"tags": {"owner": {"exists": True}}},
    "without-env": {"tags": {"env": {"exists": False}}},
    "by-many": {"names": [f"db-{number}" for number in range(7)]},
}


def test_every_assignment_says_why_it_selects_a_vm_or_which_key_fails(estate: Estate, cli: Cli) -> None:
    exists(estate)
    wishes = [assignment(handle, select=select) for handle, select in WISHES.items()]
    excluding = assignment("excluding", select={"names": ["web-*"]}, exclude={"names": ["*-scratch"]})
    estate.declare("all", vault(), policy(), *wishes, excluding)
    (found,) = explained(estate, cli, "web-scratch")
    assert reasons(found) == {
        "by-tag": (False, "tags.ENV is dev, not prod or stage"),
        "by-name": (True, "its resource group is RG-WEB, its name is web-scratch"),
        "by-group": (False, "its resource group is RG-WEB, not rg-db"),
        "by-region": (True, "its region is japaneast"),
        "by-id": (False, "its id is not among the 1 that are named"),
        "by-subscription": (False, f"it looks in subscription {OTHER} alone"),
        "with-owner": (False, "tags.owner is not set, and must be there"),
        "without-env": (False, "tags.env is dev, and must not be there"),
        "by-many": (False, "its name is web-scratch, not db-0 or db-1 or db-2 or db-3 or db-4 or one of 2 more"),
        "excluding": (False, "its exclusion means it: its name is web-scratch"),
    }
    (found,) = explained(estate, cli, "WEB-01")
    assert reasons(found)["by-id"] == (True, "its id is named")
    not_excluded = "its name is web-01; not excluded: its name is web-01, not *-scratch"
    assert reasons(found)["excluding"] == (True, not_excluded)
    assert [one["rule"] for one in found["findings"]] == ["vm-claimed-twice"]


def test_what_holds_it_and_what_the_plan_does_are_told(estate: Estate, cli: Cli) -> None:
    exists(estate, {"vm": "rg-web/web-01", "policy": "DefaultPolicy"})
    estate.declare("all", vault(), policy(), assignment())
    (found,) = explained(estate, cli, vm_id("web-01").upper().replace("/SUBSCRIPTIONS", "/subscriptions"))
    assert (found["presence"], found["location"]) == ("there", "japaneast")
    assert [(one["state"], one["reason"]) for one in found["held"]] == [("active", "it is backed up by DefaultPolicy")]
    assert [action["verb"] for action in found["actions"]] == ["changePolicy"]
    text = cli("plan", *estate.sandboxed, "--explain", "rg-web/web-01").text
    assert "it is in japaneast; its tags are env=prod assigned VMAssignment/production" in text
    assert "tags.env is prod it goes to rsv in rg-backup in Azure rsv in rg-backup it is backed up by Default" in text
    assert "re-bind VM web-01 in rsv by daily" in text
    assert "web-scratch" not in text
    untouched = cli("plan", *estate.sandboxed, "--explain", "web-scratch").text
    assert "left out VMAssignment/production" in untouched
    assert untouched.endswith("in Azure no vault holds it The plan does nothing for it.")


def test_what_is_as_declared_is_told_so(estate: Estate, cli: Cli) -> None:
    exists(estate, {"vm": "rg-web/web-01", "policy": "DefaultPolicy"})
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    (found,) = explained(estate, cli, "web-01")
    assert [one["reason"] for one in found["unchanged"]] == ["it is backed up by DefaultPolicy"]
    text = cli("plan", *estate.sandboxed, "--explain", "web-01").text
    assert "unchanged VM web-01 in rsv it is backed up by DefaultPolicy" in text


def test_a_vm_that_is_held_back_is_told_why(estate: Estate, cli: Cli) -> None:
    exists(estate)
    estate.declare("all", vault(location="japanwest"), policy(), assignment())
    (found,) = explained(estate, cli, "web-01")
    assert [(one["verb"], one["why"]) for one in found["heldBack"]] == [("protect", "blocked")]
    assert "blocked VM web-01 in rsv" in cli("plan", *estate.sandboxed, "--explain", "web-01").text


def test_exemptions_are_told_with_their_end(estate: Estate, cli: Cli) -> None:
    exists(estate)
    told = {"reason": "spare", "select": {"names": ["*-scratch"]}}
    holds = document("Exemption", "holds", **told, expires="2099-12-31")
    ended = document("Exemption", "ended", **told, expires="2026-11-22")
    other = document("Exemption", "other", reason="spare", select={"subscriptions": [OTHER]}, expires="2099-12-31")
    estate.declare("all", vault(), policy(), assignment(), holds, ended, other)
    (found,) = explained(estate, cli, "web-scratch")
    assert reasons(found, "exemptions") == {
        "holds": (True, "its name is web-scratch; it holds until 2099-12-31"),
        "ended": (False, "its name is web-scratch; it ended on 2026-11-22"),
        "other": (False, f"it looks in subscription {OTHER} alone"),
    }
    text = cli("plan", *estate.sandboxed, "--explain", "web-scratch").text
    assert text.index("exempt Exemption/holds") < text.index("not meant Exemption/ended")


def test_an_exemption_looks_where_the_coverage_that_counts_it_does(estate: Estate, cli: Cli) -> None:
    """An authoritative vault has its own subscription looked in, though no assignment looks there."""
    exists(estate)
    spare = document("Exemption", "spare", reason="spare", select={"names": ["web-scratch"]}, expires="2099-12-31")
    elsewhere = assignment(select={"subscriptions": [OTHER], "names": ["*"]}, policy="DefaultPolicy")
    estate.declare("all", vault(authoritative=True), elsewhere, spare)
    (found,) = explained(estate, cli, "web-scratch")
    assert reasons(found, "exemptions") == {"spare": (True, "its name is web-scratch; it holds until 2099-12-31")}
    assert "1 exempt" in cli("plan", *estate.sandboxed).text


def test_an_exemption_that_looks_nowhere_says_so(estate: Estate, cli: Cli) -> None:
    exists(estate, {"vm": "rg-web/web-01", "policy": "DefaultPolicy"})
    spare = document("Exemption", "spare", reason="spare", select={"names": ["*"]}, expires="2099-12-31")
    estate.declare("all", vault(), spare)
    (found,) = explained(estate, cli, "web-01")
    assert reasons(found, "exemptions") == {"spare": (False, "no assignment looks for VMs, so it looks nowhere")}


def test_a_vm_whose_regions_vault_is_torn_down_goes_nowhere(estate: Estate, cli: Cli) -> None:
    exists(estate)
    both = assignment(vaults={"matchRegion": ["rsv", "rsv-west"]}, protection="stopped")
    del both["spec"]["vault"], both["spec"]["policy"]
    estate.declare("all", vault(state="absent"), vault("rsv-west", location="japanwest"), both)
    (found,) = explained(estate, cli, "web-01")
    assert reasons(found)["production"] == (True, "tags.env is prod; its vault is torn down")
    assert found["actions"] == []


def test_all_vms_of_a_name_are_told(estate: Estate, cli: Cli) -> None:
    found = world(vms("web-01"))
    found["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-two"] = {"virtualMachines": vms("web-01")}
    estate.exists(**found)
    estate.declare("all", vault(), policy(), assignment())
    assert len(explained(estate, cli, "web-01")) == 2
    (one,) = explained(estate, cli, "RG-two/web-01")
    assert "RG-TWO" in one["vm"]


@pytest.mark.parametrize(
    ("select", "reason"),
    [
        ({"ids": [vm_id("gone-01")]}, (True, "its id is named")),
        ({"names": ["gone-*"]}, (False, "it is not seen, and so not selected but by its id")),
        (
            {"ids": [vm_id("gone-01")], "tags": {"env": ["prod"]}},
            (False, "it is not seen, and by its id alone it is not selected for certain"),
        ),
        ({"ids": [vm_id("web-01")]}, (False, "its id is not among the 1 that are named")),
    ],
    ids=["its id", "its name", "tags that nobody knows", "the id of another"],
)
def test_a_vm_that_is_gone_is_told_by_its_backup(
    estate: Estate, cli: Cli, select: dict[str, Any], reason: tuple[bool, str]
) -> None:
    exists(estate, {"vm": "rg-web/gone-01", "vmGone": True, "state": "ProtectionStopped"})
    stop = assignment(select=select, protection="stopped")
    del stop["spec"]["policy"]
    estate.declare("all", vault(), stop)
    (found,) = explained(estate, cli, "gone-01")
    assert (found["presence"], found["location"]) == ("gone", None)
    assert reasons(found)["production"] == reason
    assert "it does not exist" in cli("plan", *estate.sandboxed, "--explain", "gone-01").text


def test_an_assignment_that_cannot_be_told_says_so(estate: Estate, cli: Cli) -> None:
    refused = {"method": "GET", "path": f"/subscriptions/{OTHER}/*/virtualMachines", "status": 403}
    exists(estate, faults=[refused])
    both = assignment("both", select={"subscriptions": [OTHER, SUBSCRIPTION], "names": ["web-*"]})
    estate.declare("all", vault(), policy(), both, assignment())
    (one,) = explained(estate, cli, "web-01")
    assert reasons(one)["both"] == (False, f"these rights do not show the VMs of {OTHER}")
    assert reasons(one)["production"][0]


def test_a_vault_that_no_manifest_names_is_told_and_one_that_is_torn_down(estate: Estate, cli: Cli) -> None:
    item = {"vm": "rg-web/web-01", "policy": "DefaultPolicy"}
    vaults = {"rsv": {"location": "japaneast"}, "rsv-other": {"location": "japaneast", "protectedItems": [item]}}
    estate.exists(**world(vms("web-01"), vaults))
    stop = assignment("stop", vault="gone", select={"names": ["*"]}, protection="stopped")
    del stop["spec"]["policy"]
    estate.declare("all", vault(), vault("gone", state="absent"), policy(), assignment(), stop)
    (found,) = explained(estate, cli, "web-01")
    assert reasons(found)["stop"] == (False, "every vault of it is torn down")
    (held,) = found["held"]
    assert (held["vault"].rpartition("/")[2], held["state"]) == ("rsv-other", "active")
    assert held["reason"] == "the vault rsv-other in rg-backup holds it already"


def test_a_vm_that_nobody_knows_is_one_clear_error(estate: Estate, cli: Cli) -> None:
    exists(estate)
    estate.declare("all", vault(), policy(), assignment())
    told = cli("plan", *estate.sandboxed, "--explain", "web-99")
    assert (told.status, told.out) == (1, "")
    assert told.err == f"error: no VM web-99 is known in {SUBSCRIPTION}; name it, or group/name, or give its ARM id\n"
    estate.declare("all", vault())
    assert "because no assignment looks for VMs" in cli("plan", *estate.sandboxed, "--explain", "web-01").err
