"""The mappings that a document is made of, each with its fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from backup_reconciler.manifest.shape.order import document_layout, layout_of
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import KINDS

FieldPath = tuple[str, ...]

ANY_KEY = "NAME"
"""The step of a path that people name themselves, as those of tags."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One mapping, and every place in the document where it may stand."""

    model: type[Model]
    paths: list[FieldPath] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, FieldInfo]:
        """By their names in YAML, in the order in which people write them."""
        known = {info.alias or name: info for name, info in self.model.model_fields.items()}
        order = dict.fromkeys((*document_layout(""), *layout_of(self.model)))
        return {name: known[name] for name in order if name in known}

    @property
    def title(self) -> str:
        where = " and ".join(f"`{'.'.join(path)}`" for path in self.paths) or "The document"
        return f"{where} with {self.choice}" if self.choice and self.paths else where

    @property
    def choice(self) -> str:
        """What tells this shape from others that may stand in its place; empty where none may."""
        return " and ".join(f"`{name}: {value}`" for name, value in self._constants())

    @property
    def meaning(self) -> str:
        return _meaning(self.model)

    def _constants(self) -> Iterator[tuple[str, str]]:
        """The fields that can have one value only."""
        for name, info in self.fields.items():
            choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
            if len(choices) == 1:
                yield name, choices[0]


def shapes_of(kind: str) -> list[Shape]:
    """The shapes of a kind, from the document inwards, in the order in which they are met."""
    found: dict[type[Model], Shape] = {}
    _walk(KINDS[kind], (), found)
    return list(found.values())


def meaning_of(info: FieldInfo) -> str:
    """What a field says; one that only holds a shape says what the shape does."""
    return info.description or " ".join(_meaning(model) for model, _ in models_in(info.annotation))


def _meaning(model: type[Model]) -> str:
    return " ".join((model.__doc__ or "").split("\n\n", maxsplit=1)[0].split())


def _walk(model: type[Model], path: FieldPath, found: dict[type[Model], Shape]) -> None:
    shape = found.setdefault(model, Shape(model))
    if path:
        shape.paths.append(path)
    for name, info in shape.fields.items():
        for inner, below in models_in(info.annotation):
            _walk(inner, (*path, name, *below), found)


def models_in(annotation: Any) -> Iterator[tuple[type[Model], FieldPath]]:
    """The shapes that a value may have, each with the steps that lead to it from the field."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation, ()
    below = (ANY_KEY,) if get_origin(annotation) is dict else ()
    for part in get_args(annotation):
        for model, steps in models_in(part):
            yield model, (*below, *steps)
