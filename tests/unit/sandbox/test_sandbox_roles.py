"""Roles: what the caller may do when a world says so."""

from __future__ import annotations

import pytest

from backup_reconciler.sandbox.core.authorization.roles import allowed
from backup_reconciler.sandbox.core.estate import OBJECT_ID, Access, Role

S = "11111111-1111-1111-1111-111111111111"
GROUP = f"/subscriptions/{S}/resourceGroups/rg"
VAULT = f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/rsv"
PROTECT = "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems"
VM_WRITE = "Microsoft.Compute/virtualMachines/write"


def role(*actions, without=(), scopes=("/",)):
    return {"actions": list(actions), "notActions": list(without), "scopes": list(scopes)}


@pytest.mark.parametrize(
    ("granted", "action", "yes"),
    [
        (["*"], "Microsoft.Compute/virtualMachines/write", True),
        (["*/read"], "Microsoft.Compute/virtualMachines/read", True),
        (["*/read"], "Microsoft.Compute/virtualMachines/write", False),
        (["microsoft.compute/VIRTUALMACHINES/*"], "Microsoft.Compute/virtualMachines/start/action", True),
        (["Microsoft.Compute/virtualMachines/*/read"], "Microsoft.Compute/virtualMachines/read", False),
        (["Microsoft.Compute/virtualMachines/rea"], "Microsoft.Compute/virtualMachines/read", False),
        (["Microsoft.Compute.virtualMachines/read"], "Microsoft.Compute/virtualMachines/read", False),
        ([], "Microsoft.Compute/virtualMachines/read", False),
    ],
)
def test_actions_are_read_as_azure_reads_them(granted, action, yes):
    assert allowed(Access([Role(granted, [], ["/"])]), action, VAULT) is yes


def test_what_a_role_takes_away_another_may_grant():
    first, second = Role(["*"], ["*/delete"], ["/"]), Role(["Microsoft.Compute/*"], [], ["/"])
    assert not allowed(Access([first]), "Microsoft.Compute/virtualMachines/delete", VAULT)
    assert allowed(Access([first, second]), "Microsoft.Compute/virtualMachines/delete", VAULT)


@pytest.mark.parametrize(
    ("assigned", "yes"), [("/", True), (GROUP.upper(), True), (VAULT, True), (f"{VAULT}2", False), (VAULT[:-1], False)]
)
def test_a_role_reaches_into_its_scope_and_no_further(assigned, yes):
    assert allowed(Access([Role(["*"], [], [assigned])]), "x/read", f"{VAULT}/backupJobs/j") is yes


def test_where_no_role_is_stated_everything_is_allowed(service):
    assert service.state.estate.access.roles is None
    assert service.ask("DELETE", service.vault("rsv2")).status == 202


def test_a_refusal_is_the_gateways(open_service):
    service = open_service(access=[role("*/read")])
    response = service.ask("DELETE", service.vault())
    assert response.status == 403
    assert response.headers["x-ms-failure-cause"] == "gateway"
    assert response.body["error"] == {
        "code": "AuthorizationFailed",
        "message": f"The client '{OBJECT_ID}' with object id '{OBJECT_ID}' does not have authorization to perform "
        f"action 'Microsoft.RecoveryServices/vaults/delete' over scope '{service.vault()}' or the scope is invalid. "
        "If access was recently granted, please refresh your credentials.",
    }


def test_an_empty_list_of_roles_allows_nothing(open_service):
    service = open_service(access=[])
    assert service.refused("GET", service.vault()) == (403, "AuthorizationFailed")
    assert service.names("/subscriptions") == []


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/subscriptions/{S}/providers/Microsoft.Compute/virtualMachines", "/subscriptions/{S}"),
        ("/subscriptions/{S}/resourceGroups", "/subscriptions/{S}"),
        (
            "/subscriptions/{S}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines",
            "/subscriptions/{S}/resourceGroups/rg/providers/Microsoft.Compute",
        ),
        ("{VAULT}/backupProtectedItems", "{VAULT}"),
        ("{VAULT}/backupconfig/vaultconfig", "{VAULT}/backupconfig/vaultconfig"),
        ("{VAULT}/providers/Microsoft.Authorization/locks", "{VAULT}"),
        (
            "{VAULT}/providers/Microsoft.Authorization/locks/keep",
            "{VAULT}/providers/Microsoft.Authorization/locks/keep",
        ),
    ],
)
def test_a_refusal_names_the_scope(open_service, path, scope):
    service = open_service(access=[])
    message = service.ask("GET", path.format(S=S, VAULT=VAULT)).body["error"]["message"]
    assert f"over scope '{scope.format(S=S, VAULT=VAULT)}' or" in message


def test_a_list_needs_the_right_where_it_lists(open_service):
    service = open_service(access=[role("*/read", scopes=[VAULT])])
    assert service.get(VAULT)["name"] == "rsv"
    assert service.names(f"{VAULT}/backupPolicies")
    listed = f"/subscriptions/{S}/providers/Microsoft.RecoveryServices/vaults"
    assert service.refused("GET", listed) == (403, "AuthorizationFailed")


