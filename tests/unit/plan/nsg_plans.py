"""Plans of rules in network security groups, as they are made and carried out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from backup_reconciler.plan.action import AnyAction, CreateSecurityRule, DeleteSecurityRule, UpdateSecurityRule
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.outbound.nsg.planning import plan_security_rules
from backup_reconciler.plan.outbound.security_rule import in_words
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.security_group import SecurityRule
from backup_reconciler.state.vm import LiveVM
from tests.unit.plan.networks import (
    group_id,
    interface,
    vm,
)

WEB = [vm("web-01")]
ONE_VM = [interface("web-01", "web", "10.1.1.4")]
NAME = "backup-reconciler-web-Storage.japaneast"
STORAGE = {"destinations": ["Storage.{region}"]}


@dataclass(frozen=True)
class Planned:
    """What came of documents."""

    network: Network
    draft: Draft
    opened: list[tuple[ArmId, str]]

    @property
    def rules(self) -> dict[str, tuple[str, Any, int]]:
        """What is written: by verb, group and name, with destination, port and priority."""
        return {
            f"{action.verb[:6]} {action.group.name}/{action.rule.name}": (
                in_words(action.rule)["destination"],
                in_words(action.rule)["port"],
                action.rule.priority,
            )
            for action in self.draft.actions.values()
            if isinstance(action, CreateSecurityRule | UpdateSecurityRule)
        }

    @property
    def findings(self) -> list[tuple[str, str, str]]:
        return [(one.severity.value, one.rule.id, one.message) for one in self.draft.findings]

    @property
    def same(self) -> list[str]:
        return [one.reason for one in self.draft.unchanged]

    def carried_out(self) -> Network:
        """The network once the plan is carried out."""
        groups = dict(self.network.security_groups)
        for action in self.draft.actions.values():
            assert isinstance(action, CreateSecurityRule | UpdateSecurityRule | DeleteSecurityRule)
            name = action.live.name if isinstance(action, DeleteSecurityRule) else action.rule.name
            kept = [one for one in groups[action.group].rules if one.name != name]
            kept += [] if isinstance(action, DeleteSecurityRule) else [action.rule]
            by_priority = tuple(sorted(kept, key=lambda one: one.priority))
            groups[action.group] = replace(groups[action.group], rules=by_priority)
        return replace(self.network, security_groups=groups)


def plan(
    found: Network, *documents: Outbound, vms: Sequence[LiveVM] = WEB, before: Sequence[AnyAction] = ()
) -> Planned:
    """The plan of some documents, which mean these VMs by their assignment; `before` is planned already."""
    by_subnet: dict[ArmId, list[LiveVM]] = {}
    for one in vms:
        if one.id in found.interfaces and (outgoing := found.interfaces[one.id].outgoing) and outgoing.subnet:
            by_subnet.setdefault(outgoing.subnet, []).append(one)
    targets = Targets(
        {"production": tuple(vms)},
        {subnet: tuple(inside) for subnet, inside in by_subnet.items()},
        {one.id: one for one in vms},
    )
    draft = Draft(date.min)
    for action in before:
        draft.act(action)
    return Planned(found, draft, list(plan_security_rules(documents, targets, found, draft)))


def written(found: Network, *documents: Outbound, **options: Any) -> Network:
    """The network with the rules of these documents."""
    planned = plan(found, *documents, **options)
    assert planned.findings == []
    after = planned.carried_out()
    assert plan(after, *documents, **options).draft.actions == {}, "what is carried out is not planned again"
    return after


def ours(found: Network, name: str, group: str = "nsg-web") -> SecurityRule:
    return next(one for one in found.security_groups[group_id(group)].rules if one.name == name)


def changed(found: Network, name: str, **fields: Any) -> Network:
    """The network where somebody changed a rule of ours."""
    here = found.security_groups[group_id("nsg-web")]
    rules = [replace(one, **fields) if one.name == name else one for one in here.rules]
    return replace(found, security_groups={here.id: replace(here, rules=tuple(rules))})
