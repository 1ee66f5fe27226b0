"""How runs end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.record import Record


def errors_are_those_that_are_documented(record: Record) -> Iterator[str]:
    """A run ends with a result, or with one of the errors that users are told of; never with a mistake of ours."""
    for told in record.runs:
        if told.error is not None:
            yield f"{told.name} ended with {type(told.error).__name__}: {told.error}"
        for outcome in told.outcomes():
            if "a mistake of backup-reconciler itself" in outcome.detail:
                yield f"{told.name}: {outcome.action.id}: {outcome.detail}"


def nothing_of_a_run_goes_on_after_it(record: Record) -> Iterator[str]:
    """When a run has ended no task of it waits for anything, and none ended in an error that nobody heard of."""
    for told in record.runs:
        yield from (f"{told.name} left {task} going on" for task in told.left_over)
        if not told.died:
            yield from (f"{told.name} did not hear of {error}" for error in told.unheard)


def everybody_gets_on(record: Record) -> Iterator[str]:
    """Nobody waits for ever, and nobody asks for ever."""
    if record.stuck:
        yield record.stuck
