"""The shell steps of each pipeline, run one after the other against the sandbox: a change, its apply, a quiet night."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests.conftest import Cli, Estate, assignment, policy, vault, vms, world
from tests.end_to_end.pipelines.runner import Runner
from tests.end_to_end.pipelines.steps import PIPELINES, azure_steps, github_steps, gitlab_steps, step

HOOKS = PIPELINES.parent / ".pre-commit-hooks.yaml"
SETTINGS = "apiVersion: backup-reconciler/v1\nkind: Settings\nspec: {strict: true}\n"
HOSTILE = "##vso[task.setvariable variable=x]y"


@pytest.fixture
def runner(estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A repository that declares one vault, one policy and one VM, of which Azure has the VM alone."""
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(tags={"note": HOSTILE}), policy(), assignment())
    cli("fmt", estate.manifests)
    made = Runner(estate, cli)
    monkeypatch.chdir(made.folder)
    return made


def told_to_github(runner: Runner, name: str) -> str:
    """The last value of an output of a step."""
    lines = runner.text("output").splitlines()
    return dict(line.split("=", 1) for line in lines)[name]


def test_github_from_pull_request_to_a_quiet_night(runner: Runner) -> None:
    files = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary", "GITHUB_REPOSITORY": "me/backups"}

    def runs(job: str, name: str, **environment: str) -> str:
        ran = runner.run(step(github_steps(), job, name), **files, **environment)
        assert ran.status == 0, ran.out
        return ran.out

    runs("backup-reconciler", "Install", RUNNER_TEMP="/tools", REPOSITORY="https://git.example/r", COMMIT="c0ffee")
    assert runner.calls == [
        "git clone --quiet https://git.example/r /tools/backup-reconciler",
        "git -C /tools/backup-reconciler checkout --quiet c0ffee",
        "python -m pip install --quiet --require-hashes --requirement /tools/backup-reconciler/requirements/run.txt",
        "python -m pip install --quiet --no-deps --no-build-isolation --no-index /tools/backup-reconciler",
    ]

    runs("plan", "Plan")
    assert told_to_github(runner, "changes") == "true"
    assert runner.text("summary") == runner.text("plan.md")
    runs("plan", "Comment", PULL_REQUEST="7")
    assert runner.calls[-1].startswith("gh api --silent --method POST repos/me/backups/issues/7/comments")
    runs("plan", "Comment", PULL_REQUEST="7", COMMENT="42\n43")
    assert runner.calls[-1].startswith("gh api --silent --method PATCH repos/me/backups/issues/comments/42")
    assert runner.text("plan.md").startswith("<!-- backup-reconciler plan -->"), "by it the comment is found again"
    assert json.loads(runner.text("plan.sarif"))["version"] == "2.1.0"

    runs("apply", "Apply")
    runs("plan", "Plan")
    assert told_to_github(runner, "changes") == "false"

    runs("drift", "Last report")
    assert "gh run download" not in " ".join(runner.calls)
    runs("drift", "Drift")
    assert told_to_github(runner, "found") == "false"
    runs("drift", "Issue", FOUND="false", ISSUE="5")
    assert runner.calls[-1] == "gh issue close 5 --comment Azure is as declared again."


def test_github_keeps_one_issue_about_drift(runner: Runner) -> None:
    files = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary"}
    drift = step(github_steps(), "drift", "Drift")
    assert runner.run(drift, **files).status == 0
    assert runner.run(step(github_steps(), "drift", "Last report"), LAST_RUN="9").status == 0
    again = runner.run(drift, **files)
    assert again.status == 0, again.out
    assert told_to_github(runner, "found") == "true"
    assert json.loads(runner.text("drift.json"))["since"], "what is new since the last report is told"
    (runner.folder / "last" / "drift.json").write_text('{"formatVersion": 0}')
    alone = runner.run(drift, **files)
    assert alone.status == 0, "a report that cannot be compared with must not keep every night from being told"
    assert "nothing is told to be new" in alone.out
    assert json.loads(runner.text("drift.json")).get("since") is None
    issue = step(github_steps(), "drift", "Issue")
    assert runner.run(issue, FOUND="true").status == 0
    assert runner.calls[-1].startswith("gh issue create ")
    assert runner.run(issue, FOUND="true", ISSUE="5").status == 0
    assert runner.calls[-1] == "gh issue edit 5 --body-file drift.md"


