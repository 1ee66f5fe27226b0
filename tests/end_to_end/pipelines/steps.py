"""The shell steps of the pipelines, taken out of their YAML as a runner takes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PIPELINES = Path(__file__).parents[3] / "pipelines"
GITHUB = PIPELINES / "github" / ".github"
GITHUB_MATRIX = PIPELINES / "github-matrix" / ".github"
AZURE = PIPELINES / "azure"
AZURE_MATRIX = PIPELINES / "azure-matrix"
GITLAB = PIPELINES / "gitlab" / ".gitlab-ci.yml"


@dataclass(frozen=True)
class Step:
    """One step: what a shell runs."""

    job: str
    name: str
    script: str


def github_steps(folder: Path = GITHUB) -> Iterator[Step]:
    """Of the workflows, and of the action that installs."""
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.safe_load(path.read_text())
        jobs = content.get("jobs", {path.parent.name: content.get("runs")})
        for job, body in jobs.items():
            for step in body["steps"]:
                if "run" in step:
                    yield Step(job, step["name"], step["run"])


def azure_steps(folder: Path = AZURE) -> Iterator[Step]:
    """Of the stages, and of the template that installs."""
    for path in sorted(folder.rglob("*.yml")):
        yield from _azure_steps(yaml.safe_load(path.read_text()), path.stem)


def _azure_steps(node: Any, stage: str) -> Iterator[Step]:
    """Wherever in the tree: a stage has jobs, a deployment has its steps some levels below."""
    if isinstance(node, list):
        for one in node:
            yield from _azure_steps(one, stage)
    elif isinstance(node, dict):
        stage = node.get("stage", stage)
        script = node.get("bash") or node.get("inputs", {}).get("inlineScript")
        if script:
            yield Step(stage, node["displayName"], script)
        for inner in node.values():
            yield from _azure_steps(inner, stage)


def gitlab_steps() -> Iterator[Step]:
    """Of the jobs; their lines are one script, behind that of `default`."""
    content = yaml.safe_load(GITLAB.read_text())
    yield Step("default", "before", "\n".join(content["default"]["before_script"]))
    for job, body in content.items():
        if isinstance(body, dict) and "script" in body:
            yield Step(job, job, "\n".join(body["script"]))


def step(steps: Iterator[Step], job: str, name: str) -> str:
    """The script of one step."""
    (found,) = (one.script for one in steps if (one.job, one.name) == (job, name))
    return found
