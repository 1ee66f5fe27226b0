"""Walks through pages as a reader would: writes the files they show, runs their commands, compares what is printed.

`python -m docs.walk` runs all of them, and puts what is printed now into the pages; the tests say when it is needed.

- A block of YAML whose first line is a comment with a path is a file; it is written where the page has it.
- In a block of a console, `$ backup-reconciler …` is run; what is below it is what it prints, on a screen of 100
  columns. A line of `…` stands for any lines. A comment `# exit status 2` says so; else it is 0.
- A block with commands of other programs is not run, and neither is a command with `<…>`, for the reader to fill in.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backup_reconciler.cli import day
from backup_reconciler.cli.main import main

DOCS = Path(__file__).parent
PAGES = sorted([*DOCS.glob("guides/*.md"), *DOCS.glob("verbs/*.md")])
TODAY = date(2026, 11, 23)
"""The day on which the clocks of worlds start, and every page is walked through."""

_BLOCK = re.compile(r"```(yaml|console)\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"# ([\w./-]+\.yaml)\n")
_OTHER_PROGRAM = re.compile(r"^\$ (?!backup-reconciler )", re.MULTILINE)
_COMMAND = re.compile(r"\$ backup-reconciler ([^#<\n]*)(?:# exit status (\d+))?(?:#[^\n]*)?\n((?:(?!\$ ).*\n)*)")


@dataclass(frozen=True)
class Step:
    """A command of a page: where what it prints is shown, and what that was now."""

    command: str
    expected: int
    status: int
    shown: str
    printed: str
    start: int
    """Where in the text of the page `shown` begins."""

    @property
    def true(self) -> bool:
        """Whether it ends as the page says, and prints what the page shows, if it shows anything."""
        parts = map(re.escape, self.shown.split("…\n"))
        fits = not self.shown.strip() or re.fullmatch("(?:.*\n)*".join(parts), self.printed)
        return self.status == self.expected and bool(fits)


def walk(page: Path, folder: Path) -> Iterator[Step]:
    """Every step of a page, as its commands are run in an empty folder, beside a copy of the repository's examples."""
    shutil.copytree(DOCS.parent / "manifests", folder / "manifests", ignore=shutil.ignore_patterns(".sandbox"))
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        language, text = block.groups()
        if language == "yaml":
            _write(text, folder)
        if language == "yaml" or _OTHER_PROGRAM.search(text):
            continue
        for step in _COMMAND.finditer(text):
            command, expected, shown = step.groups()
            status, printed = _run(shlex.split(command), folder)
            yield Step(command.strip(), int(expected or 0), status, shown, printed, block.start(2) + step.start(3))


def refreshed(text: str, steps: list[Step]) -> str:
    """The text of a page with what those of its steps print now that are not true any more."""
    for step in reversed(steps):
        if not step.true:
            text = text[: step.start] + step.printed + text[step.start + len(step.shown) :]
    return text


def _write(text: str, folder: Path) -> None:
    if named := _FILE.match(text):
        file = folder / named[1]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _run(arguments: list[str], folder: Path) -> tuple[int, str]:
    """The exit status of a command line, and what it printed on a terminal that shows both of its streams."""
    screen = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        status = main(arguments)
    return status, screen.getvalue()


def _refresh(page: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        steps = list(walk(page, Path(folder)))
    for step in steps:
        if step.status != step.expected:
            raise SystemExit(f"{page}: {step.command}: exit status {step.status}\n{step.printed}")
    page.write_text(refreshed(page.read_text(encoding="utf-8"), steps), encoding="utf-8")


if __name__ == "__main__":
    os.environ["COLUMNS"] = "100"
    day.today = lambda: TODAY
    for one in PAGES:
        _refresh(one)
