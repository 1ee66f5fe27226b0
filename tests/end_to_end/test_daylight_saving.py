"""Policies that keep their local hour, and what plans say of clock changes."""

import asyncio
from typing import Any

import pytest
from azure.identity.aio import DefaultAzureCredential
from azure.mgmt.recoveryservicesbackup.aio import RecoveryServicesBackupClient

from backup_reconciler.sandbox import open_box
from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, policy, vault, vms, world

LIVE: dict[str, Any] = {"location": "japaneast", "redundancy": "GeoRedundant"}
WINTER, SUMMER, NEXT_WINTER = "2027-03-13", "2027-03-15", "2027-11-08"
DAY = 86400
EASTERN = {"timeZone": "America/New_York", "daylightSaving": "keep-local-hour"}


def weekly(day: str, **rest: Any) -> dict[str, Any]:
    return {"daily": {"days": 30}, "weekly": {"weeks": 4, "days": [day]}, **rest}


def planned(estate: Estate, cli: Cli, day: str) -> Any:
    told = cli("plan", *estate.sandboxed, "--as-of", day, "--format", "json")
    assert told.status == 0, told.err
    return told.json


def apply(estate: Estate, cli: Cli, day: str, *allowed: str) -> None:
    assert cli("apply", *estate.sandboxed, "--as-of", day, "--auto-approve", *allowed).status == 0


def changes(action: Any) -> list[tuple[str, Any, Any]]:
    return [(change["path"], change["from"], change["to"]) for change in action["changes"]]


def sent(estate: Estate) -> tuple[str, str]:
    """The zone and the time of the last policy that was written."""
    properties = estate.requests("PUT", "/backupPolicies/")[-1].request["properties"]
    return properties["timeZone"], properties["schedulePolicy"]["scheduleRunTimes"][0][11:16]


@pytest.fixture(autouse=True)
def one_vault(estate: Estate) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))


@pytest.mark.parametrize(
    ("zone", "twin"), [("America/New_York", "SA Pacific Standard Time"), ("America/Los_Angeles", "UTC-08")]
)
def test_a_clock_change_brings_one_update_and_then_none(estate: Estate, cli: Cli, zone: str, twin: str) -> None:
    estate.declare("all", vault(), policy(**EASTERN | {"timeZone": zone}, retention=weekly("Sunday")))
    apply(estate, cli, WINTER)
    assert sent(estate) == (twin, "23:00")
    assert planned(estate, cli, WINTER)["actions"] == []
    for day, found, time in ((SUMMER, "00:00", "22:00"), (NEXT_WINTER, "22:00", "23:00")):
        (action,) = planned(estate, cli, day)["actions"]
        assert ("schedule.time", found, "23:00") in changes(action)
        assert (action["risk"], action["dataEffect"]) == (
            "safe",
            "not touched; new ones are made as declared, for VMs that are bound to it later",
        ), "the weekly points are those of Sunday before and after"
        apply(estate, cli, day)
        assert sent(estate) == (twin, time)
        assert planned(estate, cli, day)["actions"] == []
        assert cli("drift", *estate.sandboxed, "--as-of", day).status == 0


def test_drift_speaks_of_the_local_hour(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(), policy(**EASTERN))
    apply(estate, cli, SUMMER)
    told = cli("drift", *estate.sandboxed, "--as-of", NEXT_WINTER)
    assert told.status == 2
    assert "schedule.time declared 23:00 found 22:00" in told.text
    assert "timeZone" not in told.text


def test_a_policy_of_the_declared_zone_itself_is_moved_to_its_twin_and_back(estate: Estate, cli: Cli) -> None:
    left = policy(timeZone="America/New_York")
    estate.declare("all", vault(), left)
    apply(estate, cli, SUMMER)
    estate.declare("all", vault(), policy(**EASTERN))
    (action,) = planned(estate, cli, SUMMER)["actions"]
    assert changes(action) == [("daylightSaving", "as-service", "keep-local-hour")]
    apply(estate, cli, SUMMER)
    assert sent(estate) == ("SA Pacific Standard Time", "22:00")
    estate.declare("all", vault(), left)
    (action,) = planned(estate, cli, SUMMER)["actions"]
    assert changes(action) == [
        ("schedule.time", "22:00", "23:00"),
        ("timeZone", "SA Pacific Standard Time", "Eastern Standard Time"),
    ]
    apply(estate, cli, SUMMER)
    assert sent(estate) == ("Eastern Standard Time", "23:00")
    assert planned(estate, cli, SUMMER)["actions"] == []


