"""Outbound access by a proxy: scripts in Linux and Windows VMs, and in the VM that is the proxy."""

from typing import Any

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, document, planned, vault, vm_id, vms, world
from tests.end_to_end.somebody import somebody

READS = 6 + 10
"""Of a plan for one vault, and of the networks, the status of VMs and the run commands of one subscription."""
SETTINGS, LISTEN = "backup-reconciler-web-proxy", "backup-reconciler-web-proxy-in"
BOTH = [("PUT", "web-01", SETTINGS), ("PUT", "web-02", SETTINGS)]
NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network"


def outbound(**spec: Any) -> dict[str, Any]:
    usual = {
        "for": {"assignments": ["production"]},
        "method": "proxy",
        "proxy": {"host": "10.1.1.6", "port": 3128, "vm": vm_id("proxy-01"), "bypass": ["*.internal"]},
    }
    return document("OutboundAccess", "web", **usual | spec)


def exists(estate: Estate, *, closed: bool = False, protected: bool = True, behind: int = 0, **of_web_01: Any) -> None:
    """A Linux and a Windows VM, and a VM that is the proxy; `closed`: behind rules that deny all else.

    `behind` are the seconds that Resource Graph is.
    """
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy"} for name in ("web-01", "web-02")]
    nic = {"nics": [{"subnet": "vnet/web"}]}
    machines = vms("web-01", **nic, **of_web_01) | vms("web-02", os="Windows", **nic)
    machines["proxy-01"] = {"location": "japaneast", "os": "Windows", "nics": [{"subnet": "vnet/hub"}]}
    made = world(machines, {"rsv": {"location": "japaneast", "protectedItems": items if protected else []}})
    hub = {"addressPrefix": "10.1.1.0/29"} | ({"networkSecurityGroup": "nsg-hub"} if closed else {})
    denying = {
        f"Deny_{direction}": {"priority": 1000, "direction": direction, "access": "Deny"}
        for direction in ("Inbound", "Outbound")
    }
    made["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-web"] |= {
        "virtualNetworks": {
            "vnet": {
                "addressPrefixes": ["10.1.0.0/16"],
                "subnets": {"hub": hub, "web": {"addressPrefix": "10.1.2.0/24"}},
            }
        },
        "networkSecurityGroups": {"nsg-hub": {"rules": denying}},
    }
    estate.exists(graphLagSeconds=behind, **made)


def declare(estate: Estate, *documents: dict[str, Any], **spec: Any) -> None:
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", **spec), *documents)


def command(vm: str, name: str = SETTINGS) -> str:
    return f"{vm_id(vm)}/runCommands/{name}"


def written(estate: Estate) -> list[tuple[str, str, str]]:
    """Method, VM and name of the writes there were."""
    paths = [(seen.method, seen.path.split("/")) for seen in estate.writes()]
    return [(method, path[8], path[-1]) for method, path in paths]


def applied(estate: Estate, cli: Cli) -> list[tuple[str, str, str]]:
    """The writes of an apply that succeeds."""
    estate.forget()
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out + told.err
    return written(estate)


def nothing_is_left(estate: Estate, cli: Cli, asked: int = 0) -> None:
    """There is nothing to do, and nothing was read but lists, and so many run commands."""
    estate.forget()
    plan = planned(estate, cli)
    assert (plan["actions"], plan["requests"]["read"]) == ([], READS + asked)
    assert len(estate.requests("", "runCommands")) == asked


def test_vms_are_made_to_use_a_proxy_kept_at_it_and_freed_again(estate: Estate, cli: Cli) -> None:
    exists(estate)
    declare(estate, outbound())

    plan = planned(estate, cli)
    assert plan["requests"]["read"] == READS + 3, "each that is about to be written is asked for"
    assert {action["address"].rpartition("rg-web/")[2]: action["dependsOn"] for action in plan["actions"]} == {
        f"proxy-01/{LISTEN}": [],
        f"web-01/{SETTINGS}": [plan["actions"][0]["id"]],
        f"web-02/{SETTINGS}": [plan["actions"][0]["id"]],
    }
    assert [(each["path"], each["to"]) for each in plan["actions"][1]["changes"]] == [
        ("proxy.host", "10.1.1.6"),
        ("proxy.port", "3128"),
        ("proxy.bypass", "168.63.129.16,169.254.169.254,.internal"),
    ]
    opening, *setting = applied(estate, cli)
    assert opening == ("PUT", "proxy-01", LISTEN)
    assert sorted(setting) == BOTH
    nothing_is_left(estate, cli)
    sent = somebody(estate, "GET", command("web-01"))
    assert sent["properties"]["source"]["script"].startswith("#!/bin/sh\n# backup-reconciler web ")
    assert sent["properties"]["treatFailureAsDeploymentFailure"] is True

    somebody(estate, "DELETE", command("web-01"))
    other = {
        "location": "japaneast",
        "properties": {"source": {"script": sent["properties"]["source"]["script"] + "\n"}},
    }
    somebody(estate, "PUT", command("web-02"), other)
    drift = cli("drift", *estate.sandboxed)
    assert drift.status == 2
    assert f"missing script {SETTINGS} in web-01" in drift.text
    assert f"differs script {SETTINGS} in web-02" in drift.text
    assert "script declared as this version writes it found changed by somebody" in drift.text
    assert sorted(applied(estate, cli)) == BOTH

    declare(estate, outbound(proxy={"host": "proxy.example.com", "port": 8080}))
    plan = planned(estate, cli)
    assert [(each["path"], each["from"], each["to"]) for each in plan["actions"][0]["changes"]] == [
        ("proxy.host", "10.1.1.6", "proxy.example.com"),
        ("proxy.port", "3128", "8080"),
        ("proxy.bypass", "168.63.129.16,169.254.169.254,.internal", "168.63.129.16,169.254.169.254"),
    ]
    assert [(one["rule"], one["severity"]) for one in plan["findings"]] == [("owned-left", "info")]

    declare(estate, outbound(state="absent"))
    drift = cli("drift", *estate.sandboxed)
    assert (drift.text.count("unwanted run command"), drift.text.count("Drift: 3 differences")) == (3, 1)
    writes = applied(estate, cli)
    assert sorted(writes[:2]) == BOTH, "the proxy stays open until nobody goes through it"
    assert sorted(writes[2:]) == [
        ("DELETE", "proxy-01", LISTEN),
        ("DELETE", "web-01", SETTINGS),
        ("DELETE", "web-02", SETTINGS),
        ("PUT", "proxy-01", LISTEN),
    ]
    nothing_is_left(estate, cli, asked=3)


