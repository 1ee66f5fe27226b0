"""An exchange with the box as people watch it: a line each, and more where more is asked for."""

import json
import re
from typing import Any

from rich.text import Text

from backup_reconciler.report.words import visible
from backup_reconciler.sandbox import Exchange

_STYLES = {0: "magenta", 2: "green", 3: "cyan", 4: "yellow", 5: "red"}
"""By the first digit of a status; 0 is a connection that was cut."""
_SCOPE = re.compile(r"^/subscriptions/[^/]+(/resourcegroups/[^/]+(?=/))?", re.IGNORECASE)
_TENANT = re.compile(r"^/providers/Microsoft\.", re.IGNORECASE)
_PROVIDER = re.compile(r"(^|/)providers/[^/]+/", re.IGNORECASE)
_VAULT = re.compile(r"^vaults/(?=[^/]+/)", re.IGNORECASE)
_ITEM = re.compile(r"backupFabrics/[^/]+/protectionContainers/[^/]+/protectedItems/(?:[^/]*;)?([^/;]+)", re.IGNORECASE)
_ID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_LONGEST_ID = 40
_LONGEST_VALUE = 200
_SECRET = re.compile(r"password|secret|protected(settings|parameters)$|accesstoken|^authorization$", re.IGNORECASE)


def line(exchange: Exchange, width: int | None) -> Text:
    """When, status, method, what it is about, and why it was refused; in `width` columns where there is a width."""
    status = str(exchange.status) if exchange.status else "cut"
    start = f"{exchange.at:%H:%M:%S}  {status:<3}  {exchange.method:<6} "
    refusal = f"  {visible(exchange.code)}" if exchange.code else ""
    path = visible(short_path(exchange.path))
    if width is not None and len(start + path + refusal) > width:
        room = max(width - len(start) - len(refusal) - 1, 8)
        path = f"…{path[-room:]}"
    style = _STYLES.get(exchange.status // 100, "")
    return Text.assemble(f"{exchange.at:%H:%M:%S}  ", (f"{status:<3}", style), f"  {exchange.method:<6} {path}",
                         (refusal, style))  # fmt: skip


def short_path(path: str) -> str:
    """`vault/resource` for an ARM path, and `vault/vm` for an item: where it lies is in the world file."""
    short = _SCOPE.sub("", _TENANT.sub("/", path)).removeprefix("/") or path
    short = _PROVIDER.sub(r"\1", short)
    short = _ITEM.sub(r"\1", _VAULT.sub("", short))
    return "/".join(_shortened(segment) for segment in short.split("/"))


def _shortened(segment: str) -> str:
    """Ids of operations and jobs by their beginning: enough to follow one through the lines."""
    segment = _ID.sub(r"\1…", segment)
    return segment if len(segment) <= _LONGEST_ID else f"{segment[: _LONGEST_ID - 1]}…"


def details(exchange: Exchange) -> str:
    """The whole path and both bodies, with what a client keeps secret left out; headers, and so tokens, never."""
    query = "&".join(f"{name}={_signature_less(value)}" for name, value in exchange.query.items())
    parts = [visible(f"{exchange.path}?{query}" if query else exchange.path)]
    parts += [f"{arrow} {_body(body)}" for arrow, body in (("→", exchange.request), ("←", exchange.answer)) if body]
    return "\n".join(f"    {row}" for part in parts for row in part.splitlines())


def _signature_less(value: str) -> str:
    """A value of a query; the signatures of links that are polled tell nobody anything."""
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_ID]}…"


def _body(body: Any) -> str:
    text = json.dumps(_without_secrets(body), indent=2, ensure_ascii=False)
    return "\n".join(visible(row) for row in text.splitlines())


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "(not shown)" if _SECRET.search(str(name)) else _without_secrets(inner)
            for name, inner in value.items()
        }
    return [_without_secrets(inner) for inner in value] if isinstance(value, list) else value
