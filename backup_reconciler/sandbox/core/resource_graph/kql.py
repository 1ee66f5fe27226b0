"""A small, honest evaluator of the query language of Resource Graph.

It knows the operators and functions listed below and refuses all else by name, so that a query never gets an answer
that the real service would not give. Null behaves as in Kusto where it matters: a comparison with it is false.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

Row = dict[str, Any]
Expression = Callable[[Row], Any]
Operator = Callable[[list[Row]], list[Row]]

_TOKEN = re.compile(
    r"""\s*(?:(?P<comment>//[^\n]*)|(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>\d+(?:\.\d+)?)
    |(?P<word>[A-Za-z_$][\w-]*~?)|(?P<sign>=~|!~|==|!=|<=|>=|[|()\[\].,=<>-]))""",
    re.VERBOSE,
)


class NotUnderstoodError(Exception):
    """The query says something that is not served here."""


def _no(what: str) -> NoReturn:
    raise NotUnderstoodError(what)


@dataclass(frozen=True)
class Query:
    """A parsed query: a table, in small letters, and what is done to its rows in turn."""

    table: str
    operators: tuple[Operator, ...]
    kind: str | None = None
    """The type, in small letters, that all rows have to be of; None where the query does not begin with asking so."""

    def run(self, rows: list[Row]) -> list[Row]:
        for operator in self.operators:
            rows = operator(rows)
        return rows


def parse(text: str) -> Query:
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            _no(f"'{text[at : at + 20].strip()}' is not understood here.")
        kind = str(match.lastgroup)
        if kind != "comment":
            tokens.append((kind, match[kind]))
        at = match.end()
    return tokens


def _text(value: Any) -> str:
    """`tostring`: null is empty, truth is in small letters."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _split(value: Any, separator: Any) -> list[str]:
    return _text(value).split(_text(separator))


_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "tostring": (1, _text),
    "tolower": (1, lambda value: _text(value).lower()),
    "toupper": (1, lambda value: _text(value).upper()),
    "split": (2, _split),
    "isempty": (1, lambda value: _text(value) == ""),
    "isnotempty": (1, lambda value: _text(value) != ""),
    "isnull": (1, lambda value: value is None),
    "isnotnull": (1, lambda value: value is not None),
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: left is not None and left == right,
    "!=": lambda left, right: left is None or left != right,
    "=~": lambda left, right: left is not None and _text(left).lower() == _text(right).lower(),
    "!~": lambda left, right: left is None or _text(left).lower() != _text(right).lower(),
    "contains": lambda left, right: _text(right).lower() in _text(left).lower(),
    "startswith": lambda left, right: _text(left).lower().startswith(_text(right).lower()),
    "endswith": lambda left, right: _text(left).lower().endswith(_text(right).lower()),
}
_LITERALS = {"true": True, "false": False, "null": None}


def _always(value: Any) -> Expression:
    return lambda _row: value


