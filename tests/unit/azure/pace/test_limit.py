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


def spend(limit: Bucket | Window, now: float = 0.0) -> int:
    """Send one request after the other, as far as the limit lets them go: how many. Answers tell nothing."""
    number = 0
    while not limit.wait(now):
        limit.enter(now)
        limit.leave()
        number += 1
    return number


def test_as_many_go_out_as_were_told_less_those_on_the_way() -> None:
    assert spend(bucket(20)) == 20
    assert bucket(20, others=8).wait(0.0) == float("inf"), "more than a third is on the way"
    limit = bucket(20, others=8)
    for _ in range(8):
        limit.leave()
    assert spend(limit) == 12


def test_an_empty_bucket_lets_one_out_whenever_one_has_come_back() -> None:
    limit = bucket(0)
    assert limit.wait(0) == pytest.approx(0.1, abs=1e-5)
    assert spend(limit, 0.1) == 1
    assert spend(limit, 0.5) == 1, "no more than was ever seen in it"


@pytest.mark.parametrize(("left", "at_a_time"), [(120, 30), (15, 4), (3, 3)])
def test_a_third_of_what_is_left_is_on_the_way_at_the_most(left: int, at_a_time: int) -> None:
    limit, sent = bucket(left), 0
    while not limit.wait(0.0):
        limit.enter(0.0)
        sent += 1
    assert sent == at_a_time, "or four, where they are there"


def test_answers_that_overtake_each_other_leave_what_is_sure() -> None:
    def ten_on_the_way() -> tuple[Bucket, list[int]]:
        limit = bucket(100)
        return limit, [limit.enter(0.0) for _ in range(10)]

    def and_then(limit: Bucket, answers: int) -> int:
        for _ in range(answers):
            limit.leave()
        return spend(limit)

    limit, numbers = ten_on_the_way()
    limit.leave()
    limit.told(told(90), numbers[9], 0.0)  # it was counted as the last of ten
    assert and_then(limit, 9) == 90 - 9, "the nine others may not have been counted"

    limit, numbers = ten_on_the_way()
    for number, left in ((9, 90), (0, 99)):  # the first of them knows that nothing was before it
        limit.leave()
        limit.told(told(left), numbers[number], 0.0)
    assert and_then(limit, 8) == 99 - 9


def test_what_others_take_is_seen_at_the_next_answer() -> None:
    limit = bucket(100)
    number = limit.enter(0.0)
    limit.leave()
    limit.told(told(5), number, 0.0)
    assert spend(limit) == 5


def test_a_bucket_that_is_larger_than_it_was_is_believed() -> None:
    limit = bucket(0)
    number = limit.enter(0.2)
    limit.leave()
    limit.told(told(500), number, 0.3)
    assert spend(limit, 0.3) == 500


def test_a_bucket_without_a_documented_pace_fills_within_a_minute() -> None:
    limit = bucket(59, per_second=None)
    assert spend(limit) == 59
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
    for _ in range(16):
        number = limit.enter(1.0)
        limit.leave()
        limit.told(told(5), number, 1.0)
    assert spend(limit, 1.0) == 5
    assert limit.wait(1.0) == pytest.approx(0.1, abs=1e-5)


def test_those_that_went_out_together_and_are_refused_together_slow_it_down_once() -> None:
    limit = bucket(16)
    for number in [limit.enter(0.0) for _ in range(16)]:
        limit.leave()
        limit.refused(told(0), number, 0.0)
    assert limit.wait(0) == pytest.approx(0.2, abs=1e-5)


def test_one_whose_share_is_small_sends_one_at_a_time() -> None:
    limit = bucket(0)
    for _ in range(20):
        number = limit.enter(0.0)
        limit.leave()
        limit.refused(told(0), number, 0.0)
    number = limit.enter(0.0)
    limit.leave()
    limit.told(told(20), number, 0.0)
    limit.enter(0.0)
    assert limit.wait(0.0) == float("inf")


def test_a_window_that_is_used_up_opens_when_it_resets() -> None:
    limit = window(3)
    numbers = [limit.enter(0.0) for _ in range(3)]
    assert limit.wait(1.0) == 4.0
    for number in numbers:
        limit.leave()
        limit.told(Told("queries", 0, resets_after=4), number, 1.0)
    assert limit.wait(2.0) == 3.0
    for _ in range(4):
        assert limit.wait(5.0) == 0.0, "as many as were ever seen in it"
        limit.enter(5.0)
    assert limit.wait(5.0) == float("inf"), "until an answer tells of the new window"


def test_a_new_window_is_as_large_as_it_is_told() -> None:
    limit = window(0)
    number = limit.enter(5.0)
    limit.leave()
    limit.told(Told("queries", 14, resets_after=5), number, 5.2)
    assert spend(limit, 5.2) == 14


def test_where_no_answer_came_from_a_new_window_somebody_tries_again() -> None:
    limit = window(0)
    assert limit.wait(5.0) == 0.0
    limit.enter(5.0)
    assert limit.wait(5.0) == float("inf")
    limit.leave()
    assert limit.wait(5.0) == 0.0


def test_a_limit_that_resets_is_a_window_and_the_others_are_buckets() -> None:
    assert isinstance(limit_of(Told("queries", 3, resets_after=5), 0, 0.0), Window)
    assert isinstance(limit_of(told(3), 0, 0.0), Bucket)
