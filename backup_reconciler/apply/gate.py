"""The one gate that every write passes: open, or, in a dry run, printing what would go through."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from backup_reconciler.apply.failure import Failure, InPart, NotConfirmed
from backup_reconciler.apply.interrupt import Interrupt
from backup_reconciler.apply.telling import tell_conflict
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codes import CONFLICTS
from backup_reconciler.azure.errors import AzureError, InDoubt
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.plan.outcome import Status
from backup_reconciler.spec.arm_id import ArmId

_CONFLICT_WAIT = 30.0
_CONFLICT_ATTEMPTS = 10


Confirm = Callable[[ArmResponse | None], Awaitable[None]]
Prepare = Callable[[], Awaitable[bool]]


async def _nothing() -> bool:
    return False


def _as_it_is(request: ArmRequest) -> ArmRequest:
    return request


@dataclass(frozen=True, slots=True)
class Write:
    """One write: its request, how to know that it came true, and whether it needs sending at all."""

    request: ArmRequest | None
    """None where nothing needs sending, and something is waited for."""
    confirm: Confirm
    """Returns when what is read back is what was wished; raises `Failure` when it will not be."""
    prepare: Prepare = _nothing
    """Called before sending. Waits for an earlier operation on the same resource, and returns True when that has
    brought about what is wished; raises `Failure` when what the plan was made from is no longer so."""
    after_conflict: Callable[[], Awaitable[bool]] | None = None
    """Waits until the operation that bars this one is over; True when that has brought about what is wished."""
    after_doubt: Callable[[], Awaitable[bool]] | None = None
    """Looks for the effect of a request whose answer was lost and that must not be sent twice; True when it is seen."""
    before: ArmRequest | None = None
    """A request that goes out before the other, where it takes two."""
    instead: Mapping[str, ArmRequest] = field(default_factory=dict)
    """What is sent, once, in place of a request that is refused: by Azure's code."""
    current: Callable[[ArmRequest], ArmRequest] = _as_it_is
    """What is made of a request right before it is sent: a PUT gets the etag of what `prepare` has read."""
    parent: ArmId | None = None
    """The resource that this is a part of, where Azure takes one write at a time for all of its parts."""

    @property
    def requests(self) -> Iterator[ArmRequest]:
        """All that is to be sent, in order."""
        return filter(None, (self.before, self.request))


class Gate(Protocol):
    """Decides what happens to a write."""

    async def carry_out(self, write: Write) -> Status:
        """Raises `AzureError`, `Failure`, `InPart` or `NotConfirmed` when the write does not come true."""
        ...


class LiveGate:
    """Sends, and waits until what is read back is what was wished."""

    def __init__(self, arm: Arm, interrupt: Interrupt) -> None:
        self._arm = arm
        self._interrupt = interrupt

    async def carry_out(self, write: Write) -> Status:
        if await write.prepare():
            return Status.DONE
        response = None
        for request in write.requests:
            try:
                response = await self._send(write, request)
            except Exception as error:
                if response is None:  # it was the first
                    raise
                raise InPart(error) from error
            if response is None:
                return Status.DONE
        try:
            await write.confirm(response)
        except Failure as failure:
            failure.accepted = write.request is not None
            raise
        except Exception as error:
            raise NotConfirmed(error) from error
        return Status.DONE

    async def _send(self, write: Write, request: ArmRequest) -> ArmResponse | None:
        """Send; a write that another operation bars waits its turn. None when that operation did what is wished."""
        instead = write.instead
        for attempt in range(1, _CONFLICT_ATTEMPTS + 1):
            self._interrupt.check()
            try:
                return await self._arm.send(write.current(request))
            except InDoubt:
                if write.after_doubt is None or not await write.after_doubt():
                    raise
                return None
            except AzureError as error:
                if error.code in instead:
                    request, instead = instead[error.code], {}
                    continue
                if error.code not in CONFLICTS or attempt == _CONFLICT_ATTEMPTS:
                    raise
                tell_conflict(request, error, attempt)
            if write.after_conflict is None:
                await self._arm.clock.sleep(_CONFLICT_WAIT)
            elif await write.after_conflict():
                return None
        raise AssertionError("the last attempt returns or raises")


class DryRunGate:
    """Lets nothing through, and shows the very request that would have been sent."""

    def __init__(self, show: Callable[[ArmRequest], None]) -> None:
        self._show = show

    async def carry_out(self, write: Write) -> Status:
        for request in write.requests:
            self._show(request)
        return Status.SHOWN
