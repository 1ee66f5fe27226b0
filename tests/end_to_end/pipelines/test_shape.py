"""The pipelines are what their hosts take, and their shell is clean."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.deploy import kubernetes
from tests.end_to_end.pipelines.steps import (
    AZURE,
    AZURE_MATRIX,
    GITHUB,
    GITHUB_MATRIX,
    GITLAB,
    PIPELINES,
    Step,
    azure_steps,
    github_steps,
    gitlab_steps,
)

ROOT = PIPELINES.parent
WORKFLOWS = sorted(path for one in (GITHUB, GITHUB_MATRIX) for path in (one / "workflows").glob("*.yml"))
OF_PULL_REQUESTS = [path for path in WORKFLOWS if path.name == "backups.yml"]
CHECKED: dict[str, tuple[list[Path], list[str]]] = {
    "vendor.github-workflows": (WORKFLOWS, []),
    "custom.github-workflows-require-timeout": (WORKFLOWS, []),
    "vendor.github-actions": (sorted((GITHUB / "actions").rglob("action.yml")), []),
    "vendor.azure-pipelines": (  # it has patterns that are no regular expressions in Unicode mode
        sorted(path for one in (AZURE, AZURE_MATRIX) for path in one.rglob("*.yml")),
        ["--data-transform", "azure-pipelines", "--regex-variant", "nonunicode"],
    ),
    "vendor.gitlab-ci": ([GITLAB], ["--data-transform", "gitlab-ci"]),
}
MATRIX = [*github_steps(GITHUB_MATRIX), *azure_steps(AZURE_MATRIX)]
PODS = [Step("kubernetes", job, kubernetes.script(job)) for job in kubernetes.jobs()]
STEPS = [*github_steps(), *azure_steps(), *gitlab_steps(), *MATRIX, *PODS]


@pytest.mark.parametrize("schema", CHECKED)
def test_each_file_is_valid_by_its_public_schema(schema: str) -> None:
    files, options = CHECKED[schema]
    assert files
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *options, *map(str, files)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_file_is_checked() -> None:
    """Those of pre-commit by pre-commit itself."""
    checked = {path for files, _ in CHECKED.values() for path in files}
    there = {path for path in PIPELINES.rglob("*") if path.is_file()}
    assert there - checked == {PIPELINES / "pre-commit-config.yaml"}


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("validate-manifest", ROOT / ".pre-commit-hooks.yaml"),
        ("validate-config", PIPELINES / "pre-commit-config.yaml"),
    ],
)
def test_pre_commit_takes_them(verb: str, path: Path) -> None:
    command = [sys.executable, "-m", "pre_commit", verb, str(path)]
    assert subprocess.run(command, check=False).returncode == 0


def test_the_example_of_pre_commit_uses_hooks_that_there_are() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    (repository,) = yaml.safe_load((PIPELINES / "pre-commit-config.yaml").read_text())["repos"]
    assert {hook["id"] for hook in repository["hooks"]} == hooks


def test_the_shell_is_clean(tmp_path: Path) -> None:
    """Warnings of shellcheck too, all steps in one run."""
    scripts = []
    for number, one in enumerate(STEPS):
        script = tmp_path / f"{number:02}-{one.job}-{one.name.replace(' ', '-')}.sh"
        script.write_text(f"#!/usr/bin/env bash\n{one.script}\n")
        scripts.append(str(script))
    shellcheck = Path(sys.executable).with_name("shellcheck")
    checked = subprocess.run([shellcheck, "--format", "json", *scripts], capture_output=True, text=True, check=False)
    assert json.loads(checked.stdout) == []


@pytest.mark.parametrize("one", STEPS, ids=lambda one: f"{one.job}-{one.name}")
def test_nothing_is_pasted_into_a_shell(one: Step) -> None:
    """What an expression of the host puts into a script is run, be it the title of a pull request."""
    assert "${{" not in one.script
    assert "$[" not in one.script


def test_a_workflow_may_do_nothing_but_read_where_a_job_does_not_say_more() -> None:
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text())
        assert workflow["permissions"] == {"contents": "read"}
        assert workflow["defaults"]["run"]["shell"] == "bash", "the shell that is not named goes on where a pipe fails"
        for job in workflow["jobs"].values():
            signs_in = any("azure/login" in step.get("uses", "") for step in job["steps"])
            assert (job.get("permissions", {}).get("id-token") == "write") == signs_in
            assert all(
                step["with"]["persist-credentials"] is False
                for step in job["steps"]
                if "actions/checkout" in step.get("uses", "")
            )


@pytest.mark.parametrize("path", OF_PULL_REQUESTS, ids=lambda path: path.parts[-4])
def test_a_check_that_may_be_required_runs_for_every_pull_request(path: Path) -> None:
    """GitHub waits without an end for the check of a workflow that its paths keep from running (GitHub Docs,
    "Troubleshooting required status checks")."""
    workflow = yaml.safe_load(path.read_text())
    on = workflow[True]  # YAML 1.1 reads `on` so
    assert on["pull_request"] is None


@pytest.mark.parametrize("path", OF_PULL_REQUESTS, ids=lambda path: path.parts[-4])
def test_findings_can_be_uploaded_from_a_private_repository(path: Path) -> None:
    """It takes the right to read the run, too (GitHub Docs, "Uploading a SARIF file to GitHub")."""
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    (uploading,) = [job for job in jobs if any("upload-sarif" in step.get("uses", "") for step in job["steps"])]
    assert uploading["permissions"] | {"actions": "read", "security-events": "write"} == uploading["permissions"]


def test_a_matrix_of_applies_has_the_shards_of_the_matrix_of_plans() -> None:
    """One that is missing would never be applied. On Azure the number is said thrice, and told to the steps."""
    (workflow,) = (GITHUB_MATRIX / "workflows").glob("*.yml")
    jobs = yaml.safe_load(workflow.read_text())["jobs"]
    assert jobs["plan"]["strategy"]["matrix"] == jobs["apply"]["strategy"]["matrix"]
    stages = yaml.safe_load((AZURE_MATRIX / "azure-pipelines.yml").read_text())["stages"]
    strategies = [job.get("strategy", {}) for stage in stages for job in stage["jobs"]]
    assert [one["parallel"] for one in strategies if "parallel" in one] == ["4", "4", "4"]
