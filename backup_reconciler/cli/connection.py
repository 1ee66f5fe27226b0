"""Opening the road to Azure, or to an Azure in a box: everything behind it is the same for both."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from backup_reconciler.apply.interrupt import Interrupt, InterruptibleClock
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.clients import Clients, default_credential, default_transport
from backup_reconciler.azure.clock import Clock, SystemClock
from backup_reconciler.azure.cloud import cloud
from backup_reconciler.azure.summary import tell_summary
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.held_transport import HeldTransport
from backup_reconciler.cli.logs import follow_clock
from backup_reconciler.cli.where import DEFAULT_CLOUD, DEFAULT_CONCURRENCY, Where

if TYPE_CHECKING:
    from backup_reconciler.sandbox import Box

_CREDENTIALS = ("AZURE_", "IDENTITY_", "MSI_", "ARM_", "IMDS_")


@asynccontextmanager
async def connect(where: Where, interrupt: Interrupt) -> AsyncIterator[Arm]:
    """The road, open until the block ends. In a sandbox the clock is the box's, so nobody waits for real."""
    if where.fresh and where.sandbox is None:
        raise UsageError("--fresh starts a sandbox over, and there is no --sandbox")
    async with AsyncExitStack() as stack:
        clock: Clock = SystemClock()
        endpoint = where.arm_endpoint
        box: Box | None = None
        if where.sandbox is not None:
            from backup_reconciler.sandbox import open_box

            box = await stack.enter_async_context(open_box(where.sandbox, fresh=where.fresh))
            stack.enter_context(only_credentials(box.environment()))
            clock, endpoint = box, box.endpoint
        follow_clock(clock.now)
        target = cloud(where.cloud or DEFAULT_CLOUD, endpoint)
        transport = HeldTransport(default_transport(), box.hold) if box else default_transport()
        clients = await stack.enter_async_context(Clients(target, default_credential(target), transport))
        concurrency = where.concurrency or DEFAULT_CONCURRENCY
        arm = Arm(clients, InterruptibleClock(clock, interrupt), concurrency=concurrency, permit=interrupt.check)
        stack.callback(tell_summary, arm.sent)
        yield arm


@contextmanager
def only_credentials(environment: Mapping[str, str]) -> Iterator[None]:
    """Within the block the environment holds these credentials and no others, so no real token can reach a box."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(_CREDENTIALS):
            del os.environ[name]
    os.environ.update(environment)
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
