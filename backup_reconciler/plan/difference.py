"""The difference of two values in the words of a manifest, as changes by field."""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from backup_reconciler.plan.action import Change
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import Declaration

Data = Mapping[str, Any]


def changes(declared: Data, found: Data, declaration: Declaration[Model]) -> tuple[Change, ...]:
    """The fields of `declared` that `found` has otherwise; both are plain data by YAML names.

    A top-level field that is not declared is not compared. A list counts as one value.
    """
    stated = {name: found[name] for name in declared if name in found}
    if stated == declared:  # DeepDiff costs a thousand times this comparison
        return ()
    return tuple(
        Change(
            path=".".join(path),
            found=_dig(stated, path),
            declared=_dig(declared, path),
            place=declaration.place_of(*path),
        )
        for path in _differing_paths(stated, declared)
    )


def creation(declared: Data, declaration: Declaration[Model]) -> tuple[Change, ...]:
    """Every field of something that does not exist yet."""
    return tuple(Change(name, None, value, declaration.place_of(name)) for name, value in declared.items())


def _differing_paths(found: Data, declared: Data) -> list[tuple[str, ...]]:
    from deepdiff import DeepDiff  # noqa: PLC0415 - slow to import, and most plans of a converged estate need it never

    # Field by field, however few fields the two have in common.
    tree = DeepDiff(found, declared, view="tree", threshold_to_diff_deeper=0)
    return sorted({_up_to_list(item.path(output_format="list")) for kind in tree.values() for item in kind})


def _up_to_list(path: list[str | int]) -> tuple[str, ...]:
    """The path as far as it leads through mappings."""
    return tuple(str(step) for step in takewhile(lambda step: isinstance(step, str), path))


def _dig(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data
