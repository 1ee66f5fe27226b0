"""Which blob is the lock of a run, and how it is reached."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from azure.core.credentials import AzureSasCredential

from backup_reconciler.apply import Interrupt
from backup_reconciler.apply.lock import held
from backup_reconciler.azure.clients import default_credential
from backup_reconciler.azure.clock import Clock, SystemClock
from backup_reconciler.azure.cloud import cloud
from backup_reconciler.azure.lease import BlobLease, Credential
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.lock_option import WhichLock
from backup_reconciler.cli.logs import tell
from backup_reconciler.cli.this_run import this_run
from backup_reconciler.cli.where import DEFAULT_CLOUD, Where
from backup_reconciler.spec.blob_url import BlobUrl
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.shard import Shard

log = logging.getLogger(__name__)

SIGNATURE = "AZURE_STORAGE_SAS_TOKEN"
"""The variable with a shared access signature, which the Azure CLI reads too; it comes before all other credentials."""


class Kept(Protocol):
    """The lock, as the run sees it that has it."""

    @property
    def lost(self) -> str | None:
        """Why it is lost; None while it is not."""
        ...

    async def confirm(self) -> None:
        """Make sure that nobody else has had it since it was taken. Raises `LockError` where somebody has."""
        ...

    async def release(self) -> None:
        """Give it back; nothing is changed any more."""
        ...


@dataclass(frozen=True, slots=True)
class NoLock:
    """What a run has that takes none: nothing to lose."""

    lost: None = None

    async def confirm(self) -> None:
        """There is nothing to be sure of."""

    async def release(self) -> None:
        """There is nothing to give back."""


@asynccontextmanager
async def locked(
    where: Where, manifests: Manifests, which: WhichLock, interrupt: Interrupt, shard: Shard
) -> AsyncIterator[Kept]:
    """Have the lock of a shard within the block. Raises `LockError` where it cannot be had."""
    blob = None if which.none else _blob_of_run(where, manifests, which)
    if blob is None:
        yield NoLock()
        return
    blob = blob.of_shard(shard)
    clock = SystemClock()
    holder = this_run(clock.now())
    async with lease_of(where, blob, clock) as lease, held(lease, holder, clock, interrupt, _tell_lost) as hold:
        yield hold


def stated_in(manifests: Manifests) -> BlobUrl | None:
    """The lock that the settings name."""
    lock = manifests.settings.spec.lock if manifests.settings else None
    return BlobUrl.written(lock.blob) if lock else None


def refuse_elsewhere(where: Where, blob: BlobUrl) -> None:
    """A rehearsal in a box leaves storage accounts alone, and a lock on this machine keeps no other away from Azure."""
    rehearsal = _is_rehearsal(where)
    if rehearsal and not blob.is_loopback:
        raise UsageError(f"the lock {blob} is in Azure, and a rehearsal leaves that alone")
    if blob.is_loopback and not rehearsal:
        raise UsageError(
            f"the lock {blob} is on this machine, and keeps no other away from Azure; name a blob in Azure"
        )


def _blob_of_run(where: Where, manifests: Manifests, which: WhichLock) -> BlobUrl | None:
    """The command line comes first; a rehearsal is not kept from going on by what the settings say for Azure."""
    stated = stated_in(manifests)
    if which.blob is None and stated and not stated.is_loopback and _is_rehearsal(where):
        level = logging.INFO if where.sandbox else logging.WARNING
        log.log(level, "the lock of the settings is left alone, because this is a rehearsal")
        return None
    blob = which.blob or stated
    if blob is not None:
        refuse_elsewhere(where, blob)
    return blob


def _is_rehearsal(where: Where) -> bool:
    """Whether Azure is on this machine: in a box, by the option or by the address that a box gives to its clients."""
    return where.sandbox is not None or cloud(where.cloud or DEFAULT_CLOUD, where.arm_endpoint).loopback


@asynccontextmanager
async def lease_of(where: Where, blob: BlobUrl, clock: Clock) -> AsyncIterator[BlobLease]:
    """The way to the lease of a blob, open within the block."""
    async with AsyncExitStack() as stack:
        credential: Credential
        if signature := os.environ.get(SIGNATURE):
            credential = AzureSasCredential(signature)
        elif blob.is_loopback:
            raise UsageError(f"an emulator gets no token, so the lock {blob} needs a signature in {SIGNATURE}")
        else:
            token = default_credential(cloud(where.cloud or DEFAULT_CLOUD))
            credential = await stack.enter_async_context(token)
        yield await stack.enter_async_context(BlobLease(blob, credential, clock))


def _tell_lost(why: str) -> None:
    tell("lockLost", f"\nThe lock is lost: {why}. Nothing new is sent.")
