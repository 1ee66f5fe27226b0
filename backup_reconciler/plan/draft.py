"""A plan in the making: each resource's planner adds to it, in the order of what depends on what."""

from dataclasses import dataclass, field, replace

from backup_reconciler.plan.action import AnyAction
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import HeldBack, Unchanged


@dataclass(slots=True)
class Draft:
    """What has been decided so far, by address."""

    actions: dict[str, AnyAction] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unchanged: list[Unchanged] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)
    _blocked: dict[str, str] = field(default_factory=dict)
    """Address → the address that is at the root of its being blocked."""

    def act(self, action: AnyAction, *needs: str) -> None:
        """Plan an action after those at the addresses it needs; where one of these is blocked it is held back."""
        roots = [self._blocked[need] for need in needs if need in self._blocked]
        if roots:
            self._blocked[action.address] = roots[0]
            self.held_back.append(HeldBack(action, roots[0]))
            return
        before = tuple(dict.fromkeys(self.actions[need].id for need in needs if need in self.actions))
        self.actions[action.address] = replace(action, depends_on=before)

    def find(self, finding: Finding) -> None:
        self.findings.append(finding)
        if finding.severity is Severity.BLOCKED:
            self._blocked[finding.address] = finding.address

    def same(self, address: str, label: str, reason: str) -> None:
        self.unchanged.append(Unchanged(address, label, reason))
