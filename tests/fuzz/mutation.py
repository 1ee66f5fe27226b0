"""Good examples spoiled: in their bytes, in their text, or in what they say."""

import json
from copy import deepcopy
from random import Random
from typing import Any

import yaml

from tests.fuzz.target import Language

_HUGE = "\ue000huge\ue000"
"""Stands for a number of more digits than Python converts, which it would not write either."""
_DIGITS = "9" * 5_000
_DEEP: Any = []
for _ in range(200):
    _DEEP = [_DEEP]
SPOILS: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, 1.5, -0.0, 1e308, float("nan"), float("inf"), _HUGE,
    "", " ", "x", "yes", "1e3", "null", "~", "0x10", "23:00", "a" * 5_000, "é", "日本",
    "\u202egnp.exe", "\u2028", "\x85",
    "\x00", "\x1b[2J", "\n", "\r\n::error::x", "\ud800", "\ufeff", "../../etc", "<script>", "`|*_", "%s{0}", "*", "&a",
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00",
    "2026-02-30", "2026-11-23T25:00:00Z", "2026-11-23T09:00:00", "20261123T090000Z", "2026-W48-1",
    "/", "//", "/subscriptions/",
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/x", "http://[", "https://x/\x7f",
    [], {}, [None], [[]], {"": None}, {"id": 5}, {"properties": None}, {"a": {"a": {"a": 1}}}, _DEEP,
)  # fmt: skip
"""Values that somebody did not think of."""
TOKENS = (
    *"\t\n-?:,[]{}#&*!|>'\"%@`~ \\/=", "---\n", "...\n", "- ", ": ", "? ", "\n  ", "<<: ", "*a ", "&a ", "!!str ",
    "!!python/object:os.system ", "!!binary ", "!!set ", "%YAML 9.9\n", "\r\n", "\x85", "\u2028", "\ufeff",
    "\x00", "\u202e",
    _DIGITS, "1e9999", ".nan", "-.inf", "0o7", "\\ud800", "\\u0000", "NaN", "Infinity", '"":', "[" * 70, "{" * 70, "é",
)  # fmt: skip


def mutated(example: bytes, language: Language, rng: Random) -> bytes:
    """The example with something about it spoiled, now and then several times."""
    data = example
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        data = rng.choice(_WAYS[language])(data, rng)
    return data


def spoiled(data: Any, rng: Random) -> Any:
    """Plain data with one part of it replaced, doubled, renamed or taken away."""
    whole = deepcopy(data)
    holders = [one for one in _inside(whole) if isinstance(one, dict | list) and one]
    if not holders:
        return rng.choice(SPOILS)
    holder = rng.choice(holders)
    key = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    match rng.randrange(6):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.append(holder[key])
        case 1:
            holder[str(rng.choice(SPOILS))] = holder.pop(key)
        case 2:
            holder[key] = deepcopy(rng.choice(holders))
        case _:
            holder[key] = rng.choice(SPOILS)
    return whole


def _inside(data: Any) -> list[Any]:
    found, pending = [], [data]
    while pending:
        one = pending.pop()
        found.append(one)
        pending += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return found


def _bytes(data: bytes, rng: Random) -> bytes:
    start = rng.randint(0, len(data))
    end = min(len(data), start + rng.randint(0, 8))
    return data[:start] + rng.randbytes(rng.randint(0, 4)) + data[end:]


def _text(data: bytes, rng: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    start = rng.randint(0, len(text))
    end = min(len(text), start + rng.randint(0, 12))
    return (text[:start] + rng.choice(TOKENS) + text[end:]).encode("utf-8", "surrogatepass")


def _lines(data: bytes, rng: Random) -> bytes:
    """Lines doubled, dropped or in another order: keys that stand twice, and depths that do not fit."""
    lines = data.splitlines(keepends=True) or [b""]
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(3):
        case 0:
            lines.insert(first, lines[second])
        case 1:
            del lines[first]
        case _:
            lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def _json(data: bytes, rng: Random) -> bytes:
    """What JSON says is spoiled; a line before it, which some examples have, stays."""
    head, newline, body = data.partition(b"\n") if not data.startswith(b"{") else (b"", b"", data)
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return _text(data, rng)
    return head + newline + json.dumps(spoiled(said, rng)).replace(json.dumps(_HUGE), _DIGITS).encode()


def _yaml(data: bytes, rng: Random) -> bytes:
    try:
        said = list(yaml.load_all(data, Loader=_PlainLoader))
        return _dumped(spoiled(said, rng))
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return _text(data, rng)


def _dumped(said: Any) -> bytes:
    documents = said if isinstance(said, list) else [said]
    text: str = yaml.dump_all(documents, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1_000)
    return text.replace(_HUGE, _DIGITS).encode("utf-8", "surrogatepass")


class _PlainLoader(yaml.CSafeLoader):
    """Days and hours stay text, as they are in manifests."""


_PlainLoader.yaml_implicit_resolvers = {}
_WAYS = {
    "yaml": (_bytes, _text, _text, _lines, _yaml, _yaml),
    "json": (_bytes, _text, _json, _json, _json, _json),
    "text": (_bytes, _text),
}
