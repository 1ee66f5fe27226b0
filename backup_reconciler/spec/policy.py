"""Kind BackupPolicy: when VMs are backed up and how long the points are kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from backup_reconciler.spec import forms, ranges
from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.values import MonthDates, Months, Presence, TimeZone, Weekdays, WeeksOfMonth

Tier = Literal["Standard", "Enhanced"]

BUILT_IN_POLICIES: Mapping[str, Tier] = MappingProxyType({"DefaultPolicy": "Standard", "EnhancedPolicy": "Enhanced"})
"""Policies for VMs that the service puts into a vault; an assignment may name them without declaring them."""
_BUILT_IN = {name.casefold(): name for name in BUILT_IN_POLICIES}


DATABASE_POLICY = "HourlyLogBackup"
"""A policy for databases in VMs, which the service puts into a vault beside those for VMs."""


def built_in_policy(name: str) -> str | None:
    """The built-in policy that this name means, as Azure spells it; ARM's names ignore letter case."""
    return _BUILT_IN.get(name.casefold())


_STARTS = "HH:MM on the hour or half hour, in the policy's time zone"


class DailySchedule(Model):
    """One backup a day."""

    frequency: Literal["Daily"] = Field(description="How often a backup is made.")
    time: Annotated[str, forms.START_TIME] = Field(description=f"When it starts: {_STARTS}.")


class WeeklySchedule(Model):
    """One backup on each of some days of the week."""

    frequency: Literal["Weekly"] = Field(description="How often a backup is made.")
    days: Weekdays = Field(description="Days of the week on which a backup is made.")
    time: Annotated[str, forms.START_TIME] = Field(description=f"When it starts: {_STARTS}.")


class HourlySchedule(Model):
    """Several backups a day, within a window. Enhanced policies only."""

    frequency: Literal["Hourly"] = Field(description="How often a backup is made.")
    every: int = Field(description="Hours from one backup to the next: 4, 6, 8 or 12.", examples=[4])
    from_: Annotated[str, forms.START_TIME] = Field(
        alias="from", description=f"When the first backup of a day starts: {_STARTS}."
    )
    hours: Annotated[int, ranges.HOURLY_WINDOW] = Field(
        description="Length of the window in hours: 4 to 24, a multiple of every.", examples=[12]
    )


Schedule = Annotated[DailySchedule | WeeklySchedule | HourlySchedule, Field(discriminator="frequency")]


def start_of(schedule: DailySchedule | WeeklySchedule | HourlySchedule) -> str:
    """The time of day at which a day's first backup starts."""
    return schedule.from_ if isinstance(schedule, HourlySchedule) else schedule.time


class SnapshotResourceGroup(Model):
    """The resource groups in which the service keeps snapshots for instant restore: prefix, a number, suffix."""

    prefix: str = Field(
        description="What their names begin with, before the service's number.", examples=["rg-snapshots-"]
    )
    suffix: str | None = Field(
        default=None, description="What their names end with, after the number.", examples=["-prod"]
    )


class ArchiveTier(Model):
    """Which monthly and yearly points move to the archive tier."""

    mode: Literal["TierRecommended", "TierAfter", "DoNotTier"] = Field(
        description="TierRecommended: those that become cheaper by it. TierAfter: all, at an age. DoNotTier: none."
    )
    months: Annotated[int, ranges.ARCHIVE_MONTHS] | None = Field(
        default=None,
        description="Age in months at which points move, 3 or more; goes with TierAfter. They must be kept for 6 more.",
        examples=[3],
    )


class DailyRetention(Model):
    """How long each day's point is kept."""

    days: Annotated[int, ranges.RETENTION_COUNT] = Field(
        description="Days each daily point is kept: 7 to 9999, or 1.", examples=[30]
    )


class WeeklyRetention(Model):
    """Which points are kept as weekly points."""

    weeks: Annotated[int, ranges.RETENTION_COUNT] = Field(
        description="Weeks each weekly point is kept: 1 to 9999.", examples=[12]
    )
    days: Weekdays = Field(
        description="Days of the week whose point is kept; with a weekly schedule, those of the schedule."
    )


