"""Whole policies of both tiers and every schedule, and the verbs that the tests of policies ask."""

from typing import Any

from tests.conftest import Cli, Estate, document, vault

LIVE: dict[str, Any] = {"location": "japaneast", "redundancy": "GeoRedundant"}
MONTHLY = {"months": 12, "weeks": ["First"], "days": ["Sunday"]}
YEARLY = {"years": 7, "months": ["January"], "dates": [1, "last"]}
DAILY = {
    "vaults": ["rsv"],
    "schedule": {"frequency": "Daily", "time": "23:00"},
    "instantRestoreDays": 2,
    "retention": {
        "daily": {"days": 30},
        "weekly": {"weeks": 12, "days": ["Sunday"]},
        "monthly": MONTHLY,
        "yearly": YEARLY,
    },
    "timeZone": "Tokyo Standard Time",
    "snapshotResourceGroup": {"prefix": "rg-snapshots-", "suffix": "-jpe"},
    "snapshotConsistency": "ApplicationConsistent",
    "archiveTier": {"mode": "TierAfter", "months": 3},
}
RUNS_WEEKLY = {
    "schedule": {"frequency": "Weekly", "days": ["Sunday", "Wednesday"], "time": "02:30"},
    "instantRestoreDays": 5,
    "retention": {"weekly": {"weeks": 52, "days": ["Sunday", "Wednesday"]}, "monthly": MONTHLY},
}
RUNS_HOURLY = {
    "schedule": {"frequency": "Hourly", "every": 4, "from": "08:00", "hours": 12},
    "instantRestoreDays": 30,
    "retention": {"daily": {"days": 31}, "yearly": YEARLY},
}
CRASH = {"tier": "Enhanced", "snapshotConsistency": "OnlyCrashConsistent"}
WHOLE: dict[str, dict[str, Any]] = {
    "Standard, daily": DAILY,
    "Standard, weekly": DAILY | RUNS_WEEKLY | {"archiveTier": {"mode": "TierRecommended"}},
    "Enhanced, hourly": DAILY | RUNS_HOURLY | CRASH | {"archiveTier": {"mode": "DoNotTier"}},
    "Enhanced, daily": DAILY | CRASH,
    "Enhanced, weekly": DAILY | RUNS_WEEKLY | CRASH,
}


def declare(estate: Estate, spec: dict[str, Any], *others: dict[str, Any]) -> None:
    estate.declare("all", vault(redundancy="GeoRedundant"), document("BackupPolicy", "daily", **spec), *others)


def apply(estate: Estate, cli: Cli, *consent: str) -> Any:
    told = cli("apply", *estate.sandboxed, "--auto-approve", *consent)
    assert told.status == 0, told.out + told.err
    return told