def test_a_zone_without_clock_changes_is_its_own_twin(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(), policy(**EASTERN | {"timeZone": "Asia/Tokyo"}))
    (action,) = planned(estate, cli, SUMMER)["actions"]
    assert (action["nextRuns"]["timeZone"], action["nextRuns"]["writtenIn"]) == ("Tokyo Standard Time",) * 2
    assert action["nextRuns"]["clockChange"] is None
    apply(estate, cli, SUMMER)
    assert sent(estate) == ("Tokyo Standard Time", "23:00")
    assert planned(estate, cli, NEXT_WINTER)["actions"] == []


def test_the_runs_of_one_policy_in_many_vaults_are_told_once(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(), vault("rsv-2"), policy(**EASTERN, vaults="all"))
    told = cli("plan", *estate.sandboxed, "--as-of", WINTER)
    assert told.text.count(" runs from ") == 1
    assert f"runs from {WINTER} Fri 2027-03-12 23:00 -05:00 2027-03-13 04:00 UTC" in told.text
    assert "runs those of policy daily in rsv" in told.text
    assert told.text.count("clock change Sun 2027-03-14 03:00 -04:00 2027-03-14 07:00 UTC 1 hour ahead") == 1
    assert "written in SA Pacific Standard Time, whose clocks never change" in told.text


# ---- across midnight -----------------------------------------------------------------------------------------------

EARLY = {**EASTERN, "schedule": {"frequency": "Daily", "time": "00:30"}}


def weekly_points(estate: Estate) -> list[str]:
    properties = estate.requests("PUT", "/backupPolicies/")[-1].request["properties"]
    days: list[str] = properties["retentionPolicy"]["weeklySchedule"]["daysOfTheWeek"]
    return days


def test_the_days_of_weekly_points_move_along_and_that_needs_consent(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(), policy(**EARLY, retention=weekly("Sunday")))
    apply(estate, cli, WINTER)
    assert weekly_points(estate) == ["Sunday"]
    (action,) = planned(estate, cli, SUMMER)["actions"]
    assert action["risks"] == ["destructive"]
    assert action["dataEffect"] == (
        "deleted earlier, for VMs that are bound to it later: weekly points of Sunday are no longer kept; "
        "days are told as Azure has them, in SA Pacific Standard Time"
    )
    apply(estate, cli, SUMMER, "--allow-destructive")
    assert (sent(estate)[1], weekly_points(estate)) == ("23:30", ["Saturday"])
    assert planned(estate, cli, SUMMER)["actions"] == []


@pytest.mark.parametrize(("time", "moved"), [("00:30", "Saturday"), ("23:00", None)])
def test_days_that_nobody_states_move_along_only_where_they_must(
    estate: Estate, cli: Cli, time: str, moved: str | None
) -> None:
    declared = policy(**EASTERN | {"schedule": {"frequency": "Daily", "time": time}}, retention=weekly("Sunday"))
    estate.declare("all", vault(), declared)
    apply(estate, cli, WINTER)
    del declared["spec"]["retention"]
    estate.declare("all", vault(), declared)
    apply(estate, cli, SUMMER, "--allow-destructive")
    assert weekly_points(estate) == [moved or "Sunday"]
    assert planned(estate, cli, SUMMER)["actions"] == []
    apply(estate, cli, NEXT_WINTER, "--allow-destructive")
    assert weekly_points(estate) == ["Sunday"]