class MonthlyRetention(Model):
    """Which points are kept as monthly points: by weeks and days, or by dates."""

    months: Annotated[int, ranges.RETENTION_COUNT] = Field(
        description="Months each monthly point is kept: 1 to 9999.", examples=[12]
    )
    weeks: WeeksOfMonth | None = Field(default=None, description="Weeks of the month; goes with days.")
    days: Weekdays | None = Field(default=None, description="Days of the week; goes with weeks.")
    dates: MonthDates | None = Field(
        default=None, description="Days of the month, 1 to 28 or last; not with a weekly schedule."
    )


class YearlyRetention(Model):
    """Which points are kept as yearly points: by months, and weeks and days or dates."""

    years: Annotated[int, ranges.RETENTION_COUNT] = Field(
        description="Years each yearly point is kept: 1 to 9999.", examples=[7]
    )
    months: Months = Field(description="Months of the year.")
    weeks: WeeksOfMonth | None = Field(default=None, description="Weeks of the month; goes with days.")
    days: Weekdays | None = Field(default=None, description="Days of the week; goes with weeks.")
    dates: MonthDates | None = Field(
        default=None, description="Days of the month, 1 to 28 or last; not with a weekly schedule."
    )


class Retention(Model):
    """How long points are kept. A whole value: a level that is left out is meant not to be."""

    daily: DailyRetention | None = None
    weekly: WeeklyRetention | None = None
    monthly: MonthlyRetention | None = None
    yearly: YearlyRetention | None = None


class PolicySettings(Model):
    """What a policy is like. Every field that is left out is neither compared nor written."""

    schedule: Schedule | None = Field(default=None, description="When backups are made. A whole value.")
    instant_restore_days: Annotated[int, ranges.INSTANT_RESTORE_DAYS] | None = Field(
        default=None,
        description="Days the snapshot of a backup is kept for instant restore: 1 to 5, of Enhanced policies to 30; "
        "5 with a weekly schedule.",
        examples=[2],
    )
    retention: Retention | None = Field(default=None, description="How long points are kept. A whole value.")
    time_zone: TimeZone | None = Field(
        default=None,
        description="Time zone of the schedule: an IANA name or a Windows id. A new policy gets UTC.",
    )
    snapshot_resource_group: SnapshotResourceGroup | None = Field(
        default=None, description="Names of the resource groups that hold snapshots for instant restore."
    )
    snapshot_consistency: Literal["ApplicationConsistent", "OnlyCrashConsistent"] | None = Field(
        default=None,
        description="ApplicationConsistent: as consistent as the VM allows. OnlyCrashConsistent: without the VM's "
        "agent; Enhanced policies only.",
    )
    archive_tier: ArchiveTier | None = Field(
        default=None, description="Which monthly and yearly points move to the archive tier. A whole value."
    )


class BackupPolicySpec(PolicySettings):
    """A policy and the vaults it is in."""

    name: Annotated[str, forms.POLICY] | None = Field(
        default=None, description="Azure's name of the policy; metadata.name where left out."
    )
    vaults: Items[str] | Literal["all"] = Field(
        description="Handles of the vaults that hold this policy, or all: every declared vault that is neither "
        "existing nor absent.",
        examples=[["prod-jpe"], "all"],
    )
    tier: Tier = Field(
        default="Standard",
        description="Standard: at most one backup a day. Enhanced: also several a day, and longer instant restore.",
    )
    daylight_saving: Literal["as-service", "keep-local-hour"] = Field(
        default="as-service",
        description="as-service: the hour is left to the service when clocks change. keep-local-hour: backups start "
        "at the same local hour all year; a plan after the clocks change brings the update.",
    )
    state: Presence = Field(
        default="present",
        description="absent: the policy is deleted once no VM is bound to it. No recovery point is deleted by it.",
    )

    def azure_name(self, handle: str) -> str:
        """The policy's name in Azure; `handle` is the name of the document that declares it."""
        return handle if self.name is None else self.name

    def is_absent(self) -> bool:
        return self.state == "absent"

    def keeps_hour_of(self) -> str | None:
        """The time zone whose local hour the policy keeps; None where the hour is left to the service."""
        return self.time_zone if self.daylight_saving == "keep-local-hour" else None

    def settings(self) -> PolicySettings:
        """The part that is compared with Azure."""
        return self.part(PolicySettings)
