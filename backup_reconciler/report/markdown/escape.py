"""Text of other people in Markdown: it is shown, and never acts.

Names and tags of resources can hold anything. In a comment they could otherwise draw a table, close a fold, load an
image, mention a person or refer to an issue.
"""

import re

from backup_reconciler.report.words import visible

_SPECIAL = re.compile(r"([\\`*_\[\]|~])")
"""What acts in the middle of a line; foreign text never begins one."""
_APART = re.compile(
    r"(?<=[@#])|(?<=[!~%$^])(?=\w)|(?<=&amp;)(?=\w)|(?<=:)(?=//)|(?<=w)(?=ww\.)|(?<=G)(?=H-\d)", re.IGNORECASE
)
"""Within what code hosts make into mentions, references and links of text: people (@), issues (#, GH-1), and on GitLab
merge requests (!), labels (~), milestones (%), snippets ($), alerts (^) and epics (&)."""
_BACKTICKS = re.compile(r"`+")
_NOTHING = "<!-- -->"
"""Shows nothing, and keeps apart what a code host would otherwise read together."""


def prose(text: object) -> str:
    """A sentence that may hold names: no markup in it counts, nobody is mentioned, nothing is linked."""
    plain = visible(text).replace("&", "&amp;").replace("<", "&lt;")
    return _NOTHING.join(map(_escaped, _APART.split(plain)))


def code(text: object) -> str:
    """A name or a value as code, whatever backticks it holds; within a table a pipe is escaped, as tables want it."""
    plain = visible(text)
    if not plain.strip():
        return prose(plain)
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(plain)), default=0))
    pad = " " if plain.startswith(("`", " ")) or plain.endswith(("`", " ")) else ""
    return f"{fence}{pad}{plain}{pad}{fence}".replace("|", r"\|")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
