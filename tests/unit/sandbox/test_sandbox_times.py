"""How moments and lengths are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from backup_reconciler.sandbox.core.wire.router import Route, Router
from backup_reconciler.sandbox.core.wire.times import (
    american,
    duration,
    parse_filter_time,
    parse_stamp,
    stamp,
    time_span,
)

MOMENT = datetime(2021, 6, 14, 7, 36, 2, 191389, tzinfo=UTC)


def test_a_moment():
    assert stamp(MOMENT) == "2021-06-14T07:36:02.191389Z"
    assert stamp(MOMENT.replace(microsecond=500_000)) == "2021-06-14T07:36:02.5Z"
    assert stamp(MOMENT.replace(microsecond=0)) == "2021-06-14T07:36:02Z"
    assert stamp(MOMENT.astimezone(timezone(timedelta(hours=9)))) == stamp(MOMENT)


@pytest.mark.parametrize(
    "text", ["2021-06-14T07:36:02.191389Z", "2021-06-14T16:36:02.191389+09:00", "2021-06-14T07:36:02.191389"]
)
def test_a_moment_is_read(text):
    assert parse_stamp(text) == MOMENT


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "PT0S"),
        (1.244882, "PT1.244882S"),
        (35.5, "PT35.5S"),
        (60, "PT1M"),
        (65.728322, "PT1M5.728322S"),
        (3600, "PT1H"),
        (3646.460834, "PT1H46.460834S"),
        (86400, "P1D"),
        (90061, "P1DT1H1M1S"),
    ],
)
def test_a_length(seconds, text):
    assert duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1209599.59, "13.23:59:59.5900000"), (3661, "01:01:01"), (86400, "1.00:00:00"), (-5, "00:00:00")],
)
def test_a_dotnet_span(seconds, text):
    assert time_span(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("hour", "text"), [(0, "12:05:00 AM"), (9, "9:05:00 AM"), (12, "12:05:00 PM"), (23, "11:05:00 PM")]
)
def test_a_moment_as_americans_write_it(hour, text):
    assert american(datetime(2021, 6, 25, hour, 5, tzinfo=UTC)) == f"6/25/2021 {text}"


@pytest.mark.parametrize(
    ("text", "hour"),
    [("00:00:00 AM", 0), ("12:00:00 AM", 0), ("01:00:00 AM", 1), ("12:00:00 PM", 12), ("11:00:00 PM", 23)],
)
def test_a_moment_in_a_filter(text, hour):
    assert parse_filter_time(f"2016-01-01 {text}") == datetime(2016, 1, 1, hour, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2016-01-01", "2016-01-01 13:00:00 PM", "2016-01-01 01:00:00 XX", "x 01:00:00 AM"])
def test_no_moment_in_a_filter(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, the service answers the same
        parse_filter_time(text)


def test_a_path_is_answered_by_one():
    route = Route("GET", "/a/{b}", lambda _call: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(ValueError, match=r"GET /a/\{c\} is answered twice"):
        Router([route, Route("GET", "/a/{c}", route.answer)])
