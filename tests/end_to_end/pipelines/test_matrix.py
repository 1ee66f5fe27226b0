"""The steps of the pipelines that work in shards, run against the sandbox: each machine's, and those that join them."""

import json
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, assignment, policy, vault, vms, world
from tests.end_to_end.pipelines.runner import Ran, Runner
from tests.end_to_end.pipelines.steps import AZURE_MATRIX, GITHUB_MATRIX, azure_steps, github_steps, step

SHARDS = ("1", "2")
VAULTS = ("rsv-c", "rsv-d")
"""Of two shards the second has the first of them."""


@pytest.fixture
def runner(estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A repository that declares vaults with a VM each, of which Azure has the VMs alone."""
    estate.exists(**world(vms(*(f"web-{name}" for name in VAULTS))))
    for name in VAULTS:
        chosen = assignment(f"web-{name}", vault=name, policy=f"daily-{name}", select={"names": [f"web-{name}"]})
        estate.declare(name, vault(name), policy(f"daily-{name}", vaults=[name], name="daily"), chosen)
    cli("fmt", estate.manifests)
    made = Runner(estate, cli)
    monkeypatch.chdir(made.folder)
    return made


def test_github_plans_tells_and_applies_in_shards(runner: Runner) -> None:
    files = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary", "GITHUB_REPOSITORY": "me/backups"}

    def runs(job: str, name: str, **environment: str) -> None:
        ran = runner.run(step(github_steps(GITHUB_MATRIX), job, name), **files, **environment)
        assert ran.status == 0, ran.out

    for shard in SHARDS:
        runs("plan", "Plan", SHARD=shard, SHARDS="2")
    runs("report", "Report")
    assert runner.text("output") == "changes=true\n"
    assert all(name in runner.text("summary") for name in VAULTS)
    assert len(json.loads(runner.text("plan.sarif"))["runs"]) == 1
    runs("report", "Comment", PULL_REQUEST="7")
    assert runner.calls[-1].startswith("gh api --silent --method POST repos/me/backups/issues/7/comments")
    for shard in SHARDS:
        runs("apply", "Apply", SHARD=shard)
    runs("plan", "Plan", SHARD="2", SHARDS="2")
    assert json.loads(runner.text("report-2.json"))["actions"] == []


def test_azure_pipelines_plan_tell_and_apply_in_shards(runner: Runner) -> None:
    workspace = runner.folder / "workspace"

    def runs(stage: str, name: str, shard: str = "1") -> Ran:
        given = {"SYSTEM_JOBPOSITIONINPHASE": shard, "SYSTEM_TOTALJOBSINPHASE": "2"}
        ran = runner.run(step(azure_steps(AZURE_MATRIX), stage, name), **given, PIPELINE_WORKSPACE=str(workspace))
        assert ran.status == 0, ran.out
        return ran

    def published(folder: str, shard: str, place: Path) -> None:
        """A folder becomes an artifact, and that is downloaded."""
        place.mkdir(parents=True, exist_ok=True)
        (runner.folder / folder).rename(place / f"{folder}-{shard}")

    for shard in SHARDS:
        runs("plan", "Plan", shard)
        published("plan", shard, workspace / "plans")
    assert "changes;isOutput=true]true\n" in runs("plan", "Report").out
    assert all(name in runner.text("plan.md") for name in VAULTS)
    for shard in SHARDS:
        (workspace / "plans" / f"plan-{shard}").rename(workspace / f"plan-{shard}")
        runs("apply", "Apply", shard)
    for shard in SHARDS:
        runs("drift", "Drift", shard)
        published("drift", shard, workspace / "drifts")
    assert "SucceededWithIssues" not in runs("drift", "Report drift").out
