"""What is changed to make a mutant: an operator takes a node of the syntax tree and gives what may stand in its place.

They are the usual ones: relational, logical and arithmetic operators and constants are replaced; statements, operands,
elements and keyword arguments are deleted. Words that are only shown are left alone; texts that decide, being compared,
looked up or matched, are changed.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

Enums = Mapping[str, tuple[str, ...]]
"""The members of each enumeration, by its name."""

_NEGATED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_BOUNDARY: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_ARITHMETIC: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
}
_CALLED = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list", "reversed": "list"}
_METHODS = {
    "startswith": "endswith",
    "endswith": "startswith",
    "union": "intersection",
    "intersection": "union",
    "issubset": "issuperset",
    "issuperset": "issubset",
}
_FOLDING = frozenset({"casefold", "lower", "upper", "strip"})
_LOOKING_UP = frozenset(
    {"get", "pop", "startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition"}
)
_WORDS = frozenset({"description"})


def comparison(node: ast.AST, _: Enums) -> Iterator[ast.expr]:
    """Another side of the boundary, and the opposite."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            for table in (_NEGATED, _BOUNDARY):
                if other := table.get(type(operator)):
                    yield ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators)


def logic(node: ast.AST, _: Enums) -> Iterator[ast.expr]:
    """`and` for `or`, one operand less, no `not`."""
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for rest in _each_left_out(node.values):
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def arithmetic(node: ast.AST, _: Enums) -> Iterator[ast.expr]:
    """Another operator; of a union (of types, sets or mappings) one side alone."""
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.BitOr):
            yield from (node.left, node.right)
        elif other := _ARITHMETIC.get(type(node.op)):
            yield ast.BinOp(node.left, other(), node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


def constant(node: ast.AST, _: Enums) -> Iterator[ast.expr]:
    """A number one off, the other truth."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int | float):
            yield from (ast.Constant(node.value + 1), ast.Constant(node.value - 1))


def text(node: ast.AST, _: Enums) -> Iterator[ast.AST]:
    """Another text where one decides: compared, looked up, matched."""
    if isinstance(node, ast.Compare):
        for others in _each_text_changed(node.comparators):
            yield ast.Compare(node.left, node.ops, others)
        for left in _each_text_changed([node.left]):
            yield ast.Compare(left[0], node.ops, node.comparators)
    elif isinstance(node, ast.Subscript) and _is_text(node.slice):
        yield ast.Subscript(node.value, _another(node.slice), node.ctx)
    elif isinstance(node, ast.Call) and _method(node) in _LOOKING_UP:
        for arguments in _each_text_changed(node.args[:1]):
            yield ast.Call(node.func, [*arguments, *node.args[1:]], node.keywords)
    elif isinstance(node, ast.Dict):
        for keys in _each_text_changed(node.keys):
            yield ast.Dict(keys, node.values)
    elif isinstance(node, ast.MatchValue) and _is_text(node.value):
        yield ast.MatchValue(_another(node.value))


def member(node: ast.AST, enums: Enums) -> Iterator[ast.expr]:
    """The next member of an enumeration."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        members = enums.get(node.value.id, ())
        if node.attr in members and len(members) > 1:
            following = members[(members.index(node.attr) + 1) % len(members)]
            yield ast.Attribute(node.value, following, node.ctx)


def collection(node: ast.AST, _: Enums) -> Iterator[ast.expr]:
    """One element less."""
    if isinstance(node, ast.List | ast.Tuple) and isinstance(node.ctx, ast.Load):
        for rest in _each_left_out(node.elts):
            yield type(node)(rest, node.ctx)
    elif isinstance(node, ast.Set):
        for rest in _each_left_out(node.elts):
            yield ast.Set(rest) if rest else ast.Call(ast.Name("set", ast.Load()), [], [])
    elif isinstance(node, ast.Dict):
        for keys, values in zip(_each_left_out(node.keys), _each_left_out(node.values), strict=True):
            yield ast.Dict(keys, values)


def call(node: ast.AST, _: Enums) -> Iterator[ast.expr]:
    """The sister of a function, no folding of case, one keyword less."""
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Name) and node.func.id in _CALLED:
        keywords = [] if node.func.id == "sorted" else node.keywords
        yield ast.Call(ast.Name(_CALLED[node.func.id], ast.Load()), node.args, keywords)
    if isinstance(node.func, ast.Attribute):
        if other := _METHODS.get(node.func.attr):
            yield ast.Call(ast.Attribute(node.func.value, other, ast.Load()), node.args, node.keywords)
        if node.func.attr in _FOLDING and not node.args:
            yield node.func.value
    for rest, one in zip(_each_left_out(node.keywords), node.keywords, strict=True):
        if one.arg not in _WORDS:
            yield ast.Call(node.func, node.args, rest)


def condition(node: ast.AST, _: Enums) -> Iterator[ast.AST]:
    """The opposite of a condition that says no more than itself; one branch alone; nothing filtered."""
    if isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.If | ast.While) and _is_plain(node.test):
        yield type(node)(_not(node.test), node.body, node.orelse)
    elif isinstance(node, ast.comprehension):
        for rest in _each_left_out(node.ifs):
            yield ast.comprehension(node.target, node.iter, rest, node.is_async)
        for at, one in enumerate(node.ifs):
            if _is_plain(one):
                ifs = [*node.ifs[:at], _not(one), *node.ifs[at + 1 :]]
                yield ast.comprehension(node.target, node.iter, ifs, node.is_async)
    elif isinstance(node, ast.match_case) and node.guard is not None:
        yield ast.match_case(node.pattern, ast.Constant(True), node.body)
    elif isinstance(node, ast.Match) and len(node.cases) > 1:
        for cases in _each_left_out(node.cases):
            yield ast.Match(node.subject, cases)


def returned(node: ast.AST, _: Enums) -> Iterator[ast.stmt]:
    """Nothing instead of something; the opposite of a truth."""
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(None))
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) and node.value.func.id == "bool":
            yield ast.Return(_not(node.value))


def statement(node: ast.AST, _: Enums) -> Iterator[ast.stmt]:
    """No such statement, where the others can do without it."""
    removable = isinstance(node, ast.Raise | ast.AugAssign | ast.Continue | ast.Break) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    )
    stored = isinstance(node, ast.Assign) and not any(isinstance(one, ast.Name | ast.Tuple) for one in node.targets)
    if removable or stored:
        yield ast.Pass()


Operator = Callable[[ast.AST, Enums], Iterable[ast.AST]]

OPERATORS: tuple[Operator, ...] = (
    comparison, logic, arithmetic, constant, text, member, collection, call, condition, returned, statement,
)  # fmt: skip


def _each_left_out(values: list[Any]) -> Iterator[list[Any]]:
    for at in range(len(values)):
        yield [*values[:at], *values[at + 1 :]]


def _each_text_changed(values: Sequence[Any]) -> Iterator[list[Any]]:
    for at, one in enumerate(values):
        if _is_text(one):
            yield [*values[:at], _another(one), *values[at + 1 :]]


def _is_plain(test: ast.expr) -> bool:
    """Whether no other operator turns a condition into its opposite."""
    return not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp)


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _method(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _another(node: ast.AST) -> ast.expr:
    assert isinstance(node, ast.Constant)
    return ast.Constant(f"another {node.value}")
