"""What passes between a client and the service: a request, a response, a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import OBJECT_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]
"""A JSON object as it stands on the wire."""


@dataclass(frozen=True)
class Request:
    """One call, decoded: `%3B` in the path is `;` here, header and query names are in small letters."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    endpoint: str = "https://management.azure.com"
    """Where the caller reached the service; links in answers start with it."""
    principal: str = OBJECT_ID
    """Who asks: an object id. The box has one identity, so over the wire it is always that."""


@dataclass(frozen=True)
class Response:
    """One answer. `cut`: the connection breaks and the caller never sees it."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    delay: float = 0.0
    """Seconds from the arrival of the request, when everything has its effect, until the answer is sent."""


class Refused(Exception):
    """The service says no. `of_gateway`: ARM itself said it, before any resource provider was asked."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        of_gateway: bool = False,
        details: Sequence[Json] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.of_gateway = of_gateway
        self.details = details
        self.headers = headers

    def response(self) -> Response:
        """ARM's shape, or that of the Backup resource provider with its three empty fields (R21, R26)."""
        error: Json = {"code": self.code, "message": self.message}
        if not self.of_gateway:
            error |= {"target": None, "details": None, "innerError": None}
        if self.details:
            error["details"] = list(self.details)
        cause = "gateway" if self.of_gateway else "service"
        return Response(self.status, {"error": error}, {"x-ms-failure-cause": cause, **self.headers})


def unreadable() -> Refused:
    """A body that is not what it should be."""
    return gateway(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.")


def section(parent: Json, name: str) -> Json:
    """An object inside an object of the request; an empty one where it is missing or null."""
    value = parent.get(name)
    if value is not None and not isinstance(value, dict):
        raise unreadable()
    return value or {}


def gateway(status: int, code: str, message: str) -> Refused:
    """A refusal of ARM itself."""
    return Refused(status, code, message, of_gateway=True)
