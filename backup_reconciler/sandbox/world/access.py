"""Who may do what in a world: roles, locks, Azure Policy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backup_reconciler.sandbox.world.base import Model, Name, Scope


class LockModel(Model):
    """A management lock; what lies under the place where it is stated inherits it."""

    level: Literal["CanNotDelete", "ReadOnly", "NotSpecified"] = "CanNotDelete"
    notes: str | None = Field(default=None, max_length=512)


class RoleModel(Model):
    """A role that the caller has. Actions are Azure's names, `*` stands for anything; no scope means everywhere."""

    actions: list[Name]
    not_actions: list[Name] = []
    scopes: list[Scope] = ["/"]


class AzurePolicyModel(Model):
    """A rule of Azure Policy. Of the types it looks at it denies what meets a condition; without one, all."""

    name: Name
    display_name: str | None = None
    scope: Scope | None = None
    effect: Literal["Deny", "Audit"] = "Deny"
    types: list[Name] = []
    denied_names: list[Name] = []
    allowed_locations: list[Name] = []
    required_tags: list[Name] = []
