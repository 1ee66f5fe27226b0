"""Worlds: no text ends in anything but a world or a WorldError, and the JSON Schema agrees with the reader."""

import contextlib
import copy
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backup_reconciler.sandbox import WorldError
from backup_reconciler.sandbox.world.world import World
from backup_reconciler.sandbox.world_file import load_world, parse_world

S = "11111111-1111-1111-1111-111111111111"
SCHEMA = World.model_json_schema(by_alias=True)


def sample() -> dict[str, Any]:
    """Something of everything whose rules a schema can tell."""
    return {
        "kind": "World",
        "era": 2026,
        "clock": "2026-11-23T08:00:00Z",
        "pageSize": 10,
        "durations": {"stop": 1.5},
        "graphLagSeconds": 3,
        "faults": [{"path": "*", "status": 500, "times": 2}],
        "access": [{"actions": ["*"], "scopes": ["/"]}],
        "azurePolicies": [{"name": "p", "effect": "Audit"}],
        "subscriptions": {
            S: {
                "locks": {"l": {"level": "ReadOnly"}},
                "resourceGroups": {
                    "rg": {
                        "virtualMachines": {
                            "a": {"location": "x", "disks": [{"lun": 1}], "tags": {"k": "v"}, "zones": ["1"]},
                            "b": {"location": "x", "agent": None, "extensions": {"E": {"state": "failed"}}},
                        },
                        "vaults": {
                            "rsv": {
                                "location": "x",
                                "softDelete": {"retentionDays": 20},
                                "protectedItems": [{"vm": "a", "policy": "DefaultPolicy"}],
                            }
                        },
                    }
                },
            }
        },
    }


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """What JSON Schema says, for the words that the schema of a world uses."""
    if "$ref" in schema:
        return accepts(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value)
    if "anyOf" in schema:
        return any(accepts(each, value) for each in schema["anyOf"])
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    match schema.get("type"):
        case "integer":
            right = isinstance(value, int) and not isinstance(value, bool)
        case "number":
            right = isinstance(value, int | float) and not isinstance(value, bool)
        case None:
            right = True
        case kind:
            right = isinstance(value, kinds[kind])
    return right and _fits(schema, value)


def _fits(schema: dict[str, Any], value: Any) -> bool:
    one_of = schema.get("enum", [schema["const"]] if "const" in schema else [value])
    if value not in one_of or (isinstance(value, bool) and "enum" in schema):
        return False
    if isinstance(value, str):
        bounded = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return bounded and re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        return all(accepts(schema.get("items", {}), each) for each in value)
    if isinstance(value, dict):
        return _fits_object(schema, value)
    return value is None or bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))


def _fits_object(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    return (
        set(schema.get("required", ())) <= value.keys()
        and all(_fits(schema.get("propertyNames", {}), key) for key in value)
        and all(
            accepts(properties[key], each)
            if key in properties
            else others is not False and accepts(others if isinstance(others, dict) else {}, each)
            for key, each in value.items()
        )
    )


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for step, each in steps for place in [(*at, step), *places(each, (*at, step))]]


ODD = st.sampled_from(
    [None, True, False, -1, 0, 1, 64, 2021, 10**12, 1.5, -0.5, float("inf"), "", "x", "5", "Deny", "/", "prod", "a b",
     [], [1], ["x"], {}, {"x": 1}, {"x": {}}, "2026-11-23T08:00:00", "2026-11-23 08:00:00Z"]
)  # fmt: skip


@given(st.sampled_from(places(sample())), ODD, st.sampled_from(["replace", "remove", "add"]))
@settings(max_examples=250, deadline=None)
def test_the_schema_and_the_reader_agree_on_single_changes(at: tuple[Any, ...], odd: Any, how: str) -> None:
    """What the schema refuses the reader refuses; what the reader refuses besides has a rule that no schema tells."""
    changed = copy.deepcopy(sample())
    holder: Any = changed
    for step in at[:-1]:
        holder = holder[step]
    if how == "remove":
        del holder[at[-1]]
    elif how == "add" and isinstance(holder, dict):
        holder["unheard"] = odd
    else:
        holder[at[-1]] = odd
    try:
        parse_world(changed)
        refused = ""
    except WorldError as error:
        refused = str(error)
    if not accepts(SCHEMA, changed):
        assert refused
    elif refused:
        assert re.search(BEYOND, refused), refused


BEYOND = (
    "needs|has no policy|is not in this world|is not a policy|in no subscription|takes VMs|finite|service would refuse"
)
"""How the reader speaks of what does not fit together."""


def test_the_sample_is_a_world_to_both() -> None:
    parse_world(sample())
    assert accepts(SCHEMA, sample())


def test_every_field_is_described() -> None:
    for name, model in {**SCHEMA["$defs"], "World": SCHEMA}.items():
        assert model.get("description"), name
        for field, shape in model["properties"].items():
            assert shape.get("description"), f"{name}.{field}"


PIECES = st.sampled_from(
    ["kind: World\n", "era: 2021\n", f"subscriptions: {{{S}: ", "{", "}", "[", "]", ", ", ": ", "\n", "  ", "\t", "- ",
     "&a ", "*a", "!x ", "? ", "---\n", "...\n", "resourceGroups", "virtualMachines", "vaults", "web-[1-3]", "[3-1]",
     "location: x", "tags", "faults", "clock: ", "2026-11-23T08:00:00Z", "'", '"', "|", ">", "#", "%YAML 9.9\n", "~",
     "1e999", "-0", "\x00", "\ufeff", "\u2028", "<<", "rg: ", "null"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_world_or_a_world_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.world.yaml"
    for begun in ("", "kind: World\n"):
        path.write_bytes((begun + text).encode("utf-8", "surrogatepass"))
        with contextlib.suppress(WorldError):
            load_world(path)


@pytest.mark.parametrize(
    "piece",
    ["[", "{", "- ", "a: ", "x\n", "'", "*a ", "&a ", "? ", "web-[1-9]: {}\n", "faults: [1]\n", "1, ", "[1-9]", "!x "],
)
@pytest.mark.parametrize("begun", ["", "kind: World\nfaults: [", "kind: World\nsubscriptions:\n  "])
def test_a_mebibyte_of_anything_is_answered_for(tmp_path: Path, begun: str, piece: str) -> None:
    path = tmp_path / "x.world.yaml"
    path.write_text(begun + piece * (2**20 // len(piece)))
    with pytest.raises(WorldError) as raised:
        load_world(path)
    assert len(str(raised.value)) < 100_000