def test_a_subscription_is_listed_to_whoever_has_a_role_in_it(open_service, world):
    other = "22222222-2222-2222-2222-222222222222"
    subscriptions = {**world()["subscriptions"], other: {}}
    for scope, seen in ((VAULT, [S]), ("/", [S, other]), (f"/subscriptions/{other}", [other])):
        service = open_service(access=[role("*/read", scopes=[scope])], subscriptions=subscriptions)
        assert [one["subscriptionId"] for one in service.get("/subscriptions")["value"]] == seen, scope


def test_resource_graph_shows_what_may_be_read_and_refuses_nothing(open_service):
    graph, query = "/providers/Microsoft.ResourceGraph/resources", {"query": "resources | project name"}
    service = open_service(access=[role("Microsoft.RecoveryServices/vaults/read", scopes=[VAULT])])
    assert service.ask("POST", graph, query).body["data"] == [{"name": "rsv"}]
    assert open_service(access=[]).ask("POST", graph, query).body["data"] == []


def test_protecting_a_vm_needs_to_write_the_vm(open_service):
    service = open_service(access=[role(f"{PROTECT}/*", "*/read")])
    response = service.ask("PUT", service.item("a"), service.configure("a"))
    assert response.status == 403
    assert response.body["error"] == {
        "code": "LinkedAuthorizationFailed",
        "message": f"The client '{OBJECT_ID}' with object id '{OBJECT_ID}' has permission to perform action "
        "'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/write' on scope "
        f"'{service.item('a')}'; however, it does not have permission to perform action '{VM_WRITE}' on the linked "
        f"scope(s) '{service.vm('a')}' or the linked scope(s) are invalid.",
    }
    service = open_service(access=[role(f"{PROTECT}/*", "*/read"), role(VM_WRITE, scopes=[service.vm("a")])])
    service.protect("a")
    assert service.refused("PUT", service.item("b"), service.configure("b")) == (403, "LinkedAuthorizationFailed")


def test_stopping_does_not(open_service):
    service = open_service(access=[role("*", without=[VM_WRITE])])
    stop = service.configure("a")
    stop["properties"] |= {"policyId": "", "protectionState": "ProtectionStopped"}
    assert service.refused("PUT", service.item("a"), stop)[1] == "BMSUserErrorDataSourceObjectNotFound"


def test_with_exactly_the_actions_it_works_and_without_any_one_it_does_not(open_service):
    """What the least role for protecting a VM and watching it is; so must a role that was worked out be provable."""
    least = [f"{PROTECT}/write", f"{PROTECT}/operationsStatus/read", f"{PROTECT}/read", VM_WRITE]

    def works(actions):
        service = open_service(access=[role(*actions)])
        accepted = service.ask("PUT", service.item("a"), service.configure("a"))
        status = accepted.headers.get("Azure-AsyncOperation", f"{service.item('a')}/operationsStatus/x?")
        watched = service.ask("GET", status.removeprefix("http://box").partition("?")[0])
        return 403 not in {accepted.status, watched.status, service.ask("GET", service.item("a")).status}

    assert works(least)
    for action in least:
        assert not works([one for one in least if one != action]), action


def test_permissions_are_those_of_the_roles_at_a_scope(open_service, service):
    path = "providers/Microsoft.Authorization/permissions"
    everything = {"actions": ["*"], "notActions": [], "dataActions": [], "notDataActions": []}
    assert service.get(f"{service.vault()}/{path}")["value"] == [everything]
    told = [role("*/read", "Microsoft.Authorization/*"), role("*", scopes=[f"{GROUP}x"])]
    (shown,) = open_service(access=told).get(f"{service.vault()}/{path}")["value"]
    assert shown["actions"] == ["*/read", "Microsoft.Authorization/*"]


def test_giving_a_vault_an_identity_needs_a_right_on_the_identity_and_taking_it_away_does_not(open_service):
    identity = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
    assign = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
    body = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}}
    service = open_service(access=[role("Microsoft.RecoveryServices/*")])
    assert service.refused("PATCH", service.vault(), body) == (403, "LinkedAuthorizationFailed")
    service = open_service(access=[role("Microsoft.RecoveryServices/*"), role(assign, scopes=[identity])])
    assert service.ask("PATCH", service.vault(), body).status < 300
    away = {"identity": {"type": "None", "userAssignedIdentities": {identity: None}}}
    service = open_service(access=[role("Microsoft.RecoveryServices/*")])
    assert service.ask("PATCH", service.vault(), away).status < 300


def test_writing_a_firewall_needs_to_join_its_subnet_and_its_addresses(open_service):
    network = f"{GROUP}/providers/Microsoft.Network"
    address = {"id": f"{network}/publicIPAddresses/ip"}
    subnet = {"id": f"{network}/virtualNetworks/vnet/subnets/AzureFirewallSubnet"}
    joined = {"subnet": subnet, "publicIPAddress": address}
    body = {"location": "japaneast", "properties": {"ipConfigurations": [{"name": "one", "properties": joined}]}}
    actions = ["azureFirewalls/write", "virtualNetworks/subnets/join/action", "publicIPAddresses/join/action"]
    for missing in (None, *actions):
        service = open_service(access=[role(*(f"Microsoft.Network/{one}" for one in actions if one != missing))])
        status = service.ask("PUT", f"{network}/azureFirewalls/fw", body).status
        assert (status == 403) == (missing is not None), missing
