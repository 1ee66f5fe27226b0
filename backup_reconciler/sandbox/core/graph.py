"""POST /providers/Microsoft.ResourceGraph/resources: queries over the whole estate (facts §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .estate import fold
from .graph_index import TABLE, rows
from .kql import NotUnderstoodError, parse
from .listing import parse_skip_token, skip_token
from .messages import Json, Response, section
from .router import Route
from .times import stamp

if TYPE_CHECKING:
    from .call import Call

_MOST_ROWS = 1000
_TABLES = {"resources", "recoveryservicesresources"}


def resources(call: Call) -> Response:
    """Run a query. What the evaluator does not understand is a 400 that says so, never an empty answer."""
    body, options = call.body, section(call.body, "options")
    try:
        query = parse(str(body.get("query") or ""))
        if query.table not in _TABLES:
            return _bad_request(
                call, f"The table '{query.table}' is not served here: {', '.join(sorted(_TABLES))} are."
            )
        if options.get("resultFormat", "objectArray") != "objectArray":
            return _bad_request(call, "Only the resultFormat 'objectArray' is served here.")
        found = query.run(_visible(call, query.table, body.get("subscriptions")))
        return _page(call, found, options)
    except NotUnderstoodError as error:
        return _bad_request(call, str(error))


def _visible(call: Call, table: str, subscriptions: list[str] | None) -> list[Json]:
    wanted = {fold(subscription) for subscription in subscriptions or call.estate.subscriptions}
    shown = (row for row in rows(call.estate, call.now) if row[TABLE] == table)
    return [
        {key: value for key, value in row.items() if key != TABLE}
        for row in shown
        if fold(row["subscriptionId"]) in wanted
    ]


def _page(call: Call, found: list[Json], options: Json) -> Response:
    """At most 1000 rows; `$skipToken` stands in the body, there is no nextLink."""
    start = options.get("$skip") or 0
    if options.get("$skipToken"):
        start = parse_skip_token(str(options["$skipToken"]))
        if start is None:
            raise NotUnderstoodError("The value of $skipToken is not one that this service gave.")
    size = min(options.get("$top") or _MOST_ROWS, call.settings.graph_page_size, _MOST_ROWS)
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
    return Response(200, body, _QUOTA)


_QUOTA = {"x-ms-user-quota-remaining": "14", "x-ms-user-quota-resets-after": "00:00:05"}
"""15 queries in 5 seconds per user; here the quota is shown and not spent."""


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
    return Response(400, {"error": {"code": "BadRequest", "message": message, "details": details}}, _QUOTA)


ROUTES = (Route("POST", "/providers/Microsoft.ResourceGraph/resources", resources),)
