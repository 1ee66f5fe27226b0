"""How a value of the wrong type is written right, where it can be guessed what was meant."""

import json
import re

from backup_reconciler.manifest.words import quoted, shown
from backup_reconciler.spec.forms import Form

_BOOLEANS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def retyped(value: object, expected: list[str], form: Form | None) -> str:
    """How the value that was meant is written; empty where that cannot be guessed."""
    scalar = not isinstance(value, dict | list)
    if "text" in expected and scalar:
        text = json.dumps(value) if isinstance(value, bool) else str(value)
        return "put it in quotes" if form is None or form.fits(text) else f'write text such as "{form.example}"'
    if "a list" in expected and scalar:
        return f"write a list: [{_item(value)}]"
    if "a whole number" in expected:
        number = _whole_number(value)
        return "" if number is None else f"write {number}{', without quotes' if value == str(number) else ''}"
    if isinstance(value, str) and "true or false" in expected and value.casefold() in _BOOLEANS:
        return f"write {_BOOLEANS[value.casefold()]}"
    return ""


def _whole_number(value: object) -> int | None:
    """The number that somebody meant who wrote "30", 007, 0x1F, 1_000 or 1e3."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e9:
        return int(value)
    if isinstance(value, str) and re.fullmatch("[0-9][0-9_]{0,8}|0x[0-9A-Fa-f]{1,8}|0o[0-7]{1,8}", value):
        return int(value, 10 if value.replace("_", "").isdecimal() else 0)
    return None


def _item(scalar: object) -> str:
    """The scalar as an item: nearly all lists are of text, some of numbers, none of anything else."""
    if isinstance(scalar, bool) or scalar is None:
        return quoted(json.dumps(scalar))
    return quoted(scalar) if isinstance(scalar, str) else shown(scalar).removeprefix("the number ")
