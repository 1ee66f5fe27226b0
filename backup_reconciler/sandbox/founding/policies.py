"""Whether a world may hold a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.recovery_services.policies import policy_rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def why_no_policy(properties: Mapping[str, Any], *, legacy: bool = False) -> str:
    """The rule that a policy breaks, so that no world can state it; empty where one can.

    `legacy`: among `legacyPolicies`, which were made before a rule of today.
    """
    try:
        policy_rules.normalise(dict(properties), legacy=legacy)
    except policy_rules.BrokenRuleError as error:
        return str(error)
    return ""
