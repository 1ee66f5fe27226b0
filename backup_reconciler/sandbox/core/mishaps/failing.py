"""Accepted, and then failed: the operation and its jobs end in an error, and nothing is as was asked.

A vault that was to be made is there all the same, in the state Failed; it is all that ARM leaves of a failed creation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.mishaps import papers, pretence
from backup_reconciler.sandbox.core.mishaps.copies import copy_of
from backup_reconciler.sandbox.core.providers import FAILURES

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Effect, Estate, Failure
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response


def answer(call: Call, failure: Failure) -> Response:
    """The answer to a request whose operation will fail. One that begins none is carried out, with nothing to fail."""
    estate, place = call.estate, call.request.path
    known = papers.names_of_timed(estate)
    copied = copy_of(estate, place)
    response = call.route.answer(replace(call, estate=copied))
    if papers.names_of_timed(copied) == known and not _can_fail(copied, estate.sequence):
        return call.route.answer(call)
    before = estate.sequence
    _keep_new_vault(call, copied)
    pretence.take_over(estate, copied, place)
    papers.fail_timed(estate, known, failure)
    ends = [effect for effect in estate.recall(before) if effect.kind in FAILURES]
    estate.expect(*(replace(effect, fate="failed", error=failure) for effect in ends))
    return response


def _can_fail(copied: Estate, before: int) -> bool:
    return any(effect.kind in FAILURES for effect in copied.effects if effect.sequence > before)


def _keep_new_vault(call: Call, copied: Estate) -> None:
    """A vault that the request itself, a PUT on it, has made."""
    if call.request.method == "PUT" and fold(call.route.action) == "microsoft.recoveryservices/vaults/write":
        made = copied.vault(call.request.path)
        assert made is not None, "it was made or there before"
        call.group.vaults.setdefault(fold(made.name), made)


def come(estate: Estate, effect: Effect, _rng: Random) -> None:
    """The operation and its jobs end in the error."""
    vault = estate.vault(effect.vault)
    assert effect.error is not None, "only what is to fail comes here"
    if vault is not None:
        FAILURES[effect.kind](estate, vault, effect.subject, effect.due, effect.error)
