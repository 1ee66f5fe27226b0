"""Authorization: whether the caller's roles have the action, and what it needs elsewhere, over their scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.authorization.roles import allowed
from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.network.firewall_rules import objects
from backup_reconciler.sandbox.core.recovery_services.items.protection import STOPPED
from backup_reconciler.sandbox.core.wire.messages import gateway, section
from backup_reconciler.sandbox.core.wire.scope import TENANT, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from backup_reconciler.sandbox.core.wire.call import Call

_PROTECT = "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems/write"


def check(call: Call) -> None:
    """Refuse what no role allows; calls at the tenant need none, they show what may be read (Learn: Resource Graph)."""
    access = call.estate.access
    if access.roles is None:
        return
    action, scope, caller = call.route.action, scope_of(call), call.request.principal
    if scope != TENANT and not allowed(access, action, scope):
        raise gateway(
            403,
            "AuthorizationFailed",
            f"The client '{caller}' with object id '{caller}' does not have authorization to perform action '{action}' "
            f"over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your "
            "credentials.",
        )
    for linked_action, linked_scope in _linked(call):
        if not allowed(access, linked_action, linked_scope):
            raise gateway(
                403,
                "LinkedAuthorizationFailed",  # the sentence: cloud-provider-azure issue 1999
                f"The client '{caller}' with object id '{caller}' has permission to perform action '{action}' on scope "
                f"'{scope}'; however, it does not have permission to perform action '{linked_action}' on the linked "
                f"scope(s) '{linked_scope}' or the linked scope(s) are invalid.",
            )


def _linked(call: Call) -> Iterable[tuple[str, str]]:
    """The actions and scopes that a call needs besides its own."""
    of_action = _LINKED.get(fold(call.route.action))
    return of_action(call) if of_action else ()


def _protected_vm(call: Call) -> Iterable[tuple[str, str]]:
    """Enabling a backup needs to write the VM; stopping one does not (Learn: backup-rbac-rs-vault)."""
    source = call.field("sourceResourceId")
    enables = call.field("protectionState") not in STOPPED and not call.field("isRehydrate")
    if enables and isinstance(source, str) and source:
        yield "Microsoft.Compute/virtualMachines/write", source


_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
_JOINS = {
    "subnet": "Microsoft.Network/virtualNetworks/subnets/join/action",
    "publicIPAddress": "Microsoft.Network/publicIPAddresses/join/action",
}
LINKED_ACTIONS = (_ASSIGN, *_JOINS.values())
"""Those that no request has for its own."""


def _identities(call: Call) -> Iterable[tuple[str, str]]:
    """Giving a vault a user-assigned identity needs a right on that (Learn: Managed Identity Operator)."""
    for identity, wished in section(section(call.body, "identity"), "userAssignedIdentities").items():
        if wished is not None:
            yield _ASSIGN, identity


def _joined_by_firewall(call: Call) -> Iterable[tuple[str, str]]:
    """A firewall that is written joins its subnet and its public addresses anew (Learn: firewall roles-permissions)."""
    for configuration in objects("ipConfigurations", call.field("ipConfigurations")):
        for field, action in _JOINS.items():
            joined = section(section(configuration, "properties"), field).get("id")
            if isinstance(joined, str):
                yield action, joined


_LINKED: dict[str, Callable[[Call], Iterable[tuple[str, str]]]] = {
    _PROTECT: _protected_vm,
    "microsoft.recoveryservices/vaults/write": _identities,
    "microsoft.network/azurefirewalls/write": _joined_by_firewall,
}