def test_azure_pipelines_from_pull_request_to_a_quiet_night(runner: Runner) -> None:
    def runs(stage: str, name: str) -> str:
        tools = {"AGENT_TEMPDIRECTORY": "/tools", "BACKUP_RECONCILER_REPOSITORY": "r", "BACKUP_RECONCILER_COMMIT": "c"}
        ran = runner.run(step(azure_steps(), stage, name), **tools, PIPELINE_WORKSPACE=str(runner.folder / "workspace"))
        assert ran.status == 0, ran.out
        return ran.out

    runs("install", "Install backup-reconciler")
    assert [call.split()[0] for call in runner.calls] == ["git", "git", "python", "python"]
    runs("plan", "Validate")
    planned = runs("plan", "Plan")
    assert "##vso[task.setvariable variable=changes;isOutput=true]true\n" in planned
    assert f"##vso[task.uploadsummary]{runner.folder}/plan.md\n" in planned
    runs("drift", "Drift")

    (runner.folder / "workspace" / "plan").mkdir(parents=True)
    (runner.folder / "plan.json").rename(runner.folder / "workspace" / "plan" / "plan.json")
    applied = runs("apply", "Apply")
    assert "3 done" in applied
    assert "##vso" not in applied
    assert r"#\x23vso[task.setvariable variable=x]y" in applied, "the tag is told, and is no command"

    quiet = runs("drift", "Drift")
    assert "SucceededWithIssues" not in quiet
    suites = ET.parse(runner.folder / "drift.xml").iter("testsuite")
    assert {suite.get("name") for suite in suites if suite.get("failures") != "0"} == {"Health"}, (
        "the new VM's first backup is still to come"
    )


def test_azure_pipelines_fail_where_the_command_does(runner: Runner) -> None:
    """A pipe and a loop must not swallow an exit status."""
    (runner.folder / "backups").unlink()
    for stage, name in (("plan", "Plan"), ("apply", "Apply"), ("drift", "Drift")):
        ran = runner.run(step(azure_steps(), stage, name), PIPELINE_WORKSPACE="/none")
        assert ran.status == 1, (name, ran.out)


def test_gitlab_from_merge_request_to_a_quiet_night(runner: Runner) -> None:
    def runs(job: str, **more: str) -> int:
        usual = {"AZURE_ID_TOKEN": "id-token", "BACKUP_RECONCILER_REPOSITORY": "r", "BACKUP_RECONCILER_COMMIT": "c"}
        name = "before" if job == "default" else job
        ran = runner.run(step(gitlab_steps(), job, name), **usual, **more)
        assert ran.status in (0, 2), ran.out
        assert "id-token" not in ran.out
        return ran.status

    assert runs("default") == 0
    assert [call.split()[0] for call in runner.calls] == ["git", "git", "python", "python"]
    assert runs("validate") == runs("plan") == 0
    assert Path(runner.environment["AZURE_FEDERATED_TOKEN_FILE"]).read_text() == "id-token"
    assert ET.parse(runner.folder / "plan.xml").getroot().tag == "testsuites"

    api = {"CI_API_V4_URL": "https://git.example/api/v4", "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7"}
    notes = "https://git.example/api/v4/projects/3/merge_requests/7/notes"
    assert runs("note", NOTES_TOKEN="t", **api) == 0
    posted = f"--request POST --data-urlencode body@plan.md --output /dev/null {notes}"
    assert runner.calls[-1].endswith(posted), "a note of somebody else is left alone, whatever it begins with"
    ours = ',{"id": 42, "author": {"id": 5}, "body": "<!-- backup-reconciler plan --> old"}'
    assert runs("note", NOTES_TOKEN="t", NOTE=ours, **api) == 0
    assert runner.calls[-1].endswith(f"--request PUT --data-urlencode body@plan.md --output /dev/null {notes}/42")

    assert runs("drift") == 2, "the host makes the job orange"
    assert runs("apply") == 0
    assert runs("drift") == 0


def test_the_hooks_of_pre_commit_find_what_is_wrong_and_put_right_what_they_can(runner: Runner, estate: Estate) -> None:
    validate, fmt = yaml.safe_load(HOOKS.read_text())
    (estate.manifests / "backup-reconciler.yaml").write_text(SETTINGS)
    validates = " ".join([validate["entry"], *validate["args"]])
    formats = f"{fmt['entry']} backups/all.yaml backups/backup-reconciler.yaml"
    assert validate["pass_filenames"] is False, "manifests refer to each other, so all of them are read"
    assert re.search(fmt["files"], "backups/team/web.yaml")
    assert not re.search(fmt["files"], ".github/workflows/backups.yml")

    estate.declare("all", policy(timeZone="Mars"), vault())
    assert runner.run(formats).status == 0
    assert runner.run(f"{formats} --check").status == 0
    wrong = runner.run(validates)
    assert (wrong.status, "Mars" in wrong.out) == (1, True)
