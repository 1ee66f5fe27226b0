"""HTTP around the core: decodes requests, encodes responses, breaks connections where a world says so."""

from __future__ import annotations

import json
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from backup_reconciler.sandbox import identity
from backup_reconciler.sandbox.bodies import as_text, content
from backup_reconciler.sandbox.core import Request, Response
from backup_reconciler.sandbox.world.base import WorldError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from ssl import SSLContext

    from backup_reconciler.sandbox.clock import VirtualClock
    from backup_reconciler.sandbox.identity import ManagedIdentity

_HOST = "127.0.0.1"
_SLASHES = re.compile("/{2,}")
_LARGEST_BODY = 4 * 1024 * 1024


@asynccontextmanager
async def serving(
    answer: Callable[[Request], Response],
    managed: ManagedIdentity,
    clock: VirtualClock,
    port: int,
    tls: SSLContext | None = None,
) -> AsyncIterator[str]:
    """Serve on a port of loopback, any free one for 0, and give the address; with `tls` over https."""
    shell = _Shell(answer, managed, clock)
    application = web.Application(client_max_size=_LARGEST_BODY)
    application.router.add_route("*", "/{path:.*}", shell.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await _listen(runner, port, tls)
        shell.endpoint = f"{'https' if tls else 'http'}://{_HOST}:{runner.addresses[0][1]}"
        yield shell.endpoint
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int, tls: SSLContext | None) -> None:
    try:
        await web.TCPSite(runner, _HOST, port, ssl_context=tls).start()
    except OSError as error:
        raise WorldError(f"port {port} of {_HOST} cannot be used: {error.strerror}; choose another, or 0") from error


class _Shell:
    """Turns HTTP requests into the core's and its responses into HTTP."""

    def __init__(self, answer: Callable[[Request], Response], managed: ManagedIdentity, clock: VirtualClock) -> None:
        self.endpoint = ""
        self._answer = answer
        self._identity = managed
        self._clock = clock

    async def handle(self, incoming: web.Request) -> web.StreamResponse:
        """One exchange, during which virtual time stands still."""
        with self._clock.busy():
            headers = {
                name.lower(): as_text(value.encode("utf-8", "surrogateescape"))
                for name, value in incoming.headers.items()
            }
            if incoming.path == identity.PATH:
                status, body = self._identity.answer(incoming.query, headers)
                return web.json_response(body, status=status)
            body = content(await incoming.read())
            response = self._answer(self._request(incoming, headers, body))
            await self._clock.delay(response.delay)
            return _send(incoming, response)

    def _request(self, incoming: web.Request, headers: dict[str, str], body: Any) -> Request:
        return Request(
            method=incoming.method,
            path=_path(incoming),
            query={name.lower(): value for name, value in incoming.query.items()},
            headers=headers,
            body=body,
            endpoint=self.endpoint,
        )


def _send(incoming: web.Request, response: Response) -> web.StreamResponse:
    headers = dict(response.headers)
    if response.cut:
        assert incoming.transport is not None
        incoming.transport.abort()
        return web.Response(status=500)
    if response.body is None:
        return web.Response(status=response.status, headers=headers)
    text = json.dumps(response.body, ensure_ascii=False)
    return web.Response(status=response.status, headers=headers, text=text, content_type="application/json")


def _path(incoming: web.Request) -> str:
    """The path with `%3B` and the like decoded, and no slash at its end or doubled.

    The client for locks leaves an empty part where a resource has no parent (azure-mgmt-resource).
    """
    return _SLASHES.sub("/", unquote(incoming.rel_url.raw_path)).rstrip("/")
