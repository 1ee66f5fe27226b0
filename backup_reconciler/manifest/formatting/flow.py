"""What can be written on one line: keys, and collections in brackets."""

from backup_reconciler.manifest.formatting.concrete import Collection, Entry, Node, Scalar

_LONGEST = 1000
"""Characters. After 1024 a parser no longer looks for the colon of a key."""


class Flow:
    """Writes nodes on one line, each once however often it is asked for."""

    def __init__(self) -> None:
        self._collections: dict[int, str | None] = {}

    def key(self, entry: Entry) -> str | None:
        """The key of an entry, ready for its colon; None where it has to be written after a `?`."""
        assert entry.key is not None
        text = self.flat(entry.key)
        if not text or (isinstance(entry.key, Scalar) and not entry.key.text):
            return None
        return f"{text} " if isinstance(entry.key, Scalar) and entry.key.is_alias else text

    def flat(self, node: Node) -> str | None:
        """A node on one line; None where it is a block or becomes endless. Brackets on one line hold no comment."""
        text: str | None = None
        match node:
            case Scalar():
                text = joined(node.properties, node.text)
            case Collection(flow=True):
                if id(node) not in self._collections:
                    self._collections[id(node)] = self._collection(node)
                text = self._collections[id(node)]
        return text if text is not None and len(text) <= _LONGEST else None

    def _collection(self, flow: Collection) -> str | None:
        parts: list[str] = []
        length = 0
        for entry in flow.entries:
            part = self._entry(entry, flow)
            if part is None or length > _LONGEST:
                return None
            parts.append(part)
            length += len(part)
        opening, closing = "{}" if flow.of == "mapping" else "[]"
        return joined(flow.properties, f"{opening}{', '.join(parts)}{closing}")

    def _entry(self, entry: Entry, flow: Collection) -> str | None:
        value = self.flat(entry.value)
        if value and isinstance(entry.value, Scalar) and not entry.value.text:
            value += " "  # after a tag no bracket may follow
        if value is None or flow.of == "list":
            return value
        key = self.key(entry)
        return f"{key}: {value}" if key and (value or entry.has_colon) else key


def joined(*parts: str) -> str:
    """The parts that are not empty, with a space between them."""
    return " ".join(filter(None, parts))
