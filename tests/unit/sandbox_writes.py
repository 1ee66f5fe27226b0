"""A write of every sort to a box, and what it leaves behind: for tests of what may go wrong with any of them."""

from __future__ import annotations

import copy
from typing import Any

from tests.conftest import daily_policy

FAILURE = {"code": "CloudInternalError", "message": "Microsoft Azure Backup encountered an internal error."}


def operation(service: Any, response: Any) -> dict[str, Any]:
    """The operation as its status link shows it now."""
    path, _, query = response.headers["Azure-AsyncOperation"].partition("://box")[2].partition("?")
    version = query.partition("api-version=")[2].partition("&")[0]
    found: dict[str, Any] = service.ask("GET", f"{path}?api-version={version}").body
    return found


def state(service: Any) -> str:
    """All that exists, but for papers: operations, jobs and what is to come for them. As text: soon compared."""
    estate = copy.deepcopy(service.state.estate)
    for vault in estate.vaults():
        vault.operations, vault.jobs, vault.runs = {}, {}, {}
    return repr((estate.subscriptions, estate.holders, estate.access))


def statuses(service: Any, *jobs: str) -> list[str]:
    return [job["status"] for job in service.jobs() if job["operation"] in (jobs or (job["operation"],))]


NEW_VAULT = {"location": "japaneast", "sku": {"name": "Standard"}}
BACKUP = {"properties": {"objectType": "IaasVMBackupRequest"}}


def all_writes(service: Any) -> list[tuple[str, str, Any, int]]:
    """A write of every sort, and the status it is answered with; VM `a` and policy `mine` are there, VM `b` is not
    protected yet."""
    vault = service.vault()
    stop = {**service.configure("a")["properties"], "protectionState": "ProtectionStopped", "policyId": ""}
    return [
        ("PUT", service.vault("new"), NEW_VAULT, 201),
        ("PUT", vault, {**NEW_VAULT, "tags": {"a": "b"}}, 200),
        ("PATCH", vault, {"tags": {"a": "b"}}, 200),
        ("DELETE", service.vault("rsv2"), None, 202),
        ("PATCH", f"{vault}/backupconfig/vaultconfig", {"properties": {"softDeleteFeatureState": "Disabled"}}, 200),
        ("PUT", f"{vault}/backupPolicies/other", {"properties": daily_policy(40)}, 200),
        ("PUT", f"{vault}/backupPolicies/mine", {"properties": daily_policy(60)}, 202),
        ("DELETE", f"{vault}/backupPolicies/unused", None, 200),
        ("PUT", service.item("b"), service.configure("b"), 202),
        ("PUT", service.item("a"), {"properties": stop}, 202),
        ("DELETE", service.item("a"), None, 202),
        ("POST", f"{service.item('a')}/backup", BACKUP, 202),
        ("PATCH", service.vm("b"), {"tags": {"a": "b"}}, 200),
        ("POST", f"{service.vm('b')}/deallocate", None, 202),
        (
            "PUT",
            f"{service.group}/providers/Microsoft.Authorization/locks/l",
            {"properties": {"level": "ReadOnly"}},
            201,
        ),
        ("PUT", f"{service.group}/providers/Microsoft.Network/networkSecurityGroups/n", {"location": "japaneast"}, 201),
    ]


WRITES = range(16)


def asked(service: Any, number: int) -> Any:
    method, path, body, status = all_writes(service)[number]
    service.api = "2020-05-01" if "locks" in path else "2026-10-01"
    response = service.ask(method, path, body)
    service.api = "2026-10-01"
    assert response.status == status, response
    return response


def ended(service: Any) -> str:
    """What there is when all is done, without the moments at which it was."""

    def timeless(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: timeless(part) for key, part in value.items() if key not in _MOMENTS}
        return value

    estate = service.state.estate
    items = [
        {key: part for key, part in vars(item).items() if key not in _MOMENTS and key != "data_id"}
        for vault in estate.vaults()
        for item in vault.items.values()
    ]
    vaults = {vault.key: (timeless(vault.properties), vault.tags, sorted(vault.policies)) for vault in estate.vaults()}
    policies = [policy.properties for vault in estate.vaults() for policy in vault.policies.values()]
    vms = [(vm.name, vm.power, vm.tags) for group in estate.groups() for vm in group.virtual_machines.values()]
    networks = [(group.name, {kind: sorted(held) for kind, held in group.network.items()}) for group in estate.groups()]
    return repr((items, vaults, policies, vms, networks, sorted(estate.holders.items()), estate.access))


_MOMENTS = {"deleted", "last_backup_time", "recovery_points", "snapshots", "asked_for"}
