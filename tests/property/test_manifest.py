"""Manifests: every spec survives being written and read, and nothing that is read can do more than be refused."""

import json
import re
import tempfile
from collections import ChainMap
from datetime import date
from pathlib import Path
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from backup_reconciler.manifest import ManifestError, load
from backup_reconciler.manifest.writing import write
from backup_reconciler.spec.document import KINDS, Manifests
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.values import Redundancy, Switch, known_time_zones
from backup_reconciler.spec.vault import Immutability, SoftDeleteState, VaultSpec
from tests.property import strategies_outbound
from tests.property.policies import valid_policies
from tests.property.strategies import or_left_out

CASES = Path(__file__).parents[1] / "unit" / "manifest" / "cases"
SEEDS = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*/*.yaml"))]

NEEDED_BY_OTHERS = {"time_zone"}
"""Settings without which others may not be stated."""

guids = st.uuids().map(str) | st.uuids().map(lambda guid: str(guid).upper())
groups = st.from_regex(r"[\w().-]{0,89}[\w()-]", fullmatch=True).filter(lambda name: len(name) <= 90)
regions = st.from_regex(r"[a-z]{1,20}[0-9]?", fullmatch=True)
texts = st.text(max_size=30)


def lists(of: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(of, min_size=1, max_size=4, unique_by=lambda text: text.rstrip("/").casefold()).map(tuple)


def tags(values: st.SearchStrategy[Any], least: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(texts, values, min_size=least, max_size=4).filter(
        lambda tags: len({name.casefold() for name in tags}) == len(tags)
    )


tag_names = st.text(max_size=30, min_size=1).filter(lambda name: not re.search(r"[<>%&\\?/]", name))


def vm_ids(name: str = "") -> st.SearchStrategy[str]:
    """Ids of VMs whose names begin with `name`."""
    names = st.from_regex(r"[A-Za-z0-9-]{1,50}", fullmatch=True).map(lambda end: f"{name}{end}")
    form = "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Compute/virtualMachines/{}".format
    return st.builds(form, guids, groups, names)


days = st.dates(min_value=date(2027, 1, 1))
presences = st.booleans().map(lambda exists: {"exists": exists})
selections = or_left_out(
    subscriptions=lists(guids), resource_groups=lists(groups), tags=tags(lists(texts) | presences, 1)
)


def selectors(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Selections that fit beside others: of names that begin with `name`, or of some VMs by their ids."""
    by_name = st.builds(
        lambda selection, names: {**selection, "names": [f"{name}{text}" for text in names]}, selections, lists(texts)
    )
    return by_name | st.lists(vm_ids(name), min_size=1, max_size=3, unique_by=str.casefold).map(
        lambda ids: {"ids": ids}
    )


approvals = st.fixed_dictionaries(
    {"by": st.just("Ada"), "reason": texts.map("because {}".format), "expires": days.map(str), "vms": lists(vm_ids())}
)


@st.composite
def documents(draw: st.DrawFn) -> list[tuple[str, str, Any]]:
    """Documents of all kinds that fit together."""
    handles = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._!-]{0,30}", fullmatch=True)
    unique = {"min_size": 1, "max_size": 3, "unique_by": str.casefold}
    vaults = draw(st.lists(handles, **unique))
    policies = draw(st.lists(handles, **unique))
    assignments = draw(st.lists(handles, **unique))
    declared = [("Vault", handle, draw(vault_specs(f"rsv-{index}"))) for index, handle in enumerate(vaults)]
    zoned = any(vault.redundancy == "ZoneRedundant" for _, _, vault in declared)
    without = {"archive_tier"} if zoned else set[str]()
    outbound = draw(st.lists(strategies_outbound.handles, max_size=2, unique_by=str.casefold))
    exemptions = draw(st.lists(handles, max_size=2, unique_by=str.casefold))
    return [
        *declared,
        *(
            ("BackupPolicy", handle, draw(policy_specs(f"daily-{index}", vaults, without)))
            for index, handle in enumerate(policies)
        ),
        *(
            ("VMAssignment", handle, draw(assignment_specs(f"vm-{index}-", vaults)))
            for index, handle in enumerate(assignments)
        ),
        *(
            ("OutboundAccess", handle, draw(strategies_outbound.outbound_specs(index)))
            for index, handle in enumerate(outbound)
        ),
        *(("Exemption", handle, draw(exemption_specs(f"ex-{index}-"))) for index, handle in enumerate(exemptions)),
    ]


def vault_specs(name: str) -> st.SearchStrategy[VaultSpec]:
    switches = st.sampled_from(get_args(Switch))
    optional = or_left_out(
        crossSubscriptionRestore=st.sampled_from(["Enabled", "Disabled", "PermanentlyDisabled"]),
        softDelete=st.fixed_dictionaries(
            {"state": st.sampled_from(get_args(SoftDeleteState))}, optional={"retentionDays": st.integers(14, 180)}
        ),
        immutability=st.sampled_from(get_args(Immutability)),
        publicNetworkAccess=switches,
        alerts=or_left_out(allJobFailures=switches, criticalOperations=switches).filter(bool),
        identity=st.just({"systemAssigned": True}),
        encryption=st.fixed_dictionaries(
            {"key": st.just("https://kv.vault.azure.net/keys/backup")}, optional={"infrastructureEncryption": switches}
        ),
        tags=st.dictionaries(tag_names, st.none() | texts, max_size=4).filter(
            lambda tags: len({name.casefold() for name in tags}) == len(tags)
        ),
    )
    replicated = st.sampled_from([{}, {"redundancy": "GeoRedundant", "crossRegionRestore": "Enabled"}]) | (
        st.sampled_from(get_args(Redundancy)).map(lambda redundancy: {"redundancy": redundancy})
    )
    owned = st.sampled_from([{}, {"existing": True}, {"authoritative": True}])
    return st.builds(
        lambda *parts, **stated: VaultSpec.model_validate({"name": name, **stated, **dict(ChainMap(*parts))}),
        optional,
        replicated,
        owned,
        subscription=guids,
        resourceGroup=groups,
        location=regions,
    )


@st.composite
def policy_specs(draw: st.DrawFn, name: str, vaults: list[str], without: set[str]) -> BackupPolicySpec:
    """Of all that can be said of a whole policy some is left out; or the policy is to be absent."""
    holders = draw(st.just("all") | st.lists(st.sampled_from(vaults), min_size=1, unique=True))
    if draw(st.sampled_from([False, False, False, True])):
        return BackupPolicySpec.model_validate({"name": name, "vaults": holders, "state": "absent"})
    whole = draw(valid_policies(name=name, vaults=holders))
    needed = NEEDED_BY_OTHERS | ({"schedule"} if whole.daylight_saving == "keep-local-hour" else set())
    left_out = without | draw(st.sets(st.sampled_from(sorted(PolicySettings.model_fields.keys() - needed))))
    zone = {"time_zone": draw(st.sampled_from(known_time_zones()))} if whole.daylight_saving == "as-service" else {}
    stated = {field: value for field, value in whole if value is not None and field not in left_out}
    return BackupPolicySpec.model_validate(stated | zone)


def assignment_specs(name: str, vaults: list[str]) -> st.SearchStrategy[AssignmentSpec]:
    spellings = [spelling for handle in vaults for spelling in (handle, handle.upper(), handle.lower())]
    points = st.integers(1, 9999).map(lambda kept: {"keepDays": kept}) | days.map(lambda day: {"keepUntil": str(day)})
    luns = st.lists(st.integers(0, 63), min_size=1, max_size=4, unique=True)
    chosen = luns.map(lambda some: {"include": some}) | luns.map(lambda some: {"exclude": some})
    moves = st.integers(1, 1000).map(lambda number: {"vmsPerRun": number})
    by_built_in = st.just({"policy": "DefaultPolicy"}) | st.fixed_dictionaries(
        {"policy": st.just("EnhancedPolicy")}, optional={"moveToEnhanced": moves}
    )
    active = or_left_out(initialBackup=points, disks=st.sampled_from(["all", "osOnly"]) | chosen)
    return st.builds(
        lambda protected, **stated: AssignmentSpec.model_validate({**stated, **protected}),
        st.one_of(
            st.builds(lambda one, more: one | more, active, by_built_in),
            st.just({"protection": "stopped", "policy": "DefaultPolicy"}),
        ),
        vault=st.sampled_from(spellings),
        select=selectors(name),
        exclude=tags(lists(texts) | presences, 1).map(lambda tags: {"tags": tags}),
    )


def exemption_specs(name: str) -> st.SearchStrategy[ExemptionSpec]:
    return st.builds(
        lambda **stated: ExemptionSpec.model_validate(stated),
        select=selectors(name),
        reason=texts.map("because {}".format),
        expires=days.map(str),
    )


@given(documents())
def test_any_spec_survives_being_written_and_read(written: list[tuple[str, str, Any]]) -> None:
    manifests = read(write(written).encode())
    assert manifests is not None
    declared = manifests.declarations
    assert [(each.kind, each.handle, each.spec) for each in declared] == written


# ---- anything at all -----------------------------------------------------------------------------------------------

words = st.sampled_from(sorted({word for seed in SEEDS for word in re.findall("[A-Za-z]+", seed)}))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | texts, inner, max_size=4),
    max_leaves=20,
)
tokens = st.sampled_from(
    [*"\t\n-?:,[]{}#&*!|>'\"%@`~ ", "---\n", "...\n", "- ", ": ", "? ", "\n  ", "<<: ", "*a ", "&a ", "!!str ", "0",
     "1e3", "null", "Vault", "spec:\n", "\x85", "\u2028", "\ufeff", "\x00", "\r", "é"]
)  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A manifest that somebody's editor had an accident with."""
    text = draw(st.sampled_from(SEEDS))[:3000]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 12))
        text = text[:start] + draw(tokens | words | st.text(max_size=5)) + text[end:]
    return text


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read(data)


@settings(max_examples=150)
@given(st.text(max_size=300) | st.lists(tokens | words, max_size=40).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    read(text.encode())


@settings(max_examples=200)
@given(mutations())
def test_any_accident_is_read_or_refused(text: str) -> None:
    read(text.encode())


@settings(max_examples=150)
@given(st.sampled_from(list(KINDS)), values, st.dictionaries(words, values, max_size=6))
def test_any_values_are_read_or_refused(kind: str, name: object, spec: dict[str, object]) -> None:
    document = {"apiVersion": "backup-reconciler/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
    read(json.dumps(document, ensure_ascii=False).encode())


def read(data: bytes) -> Manifests | None:
    """The manifests of a file, or None where it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.yaml"
        file.write_bytes(data)
        try:
            return load([file])
        except ManifestError as error:
            makes_sense(error, file)
            return None


def makes_sense(error: ManifestError, file: Path) -> None:
    assert error.problems
    assert len(str(error).splitlines()) == len(error.problems), "a problem is one line"
    for problem in error.problems:
        assert problem.what
        assert problem.remedy
        assert problem.place.file == str(file)
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert "Input should" not in problem.what
