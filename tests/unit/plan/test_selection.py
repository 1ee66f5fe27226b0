"""Selection: AND across keys, OR within a list; names, groups and tag names ignore case, tag values do not."""

from typing import Any

import pytest

from backup_reconciler.azure.codec import vm as vm_codec
from backup_reconciler.plan.selection.matching import Directory, selected, selected_by_id, subscriptions_of
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.selector import Selector
from backup_reconciler.state.vm import LiveVM


def vm(name: str, group: str = "rg-web", subscription: str = "s1", location: str = "japaneast", **tags: str) -> LiveVM:
    id_ = f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"
    return vm_codec.decode({"id": id_, "location": location, "tags": tags})


FLEET = [
    vm("web-01", env="prod", tier="gold"),
    vm("WEB-02", group="RG-WEB", env="test"),
    vm("db-01", group="rg-db", location="japanwest", Env="prod"),
    vm("db-02", group="rg-db", subscription="S2", env="PROD"),
]

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a group of some subscriptions": ({"resourceGroups": ["rg-db", "RG-DB"], "subscriptions": ["s2"]}, ["db-02"]),
    "an id of a subscription that is not looked in": ({"ids": [FLEET[3].id.text], "subscriptions": ["s1"]}, []),
    "everything": ({"names": ["*"]}, ["db-01", "web-01", "WEB-02", "db-02"]),
    "a pattern in any case": ({"names": ["Web-*"]}, ["web-01", "WEB-02"]),
    "one of two patterns": ({"names": ["web-01", "?b-02"]}, ["web-01", "db-02"]),
    "a pattern is the whole name": ({"names": ["web"]}, []),
    "brackets are no wildcards": ({"names": ["web-0[1-2]"]}, []),
    "a group in any case": ({"resourceGroups": ["Rg-Web"]}, ["web-01", "WEB-02"]),
    "a group has no wildcards": ({"resourceGroups": ["rg-*"]}, []),
    "a region by its display name": ({"locations": ["Japan West"]}, ["db-01"]),
    "a subscription in any case": ({"subscriptions": ["s2"]}, ["db-02"]),
    "a tag's name in any case, its value not": ({"tags": {"ENV": ["prod"]}}, ["db-01", "web-01"]),
    "one of two values": ({"tags": {"env": ["prod", "PROD"]}}, ["db-01", "web-01", "db-02"]),
    "a tag that exists": ({"tags": {"Tier": {"exists": True}}}, ["web-01"]),
    "a tag that does not": ({"tags": {"Tier": {"exists": False}}}, ["db-01", "WEB-02", "db-02"]),
    "both tags": ({"tags": {"env": ["prod"], "tier": ["gold"]}}, ["web-01"]),
    "an id in any case": ({"ids": [FLEET[0].id.text.upper()]}, ["web-01"]),
    "keys are AND": ({"names": ["db-*"], "tags": {"env": ["prod"]}}, ["db-01"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_selector(case: str) -> None:
    select, names = CASES[case]
    spec = AssignmentSpec.model_validate({"vault": "v", "select": select})
    found = selected(spec, FLEET)
    assert [one.name for one in found] == names
    candidates = Directory.of({one.id: one for one in FLEET}).candidates(spec.select, ("s1", "s2"))
    assert selected(spec, candidates) == found, "looked up, or looked for among all"


def test_an_exclusion_takes_away_by_the_same_terms() -> None:
    spec = AssignmentSpec.model_validate(
        {"vault": "v", "select": {"names": ["*"]}, "exclude": {"names": ["web-*"], "tags": {"env": ["test"]}}}
    )
    assert [one.name for one in selected(spec, FLEET)] == ["db-01", "web-01", "db-02"]


@pytest.mark.parametrize(
    ("select", "looked_in"),
    [
        ({"names": ["*"]}, {"vault-sub"}),
        ({"subscriptions": ["A", "b"]}, {"a", "b"}),
        ({"ids": [FLEET[3].id.text]}, {"s2"}),
        ({"ids": [FLEET[3].id.text], "subscriptions": ["a"]}, {"a"}),
    ],
)
def test_where_an_assignment_looks(select: dict[str, Any], looked_in: set[str]) -> None:
    assert subscriptions_of(Selector.model_validate(select), ["Vault-Sub"]) == looked_in


@pytest.mark.parametrize(
    ("spec", "selected_by_id_alone"),
    [
        ({"select": {"ids": [FLEET[0].id.text.upper()]}}, True),
        ({"select": {"ids": [FLEET[1].id.text]}}, False),
        ({"select": {"ids": [FLEET[0].id.text], "tags": {"env": ["prod"]}}}, False),
        ({"select": {"ids": [FLEET[0].id.text], "locations": ["japaneast"]}}, False),
        ({"select": {"ids": [FLEET[0].id.text]}, "exclude": {"tags": {"env": ["test"]}}}, False),
        ({"select": {"ids": [FLEET[0].id.text]}, "exclude": {"names": ["web-*"]}}, False),
        ({"select": {"ids": [FLEET[0].id.text]}, "exclude": {"names": ["db-*"]}}, True),
    ],
)
def test_what_can_be_told_of_a_vm_by_its_id_alone(spec: dict[str, Any], selected_by_id_alone: bool) -> None:
    assert selected_by_id(AssignmentSpec.model_validate({"vault": "v", **spec}), FLEET[0].id) is selected_by_id_alone
