"""What a YAML text says, whatever it looks like: to be compared before and after."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import yaml

from backup_reconciler.manifest.formatting.quoting import MERGE
from backup_reconciler.manifest.text.scalars import plain_value


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come; a mapping has its keys and values in turn among its parts."""

    event: yaml.CollectionStartEvent
    parts: list[bytes] = field(default_factory=list)


class Meaning:
    """A digest of the values of each document. Two are equal if every reader finds equal values in both texts.

    The order of a mapping's keys does not count, except among equal keys. An alias counts with what it stands for, so
    that it is noticed when a name has come to mean something else.
    """

    def __init__(self) -> None:
        self.documents: list[bytes] = []
        self._open: list[_Open] = []
        self._anchored: dict[str, bytes] = {}

    def watching(self, events: Iterable[yaml.Event]) -> Iterator[yaml.Event]:
        """The same events, taken down on the way."""
        for event in events:
            self._take(event)
            yield event

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._anchored.clear()
            case yaml.CollectionStartEvent():
                self._open.append(_Open(event))
            case yaml.CollectionEndEvent():
                collection = self._open.pop()
                self._add(collection.event, _collection(collection))
            case yaml.AliasEvent():
                name = event.anchor or ""
                self._add(event, _digest("alias", name, self._anchored.get(name, b"")))
            case yaml.ScalarEvent():
                self._add(event, _scalar(event))

    def _add(self, event: yaml.NodeEvent, digest: bytes) -> None:
        """A node is complete."""
        if event.anchor is not None and not isinstance(event, yaml.AliasEvent):
            digest = self._anchored[event.anchor] = _digest("anchor", event.anchor, digest)
        (self._open[-1].parts if self._open else self.documents).append(digest)


def _scalar(event: yaml.ScalarEvent) -> bytes:
    if event.tag is not None:
        return _digest("tagged", event.tag, event.value)
    value = plain_value(event.value) if event.implicit[0] else event.value
    if isinstance(value, str) and not (event.implicit[0] and value == MERGE):
        return _digest("text", value)
    return _digest("plain", repr(value))


def _collection(collection: _Open) -> bytes:
    tag, parts = collection.event.tag or "", collection.parts
    if isinstance(collection.event, yaml.SequenceStartEvent):
        return _digest("list", tag, *parts)
    pairs = sorted(zip(parts[::2], parts[1::2], strict=True), key=lambda pair: pair[0])
    return _digest("mapping", tag, *(part for pair in pairs for part in pair))


def _digest(*parts: str | bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()
