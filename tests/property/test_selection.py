"""Selection against an oracle that asks every key of every VM, and the explanation against selection."""

from fnmatch import fnmatchcase
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.azure.codec import vm as vm_codec
from backup_reconciler.plan.explanation.choice import judged
from backup_reconciler.plan.selection.matching import Directory, selected, selected_by_id, subscriptions_of
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.state.vm import LiveVM

SUBSCRIPTIONS, GROUPS, NAMES = ["s1", "S2"], ["rg-web", "RG-db"], ["web-1", "Web-2", "db-1"]
REGIONS, VALUES = ["japaneast", "japanwest"], ["prod", "PROD", ""]
FLEET_IDS = [
    f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"
    for subscription in SUBSCRIPTIONS
    for group in GROUPS
    for name in NAMES
]


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


tags = st.dictionaries(
    st.sampled_from(["env", "ENV", "owner"]),
    some(VALUES) | st.builds(lambda exists: {"exists": exists}, st.booleans()),
    min_size=1,
    max_size=2,
)
selectors = st.fixed_dictionaries(
    {},
    optional={
        "subscriptions": some(["S1", "s2"]),
        "resourceGroups": some(["RG-WEB", "rg-db", "rg-no"]),
        "names": some(["*", "web-*", "?b-1", "DB-1", "web-[12]"]),
        "locations": some(REGIONS),
        "ids": some([text.upper() for text in FLEET_IDS]),
        "tags": tags,
    },
).filter(bool)
machines = st.builds(
    lambda id_, region, found: vm_codec.decode({"id": id_, "location": region, "tags": found}),
    st.sampled_from(FLEET_IDS),
    st.sampled_from(REGIONS),
    st.dictionaries(st.sampled_from(["Env", "owner"]), st.sampled_from(VALUES)),
)
fleets = st.lists(machines, unique_by=lambda vm: vm.id, max_size=12)


def means(selector: dict[str, Any], vm: LiveVM) -> bool:
    """The oracle: AND across keys, OR within a list, each as Azure compares it."""

    def same(wanted: list[str], found: str) -> bool:
        return found.casefold() in [one.casefold() for one in wanted]

    def like(pattern: str) -> bool:
        return fnmatchcase(vm.name.casefold(), pattern.casefold().replace("[", "[[]"))

    def tagged(name: str, wanted: Any) -> bool:
        found = vm.tags.get(name.casefold())
        return (found is not None) is wanted["exists"] if isinstance(wanted, dict) else found in wanted

    asked = {
        "subscriptions": lambda wanted: same(wanted, vm.id.subscription),
        "resourceGroups": lambda wanted: same(wanted, vm.id.resource_group),
        "names": lambda wanted: any(map(like, wanted)),
        "locations": lambda wanted: vm.location in wanted,
        "ids": lambda wanted: same(wanted, vm.id.text),
        "tags": lambda wanted: all(tagged(name, values) for name, values in wanted.items()),
    }
    return all(asked[key](wanted) for key, wanted in selector.items())


@given(selectors, st.none() | selectors, fleets)
def test_what_is_selected_is_what_the_oracle_says_and_the_explanation_agrees(
    select: dict[str, Any], exclude: dict[str, Any] | None, fleet: list[LiveVM]
) -> None:
    document = {"vault": "v", "select": select} | ({"exclude": exclude} if exclude else {})
    spec = AssignmentSpec.model_validate(document)
    homes = {"s1"}
    looked_in = {name.casefold() for name in select.get("subscriptions", [])} or homes
    expected = [
        vm.id
        for vm in fleet
        if ("ids" in select or vm.id.subscription.casefold() in looked_in)
        and means(select, vm)
        and not (exclude and means(exclude, vm))
    ]
    directory = Directory.of({vm.id: vm for vm in fleet})
    candidates = directory.candidates(spec.select, subscriptions_of(spec.select, homes))
    assert [vm.id for vm in selected(spec, candidates)] == sorted(expected)
    for vm in fleet:
        chosen, why = judged(spec, vm)
        assert chosen == (means(select, vm) and not (exclude and means(exclude, vm)))
        assert why
        if selected_by_id(spec, vm.id):
            assert chosen, "what an id alone tells is never more than the whole tells"
