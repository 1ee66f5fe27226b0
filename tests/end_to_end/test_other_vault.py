"""A VM that another vault holds is left there; where Resource Graph may be behind, the service itself is asked."""

from typing import Any

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, planned, policy, vault, vm_id, vms, world

OTHER = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv-other"
BY_GRAPH = "the vault rsv-other in rg-backup holds it already, by what Resource Graph knew some minutes ago"
APPROVAL = {"by": "Ada", "reason": "moves", "expires": "2099-12-31", "vms": [vm_id("web-01")]}


def exists(estate: Estate, *names: str, state: str = "Protected", **rest: Any) -> None:
    """Each VM is held by a vault that no manifest names."""
    policy_of = {"policy": "DefaultPolicy"} if state == "Protected" else {}
    items = [{"vm": f"rg-web/{name}", "state": state, **policy_of} for name in names]
    held = {"location": "japaneast", "protectedItems": items}
    estate.exists(**world(vms(*names), {"rsv": {"location": "japaneast"}, "rsv-other": held}, **rest))


def released(estate: Estate, cli: Cli) -> None:
    """The other vault has let the VM go, and Resource Graph does not know yet."""
    item = {"vm": "rg-web/web-01", "state": "ProtectionStopped"}
    held = {"location": "japaneast", "softDelete": {"state": "Disabled"}, "protectedItems": [item]}
    vaults = {"rsv": {"location": "japaneast"}, "rsv-other": held}
    estate.exists(**world(vms("web-01"), vaults, era=2021, graphLagSeconds=86_400))
    end = assignment(
        "end", vault="rsv-other", select={"ids": [vm_id("web-01")]}, protection="deleted", approval=APPROVAL
    )
    del end["spec"]["policy"]
    estate.declare("all", vault("rsv-other"), end)
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive", "--allow-one-way").status == 0
    estate.forget()


def asked(estate: Estate) -> int:
    return len(estate.requests("POST", "backupStatus"))


def blocked(plan: Any) -> list[str]:
    return [one["message"] for one in plan["findings"] if one["rule"] == "vm-in-other-vault"]


def test_the_service_confirms_it_and_the_vault_is_named_with_the_way_out(estate: Estate, cli: Cli) -> None:
    exists(estate, "web-01")
    estate.declare("all", vault(), policy(), assignment())
    plan = planned(estate, cli)
    (finding,) = plan["findings"]
    assert (finding["rule"], finding["message"]) == (
        "vm-in-other-vault",
        "the vault rsv-other in rg-backup holds it already",
    )
    assert finding["resources"] == [OTHER]
    assert finding["remedy"].startswith("to release it, stop its backups there and delete its backup data")
    assert (asked(estate), plan["requests"]["read"]) == (1, 6 + 1)


def test_a_vm_that_was_released_meanwhile_is_protected(estate: Estate, cli: Cli) -> None:
    released(estate, cli)
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    plan = planned(estate, cli)
    assert ([action["verb"] for action in plan["actions"]], plan["findings"]) == (["protect"], [])
    assert asked(estate) == 1
    assert len(plan["coverage"]["covered"]) == 1
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0


def test_the_graph_against_the_list_of_a_vault_in_scope_is_asked_too(estate: Estate, cli: Cli) -> None:
    released(estate, cli)
    estate.declare("all", vault(), vault("rsv-other"), assignment(policy="DefaultPolicy"))
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == ["protect"]
    assert asked(estate) == 1


def test_nothing_is_asked_for_what_is_not_to_be_protected(estate: Estate, cli: Cli) -> None:
    exists(estate, "web-01")
    stop = assignment(protection="stopped")
    del stop["spec"]["policy"]
    estate.declare("all", vault(), stop)
    assert blocked(planned(estate, cli)) == [BY_GRAPH]
    assert asked(estate) == 0


def test_a_soft_deleted_backup_elsewhere_keeps_the_vm_and_nothing_is_asked(estate: Estate, cli: Cli) -> None:
    exists(estate, "web-01", state="SoftDeleted")
    estate.declare("all", vault(), policy(), assignment())
    by_graph = "keeps a soft-deleted backup of it, by what Resource Graph knew some minutes ago"
    assert blocked(planned(estate, cli)) == [f"the vault rsv-other in rg-backup {by_graph}"]
    assert asked(estate) == 0
    estate.declare("all", vault(), vault("rsv-other"), policy(), assignment())
    until = "keeps a soft-deleted backup of it, until it is purged on 2026-12-07"
    assert blocked(planned(estate, cli)) == [f"the vault rsv-other in rg-backup {until}"]


def test_twenty_are_asked_for_and_for_the_others_the_graph_is_believed(estate: Estate, cli: Cli) -> None:
    exists(estate, *(f"web-{number:02}" for number in range(22)))
    estate.declare("all", vault(), policy(), assignment())
    messages = blocked(planned(estate, cli))
    assert (asked(estate), len(messages), messages.count(BY_GRAPH)) == (20, 22, 2)


def test_where_these_rights_do_not_let_ask_the_graph_is_believed(estate: Estate, cli: Cli) -> None:
    exists(estate, "web-01", access=[{"actions": ["*/read"]}])
    estate.declare("all", vault(), policy(), assignment())
    assert blocked(planned(estate, cli)) == [BY_GRAPH]


@pytest.mark.parametrize("status", [500, 400])
def test_any_other_failure_of_the_question_ends_the_run(estate: Estate, cli: Cli, status: int) -> None:
    exists(estate, "web-01", faults=[{"method": "POST", "path": "*/backupStatus", "status": status}])
    estate.declare("all", vault(), policy(), assignment())
    assert cli("plan", *estate.sandboxed).status == 1
