"""Whether a document has its kind's shape, told in the words of a manifest."""

import re
from collections.abc import Iterator

from pydantic_core import ErrorDetails

from backup_reconciler.manifest.document import Written
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.shape.faults import Faults, validated
from backup_reconciler.manifest.shape.fields import fields_at, form_at, goes_with, paths_to
from backup_reconciler.manifest.shape.retyping import retyped
from backup_reconciler.manifest.text.tree import MERGE_KEY, Unread
from backup_reconciler.manifest.words import did_you_mean, dotted, either, quoted, shown
from backup_reconciler.spec.document import API_VERSION, KINDS, AnyDocument, FieldPath
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.document import (
    DOCUMENT_SHAPE,
    MISSING_FIELD,
    NOT_ALLOWED,
    NULL_VALUE,
    UNKNOWN_FIELD,
    UNKNOWN_KIND,
    WRONG_TYPE,
)
from backup_reconciler.spec.rules.outbound import PROXY_CREDENTIALS
from backup_reconciler.spec.rules.policy import POLICY_TAGS
from backup_reconciler.spec.rules.vault import SOFT_DELETE_OFF
from backup_reconciler.spec.values import NOT_A_DAY

_ENVELOPE = {
    "apiVersion": f"add apiVersion: {API_VERSION}",
    "metadata": "add metadata: {name: …}, the handle by which other documents refer to this one",
    "spec": "add spec, which says what is declared",
}
_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    NOT_A_DAY: "a day such as 2027-01-31",
}
_REFUSED: dict[tuple[str, FieldPath], tuple[Rule, str]] = {
    ("BackupPolicy", ("spec", "tags")): (POLICY_TAGS, "a policy has no tags"),
    **{
        ("OutboundAccess", ("spec", "proxy", name)): (
            PROXY_CREDENTIALS,
            "a proxy has no user name and no password here",
        )
        for name in ("user", "username", "userName", "login", "password", "credentials", "auth")
    },
}
"""Fields that people look for and that there are not, for a reason that is a rule."""


def validate(written: Written) -> AnyDocument | list[Problem]:
    """The document, or everything that is wrong with its shape."""
    data = written.tree.data
    if not isinstance(data, dict):
        return list(_not_a_mapping(written))
    if written.kind not in KINDS:
        return list(_kind_problem(written, data))
    found = validated(KINDS[written.kind], data)
    return list(_told(found, written)) if isinstance(found, dict) else found


def _not_a_mapping(written: Written) -> Iterator[Problem]:
    if not isinstance(written.tree.data, Unread):
        what = f"the document is {shown(written.tree.data)}, not a mapping"
        yield written.problem(DOCUMENT_SHAPE, (), what)


def _kind_problem(written: Written, data: dict[str, object]) -> Iterator[Problem]:
    kinds = [kind for kind in KINDS if kind != "Settings"]  # which has a file of its own
    path, choices = ("kind",), f"use {either(kinds)}"
    if "kind" not in data:
        yield written.problem(DOCUMENT_SHAPE, path, "is missing", f"add kind: {either(kinds)}")
        return
    match data["kind"]:
        case Unread():
            return
        case None:
            yield written.problem(NULL_VALUE, path, "is null", choices)
        case str(kind):
            what = f"{quoted(kind)} is not a kind that is known here"
            yield written.problem(UNKNOWN_KIND, path, what, did_you_mean(kind, KINDS, choices))
        case other:
            yield written.problem(WRONG_TYPE, path, f"is {shown(other)}, not text", choices)


def _told(faults: Faults, written: Written) -> Iterator[Problem]:
    for path, errors in faults.items():
        match errors[0]["type"]:
            case "missing" if written.tree.value((*path[:-1], MERGE_KEY)) is Unread.MERGE:
                continue  # it is likely what was to be merged
            case "missing":
                yield _missing(written, path)
            case "extra_forbidden" if written.tree.value(path) is not Unread.MERGE:
                yield _unknown(written, path)
            case _:
                yield from _wrong(written, path, errors)