def _member(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else None


def _element(value: Any, index: Any) -> Any:
    if isinstance(value, list) and isinstance(index, int):
        return value[index] if -len(value) <= index < len(value) else None
    return _member(value, str(index))


def _sort_key(value: Any) -> tuple[int, Any]:
    """Nulls first; numbers, then text, each among themselves."""
    if value is None:
        return (0, 0)
    return (1, value) if isinstance(value, int | float) else (2, _text(value))


class _Parser:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def query(self) -> Query:
        table = self._word("the name of a table").lower()
        kind = self._kind()
        operators: list[Operator] = []
        while self._take("|"):
            operators.append(self._operator())
        if self._at < len(self._tokens):
            _no(f"'{self._peek()}' is not understood here.")
        return Query(table, tuple(operators), kind)

    def _kind(self) -> str | None:
        """What `| where type =~ '…'` asks for, where the query goes on so."""
        words = [text.lower() for _, text in self._tokens[self._at : self._at + 5]]
        if words[:3] != ["|", "where", "type"] or words[3:4] not in (["=~"], ["=="]):
            return None
        kind, text = self._tokens[self._at + 4] if len(words) == 5 else ("", "")
        return text[1:-1].lower() if kind == "string" else None

    def _operator(self) -> Operator:
        name = self._word("an operator").lower()
        match name:
            case "where":
                return self._where()
            case "extend" | "project":
                return self._columns(keep=name == "extend")
            case "order" | "sort":
                return self._order()
            case "limit" | "take":
                return self._limit()
            case "count":
                return lambda rows: [{"Count": len(rows)}]
            case _:
                _no(f"The operator '{name}' is not served here.")

    def _where(self) -> Operator:
        conditions = [self._condition()]
        while self._take("and"):
            conditions.append(self._condition())
        return lambda rows: [row for row in rows if all(condition(row) is True for condition in conditions)]

    def _columns(self, *, keep: bool) -> Operator:
        columns: dict[str, Expression] = {}
        while True:
            name, expression = self._column()
            columns[name] = expression
            if not self._take(","):
                break

        def compute(rows: list[Row]) -> list[Row]:
            return [
                (row if keep else {}) | {name: expression(row) for name, expression in columns.items()} for row in rows
            ]

        return compute

    def _column(self) -> tuple[str, Expression]:
        """`name = expression`, or a path, whose steps joined by `_` are its name, as Kusto does it."""
        start = self._at
        name = self._word("the name of a column")
        if self._take("="):
            return name, self._condition()
        self._at = start
        expression = self._expression()
        path = [text for kind, text in self._tokens[start : self._at] if kind == "word"]
        return "_".join(path), expression

    def _order(self) -> Operator:
        if not self._take("by"):
            _no(f"'by' is missing before '{self._peek()}'.")
        keys: list[tuple[Expression, bool]] = []
        while True:
            expression = self._expression()
            ascending = self._take("asc")
            keys.append((expression, not ascending))
            if not ascending:
                self._take("desc")
            if not self._take(","):
                break

        def order(rows: list[Row]) -> list[Row]:
            for expression, descending in reversed(keys):
                rows = sorted(rows, key=lambda row: _sort_key(expression(row)), reverse=descending)
            return rows

        return order

    def _limit(self) -> Operator:
        kind, text = self._next("a number")
        if kind != "number" or "." in text:
            _no(f"'{text}' is not a number of rows.")
        return lambda rows: rows[: int(text)]

    def _condition(self) -> Expression:
        left = self._expression()
        sign = self._peek().lower()
        if sign in {"in", "in~"}:
            self._at += 1
            return self._membership(left, fold=sign == "in~")
        if sign not in _COMPARISONS:
            return left
        self._at += 1
        right, compare = self._expression(), _COMPARISONS[sign]
        return lambda row: compare(left(row), right(row))

    def _membership(self, left: Expression, *, fold: bool) -> Expression:
        self._demand("(")
        members = [self._expression()]
        while self._take(","):
            members.append(self._expression())
        self._demand(")")
        compare = _COMPARISONS["=~" if fold else "=="]

        def is_member(row: Row) -> bool:
            value = left(row)
            return any(compare(value, member(row)) for member in members)

        return is_member

    def _expression(self) -> Expression:
        value = self._primary()
        while True:
            if self._take("."):
                name = self._word("the name of a member")
                value = self._step(value, _always(name))
            elif self._take("["):
                value = self._step(value, self._expression())
                self._demand("]")
            else:
                return value

    @staticmethod
    def _step(value: Expression, index: Expression) -> Expression:
        return lambda row: _element(value(row), index(row))

    def _primary(self) -> Expression:
        kind, text = self._next("a value")
        match kind:
            case "string":
                literal: Any = re.sub(r"\\(.)", r"\1", text[1:-1])
            case "number":
                literal = float(text) if "." in text else int(text)
            case "word" if text.lower() in _LITERALS:
                literal = _LITERALS[text.lower()]
            case "word" if self._take("("):
                return self._call(text)
            case "word":
                return lambda row: _member(row, text)
            case _:
                _no(f"'{text}' is not understood here.")
        return _always(literal)

    def _call(self, name: str) -> Expression:
        if name.lower() not in _FUNCTIONS:
            _no(f"The function '{name}' is not served here.")
        count, function = _FUNCTIONS[name.lower()]
        arguments = [self._condition()]
        while self._take(","):
            arguments.append(self._condition())
        self._demand(")")
        if len(arguments) != count:
            _no(f"The function '{name}' takes {count} argument(s).")
        return lambda row: function(*(argument(row) for argument in arguments))

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take(self, text: str) -> bool:
        """Go past the next token if it is this one, and is no string."""
        if self._peek().lower() != text or self._tokens[self._at][0] == "string":
            return False
        self._at += 1
        return True

    def _demand(self, text: str) -> None:
        if not self._take(text):
            _no(f"'{text}' is missing before '{self._peek()}'." if self._peek() else f"'{text}' is missing at the end.")

    def _next(self, wanted: str) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            _no(f"The query ends where {wanted} should stand.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _word(self, wanted: str) -> str:
        kind, text = self._next(wanted)
        if kind != "word":
            _no(f"'{text}' stands where {wanted} should.")
        return text
