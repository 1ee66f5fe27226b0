"""What each value of a list means, where the description of the field says so.

It does as "active: backed up by the policy. stopped: no more backups." An editor shows a value's part beside the value.
"""

import re

from backup_reconciler.report.schemas.choice import Schema


def with_meanings(node: Schema) -> Schema:
    values = node.get("enum", [])
    found = _meanings(node.get("description", ""), values)
    return {**node, "enumDescriptions": [found.get(value, "") for value in values]} if found else node


def _meanings(description: str, values: list[str]) -> dict[str, str]:
    if not values:
        return {}
    named = rf"(?:^|\. )({'|'.join(map(re.escape, values))}): "
    _, *parts = re.split(named, description)
    return {value: meaning.rstrip(".") for value, meaning in zip(parts[::2], parts[1::2], strict=True)}
