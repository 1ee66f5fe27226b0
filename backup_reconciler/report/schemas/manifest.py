"""The schema for a folder of manifests, where each document is of its own kind."""

from collections.abc import Mapping

from backup_reconciler.report.schemas.choice import Schema, values, when


def any_kind(kinds: Mapping[str, Schema]) -> Schema:
    """One schema for documents of every kind; `kinds` are theirs, by their names."""
    properties = {name: field for schema in kinds.values() for name, field in schema["properties"].items()}
    required = [name for name in properties if all(name in schema["required"] for schema in kinds.values())]
    return {
        "title": "Manifest",
        "description": "One document of a manifest.",
        "type": "object",
        "properties": {
            **properties,
            "kind": values(properties["kind"]["description"], kinds),
            "spec": {"description": "What is declared; its fields depend on kind.", "type": "object"},
        },
        "required": required,
        "additionalProperties": False,
        "allOf": [when("kind", kind, _beyond(schema, properties, required)) for kind, schema in kinds.items()],
    }


def _beyond(schema: Schema, properties: Schema, required: list[str]) -> Schema:
    """What holds for one kind and not for all."""
    unknown = dict.fromkeys((name for name in properties if name not in schema["properties"]), False)
    return {
        "properties": {"spec": schema["properties"]["spec"], **unknown},
        "required": [name for name in schema["required"] if name not in required],
    }
