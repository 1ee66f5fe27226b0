"""The road to the service without a wire: the SDK's own pipeline, over a transport that calls the core."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from azure.core.credentials import AccessToken
from azure.core.exceptions import ServiceResponseError
from azure.core.pipeline.transport import AsyncHttpTransport

from backup_reconciler.azure.clients import Clients
from backup_reconciler.azure.cloud import cloud
from backup_reconciler.sandbox.core import Request

if TYPE_CHECKING:
    from azure.core.rest import HttpRequest

    from backup_reconciler.sandbox.core import Response
    from tests.simulation.process import Process

_REQUEST_ID = "x-ms-client-request-id"
_LONG_FROM_NOW = 1 << 40


class Credential:
    """Gives a token that is good for ever."""

    async def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken("a token", _LONG_FROM_NOW)

    async def close(self) -> None:
        """There is nothing to close."""


class Answer:
    """What the SDK's pipeline needs of a response."""

    def __init__(self, request: HttpRequest, response: Response) -> None:
        self.request = request
        self.status_code = response.status
        self.headers = {**response.headers}
        self.content = b"" if response.body is None else json.dumps(response.body).encode()

    async def read(self) -> bytes:
        return self.content

    async def close(self) -> None:
        """It was whole from the beginning."""


class Transport(AsyncHttpTransport):  # type: ignore[type-arg]
    """Hands each request to the process that sends it, which its id names. One serves all: making clients is dear."""

    def __init__(self) -> None:
        self.processes: dict[str, Process] = {}

    async def send(self, request: HttpRequest, **_options: Any) -> Answer:
        process = self.processes[request.headers[_REQUEST_ID].partition("/")[0]]
        response = await process.exchange(_as_core_reads(request))
        if response.cut:
            raise ServiceResponseError("the connection was cut")
        return Answer(request, response)

    async def open(self) -> None:
        """There is nothing to open."""

    async def close(self) -> None:
        """Nor to close."""

    async def __aexit__(self, *_: object) -> None:
        """See `close`."""


@cache
def road() -> tuple[Clients, Transport]:
    """The SDK's clients, made once a process, and the transport below them."""
    transport = Transport()
    return Clients(cloud("public"), Credential(), transport), transport  # type: ignore[arg-type]


def _as_core_reads(request: HttpRequest) -> Request:
    parts = urlsplit(request.url)
    return Request(
        method=request.method,
        path=unquote(parts.path).rstrip("/"),
        query={name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)},
        headers={name.lower(): value for name, value in request.headers.items()},
        body=json.loads(request.content) if request.content else None,
        endpoint=f"{parts.scheme}://{parts.netloc}",
    )
