"""The roles that `permissions` shows are enough, and nothing of them can be left out: the box enforces them."""

import shutil
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from backup_reconciler.azure.api_versions import Api
from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    absent_policy,
    assignment,
    daily_policy,
    document,
    planned,
    policy,
    vault,
    vm_id,
    vms,
    world,
)
from tests.end_to_end.test_examples import EXAMPLES, FOLDERS
from tests.end_to_end.vaults import USER

CONSENT = ("--auto-approve", "--allow-one-way", "--allow-destructive")


def role(estate: Estate, cli: Cli, purpose: str) -> list[str]:
    told = cli("permissions", estate.manifests, "--for", purpose, "--format", "json")
    assert told.status == 0, told.err
    actions: list[str] = told.json["Actions"]
    return actions


def refused(estate: Estate) -> list[str]:
    return [f"{seen.method} {seen.path}" for seen in estate.requests() if seen.status == 403]


# ---- enough --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_example_needs_its_roles_and_no_other_right(estate: Estate, cli: Cli, folder: str) -> None:
    (file,) = (EXAMPLES / folder).glob("*.world.yaml")
    shutil.copytree(EXAMPLES / folder, estate.manifests, ignore=shutil.ignore_patterns(".sandbox", file.name))
    exists = yaml.safe_load(file.read_text())
    del exists["kind"]
    estate.exists(**exists)
    everything = planned(estate, cli)
    estate.exists(**exists, access=[{"actions": role(estate, cli, "plan")}])
    assert planned(estate, cli) == everything
    assert cli("check", *estate.sandboxed).status in (0, 2)
    assert cli("jobs", *estate.sandboxed).status == 0
    estate.exists(**exists, access=[{"actions": role(estate, cli, "apply")}])
    assert cli("apply", *estate.sandboxed, *CONSENT).status == 0
    assert refused(estate) == []


def test_policies_alone_may_look_at_the_backup_of_a_vm_that_is_late(estate: Estate, cli: Cli) -> None:
    """A changed policy is waited for by lists, and by the VM alone where its list has more pages than are late."""
    names = [f"daily-{number}" for number in range(7)]
    items = [{"vm": f"rg-web/web-{number}", "policy": name} for number, name in enumerate(names)]
    held = {"location": "japaneast", "policies": {name: daily_policy(30) for name in names}, "protectedItems": items}
    longer = {"daily": {"days": 40}}
    estate.declare("all", vault(existing=True), *(policy(name, retention=longer) for name in names))
    estate.exists(
        **world(vms(*(f"web-{number}" for number in range(7))), {"rsv": held}),
        access=[{"actions": role(estate, cli, "apply")}],
        pageSize=2,
        faults=[{"method": "PUT", "path": f"*backupPolicies/{names[-1]}", "slow": 60}],
    )
    told = cli("apply", *estate.sandboxed, *CONSENT, "--max-changes", len(names))
    assert estate.requests("GET", "/protectedItems/"), "the last one was looked at alone"
    assert (told.status, refused(estate)) == (0, []), told.out


# ---- nothing can be left out ---------------------------------------------------------------------------------------

GUARD = "/subscriptions/s/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/guard"
HELD = {"location": "japaneast", "protectedItems": [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]}
APPROVAL = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": [vm_id("web-01")]}
RECOVERY = "Microsoft.RecoveryServices/Vaults"
ITEMS = f"{RECOVERY}/backupFabrics/protectionContainers/protectedItems"
NETWORK = "Microsoft.Network"


def outbound(method: str, state: str = "present", **block: Any) -> dict[str, Any]:
    target = {"assignments": ["production"]}
    more = {method: block} if block else {}
    return document("OutboundAccess", "web", **{"for": target}, method=method, state=state, **more)


@dataclass
class Case:
    """What exists and is declared, and the actions without which the verb is refused something."""

    proves: dict[str, list[str]]
    """By verb."""
    documents: list[dict[str, Any]]
    world: dict[str, Any]
    first: list[dict[str, Any]] | None = None
    """What was declared and applied before, where there is such a thing to take away."""


