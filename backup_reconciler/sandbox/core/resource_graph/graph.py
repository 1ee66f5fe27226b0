"""POST /providers/Microsoft.ResourceGraph/resources: queries over the whole estate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.authorization.roles import allowed
from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.resource_graph.graph_index import rows
from backup_reconciler.sandbox.core.resource_graph.graph_rows import RECOVERY_SERVICES, RESOURCES
from backup_reconciler.sandbox.core.resource_graph.kql import NotUnderstoodError, Query, parse
from backup_reconciler.sandbox.core.wire.listing import parse_skip_token, skip_token
from backup_reconciler.sandbox.core.wire.messages import Json, Response, section
from backup_reconciler.sandbox.core.wire.router import Route
from backup_reconciler.sandbox.core.wire.times import stamp

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_MOST_ROWS = 1000
_REMEMBERED = "rows of the queries since the last change"
_TABLES = {RESOURCES, RECOVERY_SERVICES}


def resources(call: Call) -> Response:
    """Run a query. What the evaluator does not understand is a 400 that says so, never an empty answer."""
    options = section(call.body, "options")
    try:
        return _page(call, _found(call, options), options)
    except NotUnderstoodError as error:
        return _bad_request(call, str(error))


def _found(call: Call, options: Json) -> list[Json]:
    """All rows of the answer. The pages after the first show what was found for the first, unless something changed."""
    text, subscriptions = str(call.body.get("query") or ""), _subscriptions(call)
    query, remembered = _query(text, options), _remembered(call)
    found: list[Json] | None = remembered.get((text, subscriptions)) if options.get("$skipToken") else None
    if found is None:
        found = query.run(_visible(call, query, subscriptions))
        remembered[text, subscriptions] = found
    return found


def _remembered(call: Call) -> dict[tuple[str, frozenset[str]], list[Json]]:
    """What was found for queries whose pages may be asked for in turns."""
    revision, found = call.estate.worked_out.get(_REMEMBERED, (None, {}))
    if revision != call.estate.revision:
        found = {}
        call.estate.worked_out[_REMEMBERED] = (call.estate.revision, found)
    return found  # type: ignore[no-any-return]


def _query(text: str, options: Json) -> Query:
    query = parse(text)
    if query.table not in _TABLES:
        served = ", ".join(sorted(_TABLES))
        raise NotUnderstoodError(f"The table '{query.table}' is not served here: {served} are.")
    if options.get("resultFormat", "objectArray") != "objectArray":
        raise NotUnderstoodError("Only the resultFormat 'objectArray' is served here.")
    return query


def _subscriptions(call: Call) -> frozenset[str]:
    """The subscriptions that are asked about: all where none is named."""
    named = call.body.get("subscriptions")
    if named is not None and not isinstance(named, list):
        raise NotUnderstoodError("subscriptions must be a list.")
    return frozenset(fold(str(subscription)) for subscription in named or call.estate.subscriptions)


def _visible(call: Call, query: Query, subscriptions: frozenset[str]) -> list[Json]:
    """The rows of the subscriptions asked about that the caller may read: without that right there is just nothing."""
    found = [
        row
        for row in rows(call.estate, query.table, call.now, query.kind)
        if fold(row["subscriptionId"]) in subscriptions
    ]
    access = call.estate.access
    if access.roles is None:
        return found
    return [row for row in found if allowed(access, f"{row['type']}/read", row["id"])]


def _page(call: Call, found: list[Json], options: Json) -> Response:
    """At most 1000 rows; `$skipToken` stands in the body, there is no nextLink."""
    start = _number(options, "$skip", 0)
    if options.get("$skipToken"):
        start = parse_skip_token(str(options["$skipToken"]), NotUnderstoodError("$skipToken is not one of ours."))
    size = min(_number(options, "$top", _MOST_ROWS), call.settings.graph_page_size, _MOST_ROWS)
    data = found[start : start + size]
    body: Json = {
        "totalRecords": len(found),
        "count": len(data),
        "data": data,
        "facets": [],
        "resultTruncated": "false",
    }
    if start + size < len(found):
        body["$skipToken"] = skip_token(start + size)
    return Response(200, body)


def _number(options: Json, name: str, default: int) -> int:
    value = options.get(name)
    if value is not None and (not isinstance(value, int) or value < 0):
        raise NotUnderstoodError(f"{name} must be a number.")
    return default if value is None else value


def _bad_request(call: Call, reason: str) -> Response:
    """Resource Graph's own shape: the reason stands in the details."""
    correlation = call.request.headers.get("x-ms-correlation-request-id", "")
    message = (
        f"Please provide below info when asking for support: timestamp = {stamp(call.now)}, "
        f"correlationId = {correlation}."
    )
    details = [
        {
            "code": "InvalidQuery",
            "message": "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and "
            "fix the error before retrying.",
        },
        {"code": "ParserFailure", "message": reason},
    ]
    return Response(400, {"error": {"code": "BadRequest", "message": message, "details": details}})


ROUTES = (
    Route("POST", "/providers/Microsoft.ResourceGraph/resources", resources, "Microsoft.ResourceGraph/resources/read"),
)
