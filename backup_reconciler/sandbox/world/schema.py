"""The JSON Schema of a world file, for editors and for those who write worlds by program."""

from __future__ import annotations

import json

from backup_reconciler.sandbox.world.world import World


def world_schema() -> str:
    """As text. What it refuses the reader refuses; the reader also knows what no schema can say."""
    found = World.model_json_schema(by_alias=True)
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **found}, indent=2) + "\n"