def _missing(written: Written, path: FieldPath) -> Problem:
    name = str(path[-1])
    if len(path) == 1:
        return written.problem(DOCUMENT_SHAPE, path, "is missing", _ENVELOPE.get(name, f"add {name}"))
    description = fields_at(KINDS[written.kind], path[:-1], written.tree.data)[name].description
    remedy = f"add {name}. {description.rstrip('.')}" if description else f"add {name}"
    return written.problem(MISSING_FIELD, path, "is missing", remedy)


def _unknown(written: Written, path: FieldPath) -> Problem:
    place = written.tree.key_place(path)
    if (written.kind, path) in _REFUSED:
        rule, what = _REFUSED[written.kind, path]
        return written.problem(rule, path, what, at=place)
    other = goes_with(KINDS[written.kind], path, written.tree.data)
    if other:
        return written.problem(UNKNOWN_FIELD, path, f"goes with {other} only", at=place)
    remedy = _meant(KINDS[written.kind], path, written.tree.data)
    return written.problem(UNKNOWN_FIELD, path, "there is no such field", remedy, at=place)


def _meant(kind: type[AnyDocument], path: FieldPath, data: object) -> str:
    """What an unknown field was meant to be: a field of this name that stands elsewhere, or one here of a like name."""
    around, name = path[:-1], str(path[-1])
    part = around[:1]  # what is wrong in spec is not told to go to metadata
    same = [other for other in paths_to(kind, name) if len(other) > 1 and other[: len(part)] == part]
    deeper = [other for other in same if other[: len(around)] == around]
    if same:
        return f"did you mean {either(map(dotted, deeper or same))}?"
    known = sorted(fields_at(kind, around, data))
    return did_you_mean(name, known, f"the fields here are {', '.join(known)}")


def _wrong(written: Written, path: FieldPath, errors: list[ErrorDetails]) -> Iterator[Problem]:
    value = errors[0]["input"]
    if value is Unread.REFUSED or value is Unread.MERGE:
        return
    if value is None or value is Unread.NULL:
        yield written.problem(NULL_VALUE, path, "is null", _stated(KINDS[written.kind], path))
        return
    allowed = [choice for error in errors if error["type"] == "literal_error" for choice in _choices(error)]
    types = [_EXPECTED[error["type"]] for error in errors if error["type"] in _EXPECTED]
    if (written.kind, path) == ("Vault", ("spec", "softDelete", "state")) and _is_off(value):
        yield written.problem(SOFT_DELETE_OFF, path, "soft delete would be switched off")
    elif allowed and not types and isinstance(value, str):
        what = f"{quoted(value)} is not allowed here"
        yield written.problem(NOT_ALLOWED, path, what, did_you_mean(value, allowed, f"use {either(allowed)}"))
    else:
        yield _of_wrong_type(written, path, value, [*types, *allowed])


def _is_off(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.casefold() in {"disabled", "off", "no"})


def _stated(kind: type[AnyDocument], path: FieldPath) -> str:
    """What to do about a null; empty where the rule's own remedy holds."""
    if isinstance(path[-1], int):
        return "write a value, or remove the item"
    field = fields_at(kind, path[:-1]).get(path[-1])
    return "give the field a value" if field is not None and field.is_required() else ""


def _choices(error: ErrorDetails) -> list[str]:
    """The values of a literal, from pydantic's list of them: "'A', 'B' or 'C'"."""
    return re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", ""))


def _of_wrong_type(written: Written, path: FieldPath, value: object, expected: list[str]) -> Problem:
    what, known_by = f"is {shown(value)}", either(expected or ["another value"])
    remedy = retyped(value, expected, form_at(KINDS[written.kind], path, written.tree.data))
    if remedy:
        return written.problem(WRONG_TYPE, path, f"{what}, not {known_by}", remedy)
    return written.problem(WRONG_TYPE, path, what, f"write {known_by}")
