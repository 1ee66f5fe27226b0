"""Rules of kind Exemption, other than those of its selection."""

from collections.abc import Iterator
from datetime import date

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.rules.exemption import EXEMPTION_EXPIRED
from backup_reconciler.spec.rules.value import EMPTY_TEXT


def reason(exemption: Declared[ExemptionSpec]) -> Iterator[Problem]:
    if not exemption.spec.reason.strip():
        yield exemption.problem(EMPTY_TEXT, ("spec", "reason"), "is blank")


def exemption_expired(collected: Collected, as_of: date) -> Iterator[Problem]:
    for exemption in collected.exemptions:
        if exemption.spec.expires < as_of:
            what = f"the exemption ended on {exemption.spec.expires}"
            yield exemption.problem(EXEMPTION_EXPIRED, ("spec", "expires"), what)


RULES = (reason,)
