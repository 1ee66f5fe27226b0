"""The next runs of a policy as JSON, part of a plan's."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from pydantic import Field

from backup_reconciler.plan.runs import NextRuns, Reading
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.spec.time_zones import ClockChange


class RunData(JsonData):
    """One run."""

    local: str = Field(description="In the time zone of the policy, with the offset that its clocks have then.")
    utc: str = Field(description="The same moment in UTC.")


class ReadingData(JsonData):
    """When a policy runs by one account."""

    account: Literal["certain", "documented", "reported"] = Field(
        description="certain: its clocks never change. documented: what Azure's documentation says of clock changes, "
        "that the hour stays. reported: what users saw, unverified: that it follows the clocks."
    )
    runs: list[RunData] = Field(description="The next three runs from the plan's day on.")
    last_before_clock_change: RunData | None = Field(description="Where accounts differ: the last run before it.")
    first_after_clock_change: RunData | None = Field(description="Where accounts differ: the first run after it.")


class ClockChangeData(JsonData):
    """The clocks of a time zone are moved."""

    day: date = Field(description="The day there.")
    utc: str = Field(description="The moment.")
    minutes: int = Field(description="How far they are put ahead; negative where they are put back.")


class NextRunsData(JsonData):
    """The next runs of a policy."""

    time_zone: str = Field(description="The Windows time zone whose local time is told.")
    written_in: str = Field(description="The one that Azure is told; another where the policy keeps its local hour.")
    readings: list[ReadingData] = Field(description="One, or two where sources disagree.")
    clock_change: ClockChangeData | None = Field(description="The next one there; null where there is none.")


def runs_data(runs: NextRuns) -> NextRunsData:
    return NextRunsData(
        time_zone=runs.time_zone,
        written_in=runs.written_in,
        readings=[_reading(reading) for reading in runs.readings],
        clock_change=_clock_change(runs.clock_change) if runs.clock_change else None,
    )


def _reading(reading: Reading) -> ReadingData:
    return ReadingData(
        account=reading.account.value,
        runs=[_run(run) for run in reading.runs],
        last_before_clock_change=_run(reading.before) if reading.before else None,
        first_after_clock_change=_run(reading.after) if reading.after else None,
    )


def _run(moment: datetime) -> RunData:
    return RunData(local=moment.isoformat(), utc=_utc(moment))


def _clock_change(change: ClockChange) -> ClockChangeData:
    return ClockChangeData(day=change.at.date(), utc=_utc(change.at), minutes=change.by // timedelta(minutes=1))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
