"""A transport for a box whose time is virtual: while an answer is awaited, that time stands still."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from azure.core.pipeline.transport import AsyncHttpTransport
from azure.core.rest import AsyncHttpResponse, HttpRequest

from backup_reconciler.azure.clients import Transport


class HeldTransport(AsyncHttpTransport[HttpRequest, AsyncHttpResponse]):
    """Another transport, holding the clock during each exchange."""

    def __init__(self, inner: Transport, hold: Callable[[], AbstractContextManager[None]]) -> None:
        self._inner = inner
        self._hold = hold

    async def send(self, request: HttpRequest, **options: Any) -> AsyncHttpResponse:
        with self._hold():
            return await self._inner.send(request, **options)

    async def open(self) -> None:
        await self._inner.open()

    async def close(self) -> None:
        await self._inner.close()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()
