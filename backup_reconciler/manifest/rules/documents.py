"""Rules that hold for a document of any kind."""

from collections.abc import Iterable, Iterator

from backup_reconciler.manifest.document import HANDLE, Declared, Written
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.shape.fields import fields_at
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import forms
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import KINDS, FieldPath
from backup_reconciler.spec.rules.document import DUPLICATE_HANDLE, DUPLICATE_TAG, HANDLE_FORM
from backup_reconciler.spec.rules.value import DUPLICATE_ITEM, EMPTY_LIST, EMPTY_MAPPING
from backup_reconciler.spec.values import region_name

_MAY_BE_EMPTY = {
    ("tags",), ("select",), ("exclude",), ("select", "tags"), ("exclude", "tags"), ("retention",),
    ("for",), ("nsg",), ("firewall",),
}  # fmt: skip
_EXACT = {"tags", "roots"}
"""Fields whose texts differ where their letter case does: values of tags, folders."""
_TAGS: tuple[FieldPath, ...] = (("spec", "tags"), ("spec", "select", "tags"), ("spec", "exclude", "tags"))


def handle_form(document: Declared[Model]) -> Iterator[Problem]:
    if not forms.HANDLE.fits(document.handle):
        what = f"{quoted(document.handle)} is not a handle" if document.handle else "the handle is empty"
        remedy = "use 1 to 150 letters, digits, '.', '_', '!' and '-', starting with a letter or digit"
        yield document.problem(HANDLE_FORM, HANDLE, what, remedy)


def nothing_stated(document: Declared[Model]) -> Iterator[Problem]:
    """Lists and mappings that hold nothing.

    Some have a rule of their own; no tags are a wish like others, and so are security rules that are all by default.
    """
    for path, value in _empty_values(document.written.tree.value(("spec",)), ("spec",)):
        if isinstance(value, list):
            remedy = "list at least one" if _is_required(document, path) else ""
            yield document.problem(EMPTY_LIST, path, "the list is empty", remedy)
        elif path[1:] not in _MAY_BE_EMPTY:
            yield document.problem(EMPTY_MAPPING, path, "the mapping is empty")


def _is_required(document: Declared[Model], path: FieldPath) -> bool:
    field = fields_at(KINDS[document.written.kind], path[:-1], document.written.tree.data).get(str(path[-1]))
    return field is not None and field.is_required()


def _empty_values(value: object, path: FieldPath) -> Iterator[tuple[FieldPath, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _empty_values(inner, (*path, key))
    if value in ([], {}):
        yield path, value


def duplicate_item(document: Declared[Model]) -> Iterator[Problem]:
    for path, items in _lists(document.written.tree.value(("spec",)), ("spec",)):
        first: dict[object, int] = {}
        for index, item in enumerate(items):
            other = first.setdefault(_as_compared(item, path), index)
            if other != index:
                also = document.written.tree.place((*path, other))
                what = f"{_named(item)} is listed twice"
                yield document.problem(DUPLICATE_ITEM, (*path, index), what, also=also)


def _lists(value: object, path: FieldPath) -> Iterator[tuple[FieldPath, list[object]]]:
    """Every list of plain data, with its path. The language has no lists of lists or of mappings."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lists(inner, (*path, key))
    elif isinstance(value, list):
        yield path, value


def _as_compared(item: object, path: FieldPath) -> object:
    """An item so that two are equal that mean the same: Azure ignores letter case but in the values of tags."""
    if not isinstance(item, str) or _EXACT & set(path):
        return item
    if path[-1] == "locations":
        return region_name(item)
    return ArmId(item).key if item.startswith("/") else item.casefold()


def _named(item: object) -> str:
    """An item as a message names it; not one that may hold a password, as the address of a proxy does."""
    if not isinstance(item, str):
        return str(item)
    if "@" in item:
        return "the item"
    return quoted(ArmId(item).name if item.startswith("/") else item)


def duplicate_tag(document: Declared[Model]) -> Iterator[Problem]:
    tree = document.written.tree
    for path in _TAGS:
        first: dict[str, str] = {}
        for name in tree.value(path) or ():
            other = first.setdefault(name.casefold(), name)
            if other is not name:
                place, also = tree.key_place((*path, name)), tree.key_place((*path, other))
                what = f"the tag {quoted(name)} is also written {quoted(other)}"
                yield document.written.problem(DUPLICATE_TAG, (*path, name), what, at=place, also=also)


RULES = (handle_form, nothing_stated, duplicate_item, duplicate_tag)


def duplicate_handle(documents: Iterable[Written]) -> Iterator[Problem]:
    """Broken documents count: their handle is taken all the same."""
    first: dict[tuple[str, str], Written] = {}
    for document in documents:
        if document.kind in KINDS and document.handle:
            other = first.setdefault((document.kind, document.handle.casefold()), document)
            if other is not document:
                what = f"another {document.kind} has the handle {quoted(other.handle)}"
                yield document.problem(DUPLICATE_HANDLE, HANDLE, what, also=other.tree.place(HANDLE))
