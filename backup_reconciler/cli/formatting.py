"""What `fmt` does once its arguments are known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.manifest import ManifestError, Problem
from backup_reconciler.manifest.formatting import FormattedFile, format_bytes, format_files, rewrite
from backup_reconciler.report.words import counted, visible

_INPUT = Path("<standard input>")


@dataclass
class Formatting:
    """One run: what it may do, and what has come of it."""

    check: bool
    diff: bool
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    def run(self, paths: Sequence[Path]) -> int:
        """Format files, or standard input. Raises ManifestError with everything that could not be formatted."""
        if Path("-") in paths:
            self._format_input(paths)
        else:
            for file in format_files(paths):
                self._format(file)
            typer.echo(self._summary(), err=self.diff)
        if self.problems:
            raise ManifestError(self.problems)
        return ExitStatus.ERROR if self.check and self.changed else ExitStatus.FINE

    def _format_input(self, paths: Sequence[Path]) -> None:
        if len(paths) > 1:
            raise UsageError("- is standard input, which is formatted alone")
        file = format_bytes(_INPUT, typer.get_binary_stream("stdin").read())
        if isinstance(file, FormattedFile) and not self.check and not self.diff:
            typer.echo(file.after, nl=False)
        else:
            self._format(file)

    def _format(self, file: FormattedFile | list[Problem]) -> None:
        if not isinstance(file, FormattedFile):
            self.problems += file
        elif not file.changed:
            self.unchanged += 1
        elif self.check or self.diff:
            self._tell(file)
        elif problem := rewrite(file):
            self.problems.append(problem)
        else:
            self.changed += 1
            typer.echo(f"formatted {visible(file.path)}")

    def _tell(self, file: FormattedFile) -> None:
        """What would change."""
        self.changed += 1
        if not self.diff:
            typer.echo(f"would format {visible(file.path)}")
        for line in file.diff() if self.diff else ():
            typer.echo("\t".join(map(visible, line.split("\t"))))

    def _summary(self) -> str:
        unchanged = f"{counted(self.unchanged, 'file')} left as {'it is' if self.unchanged == 1 else 'they are'}"
        would = "would be " if self.check or self.diff else ""
        return f"{counted(self.changed, 'file')} {would}formatted, {unchanged}."
