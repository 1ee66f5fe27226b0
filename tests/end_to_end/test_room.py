"""A vault takes 200 policies and 1,000 VMs, whoever made them: what has no room is named, and the rest goes on."""

from typing import Any

from tests.conftest import Cli, Estate, assignment, daily_policy, policy, vault, vms, world


def test_a_policy_for_which_the_vault_has_no_room_is_blocked_with_its_vms(estate: Estate, cli: Cli) -> None:
    others = {f"other-{number:03}": daily_policy(30) for number in range(199)}
    live: dict[str, Any] = {"location": "japaneast", "defaultPolicies": False, "policies": others}
    estate.exists(**world(vms("web-01"), {"rsv": live}))
    estate.declare("all", vault(), policy("daily-1"), policy("daily-2"), assignment(policy="daily-2"))
    found = cli("plan", *estate.sandboxed, "--format", "json").json
    assert [(action["verb"], action["address"].rpartition("/")[2]) for action in found["actions"]] == [
        ("createPolicy", "daily-1")
    ]
    (blocked,) = [finding for finding in found["findings"] if finding["severity"] == "blocked"]
    assert (blocked["rule"], blocked["message"]) == (
        "policies-per-vault",
        "the vault has 199, 2 are to come, and it takes 200",
    )
    (held,) = found["heldBack"]
    assert (held["verb"], held["because"], held["why"]) == ("protect", blocked["address"], "blocked")
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0


def test_a_vm_for_which_the_vault_has_no_room_is_blocked(estate: Estate, cli: Cli) -> None:
    held = [{"vm": "rg-web/web-[0001-0999]", "policy": "DefaultPolicy"}]
    estate.exists(**world(vms("web-[0001-1001]"), {"rsv": {"location": "japaneast", "protectedItems": held}}))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    found = cli("plan", *estate.sandboxed, "--format", "json").json
    assert [action["address"].rpartition("/")[2] for action in found["actions"]] == ["web-1000"]
    blocked = [(each["rule"], each["address"].rpartition("/")[2], each["message"]) for each in found["findings"]]
    assert blocked == [("vms-per-vault", "web-1001", "the vault has 999, 2 are to come, and it takes 1,000")]


def test_what_patterns_select_for_a_new_vault_is_counted_too(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-[0001-1001]")))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    found = cli("plan", *estate.sandboxed, "--format", "json").json
    assert (found["summary"]["protect"], found["summary"]["blocked"]) == (1000, 1)
    assert [finding["rule"] for finding in found["findings"]] == ["vms-per-vault"]
