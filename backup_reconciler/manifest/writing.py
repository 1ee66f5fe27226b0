"""Specs → YAML text that reads back to equal specs."""

import inspect
from collections.abc import Iterable

import yaml

from backup_reconciler.manifest.text.scalars import needs_quotes
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import API_VERSION

_FLOW_LENGTH = 60


def write(documents: Iterable[tuple[str, str, Model]]) -> str:
    """The manifest of some documents, each a kind, a handle and a spec."""
    return write_plain(_document(*document) for document in documents)


class OnOneLine(dict[str, object]):
    """A mapping that is written on one line."""


def write_plain(documents: Iterable[object]) -> str:
    """YAML of plain data, a document each."""
    return yaml.dump_all(
        documents,
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=1_000_000,  # a value that is folded over lines is one that a diff shows badly
    )


def _document(kind: str, handle: str, spec: Model) -> dict[str, object]:
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": handle}, "spec": _fields(spec)}


def _fields(spec: Model) -> dict[str, object]:
    """What a spec states, as its class reads: its own fields, which say where it is, before those that it inherits."""
    stated = spec.stated()
    shape = type(spec)
    own = (shape.model_fields[name].alias for name in inspect.get_annotations(shape) if name in shape.model_fields)
    order = dict.fromkeys(name for name in (*own, *stated) if name in stated)
    return {name: stated[name] for name in order}


class _Dumper(yaml.SafeDumper):
    """Text that could be taken for something else in double quotes, short lists on one line, no anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if needs_quotes(text) else None)


def _list(dumper: yaml.SafeDumper, items: list[object]) -> yaml.SequenceNode:
    short = sum(len(str(item)) + 2 for item in items) <= _FLOW_LENGTH
    flow = short and not any(isinstance(item, dict | list) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flow)


def _line(dumper: yaml.SafeDumper, fields: OnOneLine) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", fields.items(), flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(OnOneLine, _line)
