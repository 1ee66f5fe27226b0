"""The next runs of a policy in a report, as people read them at a hundred columns."""

import io
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from rich.console import Console

from backup_reconciler.plan.runs import next_runs
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.text.runs import write_runs
from backup_reconciler.spec.policy import DailySchedule, PolicySettings

UNVERIFIED = """\
          unverified: what the service does when clocks change is its own affair; documented is that
          it does not move the hour, and users reported that it does
"""
CASES = {
    "winter": (
        ("W. Europe Standard Time", "23:00", date(2026, 11, 23), None),
        f"""\
          runs from 2026-11-23  Mon 2026-11-23 23:00 +01:00  2026-11-23 22:00 UTC
                                Tue 2026-11-24 23:00 +01:00  2026-11-24 22:00 UTC
                                Wed 2026-11-25 23:00 +01:00  2026-11-25 22:00 UTC
          clock change          Sun 2027-03-28 03:00 +02:00  2027-03-28 01:00 UTC  1 hour ahead
          last before           Sat 2027-03-27 23:00 +01:00  2027-03-27 22:00 UTC
          first after           Mon 2027-03-29 00:00 +02:00  2027-03-28 22:00 UTC  as documented
                                Sun 2027-03-28 23:00 +02:00  2027-03-28 21:00 UTC  as reported
{UNVERIFIED}""",
    ),
    "summer": (
        ("Lord Howe Standard Time", "23:00", date(2026, 11, 23), None),
        f"""\
          runs from 2026-11-23  Mon 2026-11-23 23:30 +11:00  2026-11-23 12:30 UTC  as documented
                                Tue 2026-11-24 23:30 +11:00  2026-11-24 12:30 UTC  as documented
                                Wed 2026-11-25 23:30 +11:00  2026-11-25 12:30 UTC  as documented
                                Mon 2026-11-23 23:00 +11:00  2026-11-23 12:00 UTC  as reported
                                Tue 2026-11-24 23:00 +11:00  2026-11-24 12:00 UTC  as reported
                                Wed 2026-11-25 23:00 +11:00  2026-11-25 12:00 UTC  as reported
          clock change          Sun 2027-04-04 01:30 +10:30  2027-04-03 15:00 UTC  30 minutes back
          last before           Sat 2027-04-03 23:30 +11:00  2027-04-03 12:30 UTC  as documented
                                Sat 2027-04-03 23:00 +11:00  2027-04-03 12:00 UTC  as reported
          first after           Sun 2027-04-04 23:00 +10:30  2027-04-04 12:30 UTC
{UNVERIFIED}""",
    ),
    "kept": (
        ("SA Pacific Standard Time", "22:00", date(2026, 7, 23), "Eastern Standard Time"),
        """\
          runs from 2026-07-23  Wed 2026-07-22 23:00 -04:00  2026-07-23 03:00 UTC
                                Thu 2026-07-23 23:00 -04:00  2026-07-24 03:00 UTC
                                Fri 2026-07-24 23:00 -04:00  2026-07-25 03:00 UTC
          clock change          Sun 2026-11-01 01:00 -05:00  2026-11-01 06:00 UTC  1 hour back
          keeps the hour of Eastern Standard Time: written in SA Pacific Standard Time, whose clocks
          never change; the first plan after the others change brings the update
""",
    ),
    "steady": (
        ("Tokyo Standard Time", "23:00", date(2026, 7, 23), None),
        """\
          runs from 2026-07-23  Thu 2026-07-23 23:00 +09:00  2026-07-23 14:00 UTC
                                Fri 2026-07-24 23:00 +09:00  2026-07-24 14:00 UTC
                                Sat 2026-07-25 23:00 +09:00  2026-07-25 14:00 UTC
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_next_runs_are_told(case: str) -> None:
    (zone, time, day, kept_in), expected = CASES[case]
    schedule = DailySchedule(frequency="Daily", time=time)
    runs = next_runs(PolicySettings(schedule=schedule, time_zone=zone), day, kept_in)
    assert runs is not None
    written = io.StringIO()
    write_runs(runs, Page(Console(file=written, width=100)))
    assert written.getvalue() == expected


def test_the_page_on_policies_shows_what_a_plan_shows() -> None:
    page = (Path(__file__).parents[3] / "docs" / "manifests" / "policy.md").read_text()
    _, shown = CASES["winter"]
    assert dedent(shown.removesuffix(UNVERIFIED)) in page
