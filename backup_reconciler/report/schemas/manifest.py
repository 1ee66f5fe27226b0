"""The schema for a folder of manifests, where each document is of its own kind."""

from collections.abc import Mapping
from typing import Any


def any_kind(kinds: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """One schema for documents of every kind; `kinds` are theirs.

    A chain of conditions and not a `oneOf`, so that an editor that meets a mistake speaks of the kind that is written
    and of no other.
    """
    frame = dict(next(iter(kinds.values())))
    properties = frame["properties"]
    frame["properties"] = {
        "apiVersion": properties["apiVersion"],
        "kind": {
            "description": properties["kind"]["description"],
            "type": "string",
            "enum": list(kinds),
            "enumDescriptions": [schema["description"] for schema in kinds.values()],
        },
        "metadata": properties["metadata"],
        "spec": {"description": "What is declared; its fields depend on kind.", "type": "object"},
    }
    frame |= {"title": "Manifest", "description": "One document of a manifest."}
    frame["allOf"] = [_if_of(kind, schema) for kind, schema in kinds.items()]
    return frame


def _if_of(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"properties": {"spec": schema["properties"]["spec"]}},
    }
