"""The rule catalogue: every rule a document or a plan can break, a module for each subject.

The validator, the planner and the documentation read the rules from here. A rule of the service names its source as
Azure's documentation, Azure's own tools or recorded answers of the live service give it.
"""

from types import ModuleType

from backup_reconciler.spec.rules import (
    approval,
    document,
    exemption,
    file,
    firewall,
    limits,
    network,
    outbound,
    policy,
    protection,
    proxy,
    readiness,
    retention,
    schedule,
    settings,
    value,
    vault,
)
from backup_reconciler.spec.rules.rule import CATALOGUE, Rule

SUBJECTS: tuple[ModuleType, ...] = (
    file,
    document,
    value,
    vault,
    policy,
    schedule,
    retention,
    protection,
    readiness,
    approval,
    exemption,
    outbound,
    network,
    firewall,
    proxy,
    limits,
    settings,
)
"""The modules of the rules, in the order in which the documentation tells them."""


def rules_of(subject: ModuleType) -> list[Rule]:
    return [value for value in vars(subject).values() if isinstance(value, Rule)]


__all__ = ["CATALOGUE", "SUBJECTS", "Rule", "rules_of"]
