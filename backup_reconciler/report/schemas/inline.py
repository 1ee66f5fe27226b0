"""Schemas in one piece."""

from typing import Any, cast

_PREFIX = "#/$defs/"


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with each definition written out where it is used.

    Up to draft 7 whatever stands beside a `$ref` is ignored, which would be the descriptions of fields. The shapes of a
    document form a tree, so there is an end to it.
    """
    definitions = schema.get("$defs", {})
    whole = _resolved({key: value for key, value in schema.items() if key != "$defs"}, definitions)
    return cast("dict[str, Any]", whole)


def _resolved(node: object, definitions: dict[str, Any]) -> object:
    if isinstance(node, list):
        return [_resolved(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _resolved({**definitions[reference.removeprefix(_PREFIX)], **beside}, definitions)
    return {key: _resolved(value, definitions) for key, value in node.items()}
