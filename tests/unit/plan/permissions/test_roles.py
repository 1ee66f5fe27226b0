"""Which roles manifests take: no more than is declared, on scopes as narrow as they tell, with names that Azure has."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from backup_reconciler.manifest import load
from backup_reconciler.plan.permissions import outbound, policy, protection, readiness, vault
from backup_reconciler.plan.permissions.need import Permission, Purpose
from backup_reconciler.plan.permissions.outside import outside
from backup_reconciler.plan.permissions.role import Role, narrowest, role_for
from backup_reconciler.sandbox.core.gateway import access
from backup_reconciler.sandbox.core.providers import routes
from backup_reconciler.spec.document import Manifests
from tests.conftest import SUBSCRIPTION, absent_policy, assignment, document, vm_id
from tests.conftest import policy as policy_document
from tests.conftest import vault as vault_document

OTHER = "22222222-2222-2222-2222-222222222222"
NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.Network"
APPROVAL = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": [vm_id("web-01")]}
PLAIN = assignment(policy="DefaultPolicy")


@pytest.fixture
def declared(tmp_path: Path) -> Any:
    def read(*documents: dict[str, Any]) -> Manifests:
        (tmp_path / "all.yaml").write_text(yaml.safe_dump_all(documents))
        return load([tmp_path])

    return read


def without_policy(**spec: Any) -> dict[str, Any]:
    made = assignment(**spec)
    del made["spec"]["policy"]
    return made


def outbound_document(method: str, **spec: Any) -> dict[str, Any]:
    return document("OutboundAccess", "out", **{"for": {"assignments": ["production"]}}, method=method, **spec)


def last(role: Role) -> set[str]:
    """The actions that only applying takes, less their providers."""
    return {one.permission.action.partition("/")[2] for one in role.of(Purpose.APPLY)}


ITEM = "Vaults/backupFabrics/protectionContainers/protectedItems"
CASES: dict[str, tuple[list[dict[str, Any]], set[str]]] = {
    "a vault that is owned elsewhere": ([vault_document(existing=True, redundancy="LocallyRedundant")], set()),
    "a policy in a vault that is owned elsewhere": (
        [vault_document(existing=True), policy_document()],
        {"Vaults/backupPolicies/write", "Vaults/backupJobs/read", f"{ITEM}/read"},
    ),
    "a policy for all vaults, of which there is none of ours": (
        [vault_document(existing=True), policy_document(vaults="all")],
        set(),
    ),
    "a vault alone": ([vault_document()], {"Vaults/write"}),
    "a vault with a redundancy": (
        [vault_document(redundancy="LocallyRedundant")],
        {"Vaults/write", "Vaults/backupstorageconfig/write"},
    ),
    "VMs whose backups end": (
        [vault_document(existing=True), without_policy(protection="stopped")],
        {f"{ITEM}/write"},
    ),
    "VMs whose backups are deleted": (
        [
            vault_document(existing=True),
            without_policy(protection="deleted", approval=APPROVAL, select={"ids": [vm_id("web-01")]}),
        ],
        {f"{ITEM}/write", f"{ITEM}/delete"},
    ),
    "VMs": ([vault_document(existing=True), PLAIN], {f"{ITEM}/write", "virtualMachines/write"}),
    "VMs with a first backup": (
        [vault_document(existing=True), assignment(policy="DefaultPolicy", initialBackup={"keepDays": 30})],
        {f"{ITEM}/write", "virtualMachines/write", f"{ITEM}/backup/action"},
    ),
    "an authoritative vault": (
        [vault_document(authoritative=True)],
        {"Vaults/write", f"{ITEM}/write", "Vaults/backupJobs/read"},
    ),
    "a vault that goes, without approval": (
        [vault_document(state="absent")],
        {"Vaults/delete", "Vaults/backupPolicies/delete"},
    ),
    "a policy that goes": (
        [vault_document(existing=True), absent_policy("daily")],
        {"Vaults/backupPolicies/delete"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_applying_takes_no_more_than_what_is_declared(declared: Any, name: str) -> None:
    documents, expected = CASES[name]
    assert last(role_for(Purpose.APPLY, declared(*documents))) == expected


def test_planning_takes_nothing_that_changes_anything(declared: Any) -> None:
    proxy = {"host": "10.1.1.6", "port": 3128, "vm": vm_id("proxy-01")}
    role = role_for(Purpose.PLAN, declared(vault_document(), PLAIN, outbound_document("proxy", proxy=proxy)))
    asking = {"Microsoft.RecoveryServices/locations/backupStatus/action"}
    assert {one for one in role.actions if not one.endswith("/read")} == asking


def test_vaults_alone_take_nothing_of_vms_or_networks(declared: Any) -> None:
    role = role_for(Purpose.PLAN, declared(vault_document()))
    assert {one.partition("/")[0] for one in role.actions} == {"Microsoft.RecoveryServices"}


# ---- scopes --------------------------------------------------------------------------------------------------------


def test_scopes_are_as_narrow_as_documents_tell(declared: Any) -> None:
    rules = {"azureFirewall": f"{NETWORK}/azureFirewalls/fw"}
    inside = {"subscriptions": [OTHER], "resourceGroups": ["rg-web", "rg-app"]}
    role = role_for(
        Purpose.APPLY,
        declared(
            vault_document(),
            assignment(policy="DefaultPolicy", select=inside),
            outbound_document("firewall", firewall=rules),
        ),
    )
    scopes = {need.permission.action: sorted(scope.text for scope in need.scopes) for need in role.needs}
    ours, theirs = f"/subscriptions/{SUBSCRIPTION}", f"/subscriptions/{OTHER}"
    assert scopes["Microsoft.RecoveryServices/Vaults/write"] == [f"{ours}/resourceGroups/rg-backup"]
    assert scopes["Microsoft.Compute/virtualMachines/read"] == [theirs]
    assert scopes["Microsoft.Compute/virtualMachines/write"] == [
        f"{theirs}/resourceGroups/rg-app",
        f"{theirs}/resourceGroups/rg-web",
    ]
    assert scopes["Microsoft.Network/azureFirewalls/write"] == [f"{ours}/resourceGroups/rg-hub"]
    assert [one.text for one in role.subscriptions] == [ours, theirs]
    told = [one.text for one in narrowest(role.of(Purpose.APPLY))]
    assert told == [ours, f"{theirs}/resourceGroups/rg-app", f"{theirs}/resourceGroups/rg-web"], (
        "the firewall's subnet may be in any group of its subscription"
    )


def test_named_groups_and_subnets_and_a_proxy_say_where_rules_are_written(declared: Any) -> None:
    group = f"{NETWORK}/networkSecurityGroups/nsg"
    subnet = f"/subscriptions/{OTHER}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    proxy = {"host": "10.1.1.6", "port": 3128, "vm": vm_id("proxy-01", "rg-proxy")}
    documents = (
        vault_document(),
        document("OutboundAccess", "named", **{"for": {"networkSecurityGroups": [group]}}, method="nsg"),
        document("OutboundAccess", "proxied", **{"for": {"subnets": [subnet]}}, method="proxy", proxy=proxy),
    )
    role = role_for(Purpose.APPLY, declared(*documents))
    scopes = {need.permission.action: {scope.text for scope in need.scopes} for need in role.needs}
    ours, theirs = f"/subscriptions/{SUBSCRIPTION}", f"/subscriptions/{OTHER}"
    rules = scopes["Microsoft.Network/networkSecurityGroups/securityRules/write"]
    assert rules == {ours, f"{ours}/resourceGroups/rg-hub"}
    commands = scopes["Microsoft.Compute/virtualMachines/runCommands/write"]
    assert commands == {theirs, f"{ours}/resourceGroups/rg-proxy"}


# ---- names ---------------------------------------------------------------------------------------------------------


def permissions() -> list[Permission]:
    """Every one that is named anywhere."""
    found: list[Permission] = []
    for module in (vault, policy, protection, readiness, outbound):
        for value in vars(module).values():
            found += [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Permission)]
    return found


def test_every_action_is_one_that_azure_has() -> None:
    """The box has the names from Azure's own lists, and nothing of them from here."""
    known = {route.action.casefold() for route in routes()}
    linked = {"microsoft.compute/virtualmachines/write", *(one.casefold() for one in access.LINKED_ACTIONS)}
    assert len(permissions()) > 40
    assert {one.action.casefold() for one in permissions()} <= known | linked


def test_the_same_action_is_explained_alike_wherever_it_is_named() -> None:
    actions = {one.action: one.why for one in permissions()}
    assert all(actions[one.action] == one.why for one in permissions())


# ---- outside -------------------------------------------------------------------------------------------------------


def test_what_no_role_gives_is_told_where_it_matters(declared: Any) -> None:
    key = {"key": "https://kv.vault.azure.net/keys/backup"}
    encrypted = vault_document(identity={"systemAssigned": True}, encryption=key)
    rules = {"azureFirewall": f"{NETWORK}/azureFirewalls/fw"}
    told = " ".join(outside(declared(encrypted, PLAIN, outbound_document("firewall", firewall=rules))))
    for words in ("rg-backup must be there", "Resource Guard", "Key Vault Crypto Service Encryption User", "IP groups"):
        assert words in told
    plain = " ".join(outside(declared(vault_document(existing=True))))
    assert plain.startswith("What a Resource Guard")
    assert plain.count(".") == 1