def around(machines: dict[str, Any], held: dict[str, Any] | None = None, **resources: Any) -> dict[str, Any]:
    """VMs behind a network security group that denies everything."""
    made = world(machines, {"rsv": held or HELD})
    made["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-web"] |= {
        "virtualNetworks": {
            "vnet": {
                "addressPrefixes": ["10.1.0.0/16"],
                "subnets": {"web": {"addressPrefix": "10.1.1.0/24", "networkSecurityGroup": "nsg"}},
            }
        },
        "networkSecurityGroups": {
            "nsg": {"rules": {"Deny_All": {"priority": 1000, "direction": "Outbound", "access": "Deny"}}}
        },
        **resources,
    }
    return made


INSIDE = vms("web-01", nics=[{"subnet": "vnet/web"}])
PLAIN = assignment(policy="DefaultPolicy")
FIREWALLS = {
    "firewallPolicies": {"fwp": {"ruleCollectionGroups": {"rcg": {"priority": 300, "ruleCollections": []}}}},
    "azureFirewalls": {
        "fw": {"privateIp": "10.1.9.4", "firewallPolicy": "fwp"},
        "classic": {"privateIp": "10.1.9.5"},
    },
}
RESOURCES = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network"

CASES = {
    "a vault": Case(
        {
            "plan": [
                f"{RECOVERY}/read",
                f"{RECOVERY}/backupPolicies/read",
                f"{RECOVERY}/backupProtectedItems/read",
                f"{RECOVERY}/backupResourceGuardProxies/read",
                f"{RECOVERY}/backupstorageconfig/read",
            ],
            "apply": [f"{RECOVERY}/write", "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"],
        },
        [vault(redundancy="LocallyRedundant", identity={"userAssigned": [USER]})],
        world(vaults={"rsv": {"location": "japaneast", "resourceGuard": {"id": GUARD, "protects": []}}}),
    ),
    "VMs": Case(
        {
            "plan": [
                "Microsoft.Compute/virtualMachines/read",
                "Microsoft.RecoveryServices/locations/backupStatus/action",
            ],
            "check": [
                "Microsoft.Authorization/locks/read",
                "Microsoft.PolicyInsights/checkPolicyRestrictions/read",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
            ],
            "jobs": [f"{RECOVERY}/backupJobs/read"],
            "apply": [
                f"{ITEMS}/write",
                "Microsoft.Compute/virtualMachines/write",
                f"{RECOVERY}/backupPolicies/write",
                f"{ITEMS}/backup/action",
            ],
        },
        [vault(), policy(), assignment(initialBackup={"keepDays": 30})],
        world(
            vms("web-01", "web-02"),
            {"rsv": {"location": "japaneast"}, "rsv-other": {**HELD}},
        ),
    ),
    "the end": Case(
        {"apply": [f"{ITEMS}/delete", f"{RECOVERY}/backupPolicies/delete", f"{RECOVERY}/delete"]},
        [vault(state="absent", approval=APPROVAL)],
        world(
            vms("web-01"),
            {
                "rsv": {
                    "location": "japaneast",
                    "policies": {"daily": daily_policy(30)},
                    "protectedItems": [{"vm": "rg-web/web-01", "state": "ProtectionStopped"}],
                }
            },
        ),
    ),
    "security rules": Case(
        {
            "check": [
                f"{NETWORK}/{kind}/read"
                for kind in (
                    "networkInterfaces",
                    "virtualNetworks",
                    "networkSecurityGroups",
                    "routeTables",
                    "loadBalancers",
                    "privateEndpoints",
                    "azureFirewalls",
                    "firewallPolicies",
                    "firewallPolicies/ruleCollectionGroups",
                    "locations/serviceTags",
                )
            ],
            "apply": [f"{NETWORK}/networkSecurityGroups/securityRules/{verb}" for verb in ("read", "write")],
        },
        [vault(), PLAIN, outbound("nsg")],
        around(INSIDE, **FIREWALLS),
    ),
    "a proxy": Case(
        {"apply": [f"Microsoft.Compute/virtualMachines/runCommands/{verb}" for verb in ("read", "write")]},
        [vault(), PLAIN, outbound("proxy", host="10.1.1.6", port=3128)],
        around(INSIDE),
    ),
    "a firewall policy": Case(
        {"apply": [f"{NETWORK}/firewallPolicies/ruleCollectionGroups/write"]},
        [
            vault(),
            PLAIN,
            outbound("firewall", firewallPolicy=f"{RESOURCES}/firewallPolicies/fwp", ruleCollectionGroup="rcg"),
        ],
        around(INSIDE, **FIREWALLS),
    ),
    "a classic firewall": Case(
        {"apply": [f"{NETWORK}/azureFirewalls/write"]},
        [vault(), PLAIN, outbound("firewall", azureFirewall=f"{RESOURCES}/azureFirewalls/classic")],
        around(INSIDE, **FIREWALLS),
    ),
    "a policy taken away": Case(
        {"apply": [f"{RECOVERY}/backupPolicies/delete"]},
        [vault(), absent_policy("daily")],
        world(vaults={"rsv": {"location": "japaneast", "policies": {"daily": daily_policy(30)}}}),
    ),
    "security rules taken away": Case(
        {"apply": [f"{NETWORK}/networkSecurityGroups/securityRules/delete"]},
        [vault(), PLAIN, outbound("nsg", "absent")],
        around(INSIDE),
        [vault(), PLAIN, outbound("nsg")],
    ),
    "a proxy taken away": Case(
        {"apply": ["Microsoft.Compute/virtualMachines/runCommands/delete"]},
        [vault(), PLAIN, outbound("proxy", "absent", host="10.1.1.6", port=3128)],
        around(INSIDE),
        [vault(), PLAIN, outbound("proxy", host="10.1.1.6", port=3128)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_with_any_action_of_a_role_missing_something_is_refused(estate: Estate, cli: Cli, name: str) -> None:
    case = CASES[name]
    actions = apply_role(estate, cli, case.first or []) | apply_role(estate, cli, case.documents)
    for verb, needed in case.proves.items():
        assert actions.issuperset(needed)
        for missing in ("", *needed):
            estate.exists(**case.world, access=[{"actions": sorted(actions - {missing})}])
            if case.first:
                estate.declare("all", *case.first)
                assert cli("apply", *estate.sandboxed, *CONSENT).status == 0
            estate.declare("all", *case.documents)
            estate.forget()
            told = cli(verb, *estate.sandboxed, *(CONSENT if verb == "apply" else ()))
            assert bool(refused(estate)) == bool(missing), (verb, missing, told)


def apply_role(estate: Estate, cli: Cli, documents: list[dict[str, Any]]) -> set[str]:
    if not documents:
        return set()
    estate.declare("all", *documents)
    return set(role(estate, cli, "apply"))


def test_where_the_vault_does_not_tell_its_redundancy_another_right_writes_it(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Api.VAULTS, "_value_", "2022-01-01")
    actions = apply_role(estate, cli, [vault(redundancy="LocallyRedundant")])
    for missing, status in (("", 0), (f"{RECOVERY}/backupstorageconfig/write", 1)):
        estate.exists(
            **world(vaults={"rsv": {"location": "japaneast"}}), access=[{"actions": sorted(actions - {missing})}]
        )
        assert cli("apply", *estate.sandboxed, *CONSENT).status == status


def test_resource_graph_refuses_nothing_and_hides_what_may_not_be_read(estate: Estate, cli: Cli) -> None:
    """A plan that does not see the other vault would protect the VM anew."""
    actions = apply_role(estate, cli, [vault(), PLAIN])
    verbs = []
    for missing in ("", f"{ITEMS}/read"):
        held = {"rsv": {"location": "japaneast"}, "rsv-other": HELD}
        estate.exists(**world(vms("web-01"), held), access=[{"actions": sorted(actions - {missing})}])
        verbs.append([action["verb"] for action in planned(estate, cli)["actions"]])
    assert verbs == [[], ["protect"]]


def test_every_action_of_these_roles_is_proved(estate: Estate, cli: Cli) -> None:
    """Every one that the cases name, that is; two are asked of firewalls with a subnet, which those of worlds lack."""
    named = set[str]().union(*(apply_role(estate, cli, case.documents) for case in CASES.values()))
    proved = {one for case in CASES.values() for needed in case.proves.values() for one in needed}
    elsewhere = {f"{ITEMS}/read", f"{RECOVERY}/backupstorageconfig/write"}
    joins = {f"{NETWORK}/virtualNetworks/subnets/join/action", f"{NETWORK}/publicIPAddresses/join/action"}
    assert named == proved | elsewhere | joins


# ---- assigned as narrow as can be ----------------------------------------------------------------------------------


def test_the_role_for_apply_is_enough_on_the_groups_that_are_told(estate: Estate, cli: Cli) -> None:
    rule = {"firewallPolicy": f"{RESOURCES}/firewallPolicies/fwp", "ruleCollectionGroup": "rcg"}
    inside = {"tags": {"env": ["prod"]}, "resourceGroups": ["rg-web"]}
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", select=inside), outbound("firewall", **rule))
    shown = cli("permissions", estate.manifests, "--for", "apply").out
    _, _, below = shown.partition("or, narrower, the role for plan on those and this one on\n")
    scopes = below.partition("\n\n")[0].split()
    assert [scope.rpartition("/")[2] for scope in scopes] == ["rg-backup", "rg-web"]
    access = [{"actions": role(estate, cli, "plan")}, {"actions": role(estate, cli, "apply"), "scopes": scopes}]
    estate.exists(**around(INSIDE, {"location": "japaneast"}, **FIREWALLS), access=access)
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert (told.status, refused(estate)) == (0, []), told.out
    assert "2 done" in told.text


# ---- what is told --------------------------------------------------------------------------------------------------


def test_roles_are_told_offline_with_what_each_action_is_for(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", select={"resourceGroups": ["rg-web"]}))
    told = cli("permissions", estate.manifests)
    assert (told.status, told.err) == (0, "")
    assert "Backup Reconciler plan: for plan, drift, check and jobs, 21 actions" in told.text
    assert "Backup Reconciler apply: for apply, those above and 3 more actions" in told.text
    why = "lists VMs, their tags, disks and status; for VMAssignment/production"
    assert f"  Microsoft.Compute/virtualMachines/read\n      {why}\n" in told.out
    assert told.out.count("Microsoft.Compute/virtualMachines/read\n") == 1, "not again among those of apply"
    assert "Resource groups are never created: rg-backup must be there." in told.text
    assert told.out.count("/resourceGroups/rg-web\n") == 1, "where to assign the role for apply"
    assert max(map(len, told.out.splitlines())) <= 100
    alone = cli("permissions", estate.manifests, "--for", "apply", "--name", "Pay\u202ements").text
    assert alone.startswith(r"Pay\u202ements apply: for apply, 24 actions")


def test_a_role_as_json_is_what_az_takes(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(existing=True))
    assert cli("permissions", estate.manifests, "--for", "plan", "--format", "json").json == {
        "Name": "Backup Reconciler plan",
        "IsCustom": True,
        "Description": "What backup-reconciler reads to plan, and to tell drift, readiness and jobs.",
        "Actions": [
            f"{RECOVERY}/backupPolicies/read",
            f"{RECOVERY}/backupProtectedItems/read",
            f"{RECOVERY}/backupResourceGuardProxies/read",
            f"{RECOVERY}/read",
        ],
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": [f"/subscriptions/{SUBSCRIPTION}"],
    }


def test_what_makes_no_role_is_told(estate: Estate, cli: Cli) -> None:
    estate.declare("all", policy(vaults="all"))
    nothing = cli("permissions", estate.manifests)
    assert (nothing.status, nothing.out) == (1, "")
    assert "these manifests need nothing of Azure, so there is no role" in nothing.err
    both = cli("permissions", estate.manifests, "--format", "json")
    assert (both.status, both.out) == (1, "")
    assert "--format json writes one role definition; say --for plan or --for apply" in both.err


def test_a_missing_right_is_told_with_the_verb_that_shows_all(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(), access=[])
    estate.declare("all", vault())
    told = cli("plan", *estate.sandboxed)
    assert told.status == 1
    assert "to perform action 'Microsoft.RecoveryServices/vaults/read'" in told.err
    assert "backup-reconciler permissions shows the roles that manifests need" in told.err
