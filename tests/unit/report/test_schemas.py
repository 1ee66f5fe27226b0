"""What the JSON Schemas say: all that the models know, in words, and nothing that the language does not take."""

import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from pydantic.fields import FieldInfo

from backup_reconciler.report.schemas import schemas
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import KINDS

SCHEMAS = {name: json.loads(text) for name, text in schemas().items()}
OF_MANIFESTS = [f"{kind}.schema.json" for kind in (*KINDS, "manifest")]
Node = dict[str, Any]


def nodes(node: object) -> Iterator[Node]:
    """Every schema within a schema."""
    if isinstance(node, list):
        for inner in node:
            yield from nodes(inner)
    elif isinstance(node, dict):
        yield node
        for word, inner in node.items():
            if word == "properties":
                yield from nodes([*inner.values()])
            elif word not in ("default", "examples", "if"):
                yield from nodes(inner)


def models(annotation: object) -> Iterator[type[Model]]:
    """Every shape that an annotation speaks of, those of its fields included."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for part in get_args(annotation):
        yield from models(part)


def literals(annotation: object) -> set[Any]:
    """The values that an annotation lists, but not those of the shapes in it."""
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    return {value for part in get_args(annotation) for value in literals(part)}


def fields() -> list[tuple[type[Model], FieldInfo]]:
    shapes = dict.fromkeys(model for document in KINDS.values() for model in models(document))
    return [(model, field) for model in shapes for field in model.model_fields.values()]


FIELDS = fields()


def told(model: type[Model], field: FieldInfo) -> list[Node]:
    """What the schemas say of a field, wherever its shape stands."""
    names = {other.alias or name for name, other in model.model_fields.items()}
    every = (node for name in OF_MANIFESTS for node in nodes(SCHEMAS[name]))
    return [node["properties"][field.alias] for node in every if set(node.get("properties", ())) == names]


def named(field: tuple[type[Model], FieldInfo]) -> str:
    return f"{field[0].__name__}.{field[1].alias}"


@pytest.mark.parametrize("field", FIELDS, ids=named)
def test_every_field_has_a_description(field: tuple[type[Model], FieldInfo]) -> None:
    found = told(*field)
    assert found
    assert all(node.get("description", "").endswith((".", ")")) for node in found)


@pytest.mark.parametrize("field", [each for each in FIELDS if literals(each[1].annotation)], ids=named)
def test_every_value_that_is_listed_can_be_chosen(field: tuple[type[Model], FieldInfo]) -> None:
    within = [inner for node in told(*field) for inner in nodes(node)]
    assert literals(field[1].annotation) <= {
        value for node in within for value in (*node.get("enum", ()), node.get("const"))
    }


@pytest.mark.parametrize("name", OF_MANIFESTS)
def test_whatever_is_not_chosen_from_a_list_has_an_example(name: str) -> None:
    for node in nodes(SCHEMAS[name]):
        for field, told in node.get("properties", {}).items():
            assert not told or field == "spec" or shows(told), field


def shows(told: Node) -> bool:
    """Whether it is seen what to write: a value, a list of them, or fields that are told one by one."""
    if told.get("type") == "array" and "examples" not in told:
        return shows(told["items"])
    return told.get("type") == "boolean" or any(
        word in told for word in ("examples", "enum", "const", "properties", "allOf")
    )


@pytest.mark.parametrize("name", OF_MANIFESTS)
def test_every_example_and_default_is_right(name: str) -> None:
    shown = 0
    for node in nodes(SCHEMAS[name]):
        for value in [*node.get("examples", []), *([node["default"]] if "default" in node else [])]:
            assert [error.message for error in Draft7Validator(node).iter_errors(value)] == []
            shown += 1
    assert shown


@pytest.mark.parametrize("name", OF_MANIFESTS)
def test_null_is_offered_for_the_value_of_a_vaults_tag_alone(name: str) -> None:
    every = list(nodes(SCHEMAS[name]))
    taking_null = [node for node in every if node.get("type") == "null" or node.get("default", ...) is None]
    of_tags = [
        inner
        for node in every
        if "null removes one" in node.get("description", "")
        for inner in nodes(node.get("additionalProperties"))
        if inner.get("type") == "null"
    ]
    assert taking_null == of_tags
    assert bool(of_tags) is (name in ("Vault.schema.json", "manifest.schema.json"))


@pytest.mark.parametrize("name", OF_MANIFESTS)
def test_no_mapping_takes_fields_that_it_does_not_know(name: str) -> None:
    shapes = [node for node in nodes(SCHEMAS[name]) if node.get("type") == "object" and "properties" in node]
    choices = [node for node in shapes if "allOf" in node]  # whose branches are closed
    assert [node for node in shapes if node.get("additionalProperties") is not False and node not in choices] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_all_that_can_be_written_has_a_description(name: str) -> None:
    for node in nodes(SCHEMAS[name]):
        assert [field for field, told in node.get("properties", {}).items() if told and "description" not in told] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_titles_and_descriptions_are_for_people(name: str) -> None:
    for node in nodes(SCHEMAS[name]):
        title = node.get("title", "")
        assert " " in title or title == title.capitalize()
        assert "  " not in node.get("description", "")


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_whole_and_of_the_drafts_that_editors_and_validators_read(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name])
    Draft202012Validator.check_schema(SCHEMAS[name])
    words = {word for node in nodes(SCHEMAS[name]) for word in node}
    assert not words & {"$ref", "$defs", "definitions", "prefixItems", "discriminator"}


def test_a_value_that_the_description_of_its_field_explains_is_explained_by_itself() -> None:
    protection = SCHEMAS["VMAssignment.schema.json"]["properties"]["spec"]["properties"]["protection"]
    meanings = dict(zip(protection["enum"], protection["enumDescriptions"], strict=True))
    assert meanings["active"] == "backed up by the policy"
    assert all(meanings.values())


def test_descriptions_of_values_are_as_many_as_the_values() -> None:
    for node in (node for schema in SCHEMAS.values() for node in nodes(schema)):
        if "enumDescriptions" in node:
            assert len(node["enumDescriptions"]) == len(node["enum"])


def test_every_schema_has_a_name_of_its_own_and_no_host() -> None:
    assert len({schema["$id"] for schema in SCHEMAS.values()}) == len(SCHEMAS)
    assert all(schema["$id"].startswith("urn:") for schema in SCHEMAS.values())
