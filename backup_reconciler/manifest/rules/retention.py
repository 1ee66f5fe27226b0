"""Rules of a policy's retention and archive tier: each value by itself."""

from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec import ranges
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.policy_rules.retention import is_daily_count, is_daily_count_from_before
from backup_reconciler.spec.rules.retention import (
    ARCHIVE_MONTHS,
    DAILY_RETENTION,
    RETENTION_COUNT,
    RETENTION_DATE,
    RETENTION_FORMAT,
)

_RETENTION: FieldPath = ("spec", "retention")
_COUNTS = {"weekly": "weeks", "monthly": "months", "yearly": "years"}
_CHOOSING = ("monthly", "yearly")
"""The levels whose points are chosen by weeks and days, or by dates."""


def daily_retention(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    """What the service would keep from before but take no more is a warning: offline nobody knows what is there."""
    retention = policy.spec.retention
    if retention is None or retention.daily is None or is_daily_count(retention.daily.days):
        return
    days, path = retention.daily.days, (*_RETENTION, "daily", "days")
    if is_daily_count_from_before(days):
        what = f"{days} is from 2 to 6: the service goes on with a policy that has it, and takes no new or changed one"
        yield policy.warning(DAILY_RETENTION, path, what)
        return
    remedy = "use 9999 or fewer" if days > 9999 else "use 7 or more"
    yield policy.problem(DAILY_RETENTION, path, f"{days} is neither 1 nor from 7 to 9999", remedy)


def retention_count(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    for level, count in _COUNTS.items():
        path = (*_RETENTION, level, count)
        number = policy.written.tree.value(path)
        if number is not None and number not in ranges.RETENTION_COUNT:
            remedy = "use 1 or more" if number < 1 else "use 9999 or fewer"
            yield policy.problem(RETENTION_COUNT, path, f"{number} is not from 1 to 9999", remedy)


def retention_format(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    for level in _CHOOSING:
        path = (*_RETENTION, level)
        stated = policy.written.tree.value(path)
        if stated is not None:
            yield from _format(policy, path, {"weeks", "days", "dates"} & stated.keys())


def _format(policy: Declared[BackupPolicySpec], path: FieldPath, stated: set[str]) -> Iterator[Problem]:
    match sorted(stated):
        case ["dates"] | ["days", "weeks"]:
            return
        case []:
            what, remedy = "nothing says which points are kept", "add weeks and days, or dates"
            yield policy.problem(RETENTION_FORMAT, path, what, remedy)
        case [alone]:
            missing = "days" if alone == "weeks" else "weeks"
            yield policy.problem(RETENTION_FORMAT, (*path, alone), f"stands without {missing}", f"add {missing}")
        case ["dates", other, *_]:
            what, also = f"stands beside {other}", policy.written.tree.key_place((*path, other))
            remedy = "keep either dates, or weeks and days"
            yield policy.problem(RETENTION_FORMAT, (*path, "dates"), what, remedy, also=also)


def retention_date(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    """Looks at the dates as they are written, because the spec has them in order."""
    for level in _CHOOSING:
        path = (*_RETENTION, level, "dates")
        for index, date in enumerate(policy.written.tree.value(path) or ()):
            if date != "last" and date not in ranges.MONTH_DATE:
                remedy = "did you mean last?" if 29 <= date <= 31 else ""
                yield policy.problem(RETENTION_DATE, (*path, index), f"{date} is not from 1 to 28", remedy)


def archive_months(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    tier = policy.spec.archive_tier
    if tier is None:
        return
    path: FieldPath = ("spec", "archiveTier", "months")
    if tier.mode != "TierAfter":
        if tier.months is not None:
            remedy = "remove it" if tier.mode == "DoNotTier" else "remove it, or use mode: TierAfter"
            also = policy.written.tree.place(("spec", "archiveTier", "mode"))
            yield policy.problem(ARCHIVE_MONTHS, path, "goes with mode: TierAfter only", remedy, also=also)
    elif tier.months is None:
        remedy = "add months, the age at which points move: 3 or more"
        yield policy.problem(ARCHIVE_MONTHS, path, "is missing, and mode is TierAfter", remedy)
    elif tier.months not in ranges.ARCHIVE_MONTHS:
        least, most = ranges.ARCHIVE_MONTHS.least, ranges.ARCHIVE_MONTHS.most
        remedy = f"use {least} or more" if tier.months < least else f"use {most} or fewer"
        yield policy.problem(ARCHIVE_MONTHS, path, f"{tier.months} is not from {least} to {most}", remedy)


RULES = (daily_retention, retention_count, retention_format, retention_date, archive_months)
