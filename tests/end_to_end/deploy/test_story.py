"""What the pods run, run against the sandbox: a night, its report, an apply."""

import json

import pytest

from tests.conftest import Cli, Estate, assignment, policy, vault, vms, world
from tests.end_to_end.deploy.kubernetes import environment, jobs, script
from tests.end_to_end.pipelines.runner import Ran, Runner


@pytest.fixture
def runner(estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Two vaults are declared and not there, one of each shard; each is to have a VM."""
    names = ("rsv-c", "rsv-d")
    estate.exists(**world(vms(*(f"web-{name}" for name in names))))
    for name in names:
        chosen = assignment(f"web-{name}", vault=name, policy=f"daily-{name}", select={"names": [f"web-{name}"]})
        estate.declare(name, vault(name), policy(f"daily-{name}", vaults=[name], name="daily"), chosen)
    made = Runner(estate, cli)
    (made.folder / "reports").mkdir()
    monkeypatch.chdir(made.folder)
    return made


def pods(runner: Runner, job: str) -> list[Ran]:
    """All pods of a Job, one after the other, each with its index; two, where it is Indexed."""
    given = {**environment(job), "MANIFESTS": "backups", "REPORTS": "reports", "SHARDS": "2"}
    indexes = range(2 if "completionMode" in jobs()[job] else 1)
    return [runner.run(script(job), **given, JOB_COMPLETION_INDEX=str(index)) for index in indexes]


def test_a_night_its_report_and_an_apply(runner: Runner) -> None:
    night = pods(runner, "drift")
    assert [one.status for one in night] == [0, 0], night
    shards = [json.loads(runner.text(f"reports/shard-{number}.json")) for number in (1, 2)]
    assert [one["shard"] for one in shards] == ["1/2", "2/2"]

    (report,) = pods(runner, "drift-report")
    assert report.status == 2, report.out
    assert all(f"rsv-{one}" in report.out for one in "cd")
    assert runner.text("reports/drift.html").startswith("<!doctype html>")
    (again,) = pods(runner, "drift-report")
    assert again.status == 1, "the night's reports were told; an old one must not pass for a new one"

    applied = pods(runner, "apply")
    assert [one.status for one in applied] == [0, 0], applied


def test_a_shard_that_fails_leaves_no_report_of_an_earlier_night(runner: Runner) -> None:
    (runner.folder / "reports" / "shard-1.json").write_text("{}")
    (runner.folder / "backups").unlink()
    assert {one.status for one in pods(runner, "drift")} == {1}
    assert list((runner.folder / "reports").iterdir()) == []
