"""What there is to say where a rule cannot be written."""

from collections.abc import Sequence

from backup_reconciler.plan.address import security_rule_address
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.outbound.nsg.priority import Beaten, NoRoom, StatedTwice, Taken
from backup_reconciler.plan.outbound.nsg.wish import Wish
from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.plan.outbound.words import rule_label, some_of
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.network import NSG_FULL, NSG_NO_ROOM, NSG_PRIORITY_UNFIT, OWNED_NAME_TAKEN
from backup_reconciler.spec.rules.outbound import PRIORITY_TAKEN
from backup_reconciler.state.network.security_group import SecurityGroup, SecurityRule


def not_ours(wish: Wish, live: SecurityRule, group: SecurityGroup) -> Finding:
    """The finding for somebody else's rule under a name of ours."""
    mark = Mark.read(live.description)
    whose = f"the mark of another document, OutboundAccess/{mark.handle}" if mark else "no mark of ours"
    message = f"there is a rule of this name, and its description has {whose}"
    return _blocked(OWNED_NAME_TAKEN, wish, group, message, DriftState.DIFFERS)


def without_room(wish: Wish, group: SecurityGroup) -> Finding:
    """The finding for a rule that is one too many."""
    message = f"with it, {group.id.name} would have more rules than Azure takes"
    return _blocked(NSG_FULL, wish, group, message, DriftState.MISSING)


def without_priority(
    wish: Wish, choice: NoRoom | Taken | Beaten | StatedTwice, group: SecurityGroup, *, is_there: bool
) -> Finding:
    """The finding for a rule that no priority was found for, or not the stated one."""
    drift = DriftState.DIFFERS if is_there else DriftState.MISSING
    match choice:
        case NoRoom():
            *others, denying = choice.in_the_way
            message = f"no priority is free before {_told([denying])}"
            if others:
                message += f": {_told(others)} {'has' if len(others) == 1 else 'have'} what there is"
            return _blocked(NSG_NO_ROOM, wish, group, message, drift)
        case Taken():
            message = f"the stated priority {choice.priority} is that of {choice.holder.name}"
            return _blocked(NSG_PRIORITY_UNFIT, wish, group, message, drift)
        case Beaten():
            message = f"with the stated priority {choice.priority} it comes after {_told(choice.by)}, which denies it"
            return _blocked(NSG_PRIORITY_UNFIT, wish, group, message, drift)
        case StatedTwice():
            message = f"priority {choice.priority} is stated by {' and by '.join(choice.documents)}"
            return _blocked(PRIORITY_TAKEN, wish, group, message, drift)


def _blocked(rule: Rule, wish: Wish, group: SecurityGroup, message: str, drift: DriftState) -> Finding:
    name = wish.rule.name
    address, label = security_rule_address(group.id, name), rule_label(group.id, name)
    place = wish.place_of("destination" if wish.stated is None else "priority")
    return Finding(rule, Severity.BLOCKED, address, label, message, place, drift)


def _told(rules: Sequence[SecurityRule]) -> str:
    return some_of([f"{rule.name} (priority {rule.priority})" for rule in rules])
