"""Inputs of a mebibyte that are made to cost more than they look: depth, width, aliases, digits, endless text."""

from collections.abc import Callable, Mapping

from tests.fuzz.target import Language

SIZE = 2**20
"""Bytes."""


def _filled(piece: str, head: str = "", tail: str = "") -> bytes:
    """A head and a tail with as many pieces between them as there is room for."""
    return (head + piece * ((SIZE - len(head) - len(tail)) // len(piece.encode())) + tail).encode()


def _laughs() -> bytes:
    """Each alias stands for ten of the one before it (the "billion laughs" of XML, in YAML)."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9_000)]
    return "\n".join(rows).encode()[:SIZE]


def _keys(form: str) -> str:
    return "".join(form.format(number) for number in range(SIZE // (len(form) + 4)))


_YAML: Mapping[str, Callable[[], bytes]] = {
    "lists in lists": lambda: _filled("["),
    "mappings in mappings": lambda: _filled("{"),
    "dashes": lambda: _filled("- "),
    "keys of keys": lambda: _filled("? "),
    "keys on one line": lambda: _filled("a: "),
    "anchors": lambda: _filled("&a "),
    "anchored items": lambda: _filled("- &a x\n"),
    "aliases of one value": lambda: _filled("- *a\n", "- &a x\n"),
    "aliases of aliases": _laughs,
    "tags": lambda: _filled("!!python/object:os.system "),
    "tagged items": lambda: _filled("- !!python/object/apply:os.system [x]\n"),
    "merge keys": lambda: _filled("<<: {a: 1}\n"),
    "one key again and again": lambda: _filled("kind: Vault\n"),
    "keys that are lists": lambda: _filled("? [a]\n: b\n"),
    "many keys": lambda: _keys("k{}: 1\n").encode(),
    "one long key": lambda: _filled("k", "", ": x"),
    "one long text": lambda: _filled("x", "kind: "),
    "one long number": lambda: _filled("9", "kind: "),
    "a text in quotes": lambda: _filled("x", 'kind: "', '"'),
    "escapes": lambda: _filled("\\u2028", 'kind: "', '"'),
    "a quote that stays open": lambda: _filled("x\n", 'kind: "'),
    "documents": lambda: _filled("---\na: 1\n"),
    "documents of nothing": lambda: _filled("---\n"),
    "directives": lambda: _filled("%YAML 1.1\n"),
    "comments": lambda: _filled("# comment\n"),
    "comments within": lambda: _filled("- x # comment\n"),
    "empty lines": lambda: _filled("\n", "kind: Vault"),
    "spaces": lambda: _filled(" ", "kind:", "x"),
    "tabs": lambda: _filled("\t", "kind:\n"),
    "a block of text": lambda: _filled("  x\n", "kind: |\n"),
    "deeper and deeper": lambda: "".join(f"{' ' * depth}a:\n" for depth in range(1_400)).encode(),
    "vaults of nothing": lambda: _filled("---\napiVersion: backup-reconciler/v1\nkind: Vault\n"),
    "names that are nearly right": lambda: _filled("- {kind: Vaullt, metdata: {nam: x}, spce: {}}\n"),
    "ranges": lambda: _filled("web-[0001-9999]: {}\n", "kind: World\nsubscriptions:\n"),
    "line ends of Windows": lambda: _filled("a: 1\r\n- b\r\n"),
    "separators of lines": lambda: _filled("\u2028"),
    "zeros": lambda: bytes(SIZE),
    "no UTF-8": lambda: b"\xff" * SIZE,
}


def _enclosed(members: str) -> bytes:
    return f"{{{members[:-1]}}}".encode()


_JSON: Mapping[str, Callable[[], bytes]] = {
    "lists in lists": lambda: _filled("["),
    "mappings in mappings": lambda: _filled('{"a":'),
    "a list of lists": lambda: _filled("[],", "[", "[]]"),
    "a list of numbers": lambda: _filled("1,", "[", "1]"),
    "one long number": lambda: _filled("9", "[", "]"),
    "numbers too long": lambda: _filled("9" * 5_000 + ",", "[", "1]"),
    "one long text": lambda: _filled("x", '"', '"'),
    "escapes": lambda: _filled("\\u0000", '"', '"'),
    "halves of pairs": lambda: _filled("\\ud800", '"', '"'),
    "one key again and again": lambda: _filled('"a":1,', "{", '"a":1}'),
    "many keys": lambda: _enclosed(_keys('"k{}":1,')),
    "many resources": lambda: _filled('{"id":"/subscriptions/s"},', '{"value":[', "{}]}"),
    "many digests": lambda: _digests('"Vault/{}/a/b":{{"state":"differs","declared":"d","found":"f"}},'),
    "spaces": lambda: _filled(" "),
    "zeros": lambda: bytes(SIZE),
}
_TEXT: Mapping[str, Callable[[], bytes]] = {
    "one letter": lambda: _filled("a"),
    "slashes": lambda: _filled("/"),
    "digits": lambda: _filled("9"),
    "a day that goes on": lambda: _filled("-01", "2026"),
    "a host that goes on": lambda: _filled("a.", "https://"),
    "a blob that goes on": lambda: _filled("a-", "https://abc.blob.core.windows.net/", "/x"),
    "equals signs": lambda: _filled("html="),
    "lines": lambda: _filled("lockedby=x\n"),
}


def _digests(one: str) -> bytes:
    head = '{"formatVersion":1,"asOf":"2026-11-23","summary":{},"differences":[],"digests":{'
    rows = "".join(one.format(number) for number in range(SIZE // 70))
    return (head + rows[:-1] + "}}").encode()


PATHOLOGICAL: Mapping[Language, Mapping[str, Callable[[], bytes]]] = {"yaml": _YAML, "json": _JSON, "text": _TEXT}
"""What each is called, and how it is made."""
WIDE = frozenset(
    {
        "anchored items", "aliases of one value", "tagged items", "merge keys", "one key again and again",
        "keys that are lists", "many keys", "documents", "documents of nothing", "comments within", "a block of text",
        "vaults of nothing", "names that are nearly right", "ranges", "line ends of Windows", "comments",
        "a list of lists", "many digests", "one long text", "a text in quotes", "escapes",
    }
)  # fmt: skip
"""What costs by its mere number of values: seconds, which the tests do not have. The long run reads it."""
