"""Saved plans: the digest of an action changes with everything that it depends on, and with nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from backup_reconciler.plan.action import AnyAction
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.runs import next_runs
from backup_reconciler.plan.saved.manifests import manifests_digest
from backup_reconciler.plan.saved.reading import read_saved_plan
from backup_reconciler.plan.saved.saved_plan import Origin, saved_action, saved_plan
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests, Place, Source
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.settings import SettingsSpec
from backup_reconciler.spec.vault import VaultSpec
from tests.conftest import policy, vault
from tests.property.policies import valid_policies
from tests.unit.plan.actions import DAY, EXAMPLES, SETTINGS

# What no digest may change with, by the name of the field: written down here a second time, on purpose.
NOISE = {"place", "label", "raw", "depends_on", "critical", "earliest", "runs", "is_next_step", "kept_until"} | {
    *("emptied_on", "wire_state", "last_backup", "last_backup_failed", "last_error", "deleted_at"),
    *("provisioning_state", "private_endpoints"),
}
# By kind: what is told by the changes, or by other fields.
TOLD_ELSEWHERE = {
    "UpdateVault": {"live"},
    "WeakenVault": {"live"},
    "LockVault": {"live"},
    "UpdateFirewall": {"live"},
    "RunScript": {"found"},
    "BackUpNow": {"found", "data_effect"},
    "DeleteData": {"data_effect"},
    "DeleteVault": {"data_effect"},
    "Undelete": {"data_effect"},
    "UpdatePolicy": {"data_effect"},
}


MUTATIONS: list[tuple[type | tuple[type, ...], Callable[[Any], Any]]] = [
    (bool, lambda value: not value),
    (Enum, lambda value: next(other for other in type(value) if other is not value)),
    (str, lambda value: f"{value}-other"),
    (int, lambda value: value + 1),
    (ArmId, lambda value: value.child("other")),
    (date, lambda value: value + timedelta(days=1)),
    (BaseModel, lambda value: value.model_copy(update=dict.fromkeys(type(value).model_fields))),
    ((tuple, frozenset), lambda value: type(value)(() if value else ["other"])),
    (dict, lambda value: {**value, "other": 1}),
    (type(None), lambda _: "something"),
    (object, lambda _: None),
]


def mutated(value: Any) -> Any:
    """Another value, of the same kind if it can be."""
    return next(other for kind, other in MUTATIONS if isinstance(value, kind))(value)


def mutations(value: Any, kind: str, path: str = "") -> Iterator[tuple[str, bool, Any]]:
    """Each field of a dataclass, and of those in it, otherwise: its path, whether it counts, and the whole with it."""
    for field in fields(value):
        name, inner = field.name, getattr(value, field.name)
        counts = name not in NOISE and (path or name not in TOLD_ELSEWHERE.get(kind, set()))
        where = f"{path}{name}"
        if is_dataclass(inner) and counts:
            for deeper, also, changed in mutations(inner, kind, f"{where}."):
                yield deeper, also, replace(value, **{name: changed})
        other = next_runs(SETTINGS, DAY + timedelta(days=1)) if name == "runs" else mutated(inner)
        yield where, bool(counts), replace(value, **{name: other})


def test_there_is_an_example_of_every_kind_of_action() -> None:
    assert {type(action) for action in EXAMPLES} == set(get_args(AnyAction))


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda action: type(action).__name__)
def test_what_an_action_depends_on_and_nothing_else_changes_its_digest(action: AnyAction) -> None:
    digest = saved_action(action).digest
    of_each = list(mutations(action, type(action).__name__))
    wrong = [path for path, counts, other in of_each if (saved_action(other).digest != digest) is not counts]
    assert wrong == []
    assert {path for path, counts, _ in of_each if counts} >= {"address", "changes", "risks", "guard"}


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda action: type(action).__name__)
@pytest.mark.parametrize("field", ["path", "found", "declared"])
def test_either_side_of_a_change_counts_and_its_line_does_not(action: AnyAction, field: str) -> None:
    (change,) = action.changes
    moved = replace(action, changes=(replace(change, place=Place("other.yaml", 9, 9)),))
    assert saved_action(moved) == saved_action(action)
    other = replace(action, changes=(replace(change, **{field: "other"}),))
    assert saved_action(other).digest != saved_action(action).digest


def in_other_case(value: Any, flip: st.DataObject) -> Any:
    """The same with ARM ids written in another letter case."""
    if isinstance(value, ArmId):
        return ArmId(flip.draw(st.sampled_from([value.text.upper(), value.text.lower(), value.text.swapcase()])))
    if isinstance(value, tuple | frozenset):
        return type(value)(in_other_case(one, flip) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: in_other_case(getattr(value, field.name), flip) for field in fields(value)}
        )
    return value


@given(action=st.sampled_from(EXAMPLES), flip=st.data())
def test_the_letter_case_of_ids_does_not_count(action: AnyAction, flip: st.DataObject) -> None:
    assert saved_action(in_other_case(action, flip)).digest == saved_action(action).digest


ORIGIN = Origin(tool_version="1", azure="sandbox", subscriptions=["s"], manifests=f"sha256:{'0' * 64}")


@given(st.lists(st.sampled_from(EXAMPLES), unique_by=lambda action: action.id), st.dates())
def test_equal_plans_are_equal_files_and_are_read_as_they_were_written(actions: list[AnyAction], day: date) -> None:
    made = [saved_plan(Plan(day, tuple(actions), reads=reads), ORIGIN) for reads in (1, 2)]
    assert made[0].text() == made[1].text()
    assert read_saved_plan(made[0].text().encode()) == made[0]


# ---- manifests -----------------------------------------------------------------------------------------------------


def declared(spec: type[Any], document: dict[str, Any], line: int) -> Declaration[Any]:
    source = Source({(): Place(f"{line}.yaml", line, 1)})
    return Declaration(document["kind"], document["metadata"]["name"], spec.model_validate(document["spec"]), source)


@given(st.permutations(range(4)), valid_policies(vaults=["rsv"]))
def test_manifests_that_say_the_same_have_one_digest(order: list[int], spec: BackupPolicySpec) -> None:
    """In whatever order, in whatever files; saying something else they have another."""
    names = ["one", "two", "three", "four"]
    documents = [policy(name) | {"spec": spec.model_dump(by_alias=True, exclude_defaults=True)} for name in names]

    def manifests(order: list[int], **vault_spec: Any) -> Manifests:
        policies = tuple(declared(BackupPolicySpec, documents[index], at) for at, index in enumerate(order))
        return Manifests(vaults=(declared(VaultSpec, vault(**vault_spec), 9),), policies=policies)

    first = manifests_digest(manifests(list(range(4))))
    assert manifests_digest(manifests(order)) == first
    assert manifests_digest(manifests(order, tags={"a": "b"})) != first
    assert manifests_digest(manifests(order[1:])) != first


@pytest.mark.parametrize(
    ("settings", "counts"),
    [
        ({"allow": {"destructive": True}}, True),
        ({"limits": {"stops": 100}}, True),
        ({"strict": True}, True),
        ({"roots": ["."]}, True),
        ({"connection": {"concurrency": 3}}, False),
        ({"lock": {"blob": "https://account.blob.core.windows.net/locks/one"}}, False),
    ],
)
def test_settings_count_where_they_say_what_a_run_may_do(settings: dict[str, Any], counts: bool) -> None:
    document = {"kind": "Settings", "metadata": {"name": ""}, "spec": settings}
    manifests = Manifests(settings=declared(SettingsSpec, document, 1))
    assert (manifests_digest(manifests) != manifests_digest(Manifests())) is counts
