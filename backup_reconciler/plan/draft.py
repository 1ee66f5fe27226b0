"""A plan in the making: each resource's planner adds to it, in the order of what depends on what."""

from dataclasses import dataclass, field

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

    def act(self, action: AnyAction) -> None:
        self.actions[action.address] = action

    def find(self, finding: Finding) -> None:
        self.findings.append(finding)
        if finding.severity is Severity.BLOCKED:
            self._blocked[finding.address] = finding.address

    def same(self, address: str, label: str, reason: str) -> None:
        self.unchanged.append(Unchanged(address, label, reason))

    def held(self, address: str, label: str, *needs: str) -> bool:
        """Whether one of the addresses that this one needs is blocked; if so it is left out, and that is noted."""
        roots = [self._blocked[need] for need in needs if need in self._blocked]
        if roots:
            self._blocked[address] = roots[0]
            self.held_back.append(HeldBack(address, label, roots[0]))
        return bool(roots)

    def after(self, *needs: str) -> tuple[str, ...]:
        """The ids of the actions at these addresses, where there are any."""
        return tuple(self.actions[need].id for need in needs if need in self.actions)