def test_a_script_that_fails_is_told_and_run_again_and_the_others_go_on(estate: Estate, cli: Cli) -> None:
    error = "cp: /etc/environment: No space left on device\n"
    failing = {"script": "*set_block*", "exitCode": 1, "error": error, "times": 1}
    stuck = {"script": "*remove_block*", "exitCode": 1, "error": "Read-only file system", "times": 1}
    exists(estate, behind=120, runCommands=[failing, stuck])
    declare(estate, outbound())

    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "the script in web-01 failed with exit code 1: cp: /etc/environment: No space left on device" in told.text
    assert "Apply: 2 done and 1 failed" in told.text
    drift = cli("drift", *estate.sandboxed)
    assert "found the script in web-01 failed with exit code 1" in drift.text, "whatever Resource Graph shows"
    assert applied(estate, cli) == [("PUT", "web-01", SETTINGS)]
    assert planned(estate, cli)["actions"] == []

    declare(estate, outbound(state="absent"))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 3
    assert somebody(estate, "GET", command("web-01"))["properties"]["provisioningState"] == "Failed"
    undoing, *then = applied(estate, cli)
    assert undoing == ("PUT", "web-01", SETTINGS)
    assert sorted(then)[:2] == [("DELETE", "proxy-01", LISTEN), ("DELETE", "web-01", SETTINGS)]
    assert planned(estate, cli)["actions"] == []


def test_a_vm_that_does_not_run_and_what_is_not_ours_are_left_alone(estate: Estate, cli: Cli) -> None:
    exists(estate, power="deallocated")
    theirs = {"location": "japaneast", "properties": {"source": {"script": "Restart-Service w3svc"}}}
    somebody(estate, "PUT", command("web-02"), theirs)
    declare(estate, outbound())
    told = cli("plan", *estate.sandboxed)
    assert f"blocked script {SETTINGS} in web-01" in told.text
    assert "the VM is deallocated, so no script can be sent into it [script-power]" in told.text
    assert f"blocked script {SETTINGS} in web-02" in told.text
    assert "there is a run command of this name, and its script has no mark of ours [owned-name-taken]" in told.text
    assert applied(estate, cli) == [("PUT", "proxy-01", LISTEN)]
    declare(estate, outbound(state="absent"))
    assert [vm for _, vm, _ in applied(estate, cli)] == ["proxy-01", "proxy-01"]


def test_a_proxy_behind_security_groups_is_opened_before_anybody_goes_through_it(estate: Estate, cli: Cli) -> None:
    exists(estate, closed=True, protected=False)
    declare(estate, outbound(), initialBackup={"keepDays": 30})

    plan = planned(estate, cli)
    before = {action["id"]: action["dependsOn"] for action in plan["actions"]}
    rules = [f"createSecurityRule:SecurityRule/{SUBSCRIPTION}/rg-web/nsg-hub/{LISTEN}{end}" for end in ("", "-")]
    rules[1] = rules[0].replace("proxy-in", "proxy-out")
    listening = f"runScript:RunCommand/{SUBSCRIPTION}/rg-web/proxy-01/{LISTEN}"
    setting = f"runScript:RunCommand/{SUBSCRIPTION}/rg-web/web-01/{SETTINGS}"
    assert set(before[listening]) == set(rules)
    assert set(before[setting]) == {*rules, listening}
    first_backup = next(id_ for id_ in before if id_.startswith("backUpNow") and id_.endswith("web-01"))
    assert set(before[first_backup]) >= {*rules, setting}

    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out + told.err
    group = somebody(estate, "GET", f"{NETWORK}/networkSecurityGroups/nsg-hub")["properties"]["securityRules"]
    opened = {rule["name"]: rule["properties"] for rule in group if rule["name"].startswith("backup-reconciler")}
    told_of = ("direction", "sourceAddressPrefix", "destinationAddressPrefix", "priority")
    assert {name: [rule[field] for field in told_of] for name, rule in opened.items()} == {
        LISTEN: ["Inbound", "VirtualNetwork", "10.1.1.4", 999],
        "backup-reconciler-web-proxy-out": ["Outbound", "10.1.1.4", "Internet", 999],
    }
    assert opened["backup-reconciler-web-proxy-out"]["destinationPortRanges"] == ["80", "443"]
    plan = planned(estate, cli)
    assert plan["actions"] == []
    assert [one["rule"] for one in plan["findings"]] == ["proxy-address"]

    declare(estate, outbound(state="absent"))
    estate.forget()
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    order = [(method, name) for method, _, name in written(estate)]
    undone = max(index for index, write in enumerate(order) if write[0] == "PUT")
    assert min(index for index, (method, name) in enumerate(order) if method == "DELETE" and "out" in name) > undone
    assert planned(estate, cli)["actions"] == []
