"""What Azure has of a vault, told the way it is declared, so that what still differs is a difference.

Plan, drift and reading back after a write all compare by this.
"""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.spec.arm_id import ArmId

Data = Mapping[str, Any]

_BY_FIELD = ("softDelete", "alerts", "identity", "encryption")
"""Mappings of which each field is managed by itself: what is left out inside is unmanaged."""


def as_declared(declared: Data, found: Data) -> dict[str, Any]:
    """The part of `found` that `declared` speaks of, in its spelling; both are plain data by YAML names.

    What Azure does not tell inside of tags and mappings is None.

    Letter case does not count in the names of tags and in ids, nor the order of identities. Soft delete that is always
    on is Enabled too: the service enforces it on new vaults (source: Azure Backup, secure by default).
    """
    aligned = {name: found[name] for name in declared if name in found}
    if "tags" in declared:
        aligned["tags"] = _tags(declared["tags"], found.get("tags") or {})
    for name in _BY_FIELD:
        if name in declared:
            inner = found.get(name) or {}
            aligned[name] = {field: _alike(value, inner.get(field)) for field, value in declared[name].items()}
    return aligned


def _tags(declared: Data, found: Data) -> dict[str, Any]:
    by_name = {name.casefold(): value for name, value in found.items()}
    return {name: by_name.get(name.casefold()) for name in declared}


def _alike(declared: Any, found: Any) -> Any:
    """`declared` where `found` means the same, else `found`."""
    match declared, found:
        case list(), list():
            same = {ArmId(one) for one in declared} == {ArmId(one) for one in found}
        case str(), str():
            same = ArmId(declared) == ArmId(found) if declared.startswith("/") else declared == found
        case _:
            same = declared == found
    return declared if same or (declared, found) == ("Enabled", "AlwaysOn") else found
