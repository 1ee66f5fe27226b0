"""Actions on the rules of network security groups."""

from dataclasses import dataclass

from backup_reconciler.plan.action.base import Action
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import SecurityRule


@dataclass(frozen=True, kw_only=True)
class SecurityRuleAction(Action):
    """What all actions on a security rule have."""

    group: ArmId
    """The network security group that it is in."""


@dataclass(frozen=True, kw_only=True)
class CreateSecurityRule(SecurityRuleAction):
    """Add a rule to a network security group."""

    verb = "createSecurityRule"

    rule: SecurityRule
    """What is written."""


@dataclass(frozen=True, kw_only=True)
class UpdateSecurityRule(SecurityRuleAction):
    """Change a rule that an earlier run added."""

    verb = "updateSecurityRule"

    live: SecurityRule
    """What the plan was made from."""
    rule: SecurityRule
    """What is written."""


@dataclass(frozen=True, kw_only=True)
class DeleteSecurityRule(SecurityRuleAction):
    """Remove a rule that an earlier run added."""

    verb = "deleteSecurityRule"

    live: SecurityRule
    """What the plan was made from."""
