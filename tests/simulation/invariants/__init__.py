"""What must hold, whatever happens. Each is a function of the record that yields what is wrong, and a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.simulation.invariants import bounds, converging, data, orderly, truth, writes
from tests.simulation.record import Record

Invariant = Callable[[Record], Iterator[str]]

INVARIANTS: tuple[Invariant, ...] = (
    converging.another_run_converges,
    converging.nothing_is_left_to_do,
    converging.resource_graph_tells_the_same,
    data.no_recovery_point_goes_without_consent,
    data.backups_are_deleted_by_approval_and_flag,
    data.no_vm_is_active_in_two_vaults,
    bounds.only_what_is_declared_is_written,
    bounds.only_fields_that_are_stated_change,
    bounds.nothing_else_changes,
    writes.no_write_is_repeated_while_it_is_under_way,
    writes.no_backup_is_started_twice,
    truth.what_is_told_as_done_is_so,
    truth.what_is_told_as_not_done_was_not_sent,
    truth.what_is_told_as_taken_was_taken,
    truth.requests_are_told_as_they_were,
    orderly.errors_are_those_that_are_documented,
    orderly.nothing_of_a_run_goes_on_after_it,
    orderly.everybody_gets_on,
)


@dataclass(frozen=True)
class Wrong:
    """An invariant that does not hold."""

    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant.replace('_', ' ')}: {self.what}"


def judge(record: Record) -> list[Wrong]:
    """All that is wrong."""
    return [Wrong(each.__name__, what) for each in INVARIANTS for what in each(record)]
