"""What a scalar without quotes means, and which text must not be written without quotes.

Collected follows YAML 1.2: `yes`, `23:00` and `2027-01-01` are text, as they look. Two things are stricter, because the
versions of YAML disagree about them: a number with leading zeros is text (octal for some), and only `true`, `false`,
`null` and `~` in this spelling are more than text.
"""

import re

from backup_reconciler.spec import forms

_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,99})")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?"
    r"|[-+]?[1-9][0-9]{100,}"  # Python refuses to convert endless digits; as a number no field takes it either
)
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

Scalar = str | int | float | bool | None


class WrittenFloat(float):
    """A number that is shown as it was written: who wrote 1e3 does not look for 1000.0."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


def plain_value(text: str) -> Scalar:
    """The value of a scalar that was written without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return WrittenFloat(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text


_SAFE = re.compile(r"[A-Za-z_/][\w./()-]*( [\w./()-]+)*", re.ASCII)
_TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "inf", "nan"})


def needs_quotes(text: str) -> bool:
    """Whether some reader, of YAML 1.1 or 1.2, might take `text` for something else than this text.

    Errs on the side of quotes: readers differ in what they take for numbers, times and dates.
    """
    return text.casefold() in _TAKEN or not (_SAFE.fullmatch(text) or forms.SUBSCRIPTION.fits(text))
