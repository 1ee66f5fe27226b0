"""Choices that the value of a field decides.

Written as a condition for each value and not as a `oneOf`: an editor that meets a mistake then speaks of the choice
that was made and of no other, and where a value is no choice it tells all that are.
"""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def choice(name: str, members: Mapping[str, Schema]) -> Schema:
    """A mapping that has one of several shapes: `members`, by the values of the field `name`."""
    first = next(iter(members.values()))
    return {
        "title": " / ".join(member["title"] for member in members.values()),
        "type": "object",
        "properties": {name: values(first["properties"][name]["description"], members)},
        "required": [name],
        "allOf": [when(name, value, member) for value, member in members.items()],
    }


def values(description: str, members: Mapping[str, Schema]) -> Schema:
    """The field that decides: each of its values, and what one gets by it."""
    return {
        "description": description,
        "type": "string",
        "enum": list(members),
        "enumDescriptions": [member["description"] for member in members.values()],
    }


def when(name: str, value: str, then: Schema) -> Schema:
    """What holds when the field `name` has this value."""
    return {"if": {"properties": {name: {"const": value}}, "required": [name]}, "then": then}
