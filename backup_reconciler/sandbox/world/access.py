"""Who may do what in a world: roles, locks, Azure Policy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backup_reconciler.sandbox.world.base import Model, Name, Scope


class LockModel(Model):
    """A management lock; what lies under the place where it is stated inherits it."""

    level: Literal["CanNotDelete", "ReadOnly", "NotSpecified"] = "CanNotDelete"
    """What it forbids."""
    notes: str | None = Field(default=None, max_length=512)
    """Why it is there."""


class RoleModel(Model):
    """A role that the caller has. Actions are Azure's names, `*` stands for anything; no scope means everywhere."""

    actions: list[Name]
    """What it allows; `*` stands for anything."""
    not_actions: list[Name] = []
    """What it takes away from its own actions."""
    scopes: list[Scope] = ["/"]
    """Where it is assigned."""


class AzurePolicyModel(Model):
    """A rule of Azure Policy. Of the types it looks at it denies what meets a condition; without one, all."""

    name: Name
    """The name of its assignment."""
    display_name: str | None = None
    """As people read it; left out, its name."""
    scope: Scope | None = None
    """Where it is assigned; left out, at every subscription."""
    effect: Literal["Deny", "Audit"] = "Deny"
    """Deny refuses the request; Audit notes it alone."""
    types: list[Name] = []
    """Patterns of the resource types it looks at; left out, all."""
    denied_names: list[Name] = []
    """Patterns of names that it denies."""
    allowed_locations: list[Name] = []
    """The regions that it allows."""
    required_tags: list[Name] = []
    """Tags that a resource must have."""
