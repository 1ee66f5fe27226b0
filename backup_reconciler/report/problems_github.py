"""The problems of manifests as workflow commands, which GitHub Actions shows as annotations of the lines at fault."""

from pathlib import Path

from backup_reconciler.manifest import Inspection, Problem
from backup_reconciler.report.files import named_from


def problems_github(inspection: Inspection, folder: Path, root: Path) -> str:
    """A workflow command for each problem.

    Files, which were named from `folder`, are named from `root` where they are below it, as GitHub wants them.
    """
    return "\n".join(_command(problem, folder, root) for problem in inspection.problems)


def _command(problem: Problem, folder: Path, root: Path) -> str:
    """Its message is the whole line, place included: the log of the run shows nothing else."""
    properties = {
        "file": named_from(root, folder / problem.place.file),
        "line": problem.place.line,
        "col": problem.place.column,
        "title": problem.rule.id,
    }
    stated = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{problem.severity.value} {stated}::{_data(str(problem))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
