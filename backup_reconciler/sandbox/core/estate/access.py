"""Who may do what, and what nobody may: roles, locks, policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from backup_reconciler.sandbox.core.estate.names import fold

LockLevel = Literal["CanNotDelete", "ReadOnly", "NotSpecified"]


@dataclass
class Lock:
    """A management lock; what lies in its scope inherits it."""

    name: str
    scope: str
    level: LockLevel
    notes: str | None = None

    @property
    def id(self) -> str:
        return f"{self.scope}/providers/Microsoft.Authorization/locks/{self.name}"


@dataclass(frozen=True)
class Role:
    """A role and where it is assigned. Actions may hold `*`, which stands for anything."""

    actions: list[str]
    not_actions: list[str]
    scopes: list[str]


@dataclass(frozen=True)
class AzurePolicy:
    """One rule of Azure Policy with its assignment: what it looks at, and what of that it denies.

    A resource is denied when any of the conditions stated meets it; where none is stated, whatever it looks at is.
    """

    name: str
    display_name: str
    scope: str | None
    """Where it is assigned; None: at every subscription."""
    effect: Literal["Deny", "Audit"]
    types: list[str]
    """Patterns of the resource types it looks at; empty: all."""
    denied_names: list[str]
    """Patterns."""
    allowed_locations: list[str]
    required_tags: list[str]


@dataclass
class Access:
    roles: list[Role] | None = None
    """None: everything is allowed."""
    locks: dict[str, dict[str, Lock]] = field(default_factory=dict)
    """Scope → name → lock."""
    policies: list[AzurePolicy] = field(default_factory=list)

    def add(self, lock: Lock) -> None:
        self.locks.setdefault(fold(lock.scope), {})[fold(lock.name)] = lock
