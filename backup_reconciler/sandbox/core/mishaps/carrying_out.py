"""How requests are answered and effects carried out when something goes wrong with them, and when nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core import effects
from backup_reconciler.sandbox.core.mishaps import dragging, failing, lateness, pretence

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Effect, Estate, Fault
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response

_BY_FATE = {"done": effects.come, "pretended": pretence.come, "failed": failing.come}


def answer(call: Call, fault: Fault | None) -> Response:
    """Have the provider answer, under a fault that lets it be asked."""
    if fault and fault.ignored:
        return pretence.answer(call)
    if fault and fault.late is not None:
        return lateness.answer(call, fault.late)
    if fault and fault.operation:
        return failing.answer(call, fault.operation)
    if fault and fault.slow is not None:
        return dragging.answer(call, fault.slow)
    return call.route.answer(call)


def carry_out(estate: Estate, effect: Effect, rng: Random) -> None:
    """Let an effect come to pass, in the way that is its fate."""
    if effect.kind == lateness.KIND:
        lateness.come(estate, effect, rng)
    else:
        _BY_FATE[effect.fate](estate, effect, rng)
