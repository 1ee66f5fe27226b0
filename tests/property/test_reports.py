"""Whatever an estate looks like: each VM stands in one way, counts agree with coverage, nothing is new since now."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.plan import make_plan
from backup_reconciler.plan.standing.machine import Standing
from backup_reconciler.report.data.drift import drift_data
from backup_reconciler.report.data.plan import plan_data
from backup_reconciler.report.earlier import read_earlier
from backup_reconciler.report.model.report import About, Report, report_of, with_since
from backup_reconciler.report.model.resource import ResourceState
from backup_reconciler.report.model.since import Origin
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.snapshot import Snapshot
from tests.property.test_authority import runs, snapshots

DAY = date(2026, 11, 23)


def report(manifests: Manifests, snapshot: Snapshot, about: About = About.DRIFT) -> Report:
    return report_of(about, make_plan(manifests, snapshot, DAY), snapshot, manifests)


@given(runs(), snapshots())
def test_each_vm_stands_in_one_way_and_the_counts_are_those_of_coverage(
    manifests: Manifests, snapshot: Snapshot
) -> None:
    told = report(manifests, snapshot)
    counts, coverage = told.counts.standings, told.plan.coverage_now
    assert len({one.vm for one in told.machines}) == len(told.machines) == sum(counts.values())
    assert sum(told.counts.health.values()) == len(told.machines)
    known = {one.vm for one in told.machines}
    assert {item.vm for contents in snapshot.vaults.values() for item in contents.backups} <= known
    if coverage is None:
        assert set(counts) - {one for one in counts if not counts[one]} <= {Standing.ORPHAN, Standing.NOT_LOOKED_FOR}
        return
    assert counts[Standing.PROTECTED] + counts[Standing.WRONG_POLICY] == len(coverage.covered)
    assert counts[Standing.UNCOVERED] + counts[Standing.STOPPED] == len(coverage.uncovered)
    assert counts[Standing.EXEMPT] == len(coverage.exempt)
    assert counts[Standing.UNKNOWN] == len(coverage.unknown)


@given(runs(), snapshots())
def test_each_resource_is_told_once_with_both_its_sides(manifests: Manifests, snapshot: Snapshot) -> None:
    told = report(manifests, snapshot)
    addresses = [one.address for one in told.resources]
    assert len(set(addresses)) == len(addresses) == sum(told.counts.resources.values())
    assert told.counts.differences == len(told.differences)
    for one in told.differences:
        assert one.address in told.sides, "each difference can be held against another report"
    same = [one for one in told.resources if one.state is ResourceState.AS_DECLARED]
    assert {one.address for one in same} <= {one.address for one in told.plan.unchanged}


@given(runs(), snapshots(), st.sampled_from(About))
def test_since_a_report_of_the_same_nothing_is_new_or_gone(
    manifests: Manifests, snapshot: Snapshot, about: About
) -> None:
    told, before = report(manifests, snapshot), report(manifests, snapshot, about)
    data = drift_data(before) if about is About.DRIFT else plan_data(before)
    since = with_since(told, read_earlier("before", data.model_dump_json().encode())).since
    assert since is not None
    assert (since.new, since.gone) == (frozenset(), ())
    unknown = {one for one, origin in since.origins.items() if origin is Origin.UNKNOWN}
    assert set(since.origins.values()) <= {Origin.AS_BEFORE, Origin.UNKNOWN}
    assert unknown == {one for one in since.origins if None in (told.sides[one].declared, told.sides[one].found)}


@given(runs(), snapshots(), snapshots())
def test_what_is_new_and_what_is_gone_is_the_difference_of_the_differences(
    manifests: Manifests, before: Snapshot, after: Snapshot
) -> None:
    """Of the same manifests no difference comes from git."""
    then, now = report(manifests, before), report(manifests, after)
    since = with_since(now, read_earlier("before", drift_data(then).model_dump_json().encode())).since
    assert since is not None
    once, today = ({one.address for one in told.differences} for told in (then, now))
    assert since.new == today - once
    assert {one.address for one in since.gone} == once - today
    assert since.origins.keys() == today
    every = {*since.origins.values(), *(one.origin for one in since.gone)}
    assert every <= {Origin.AS_BEFORE, Origin.AZURE, Origin.UNKNOWN}
