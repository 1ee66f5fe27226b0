"""Rules that earlier runs wrote: what is to go, and what is left."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from backup_reconciler.plan.action import DeleteSecurityRule
from backup_reconciler.plan.address import security_rule_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.plan.outbound.security_rule import is_intact, is_owned
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.plan.outbound.words import rule_label, some_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.network import OWNED_CHANGED, OWNED_LEFT
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.security_group import SecurityRule

_EFFECT = "not touched; backups that need this way out fail from then on"


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule that a document wrote, whatever somebody made of it since."""

    group: ArmId
    rule: SecurityRule

    @property
    def address(self) -> str:
        return security_rule_address(self.group, self.rule.name)

    @property
    def label(self) -> str:
        return rule_label(self.group, self.rule.name)


def standing_by_handle(network: Network) -> Mapping[str, list[Standing]]:
    """The rules of ours in every group that was read, by the handles of their documents in lower case."""
    found: dict[str, list[Standing]] = defaultdict(list)
    for id_ in sorted(network.security_groups):
        for rule in network.security_groups[id_].own_rules():
            mark = Mark.read(rule.description)
            if mark is not None and is_owned(rule, mark.handle):
                found[mark.handle.casefold()].append(Standing(id_, rule))
    return found


def remove(
    document: Outbound, standing: Sequence[Standing], draft: Draft, needs: Collection[str] = ()
) -> list[Standing]:
    """Delete the rules of a document that are as it wrote them, after what that needs; gives those that go."""
    if not standing:
        draft.same(str(document), str(document), "nothing of it is there")
    going = [one for one in standing if is_intact(one.rule, document.handle)]
    for one in standing:
        if one not in going:
            message = "somebody changed it since it was written, so it is left"
            place = document.place_of("state")
            draft.find(Finding(OWNED_CHANGED, Severity.WARNING, one.address, one.label, message, place))
    for one in going:
        action = DeleteSecurityRule(
            address=one.address,
            label=one.label,
            changes=(),
            data_effect=_EFFECT,
            place=document.place,
            group=one.group,
            live=one.rule,
        )
        draft.act(action, *needs)
    return going


def tell_left(document: Outbound, standing: Iterable[Standing], spoken_of: Collection[str], draft: Draft) -> None:
    """List the rules of a document that it does not wish for any more; `spoken_of` are the addresses of the others."""
    left = [one for one in standing if one.address not in spoken_of]
    if left:
        message = f"nothing that it declares needs {some_of([one.label for one in left])}"
        draft.find(_left(str(document), message, left, document))


def tell_undeclared(declared: Iterable[str], network: Network, draft: Draft) -> None:
    """List the rules whose documents are not among those of these handles, whose methods write rules."""
    standing, known = standing_by_handle(network), {handle.casefold() for handle in declared}
    for handle in sorted(standing.keys() - known):
        mark = Mark.read(standing[handle][0].rule.description)
        name = f"OutboundAccess/{mark.handle if mark else handle}"
        message = f"it declares no security rules here, and wrote {some_of([one.label for one in standing[handle]])}"
        draft.find(_left(name, message, standing[handle]))


def _left(name: str, message: str, left: Sequence[Standing], document: Outbound | None = None) -> Finding:
    place = document.place if document else None
    resources = tuple(one.group.child("securityRules", one.rule.name) for one in left)
    return Finding(OWNED_LEFT, Severity.INFO, name, name, message, place, resources=resources)
