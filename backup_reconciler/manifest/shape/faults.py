"""What pydantic has against a document, by the field paths of the YAML.

Pydantic's own paths also name the members of unions (`vaults`, `tuple[str, ...]`, `0`), it reports a value once per
member, and it looks no further into a mapping that holds a null. Here every value is reported once, where it stands.
"""

from collections import defaultdict
from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backup_reconciler.manifest.text.tree import Unread, has, inside
from backup_reconciler.spec.document import AnyDocument, FieldPath
from backup_reconciler.spec.rules.document import NULL_VALUE

Faults = dict[FieldPath, list[ErrorDetails]]
"""What is wrong with each value: several errors where the value might have been of several types."""


def validated(shape: type[AnyDocument], data: dict[str, object]) -> AnyDocument | Faults:
    """The document that `data` is, or its faults. Of data that has faults, nulls are replaced by `Unread.NULL`."""
    while True:
        try:
            # Without names of Python: `resource_group` is not a word of the language.
            return shape.model_validate(data, by_alias=True, by_name=False)
        except ValidationError as error:
            errors = [_by_field(each) for each in error.errors(include_url=False)]
        if not _mark_nulls(errors):
            return _by_path(errors, data)


def _by_field(error: ErrorDetails) -> ErrorDetails:
    """An error about the field that chooses between shapes, as one of that field and not of the mapping around it."""
    if error["type"] not in {"union_tag_not_found", "union_tag_invalid"}:
        return error
    mapping, name = error["input"], error["ctx"]["discriminator"].strip("'")
    if not isinstance(mapping, dict):  # pydantic asks attributes of what is no mapping, be it a number, for the field
        return {**error, "type": "model_type"}
    if name not in mapping:
        return {**error, "type": "missing", "loc": (*error["loc"], name)}
    choices = {"expected": error["ctx"].get("expected_tags", "")}
    return {**error, "type": "literal_error", "loc": (*error["loc"], name), "input": mapping[name], "ctx": choices}


def _mark_nulls(errors: Iterable[ErrorDetails]) -> bool:
    """Replace the nulls that hid the rest of their mappings; what stands for them is wrong for every type of field."""
    marked = False
    for error in errors:
        mapping = error["input"]
        if error["type"] == NULL_VALUE.id and isinstance(mapping, dict):
            for key in [key for key, value in mapping.items() if value is None]:
                mapping[key] = Unread.NULL
                marked = True
    return marked


def _by_path(errors: Iterable[ErrorDetails], data: object) -> Faults:
    faults: Faults = defaultdict(list)
    for error in errors:
        faults[_path(error, data)].append(error)
    around = {path[:length] for path in faults for length in range(len(path))}
    return {path: found for path, found in faults.items() if path not in around}


def _path(error: ErrorDetails, data: object) -> FieldPath:
    """Where the value at fault stands, or where the missing one would."""
    location = error["loc"]
    if error["type"] == "missing":
        return (*_path_of(error["input"], location[:-1], data), location[-1])
    return _path_of(error["input"], location, data)


def _path_of(value: object, location: FieldPath, data: object) -> FieldPath:
    """`location` without the steps that are not in the data, as far as `value`: the rest names types."""
    path: FieldPath = ()
    walked = [(path, data)]
    for step in location:
        container = walked[-1][1]
        if has(container, step):
            path = (*path, step)
            walked.append((path, inside(container, step)))
    return next((path for path, reached in reversed(walked) if reached is value), path)