def test_a_weekly_schedule_moves_with_the_retention_that_nobody_states(estate: Estate, cli: Cli) -> None:
    sundays = {"frequency": "Weekly", "days": ["Sunday"], "time": "00:30"}
    kept = {"weekly": {"weeks": 4, "days": ["Sunday"]}}
    declared = policy(**EASTERN | {"schedule": sundays, "instantRestoreDays": 5}, retention=kept)
    estate.declare("all", vault(), declared)
    apply(estate, cli, SUMMER)
    assert (sent(estate)[1], weekly_points(estate)) == ("23:30", ["Saturday"])
    del declared["spec"]["retention"]
    estate.declare("all", vault(), declared)
    (action,) = planned(estate, cli, NEXT_WINTER)["actions"]
    assert changes(action) == [("schedule.days", ["Saturday"], ["Sunday"]), ("schedule.time", "23:30", "00:30")]
    apply(estate, cli, NEXT_WINTER, "--allow-destructive")
    assert (sent(estate)[1], weekly_points(estate)) == ("00:30", ["Sunday"])
    assert planned(estate, cli, NEXT_WINTER)["actions"] == []


def test_the_window_of_an_hourly_policy_moves(estate: Estate, cli: Cli) -> None:
    hourly = {"frequency": "Hourly", "every": 4, "from": "08:00", "hours": 12}
    estate.declare("all", vault(), policy(**EASTERN | {"tier": "Enhanced", "schedule": hourly}))
    apply(estate, cli, WINTER)
    (action,) = planned(estate, cli, SUMMER)["actions"]
    assert changes(action) == [("schedule.from", "09:00", "08:00")]
    runs = [run["local"] for run in action["nextRuns"]["readings"][0]["runs"]]
    assert runs == ["2027-03-14T20:00:00-04:00", "2027-03-15T08:00:00-04:00", "2027-03-15T12:00:00-04:00"]
    apply(estate, cli, SUMMER)
    assert planned(estate, cli, SUMMER)["actions"] == []


def test_monthly_points_of_azure_that_would_move_are_refused(estate: Estate, cli: Cli) -> None:
    monthly = {"months": 12, "weeks": ["First"], "days": ["Sunday"]}
    estate.declare("all", vault(), policy(**EASTERN, retention=weekly("Sunday", monthly=monthly)))
    apply(estate, cli, WINTER)
    declared = policy(**EARLY)
    del declared["spec"]["retention"]
    estate.declare("all", vault(), declared)
    found = planned(estate, cli, WINTER)
    assert found["actions"] == []
    (blocked,) = found["findings"]
    assert blocked["rule"] == "local-hour-midnight"
    assert blocked["message"] == (
        "00:30 is on the day before in SA Pacific Standard Time while the clocks of Eastern Standard Time are changed; "
        "the retention is Azure's, none is stated"
    )


# ---- what the sandbox does with it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("clock", "utc"), [("2027-03-11T12:00:00Z", "04:00"), ("2027-03-15T12:00:00Z", "03:00")])
def test_backups_run_at_the_local_hour(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch, clock: str, utc: str
) -> None:
    """23:00 in New York on the days after: at another hour of UTC in winter than in summer."""
    estate.exists(clock=clock, **world(vms("web-01"), {"rsv": LIVE}))
    estate.declare("all", vault(), policy(**EASTERN), assignment())
    (create,) = [action for action in planned_today(estate, cli) if action["verb"] == "createPolicy"]
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    started = [job.properties["startTime"] for job in backups(estate, monkeypatch, 2 * DAY)]
    assert [time[11:16] for time in reversed(started)] == [utc, utc]
    assert [f"{time[:16]}:00Z" for time in reversed(started)] == [
        run["utc"] for run in create["nextRuns"]["readings"][0]["runs"][1:]
    ], "as the plan said; the first of the three was earlier that day"


def planned_today(estate: Estate, cli: Cli) -> Any:
    return cli("plan", *estate.sandboxed, "--format", "json").json["actions"]


def backups(estate: Estate, monkeypatch: pytest.MonkeyPatch, seconds: float) -> list[Any]:
    """The backup jobs there are when the box has gone on for so long, newest first."""

    async def run() -> list[Any]:
        async with open_box(estate.world) as box:
            await box.sleep(seconds)
            for name, value in box.environment().items():
                monkeypatch.setenv(name, value)
            scopes = ["https://management.azure.com/.default"]
            async with (
                DefaultAzureCredential() as credential,
                RecoveryServicesBackupClient(
                    credential, SUBSCRIPTION, base_url=box.endpoint, credential_scopes=scopes
                ) as client,
            ):
                found = client.backup_jobs.list("rsv", "rg-backup", filter="operation eq 'Backup'", enforce_https=False)
                return [job async for job in found]

    return asyncio.run(run())
