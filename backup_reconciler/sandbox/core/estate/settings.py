"""How the service behaves in this world."""

from __future__ import annotations

from dataclasses import dataclass, field

from backup_reconciler.sandbox.core.estate.names import Era
from backup_reconciler.sandbox.core.estate.quota import Quotas


@dataclass(frozen=True)
class Durations:
    """Seconds that the service takes. The defaults are medians of what was recorded in 2021."""

    vault: float = 10.0
    protect: float = 32.0
    stop: float = 13.0
    delete: float = 60.0
    undelete: float = 13.0
    policy_update: float = 45.0
    first_backup: float = 3600.0
    backup: float = 900.0
    """A later backup, which transfers only what has changed."""
    network: float = 3.0
    firewall: float = 14.0


@dataclass(frozen=True)
class Limits:
    """How many of each the service takes (Learn: backup-support-matrix, backup-azure-backup-faq)."""

    vaults_per_region: int = 500
    """In one subscription."""
    vms_per_vault: int = 1000
    policies_per_vault: int = 200
    policy_writes_per_day: int = 50
    """Creations and changes, per vault and 24 hours."""


@dataclass(frozen=True)
class SlowPath:
    """Requests that are answered in a time of their own."""

    method: str
    path: str
    seconds: float
    jitter: float = 0.0


@dataclass(frozen=True)
class Latency:
    """How long an answer takes: `seconds`, and up to `jitter` more or less."""

    seconds: float = 0.0
    jitter: float = 0.0
    where: tuple[SlowPath, ...] = ()
    """Exceptions; the first that matches counts."""


@dataclass(frozen=True)
class Settings:
    """How this service behaves."""

    era: Era = 2026
    page_size: int = 100
    graph_page_size: int = 1000
    graph_lag_seconds: float = 0.0
    schedules: bool = True
    """Whether policies run by themselves."""
    secure_by_default: bool = False
    """Every new vault has soft delete on for good (Learn: secure-by-default)."""
    limits: Limits = field(default_factory=Limits)
    durations: Durations = field(default_factory=Durations)
    latency: Latency = field(default_factory=Latency)
    quotas: Quotas = field(default_factory=Quotas)
