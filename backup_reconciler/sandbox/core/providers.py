"""Everybody who answers requests, or brings to its end what was begun: a new module is a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.authorization import locks, permissions
from backup_reconciler.sandbox.core.compute import (
    agent,
    arrival,
    extension,
    operations,
    power,
    run_action,
    run_command,
    vm,
    vm_change,
)
from backup_reconciler.sandbox.core.network import firewall, security_group, service_tags, subnet
from backup_reconciler.sandbox.core.network import operations as network_operations
from backup_reconciler.sandbox.core.network import reading as network_reading
from backup_reconciler.sandbox.core.network import writing as network_writing
from backup_reconciler.sandbox.core.policy_insights import restrictions
from backup_reconciler.sandbox.core.recovery_services.backups import backup, phases, scheduled
from backup_reconciler.sandbox.core.recovery_services.items import discovery, item, prevalidation, protection
from backup_reconciler.sandbox.core.recovery_services.jobs import cancel, job, operation, polling
from backup_reconciler.sandbox.core.recovery_services.policies import policy
from backup_reconciler.sandbox.core.recovery_services.vaults import (
    deleted_vaults,
    guard_proxy,
    usages,
    vault,
    vault_config,
    vault_deletion,
    vault_polling,
)
from backup_reconciler.sandbox.core.resource_graph import graph
from backup_reconciler.sandbox.core.resources import metadata, provider, resource_group, subscription, tenant
from backup_reconciler.sandbox.core.wire.router import Router

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random
    from types import ModuleType

    from backup_reconciler.sandbox.core.estate import Estate, Failure, Operation, Vault
    from backup_reconciler.sandbox.core.wire.router import Route

    Come = Callable[[Estate, Vault, str, datetime, Random], None]
    """Something comes to pass in a vault: estate, vault, key of the subject, the moment it was due."""
    ComeOutside = Callable[[Estate, str, datetime], None]
    """Something comes to pass outside of vaults: estate, key of the subject, the moment it was due."""
    Finish = Callable[[Estate, Vault, Operation, datetime, Random], None]
    """An operation comes to its end."""
    Fail = Callable[[Estate, Vault | None, str, datetime, Failure], None]
    """An operation, named by its key, comes to a bad end. Its vault may have gone, or not have come."""

_MODULES: tuple[ModuleType, ...] = (
    vault,
    vault_deletion,
    vault_polling,
    vault_config,
    deleted_vaults,
    guard_proxy,
    usages,
    policy,
    item,
    discovery,
    protection,
    prevalidation,
    backup,
    phases,
    scheduled,
    job,
    operation,
    cancel,
    polling,
    vm,
    vm_change,
    power,
    operations,
    extension,
    run_command,
    run_action,
    arrival,
    agent,
    network_reading,
    network_writing,
    network_operations,
    security_group,
    subnet,
    firewall,
    service_tags,
    metadata,
    tenant,
    subscription,
    provider,
    resource_group,
    graph,
    locks,
    permissions,
    restrictions,
)


def _collected(name: str) -> dict[str, Any]:
    """The tables of that name of all modules, as one."""
    found: dict[str, Any] = {}
    for module in _MODULES:
        table: dict[str, Any] = getattr(module, name, {})
        twice = found.keys() & table.keys()
        if twice:
            raise ValueError(f"{name} of {module.__name__} repeats {sorted(twice)}")
        found |= table
    return found


def routes() -> list[Route]:
    """Everything that is answered."""
    return [route for module in _MODULES for route in getattr(module, "ROUTES", ())]


ROUTER = Router(routes())
EFFECTS: dict[str, Come] = _collected("EFFECTS")
"""By the kind of an effect."""
OUTSIDE_EFFECTS: dict[str, ComeOutside] = _collected("OUTSIDE_EFFECTS")
"""Those that happen in no vault, by kind."""
OPERATIONS: dict[str, Finish] = _collected("OPERATIONS")
"""By the verb of an operation."""
FAILURES: dict[str, Fail] = _collected("FAILURES")
"""By the kind of the effect that would have brought the operation to a good end."""
