"""Keys in the order of their shapes; keys that no shape knows after them, as they were written."""

import re
from collections import defaultdict
from collections.abc import Iterator

from backup_reconciler.manifest.formatting.concrete import Collection, Entry, Node, Scalar, Stream
from backup_reconciler.manifest.shape.order import ANYTHING, Expected, Layout, document_layout


def put_in_order(stream: Stream) -> None:
    """Order the keys of every document that says it is one of ours."""
    for document in stream.documents:
        root = document.root.value
        if isinstance(root, Collection):
            values = {_name(entry): entry.value for entry in root.entries}
            if "apiVersion" in values or "kind" in values:
                kind = values.get("kind")
                _order_mapping(root, document_layout((isinstance(kind, Scalar) and kind.value) or ""))


def _order(node: Node, expected: Expected) -> None:
    if not isinstance(node, Collection) or expected == ANYTHING:
        return
    if node.of == "list":
        for item in node.entries:
            _order(item.value, expected)
        return
    names = [_name(entry) for entry in node.entries]
    layout = expected.layout([name for name in names if name is not None])
    if expected.shapes:
        _order_mapping(node, layout)
    else:
        _order_values(node, layout)


def _order_mapping(mapping: Collection, layout: Layout) -> None:
    ranks = {name: rank for rank, name in enumerate(layout)}
    ordered = sorted(mapping.entries, key=lambda entry: ranks.get(_name(entry) or "", len(ranks)))
    if _anchors_stay_first(mapping.entries, ordered):
        mapping.entries = ordered
    _order_values(mapping, layout)


def _order_values(mapping: Collection, layout: Layout) -> None:
    for entry in mapping.entries:
        _order(entry.value, layout.get(_name(entry) or "", ANYTHING))


def _name(entry: Entry) -> str | None:
    return entry.key.value if isinstance(entry.key, Scalar) else None


# ---- anchors -------------------------------------------------------------------------------------------------------


def _anchors_stay_first(written: list[Entry], ordered: list[Entry]) -> bool:
    """Whether every alias still comes after its anchor, and before another anchor that takes the same name."""
    if all(before is after for before, after in zip(written, ordered, strict=True)):
        return True
    places = {id(entry): place for place, entry in enumerate(ordered)}
    users: dict[str, list[int]] = defaultdict(list)
    for entry in written:
        for name in set(_anchors_and_aliases(entry)):
            users[name].append(places[id(entry)])
    return all(found == sorted(found) for found in users.values())


def _anchors_and_aliases(entry: Entry) -> Iterator[str]:
    """The names of all anchors and aliases in an entry."""
    for node in (entry.key, entry.value):
        if node is None:
            continue
        yield from re.findall("&([^ ]+)", node.properties)
        if isinstance(node, Scalar) and node.is_alias:
            yield node.text.removeprefix("*")
        if isinstance(node, Collection):
            for inner in node.entries:
                yield from _anchors_and_aliases(inner)
