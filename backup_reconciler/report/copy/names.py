"""What things are called in a copy: as they are, or something that tells nothing.

A scrambled name is drawn, never computed from the name: there is no hash to guess names back from, and no key to keep.
What the names of an estate mean to a plan stays: equal names stay equal and different ones different, the length stays,
and so do the policies that Azure itself names.
"""

import random
import string
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from backup_reconciler.spec.policy import BUILT_IN_POLICIES, built_in_policy

_SAME_TO_AZURE = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_DRAWS = 64
"""How often a name of one length is drawn before a longer one is: there are no more than 26 of one letter."""


class Names(Protocol):
    """What each thing is called in the copy."""

    def subscription(self, subscription_id: str) -> str: ...
    def group(self, name: str) -> str: ...
    def vault(self, name: str) -> str: ...
    def machine(self, name: str) -> str: ...
    def policy(self, name: str) -> str: ...
    def tags(self, tags: Mapping[str, str]) -> dict[str, str]: ...
    def policy_properties(self, properties: Mapping[str, object]) -> dict[str, object]: ...


class Kept:
    """Names as they are. Azure spells subscriptions and groups in several casings; the first that is met is taken."""

    def __init__(self) -> None:
        self._spelt: dict[str, str] = {}

    def subscription(self, subscription_id: str) -> str:
        return self._spelt.setdefault(subscription_id.casefold(), subscription_id)

    def group(self, name: str) -> str:
        return self._spelt.setdefault(name.casefold(), name)

    def vault(self, name: str) -> str:
        return name

    def machine(self, name: str) -> str:
        return name

    def policy(self, name: str) -> str:
        return name

    def tags(self, tags: Mapping[str, str]) -> dict[str, str]:
        return dict(tags)

    def policy_properties(self, properties: Mapping[str, object]) -> dict[str, object]:
        return dict(properties)


class Scrambled:
    """Names that tell nothing. A seed makes the drawing repeatable over the same estate."""

    def __init__(self, seed: int | None = None) -> None:
        # A seed is asked for to have the same names again; without one nobody can have them.
        self._rng = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311
        self._subscriptions: dict[str, str] = {}
        self._groups = _Tokens(self._rng)
        self._vaults = _Tokens(self._rng)
        self._machines = _Tokens(self._rng)
        self._policies = _Tokens(self._rng, avoided=tuple(BUILT_IN_POLICIES))
        self._tag_names = _Tokens(self._rng)
        self._tag_values = _Tokens(self._rng)

    def subscription(self, subscription_id: str) -> str:
        key = subscription_id.casefold()
        if key not in self._subscriptions:
            self._subscriptions[key] = str(UUID(int=self._rng.getrandbits(128), version=4))
        return self._subscriptions[key]

    def group(self, name: str) -> str:
        return self._groups.of(name.casefold(), len(name))

    def vault(self, name: str) -> str:
        return self._vaults.of(name.casefold(), len(name))

    def machine(self, name: str) -> str:
        return self._machines.of(name.casefold(), len(name))

    def policy(self, name: str) -> str:
        return built_in_policy(name) or self._policies.of(name.casefold(), len(name))

    def tags(self, tags: Mapping[str, str]) -> dict[str, str]:
        return {self._tag_names.of(name.casefold(), len(name)): self._tag_value(value) for name, value in tags.items()}

    def policy_properties(self, properties: Mapping[str, object]) -> dict[str, object]:
        """What Azure's own words say. Names of snapshot groups and what nobody knows are not among them."""
        return {name: _in_known_words(value) for name, value in properties.items() if name in _POLICY_WORDS}

    def _tag_value(self, value: str) -> str:
        """The case of a tag's value counts: values that differ in case alone still do."""
        token = self._tag_values.of(value.translate(_SAME_TO_AZURE), len(value))
        case = value.ljust(len(token))
        return "".join(drawn.upper() if "A" <= old <= "Z" else drawn for drawn, old in zip(token, case, strict=True))


class _Tokens:
    """Words drawn for words of one kind, each once."""

    def __init__(self, rng: random.Random, avoided: tuple[str, ...] = ()) -> None:
        self._rng = rng
        self._given: dict[str, str] = {}
        self._taken = {word.casefold() for word in avoided}

    def of(self, word: str, length: int) -> str:
        """The word drawn for a word: so long, or longer where there is none left. Nothing stands for nothing."""
        if not word:
            return ""
        if word not in self._given:
            self._given[word] = self._draw(word, length)
        return self._given[word]

    def _draw(self, word: str, length: int) -> str:
        for number in range(_DRAWS * 1000):
            longer = length + number // _DRAWS
            drawn = "".join(self._rng.choices(string.ascii_lowercase, k=longer))
            if drawn != word and drawn not in self._taken:
                self._taken.add(drawn)
                return drawn
        raise AssertionError("there is always a word that is long enough")


_POLICY_WORDS = {
    "backupManagementType", "policyType", "timeZone", "instantRpRetentionRangeInDays", "snapshotConsistencyType",
    "schedulePolicy", "schedulePolicyType", "scheduleRunFrequency", "scheduleRunDays", "scheduleRunTimes",
    "scheduleWeeklyFrequency", "hourlySchedule", "interval", "scheduleWindowStartTime", "scheduleWindowDuration",
    "retentionPolicy", "retentionPolicyType", "dailySchedule", "weeklySchedule", "monthlySchedule", "yearlySchedule",
    "retentionTimes", "retentionDuration", "count", "durationType", "daysOfTheWeek", "retentionScheduleFormatType",
    "retentionScheduleDaily", "retentionScheduleWeekly", "daysOfTheMonth", "date", "isLast", "weeksOfTheMonth",
    "monthsOfYear", "tieringPolicy", "ArchivedRP", "tieringMode", "duration"
}  # fmt: skip
"""The fields of a VM's policy whose values are Azure's words, times and numbers (SDKB models)."""


def _in_known_words(value: object) -> object:
    if isinstance(value, dict):
        return {name: _in_known_words(inner) for name, inner in value.items() if name in _POLICY_WORDS}
    return [_in_known_words(inner) for inner in value] if isinstance(value, list) else value
