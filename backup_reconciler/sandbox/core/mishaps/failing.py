"""Accepted, and then failed: the operation and its jobs end in an error, and nothing is as was asked.

A vault that was to be made is there all the same, in the state Failed; it is all that ARM leaves of a failed creation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.mishaps import pretence
from backup_reconciler.sandbox.core.providers import FAILURES

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Effect, Estate, Failure
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response


def answer(call: Call, failure: Failure) -> Response:
    """The answer to a request whose operation will fail. One that begins none is carried out, with nothing to fail."""
    estate, path = call.estate, call.request.path
    before, known = estate.sequence, estate.compute_operations.keys()
    copied = pretence.copy_of(estate, path)
    response = call.route.answer(replace(call, estate=copied))
    begun = copied.compute_operations.keys() - known
    if not begun and not any(effect.kind in FAILURES for effect in copied.effects if effect.sequence > before):
        return call.route.answer(call)
    _adopt_new_vault(estate, copied, path)
    pretence.keep_papers(estate, copied, path)
    ends = [effect for effect in estate.recall(before) if effect.kind in FAILURES]
    estate.expect(*(replace(effect, fate="failed", error=failure) for effect in ends))
    for operation in begun:
        estate.compute_operations[operation].error = failure
    return response


def _adopt_new_vault(estate: Estate, copied: Estate, path: str) -> None:
    group, twin = pretence.group_of(estate, path), pretence.group_of(copied, path)
    if group and twin:
        for key in twin.vaults.keys() - group.vaults.keys():
            group.vaults[key] = twin.vaults[key]


def come(estate: Estate, effect: Effect, _rng: Random) -> None:
    """The operation and its jobs end in the error."""
    vault = estate.vault(effect.vault)
    assert effect.error is not None, "only what is to fail comes here"
    if vault is not None:
        FAILURES[effect.kind](estate, vault, effect.subject, effect.due, effect.error)
