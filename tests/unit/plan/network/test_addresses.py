"""Addresses as Azure writes them, and sets of thousands of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.plan.network.addresses import addresses, addresses_of
from backup_reconciler.plan.network.intervals import Intervals

NUMBERS = st.sets(st.integers(0, 30))


def intervals(numbers: set[int]) -> Intervals:
    return Intervals.of((number, number) for number in numbers)


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("10.0.0.4", 1),
        ("10.0.0.0/24", 256),
        ("0.0.0.0/0", 2**32),
        ("10.0.0.4-10.0.0.9", 6),
        ("10.0.0.4 - 10.0.0.4", 1),
        ("2001:db8::/32", 0),
    ],
)
def test_addresses_prefixes_and_ranges_are_sets_of_addresses(text: str, many: int) -> None:
    found = addresses(text)
    assert found is not None
    assert len(found) == many


@pytest.mark.parametrize("text", ["Storage", "Storage-x", "10.0.0.0/33", "10.0.0", "10.0.0.9-10.0.0.4", "10.0.0/0/16"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert addresses(text) is None


def test_prefixes_that_touch_are_one_interval_and_those_of_ipv6_are_left_out() -> None:
    assert addresses_of(("10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "2001:db8::/32")) == addresses("10.0.0.0/23")


@given(NUMBERS, NUMBERS)
def test_sets_of_intervals_are_sets(one: set[int], other: set[int]) -> None:
    assert intervals(one) | intervals(other) == intervals(one | other)
    assert intervals(one) & intervals(other) == intervals(one & other)
    assert intervals(one) - intervals(other) == intervals(one - other)
    assert (intervals(one) <= intervals(other)) == (one <= other)
    assert len(intervals(one)) == len(one)
    assert bool(intervals(one)) == bool(one)
