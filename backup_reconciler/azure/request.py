"""Requests and answers as plain data: what a dry run prints is what is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urlencode

from backup_reconciler.azure.api_versions import Api

Method = Literal["GET", "PUT", "PATCH", "POST", "DELETE"]
_UNQUOTED = "/;=@!$&'()*+,:~-._"


@dataclass(frozen=True, slots=True)
class ArmRequest:
    """One request to ARM. `path` starts with a slash; the api-version is the api's own."""

    method: Method
    path: str
    api: Api
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    reads: bool = False
    """A POST that changes nothing (a query)."""
    etag: str = ""
    """The version that a write replaces: Azure refuses it with 412 where there is a newer one. Empty: whatever there
    is."""

    @property
    def changes(self) -> bool:
        """Whether sending it may change something in Azure."""
        return self.method != "GET" and not self.reads

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does what sending it once does. A POST that writes is not."""
        return self.method != "POST" or self.reads

    @property
    def target(self) -> str:
        """Path and query as they go over the wire."""
        query = {"api-version": self.api.value, **self.query}
        return f"{quote(self.path, safe=_UNQUOTED)}?{urlencode(query, quote_via=quote, safe='$,')}"


@dataclass(frozen=True, slots=True)
class ArmResponse:
    """An answer whose status says that the request was taken."""

    status: int
    headers: Mapping[str, str]
    body: Any


def get(path: str, api: Api, **query: str) -> ArmRequest:
    return ArmRequest("GET", path, api, query)
