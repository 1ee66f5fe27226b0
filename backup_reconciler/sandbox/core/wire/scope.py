"""Scopes: the places in the tree of subscriptions, groups and resources where roles, locks and policies stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.messages import Refused, gateway

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.call import Call

TENANT = "/"


def scope_of(call: Call) -> str:
    """The scope a call acts on, as ARM names it in its refusals, in the caller's casing.

    A resource is its own scope and that of the actions upon it. A list of a group's resources has the provider in the
    group, `…/resourceGroups/rg/providers/Microsoft.Compute` (azure-sdk-for-go issue 3117); what a provider has at the
    subscription, locations too, has the subscription (vagrant-azure issue 164). A list inside a resource has that
    resource, which no source tells.
    """
    path = call.request.path
    words = path.strip("/").split("/")
    if "scope" in call.names:
        extended = call.names["scope"]
        return path if len(words) % 2 == 0 else extended
    if "subscription" not in call.names:
        return TENANT
    if "group" not in call.names:
        return f"/{'/'.join(words[:2])}"
    return f"/{'/'.join(words[: len(words) // 2 * 2])}"


def ancestors(scope: str) -> Iterator[str]:
    """The scope and all above it, outermost first, folded."""
    words = fold(scope).strip("/").split("/")
    for end in range(2, len(words) + 1, 2):
        yield f"/{'/'.join(words[:end])}"


def lies_in(scope: str, outer: str) -> bool:
    """Whether a scope is another one, or lies in it."""
    inner, around = fold(scope), fold(outer)
    return around in (TENANT, inner) or inner.startswith(f"{around}/")


def must_exist(estate: Estate, scope: str) -> None:
    """Refuse a scope that is none. Of resources only vaults and VMs are looked for; others are taken at their word."""
    words = scope.strip("/").split("/")
    kinds = [fold(word) for word in words[0:3:2]]
    well_formed = kinds == ["subscriptions", "resourcegroups"][: len(kinds)] and (len(words) in {2, 4} or _is_id(words))
    if not well_formed:
        raise gateway(400, "InvalidScope", f"The scope '{scope}' is not valid.")
    subscription = estate.subscriptions.get(fold(words[1]))
    if subscription is None:
        raise subscription_not_found(words[1])
    if len(words) > 2 and fold(words[3]) not in subscription.groups:
        raise group_not_found(words[3])
    if len(words) == 8 and _lost(estate, scope, fold(f"{words[5]}/{words[6]}")):
        raise resource_not_found(f"{words[5]}/{words[6]}/{words[7]}", words[3])


def _is_id(words: list[str]) -> bool:
    """Whether the words are those of a resource in a group: types and names in turn after the provider."""
    return len(words) >= 8 and len(words) % 2 == 0 and fold(words[4]) == "providers" and all(words)


def _lost(estate: Estate, scope: str, kind: str) -> bool:
    if kind == "microsoft.compute/virtualmachines":
        return estate.virtual_machine(scope) is None
    return kind == "microsoft.recoveryservices/vaults" and estate.vault(scope) is None


def subscription_not_found(name: str) -> Refused:
    return gateway(404, "SubscriptionNotFound", f"The subscription '{name}' could not be found.")


def group_not_found(name: str) -> Refused:
    return gateway(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def resource_not_found(resource: str, group: str) -> Refused:
    """ARM's own 404 for a resource in a group (R26)."""
    return gateway(
        404,
        "ResourceNotFound",
        f"The Resource '{resource}' under resource group '{group}' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
    )
