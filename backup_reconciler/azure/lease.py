"""The lease of a blob, by which one run keeps all others away.

A lease is taken, renewed, given back and broken by single requests, each of which may be sent twice: the id of the
lease is ours, and taking it again with the same id is the same as renewing it. Source: Learn, "Lease Blob (REST API)".
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar
from uuid import uuid4

from azure.core import MatchConditions
from azure.core.credentials import AzureSasCredential
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError as SdkError
from azure.core.exceptions import HttpResponseError
from azure.storage.blob.aio import BlobClient, BlobLeaseClient

from backup_reconciler.azure.clock import Clock
from backup_reconciler.azure.holder import Holder
from backup_reconciler.azure.lease_errors import HeldByAnother, LeaseGone, LockError, NotEmpty, error_from
from backup_reconciler.spec.blob_url import BlobUrl

log = logging.getLogger(__name__)
T = TypeVar("T")

LEASE_SECONDS = 60
"""The longest that a lease may last which ends by itself."""
BREAK_SECONDS = 30
"""For how long a broken lease can be neither renewed nor taken: longer than its holder waits between two renewals, so
that it has been told before another run can begin."""
_TIMEOUT = 10.0
"""Seconds for a connection, and for an answer: a renewal that hangs must not use the lease up."""
_ATTEMPTS = 3
_WAIT = 2.0
"""Seconds before the second attempt; twice as many before the third."""

Credential = AsyncTokenCredential | AzureSasCredential


@dataclass(frozen=True, slots=True)
class Seen:
    """A blob as it was seen."""

    state: str
    """Of its lease, in Azure's words: available, leased, expired, breaking, broken."""
    size: int
    """Bytes."""
    etag: str
    metadata: Mapping[str, str]

    @property
    def is_leased(self) -> bool:
        return self.state == "leased"

    @property
    def is_breaking(self) -> bool:
        """Whether it was broken a moment ago, and cannot be had yet."""
        return self.state == "breaking"

    @property
    def holder(self) -> Holder | None:
        """Who has it, or had it last."""
        return Holder.told(self.metadata)


class BlobLease:
    """The lease of one blob, to be taken by one run."""

    def __init__(self, blob: BlobUrl, credential: Credential, clock: Clock) -> None:
        self.blob = blob
        self._clock = clock
        self._client = BlobClient(
            blob.account_url, blob.container, blob.blob_name, credential=credential,
            connection_timeout=_TIMEOUT, read_timeout=_TIMEOUT, retry_total=0,
        )  # fmt: skip
        self._lease = BlobLeaseClient(self._client, lease_id=str(uuid4()))
        self._perhaps_taken = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def look(self) -> Seen | None:
        """The blob as it is; None where it is not there."""
        try:
            found = await self._ask(self._client.get_blob_properties)
        except LockError as error:
            if error.code == "BlobNotFound":
                return None
            raise
        return Seen(found.lease.state, found.size, found.etag, found.metadata)

    async def take(self, holder: Holder) -> None:
        """Take the lease, and tell others who has it. The blob is made where it is not there.

        Raises `HeldByAnother`; `NotEmpty` for a blob that holds data, which is left as it is; or another `LockError`.
        """
        seen = await self.look()
        if seen is None:
            await self._create()
        elif seen.size:
            raise NotEmpty(self.blob)
        self._perhaps_taken = True
        try:
            await self._ask(lambda: self._lease.acquire(LEASE_SECONDS))
        except HeldByAnother as error:
            now = await self.look()
            if now is None:  # and somebody has just deleted it
                raise
            raise HeldByAnother(self.blob, now.holder, is_breaking=now.is_breaking) from error
        others = seen.metadata if seen else {}
        await self._ask(lambda: self._client.set_blob_metadata({**others, **holder.metadata}, lease=self._lease))

    async def renew(self) -> None:
        """Have the lease for another minute. Asked once: whoever keeps it asks again.

        A lease that has ended by itself is had again this way if nobody took it in between. Raises `LeaseGone` where
        somebody did, or broke it.
        """
        try:
            await self._lease.renew()
        except SdkError as error:
            told = error_from(self.blob, error)
            raise (LeaseGone(self.blob, told.code) if _is_gone(error) else told) from error

    async def release(self) -> None:
        """Give the lease back, if it was taken. What goes wrong is told in the log: the lease ends by itself."""
        if not self._perhaps_taken:
            return
        self._perhaps_taken = False
        try:
            await self._lease.release()
        except SdkError as error:
            if not _is_gone(error):
                told = error_from(self.blob, error)
                log.warning("the lock %s was not given back: %s; it ends by itself in a minute", self.blob, told.what)

    async def break_(self, seen: Seen) -> int:
        """Take the lease from whoever was seen to have it, and from nobody else; seconds until it can be had."""
        return await self._ask(
            lambda: self._lease.break_lease(
                BREAK_SECONDS, etag=seen.etag, match_condition=MatchConditions.IfNotModified
            )
        )

    async def _create(self) -> None:
        try:
            await self._ask(lambda: self._client.upload_blob(b"", overwrite=False))
        except LockError as error:
            if error.code != "BlobAlreadyExists":  # another run has just made it
                raise

    async def _ask(self, request: Callable[[], Awaitable[T]]) -> T:
        """Send a request, again where no answer comes or the service fails. Raises `LockError`."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await request()
            except SdkError as error:
                told = error_from(self.blob, error)
                if attempt == _ATTEMPTS or not told.passing:
                    raise told from error
                wait = _WAIT * attempt
                log.info("%s: %s; again in %g s", self.blob, told.what, wait)
                await self._clock.sleep(wait)
        raise AssertionError("the last attempt returns or raises")


def _is_gone(error: SdkError) -> bool:
    """Whether the service says that the lease is not, or no longer, this run's: the blob is gone, or other ids hold."""
    return isinstance(error, HttpResponseError) and error.status_code in (404, 409, 412)
