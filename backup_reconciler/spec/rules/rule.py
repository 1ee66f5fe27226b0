"""What a rule is, and the catalogue that every rule enters by being defined."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `id` is what messages print in brackets, `remedy` what to do when nothing more precise can be said."""

    id: str
    statement: str
    why: str
    remedy: str
    source: str


CATALOGUE: dict[str, Rule] = {}
"""Every rule by its id, in the order of the modules that define them."""


def rule(id_: str, statement: str, *, why: str, remedy: str, source: str = "backup-reconciler") -> Rule:
    """Define a rule and enter it in the catalogue."""
    if id_ in CATALOGUE:
        raise AssertionError(f"rule {id_} is defined twice")
    defined = CATALOGUE[id_] = Rule(id_, statement, why, remedy, source)
    return defined
