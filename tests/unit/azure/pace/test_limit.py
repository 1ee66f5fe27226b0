"""What is reckoned to be left of a limit."""

import pytest

from backup_reconciler.azure.pace.headers import Told
from backup_reconciler.azure.pace.limit import Bucket, Window, limit_of


def told(remaining: int, per_second: float | None = 10) -> Told:
    return Told("writes", remaining, per_second)


def bucket(remaining: int, others: int = 0, per_second: float | None = 10) -> Bucket:
    return Bucket(told(remaining, per_second), others, 0.0)


def window(remaining: int, resets_after: float = 5) -> Window:
    return Window(Told("queries", remaining, resets_after=resets_after), 0, 0.0)


def send(limit: Bucket | Window, number: int, now: float = 0.0) -> list[int]:
    """So many requests, as far as the limit lets them go."""
    sent = []
    while len(sent) < number and not limit.wait(now):
        sent.append(limit.enter(now))
    return sent


def test_as_many_go_out_as_were_told_less_those_on_the_way() -> None:
    assert len(send(bucket(20), 100)) == 20
    assert len(send(bucket(20, others=8), 100)) == 12


def test_an_empty_bucket_lets_one_out_whenever_one_has_come_back() -> None:
    limit = bucket(0)
    assert limit.wait(0) == pytest.approx(0.1, abs=1e-5)
    assert len(send(limit, 9, 0.1)) == 1
    limit.leave()
    assert len(send(limit, 9, 0.5)) == 1, "no more than was ever seen in it"


def test_answers_that_overtake_each_other_leave_what_is_sure() -> None:
    limit = bucket(100)
    numbers = send(limit, 10)
    limit.leave()
    limit.told(told(90), numbers[9], 0.0)  # counted as the last of ten
    assert len(send(limit, 500)) == 90 - 9, "the nine others may not have been counted"
    limit = bucket(100)
    numbers = send(limit, 10)
    for number, left in ((9, 90), (0, 99)):  # the first of them knows that nothing was before it
        limit.leave()
        limit.told(told(left), numbers[number], 0.0)
    assert len(send(limit, 500)) == 99 - 9


def test_what_others_take_is_seen_at_the_next_answer() -> None:
    limit = bucket(100)
    (number,) = send(limit, 1)
    limit.leave()
    limit.told(told(5), number, 0.0)
    assert len(send(limit, 500)) == 5


def test_a_bucket_that_is_larger_than_it_was_is_believed() -> None:
    limit = bucket(0)
    (number,) = send(limit, 1, 0.2)
    limit.leave()
    limit.told(told(500), number, 0.3)
    assert len(send(limit, 1000, 0.3)) == 500


def test_a_bucket_without_a_documented_pace_fills_within_a_minute() -> None:
    limit = bucket(59, per_second=None)
    assert len(send(limit, 500)) == 59
    for _ in range(59):
        limit.leave()
    assert limit.wait(0) == pytest.approx(1, abs=1e-5)


def test_one_that_refuses_what_it_should_have_had_fills_more_slowly_until_it_proves_to_have_more() -> None:
    limit = bucket(0)
    number = limit.enter(0.1)
    limit.leave()
    limit.refused(told(0), number, 0.1)
    assert limit.wait(0.1) == pytest.approx(0.2, abs=1e-5)
    for _ in range(20):
        number = limit.enter(1.0)
        limit.leave()
        limit.refused(told(0), number, 1.0)
    assert limit.wait(1.0) == pytest.approx(6.4, abs=1e-4), "a sixty-fourth of its pace"
    for _ in range(6):
        number = limit.enter(1.0)
        limit.leave()
        limit.told(told(5), number, 1.0)
    send(limit, 5, 1.0)
    assert limit.wait(1.0) == pytest.approx(0.1, abs=1e-5)


def test_those_that_went_out_together_and_are_refused_together_slow_it_down_once() -> None:
    limit = bucket(16)
    for number in send(limit, 16):
        limit.leave()
        limit.refused(told(0), number, 0.0)
    assert limit.wait(0) == pytest.approx(0.2, abs=1e-5)


def test_a_window_that_is_used_up_opens_when_it_resets() -> None:
    limit = window(3)
    numbers = send(limit, 9)
    assert len(numbers) == 3
    assert limit.wait(1.0) == 4.0
    for number in numbers:
        limit.leave()
        limit.told(Told("queries", 0, resets_after=4), number, 1.0)
    assert limit.wait(2.0) == 3.0
    assert len(send(limit, 9, 5.0)) == 4, "as many as were ever seen in it"
    assert limit.wait(5.0) == float("inf"), "until an answer tells of the new window"


def test_a_new_window_is_as_large_as_it_is_told() -> None:
    limit = window(0)
    (number,) = send(limit, 1, 5.0)
    limit.leave()
    limit.told(Told("queries", 14, resets_after=5), number, 5.2)
    assert len(send(limit, 99, 5.2)) == 14


def test_where_no_answer_came_from_a_new_window_somebody_tries_again() -> None:
    limit = window(0)
    assert len(send(limit, 9, 5.0)) == 1
    limit.leave()
    assert limit.wait(5.0) == 0.0


def test_a_limit_that_resets_is_a_window_and_the_others_are_buckets() -> None:
    assert isinstance(limit_of(Told("queries", 3, resets_after=5), 0, 0.0), Window)
    assert isinstance(limit_of(told(3), 0, 0.0), Bucket)
