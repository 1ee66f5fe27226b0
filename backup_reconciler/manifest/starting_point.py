"""Starting points: a commented manifest of each kind, with every field of it, to be filled in by hand.

They are kept in `templates/`, because what a person reads first is better written than generated. Each validates as it
stands, and all of them together do, by the handles that they have where no other is given.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from string import Template

from backup_reconciler.manifest.loading import check
from backup_reconciler.manifest.problem import ManifestError
from backup_reconciler.manifest.text.scalars import needs_quotes
from backup_reconciler.manifest.words import did_you_mean, either, quoted
from backup_reconciler.spec.rules.document import UNKNOWN_REFERENCE
from backup_reconciler.spec.rules.settings import SETTINGS_PLACE
from backup_reconciler.spec.visible import visible


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A manifest to start from: its kind, and the handle it has where no other is given; the settings have none."""

    kind: str
    handle: str = ""


STARTING_POINTS = {
    "vault": StartingPoint("Vault", "prod"),
    "policy": StartingPoint("BackupPolicy", "daily-30d"),
    "assignment": StartingPoint("VMAssignment", "production"),
    "outbound": StartingPoint("OutboundAccess", "production"),
    "exemption": StartingPoint("Exemption", "build-agents"),
    "settings": StartingPoint("Settings"),
}
"""By the word that asks for it."""

_OF_ITS_SURROUNDINGS = (UNKNOWN_REFERENCE, SETTINGS_PLACE)
"""What depends on where the text will stand: on the documents around it, and on the name of its file."""

_YEAR = timedelta(days=365)


class NoStartingPointError(Exception):
    """There is none of this kind, or none with a name."""


def starting_point(kind: str, handle: str | None, today: date) -> str:
    """The text of a manifest to start from; `kind` is its word or its kind. What expires in it does so in a year.

    Raises NoStartingPointError, and ManifestError for a handle that no document of the kind can have.
    """
    word = _word(kind)
    known = STARTING_POINTS[word]
    if handle is not None and not known.handle:
        raise NoStartingPointError(f"{word} have no name; leave {quoted(handle)} out")
    name = known.handle if handle is None else visible(handle)
    template = Template((files(__package__) / "templates" / f"{word}.yaml").read_text(encoding="utf-8"))
    text = template.substitute(
        name=json.dumps(name) if needs_quotes(name) else name, expires=(today + _YEAR).isoformat()
    )
    problems = [each for each in check(text) if each.rule not in _OF_ITS_SURROUNDINGS]
    if problems:
        raise ManifestError(problems)
    return text


def _word(kind: str) -> str:
    words = {**{word: word for word in STARTING_POINTS}, **{each.kind: word for word, each in STARTING_POINTS.items()}}
    for name, word in words.items():
        if kind.casefold() == name.casefold():
            return word
    remedy = did_you_mean(kind, words, f"use {either(STARTING_POINTS)}")
    raise NoStartingPointError(f"{quoted(kind)} is not a kind that is known here; {remedy}")
