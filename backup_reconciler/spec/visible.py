"""Text of others as it may go to a terminal or to the log of a pipeline: it is shown, and never acts."""

import re

MARK_OF_COMMANDS = re.compile(r"##(?=\[|vso\[)", re.IGNORECASE)
"""Begins a command to Azure Pipelines wherever in a printed line it stands: `##vso[task.setvariable …]`, `##[error]`
(Azure Pipelines, "Logging commands")."""
_COMMAND = re.compile(rf"{MARK_OF_COMMANDS.pattern}|(?<!\S)::(?=[a-z-]+(?:::|\s))", re.IGNORECASE)
"""And those to GitHub Actions, `::error …::`, where a line begins ("Workflow commands"), as any word may come to do."""


def visible(text: object) -> str:
    """Text with its control characters written out as escapes, and what would be a command to a pipeline broken up."""
    shown = str(text)
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)
    return _COMMAND.sub(_broken, shown) if "##" in shown or "::" in shown else shown


def _broken(command: re.Match[str]) -> str:
    sign = command[0][0]
    return f"{sign}\\x{ord(sign):02x}"
