"""Specs → YAML text that reads back to equal specs, in the form that formatting gives to manifests."""

import json
from collections.abc import Iterable

from backup_reconciler.manifest.formatting.concrete import Collection, Document, Entry, Node, Scalar, Stream
from backup_reconciler.manifest.formatting.printing import WIDTH, printed
from backup_reconciler.manifest.formatting.quoting import double_quoted
from backup_reconciler.manifest.shape.order import document_layout, in_order
from backup_reconciler.manifest.text.scalars import needs_quotes
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import API_VERSION

_FLOW_LENGTH = 60


def write(documents: Iterable[tuple[str, str, Model]]) -> str:
    """The manifest of some documents, each a kind, a handle and a spec."""
    return write_plain((_document(*document) for document in documents), width=WIDTH)


class OnOneLine(dict[str, object]):
    """A mapping that is written on one line, if the width allows."""


def write_plain(documents: Iterable[object], *, width: int) -> str:
    """YAML of plain data, a document each: short lists on one line, no anchors."""
    return printed(Stream([Document(Entry(_node(document)), explicit=False) for document in documents]), width=width)


def _document(kind: str, handle: str, spec: Model) -> dict[str, object]:
    stated = {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": handle}, "spec": spec.stated()}
    return {name: in_order(stated[name], expected) for name, expected in document_layout(kind).items()}


def _node(data: object, *, flow: bool = False) -> Node:
    match data:
        case dict():
            flow = flow or isinstance(data, OnOneLine) or not data
            return Collection("mapping", flow, entries=[_entry(key, value, flow=flow) for key, value in data.items()])
        case list():
            flow = flow or _is_short(data)
            return Collection("list", flow, entries=[Entry(_node(item, flow=flow)) for item in data])
        case str():
            return Scalar(double_quoted(data) if needs_quotes(data) else data)
        case _:
            return Scalar(json.dumps(data))


def _entry(key: object, value: object, *, flow: bool) -> Entry:
    return Entry(_node(value, flow=flow), _node(key))


def _is_short(items: list[object]) -> bool:
    length = sum(len(str(item)) + 2 for item in items)
    return length <= _FLOW_LENGTH and not any(isinstance(item, dict | list) for item in items)
