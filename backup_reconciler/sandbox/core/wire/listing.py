"""Lists: pages, and the `$filter` grammar."""

from __future__ import annotations

import base64
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.messages import Refused, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from backup_reconciler.sandbox.core.wire.call import Call

T = TypeVar("T")

_FURTHEST = 2**31
"""No list is longer; a token that says so is none of ours."""

_CONDITION = re.compile(r"\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*")


def paged(call: Call, values: Iterable[T], show: Callable[[T], Any]) -> Response:
    """One page of a list; `nextLink` repeats the request and adds where to go on.

    No more is taken from `values` than the page and one: a list of 100,000 need not be made for its first page.
    """
    invalid = Refused(400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid: $skipToken")
    start = parse_skip_token(call.request.query.get("$skiptoken"), invalid)
    end = start + call.settings.page_size
    found = list(islice(values, start, end + 1))
    body: dict[str, Any] = {"value": [show(value) for value in found[: end - start]]}
    if len(found) > end - start:
        query = {key: value for key, value in call.request.query.items() if key != "$skiptoken"}
        query["$skipToken"] = skip_token(end)
        link = f"{call.request.endpoint}{quote(call.request.path, safe='/;')}?{urlencode(query, safe='$')}"
        body["nextLink"] = link
    return Response(200, body)


def skip_token(offset: int) -> str:
    """Where the next page starts, opaque to clients."""
    return base64.urlsafe_b64encode(str(offset).encode()).decode()


def parse_skip_token(token: str | None, refusal: Exception) -> int:
    """Where a page starts: at the beginning without a token."""
    try:
        start = int(base64.urlsafe_b64decode(token.encode()).decode()) if token else 0
    except ValueError:
        raise refusal from None
    if not 0 <= start <= _FURTHEST:
        raise refusal
    return start


def bad_filter(condition: str) -> Refused:
    """Backup's refusal of a filter it cannot read."""
    return Refused(400, "BMSUserErrorInvalidInput", f"Input provided for the call is invalid: $filter '{condition}'")


def filters(call: Call, known: Mapping[str, str], refusal: Callable[[str], Refused] = bad_filter) -> dict[str, str]:
    """The conditions of `$filter`: `key eq 'value'` joined by `and`; clients send nothing else (CLI, SPEC).

    `known` maps each key, in small letters, to the name the handler uses.
    """
    text = call.request.query.get("$filter", "").strip()
    conditions: dict[str, str] = {}
    for part in re.split(r"\s+and\s+", text, flags=re.IGNORECASE) if text else []:
        match = _CONDITION.fullmatch(part)
        if match is None or fold(match[1]) not in known:
            raise refusal(part)
        conditions[known[fold(match[1])]] = match[2].replace("''", "'")
    return conditions


def same(condition: str | None, value: str) -> bool:
    """Whether a value meets a condition, which may not have been stated; case is ignored."""
    return condition is None or fold(condition) == fold(value)
