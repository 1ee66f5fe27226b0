"""Reading by Resource Graph gives the plan that lists give; where it is behind, no action that they would not give."""

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Cli
from tests.property.test_converges import SETTINGS, estates, vaults

Case = tuple[dict[str, Any], list[dict[str, Any]]]
CONSENT = ("--auto-approve", "--allow-destructive", "--allow-one-way")
few = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def written(folder: Path, case: Case) -> tuple[object, ...]:
    """A folder with a world and manifests, as arguments of a verb."""
    world, documents = case
    (folder / "any.world.yaml").write_text(yaml.safe_dump(world))
    (folder / "all.yaml").write_text(yaml.safe_dump_all(documents, sort_keys=False))
    (folder / "backup-reconciler.yaml").write_text(yaml.safe_dump(SETTINGS))
    return (folder, "--sandbox", folder / "any.world.yaml", "--format", "json")


def told(cli: Cli, verb: str, *arguments: object) -> dict[str, Any]:
    """What a verb tells, but how it was read. Letter case does not count in ids, and Compute's list prints another."""
    answer = cli(verb, *arguments)
    assert answer.status in (0, 2), answer.err
    data: dict[str, Any] = json.loads(answer.out.casefold())
    del data["requests"], data["read"]
    return data


@few
@given(st.one_of(estates(), vaults()))
def test_without_a_lag_both_ways_of_reading_tell_the_same(cli: Cli, case: Case) -> None:
    with tempfile.TemporaryDirectory() as name:
        where = written(Path(name), case)
        for verb in ("plan", "drift"):
            assert told(cli, verb, *where, "--read", "graph") == told(cli, verb, *where)


@few
@given(estates())
def test_behind_by_a_day_a_plan_has_no_action_that_lists_would_not_give(cli: Cli, case: Case) -> None:
    """What was applied is not known to Resource Graph, and half of it is declared otherwise by now."""
    world, documents = case
    with tempfile.TemporaryDirectory() as name:
        where = written(Path(name), ({**world, "graphLagSeconds": 86_400}, documents))
        assert cli("apply", *where[:3], *CONSENT).status == 0
        lists, graph = told(cli, "plan", *where), told(cli, "plan", *where, "--read", "graph")
        assert graph["actions"] == lists["actions"]
