"""Kind BackupPolicy: when VMs are backed up and how long the points are kept."""

from typing import Literal

from pydantic import Field

from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.values import MonthDates, Months, TimeZone, Weekdays, WeeksOfMonth

BUILT_IN_POLICIES = ("DefaultPolicy", "EnhancedPolicy")
"""Policies for VMs that the service puts into a vault; an assignment may name them without declaring them."""


class DailySchedule(Model):
    """One backup a day."""

    frequency: Literal["Daily"] = Field(description="How often a backup is made.")
    time: str = Field(description="When it starts: HH:MM on the hour or half hour, in the policy's time zone.")


class DailyRetention(Model):
    """How long each day's point is kept."""

    days: int = Field(description="Days each daily point is kept: 7 to 9999.")


class WeeklyRetention(Model):
    """Which points are kept as weekly points."""

    weeks: int = Field(description="Weeks each weekly point is kept.")
    days: Weekdays = Field(description="Days of the week whose point is kept.")


class MonthlyRetention(Model):
    """Which points are kept as monthly points: by weeks and days, or by dates."""

    months: int = Field(description="Months each monthly point is kept.")
    weeks: WeeksOfMonth | None = Field(default=None, description="Weeks of the month; goes with days.")
    days: Weekdays | None = Field(default=None, description="Days of the week; goes with weeks.")
    dates: MonthDates | None = Field(default=None, description="Days of the month, 1 to 28 or last.")


class YearlyRetention(Model):
    """Which points are kept as yearly points: by months, and weeks and days or dates."""

    years: int = Field(description="Years each yearly point is kept.")
    months: Months = Field(description="Months of the year.")
    weeks: WeeksOfMonth | None = Field(default=None, description="Weeks of the month; goes with days.")
    days: Weekdays | None = Field(default=None, description="Days of the week; goes with weeks.")
    dates: MonthDates | None = Field(default=None, description="Days of the month, 1 to 28 or last.")


class Retention(Model):
    """How long points are kept. A whole value: a level that is left out is meant not to be."""

    daily: DailyRetention | None = None
    weekly: WeeklyRetention | None = None
    monthly: MonthlyRetention | None = None
    yearly: YearlyRetention | None = None


class PolicySettings(Model):
    """What a policy is like. Every field that is left out is neither compared nor written."""

    schedule: DailySchedule | None = Field(default=None, description="When backups are made. A whole value.")
    instant_restore_days: int | None = Field(
        default=None, description="Days the snapshot of a backup is kept for instant restore: 1 to 5."
    )
    retention: Retention | None = Field(default=None, description="How long points are kept. A whole value.")
    time_zone: TimeZone | None = Field(
        default=None,
        description="Time zone of the schedule: an IANA name or a Windows id. A new policy gets UTC.",
    )


class BackupPolicySpec(PolicySettings):
    """A policy and the vaults it is in."""

    name: str | None = Field(default=None, description="Azure's name of the policy; metadata.name where left out.")
    vaults: Items[str] | Literal["all"] = Field(
        description="Handles of the vaults that hold this policy, or all: every declared vault that is not existing."
    )
    tier: Literal["Standard"] = Field(default="Standard", description="Standard: at most one backup a day.")

    def settings(self) -> PolicySettings:
        """The part that is compared with Azure."""
        return self.part(PolicySettings)
