"""Sending requests to ARM: retries, paging, and a count of what was sent."""

import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from azure.core.exceptions import AzureError as SdkError
from azure.core.exceptions import ClientAuthenticationError
from azure.core.rest import AsyncHttpResponse

from backup_reconciler.azure.clients import Clients
from backup_reconciler.azure.clock import Clock
from backup_reconciler.azure.codes import CONFLICTS
from backup_reconciler.azure.errors import AzureError, InDoubt, NotArm, NotSignedIn, Unreachable, error_from, first_line
from backup_reconciler.azure.ledger import Ledger
from backup_reconciler.azure.pace.pace import Pace
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.azure.retry import MAX_ATTEMPTS, MAYBE_TAKEN, may_repeat, refused_by_arm, wait_seconds
from backup_reconciler.azure.sent import Sent
from backup_reconciler.azure.telling import Exchange, tell_again, tell_answer, tell_no_answer

_WRITTEN_SURROGATE = re.compile(rb"\\u[dD][89abcdefABCDEF]")
_SURROGATE = re.compile("[\ud800-\udfff]")
Page: TypeAlias = list[dict[str, Any]]
"""The elements of a page of a list."""


class Arm:
    """Azure Resource Manager, as the rest of the program sees it."""

    def __init__(
        self,
        clients: Clients,
        clock: Clock,
        *,
        concurrency: int = 16,
        permit: Callable[[], None] = lambda: None,
        new_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        """`permit` is asked right before a write goes out, and raises when it must not. `new_id` names each request."""
        self.clock = clock
        self.sent = Sent()
        self.ledger = Ledger()
        self._clients = clients
        self._pace = Pace(clock, concurrency, self.sent)
        self._tickets = count()
        self._permit = permit
        self._new_id = new_id

    @property
    def endpoint(self) -> str:
        return self._clients.endpoint

    async def send(self, request: ArmRequest) -> ArmResponse:
        """Send, again where that is safe, and return the answer.

        Raises `AzureError` for every answer that is not a 2xx, and when no answer comes; `InDoubt` for a write that
        went out and may have been taken.
        """
        return await self._send(request, next(self._tickets))

    async def _send(self, request: ArmRequest, ticket: int) -> ArmResponse:
        perhaps_taken = False
        try:
            for attempt in range(1, MAX_ATTEMPTS + 1):
                answer = await self._in_turn(request, ticket, attempt)
                if isinstance(answer, ArmResponse):
                    return answer
                perhaps_taken = perhaps_taken or (request.changes and answer.perhaps_taken)
                if attempt == MAX_ATTEMPTS or not answer.repeatable:
                    raise answer.error
                if not answer.throttled:  # else its lane waits, and all who are behind it
                    await self._wait(request, answer, attempt)
        except Exception as error:
            # A conflict tells that something is under way, perhaps this very write; whoever asked looks at that.
            if perhaps_taken and getattr(error, "code", "") not in CONFLICTS:
                raise _doubtful(request, error) from error
            raise
        raise AssertionError("the last attempt returns or raises")

    async def list(self, request: ArmRequest) -> list[dict[str, Any]]:
        """Every element of a list, all pages of it."""
        return [element async for page in self.pages(request) for element in page]

    async def pages(self, request: ArmRequest) -> AsyncIterator[Page]:
        """A list page by page: of a long one nobody needs to hold more than one.

        All of them go out by the ticket of the first: one page waits for another, and so a list that was begun goes on
        before others begin, or the longest would come last and alone.
        """
        followed: set[str] = set()
        first, ticket = request, next(self._tickets)
        while True:
            body = (await self._send(request, ticket)).body
            if not isinstance(body, Mapping) or not isinstance(body.get("value"), list):
                raise NotArm(request, "the answer to a list holds no list")
            yield body["value"]
            link = body.get("nextLink")
            if not link:
                self.ledger.note_pages(first, len(followed) + 1)
                return
            if link in followed:
                raise NotArm(request, "the pages of a list go round in a circle")
            followed.add(link)
            request = _following(request, link)

    async def find(self, request: ArmRequest) -> ArmResponse | None:
        """The answer to a GET, or None where what it asks for is not there; only a 404 says so."""
        try:
            return await self.send(request)
        except AzureError as error:
            if error.status == 404:
                return None
            raise

    async def exists(self, request: ArmRequest) -> bool:
        """Whether what a GET asks for is there."""
        return await self.find(request) is not None

    async def _wait(self, request: ArmRequest, answer: "_NoSuccess", attempt: int) -> None:
        """Wait until what failed for now may be sent again."""
        seconds = answer.wait_after(attempt)
        self.sent.failed_for_now += 1
        tell_again(logging.WARNING, request, answer.error, seconds, attempt)
        with self.sent.waiting.until_done(self.clock):
            await self.clock.sleep(seconds)

    async def _in_turn(self, request: ArmRequest, ticket: int, attempt: int) -> "ArmResponse | _NoSuccess":
        """One attempt, when it is its turn among the requests that Azure counts together."""
        async with self._pace.passage(request, ticket) as passage:
            answer = await self._attempt(request, attempt)
            if isinstance(answer, _NoSuccess) and answer.throttled:
                self.ledger.take_back(request)
                self.sent.throttled += 1
                seconds, by_arm = answer.wait_after(attempt), refused_by_arm(answer.error.code)
                is_news = self._pace.refused(passage, answer.headers, seconds, by_arm=by_arm)
                tell_again(logging.WARNING if is_news else logging.INFO, request, answer.error, seconds, attempt)
            else:
                self._pace.passed(passage, answer.headers)
        return answer

    async def _attempt(self, request: ArmRequest, attempt: int) -> "ArmResponse | _NoSuccess":
        try:
            response = await self._exchange(request, attempt)
        except ClientAuthenticationError as error:
            raise NotSignedIn(None, first_line(error)) from error
        except SdkError as error:
            return _NoSuccess(Unreachable(request, first_line(error)), request.repeatable)
        body = _json(request, response)
        if response.status_code < 300:
            return ArmResponse(response.status_code, response.headers, body)
        refusal = error_from(request, response.status_code, response.headers, body)
        return _NoSuccess(refusal, may_repeat(request, response.status_code), response.headers, body)

    async def _exchange(self, request: ArmRequest, attempt: int) -> AsyncHttpResponse:
        if request.changes:
            self._permit()
            self.sent.writes += 1
        else:
            self.sent.reads += 1
        started = self.clock.now()
        self.ledger.note(request, started)
        exchange = Exchange(request, attempt, self._new_id())
        try:
            response = await self._clients.send(request, exchange.client_request_id)
        except SdkError as error:
            tell_no_answer(exchange, first_line(error), self._seconds_since(started))
            raise
        tell_answer(exchange, response.status_code, response.headers, self._seconds_since(started))
        return response

    def _seconds_since(self, started: datetime) -> float:
        return (self.clock.now() - started).total_seconds()


@dataclass(frozen=True, slots=True)
class _NoSuccess:
    """An attempt that brought no success."""

    error: AzureError
    repeatable: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def perhaps_taken(self) -> bool:
        """Whether a write may have been carried out all the same."""
        return isinstance(self.error, Unreachable) or self.error.status in MAYBE_TAKEN

    @property
    def throttled(self) -> bool:
        return self.error.status == 429

    def wait_after(self, attempt: int) -> float:
        """Seconds until the next attempt."""
        return wait_seconds(attempt, self.headers, self.body)


def _doubtful(request: ArmRequest, error: Exception) -> InDoubt:
    why = f": {error}" if str(error) else ""
    return InDoubt(request, f"it was sent, and whether Azure took it is not known{why}")


def _following(request: ArmRequest, link: str) -> ArmRequest:
    """The request for the next page: the link's own path and query, at the endpoint that is talked to."""
    parts = urlsplit(link)
    query = {name: value for name, value in parse_qsl(parts.query) if name != "api-version"}
    return ArmRequest("GET", unquote(parts.path), request.api, query)


def _json(request: ArmRequest, response: AsyncHttpResponse) -> Any:
    """The body as data. A login page that answers 200 must not pass for an empty list."""
    content = response.content
    if not content:
        return None
    try:
        return _text_alone(json.loads(content), content)
    except (ValueError, RecursionError) as error:
        if response.status_code < 300:
            raise NotArm(request, "the answer is not JSON", status=response.status_code) from error
        return {"error": {"message": "the answer is not JSON"}}


def _text_alone(found: Any, content: bytes) -> Any:
    """What was read, with U+FFFD for each half of a surrogate pair: it is no text, and nothing can write it again.

    JSON can spell it all the same (RFC 8259, section 8.2), and so a tag of Azure's could hold it.
    """
    if _WRITTEN_SURROGATE.search(content) is None:
        return found
    text = json.dumps(found, ensure_ascii=False)
    return found if _SURROGATE.search(text) is None else json.loads(_SURROGATE.sub("\ufffd", text))
