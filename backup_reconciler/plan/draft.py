"""A plan in the making: each resource's planner adds to it, in the order of what depends on what."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from backup_reconciler.plan.action import AnyAction, VaultAction
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import HeldBack, Unchanged, WhyHeld
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.guard import LiveGuard


@dataclass(slots=True)
class Draft:
    """What has been decided so far."""

    as_of: date
    """The day that the plan is made for, in UTC."""
    guards: Mapping[ArmId, LiveGuard] = field(default_factory=dict)
    """The Resource Guards of vaults that have one."""
    vaults_after: Mapping[ArmId, VaultSettings] = field(default_factory=dict)
    """What each declared vault will be like once the plan is carried out."""
    actions: dict[str, AnyAction] = field(default_factory=dict)
    """By id."""
    findings: list[Finding] = field(default_factory=list)
    unchanged: list[Unchanged] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)
    doubtful: list[ArmId] = field(default_factory=list)
    """VMs of which it should be asked which vault holds them, before this plan is relied on."""
    _first_at: dict[str, str] = field(default_factory=dict)
    """Address → the id of the first awaited action there, which is the one that others at other addresses wait for."""
    _held: dict[str, tuple[str, WhyHeld]] = field(default_factory=dict)
    """Address → the address that is at the root of its being held back, and why that is."""

    def act(self, action: AnyAction, *needs: str) -> str:
        """Plan an action after what it needs: addresses, or the ids of actions; returns its id.

        Where an address that it needs is blocked or held back, so is it.
        """
        for need in needs:
            if need in self._held:
                self.hold(action, *self._held[need])
                return action.id
        before = tuple(dict.fromkeys(id_ for need in needs for id_ in self._ids(need) if id_ != action.id))
        guard = self.guards.get(action.vault) if isinstance(action, VaultAction) else None
        approver = guard.name if guard and any(map(guard.watches, action.critical)) else ""
        self.actions[action.id] = replace(action, depends_on=before, guard=approver)
        if action.awaited:
            self._first_at.setdefault(action.address, action.id)
        return action.id

    def hold(self, action: AnyAction, because: str, why: WhyHeld) -> None:
        """Leave an action out, and with it what needs its address."""
        self.bar(action.address, because, why)
        self.leave(action, because, why)

    def leave(self, action: AnyAction, because: str, why: WhyHeld) -> None:
        """Leave an action out, and nothing else for its sake."""
        self.held_back.append(HeldBack(action, because, why))

    def bar(self, address: str, because: str, why: WhyHeld) -> None:
        """Hold back what is planned from now on and needs this address."""
        self._held.setdefault(address, (because, why))

    def is_barred(self, address: str) -> bool:
        """Whether what needs this address is held back."""
        return address in self._held

    def postpone(self, because: Mapping[str, str], why: WhyHeld) -> None:
        """Take actions out again, by id with the address that goes before, each with all that waits for it."""
        self._take_out(deque(because.items()), why)

    def refuse(self, findings: Mapping[str, Finding]) -> None:
        """Take actions out again, by id, for findings that block them; what waits for them is held back."""
        waiting = self.waiting() if findings else {}
        for id_, finding in findings.items():
            del self.actions[id_]
            self.find(finding)
        because = {id_: finding.address for id_, finding in findings.items()}
        self._take_out(deque((after, because[id_]) for id_ in findings for after in waiting[id_]), WhyHeld.BLOCKED)

    def _take_out(self, leaving: deque[tuple[str, str]], why: WhyHeld) -> None:
        """Hold back actions, each because of an address, and all that waits for them."""
        waiting = self.waiting() if leaving else {}
        while leaving:
            one, reason = leaving.popleft()
            if one in self.actions:
                action = self.actions.pop(one)
                self.held_back.append(HeldBack(action, reason, why))
                leaving += [(after, action.address) for after in waiting[one]]

    def waiting(self) -> Mapping[str, list[str]]:
        """Id → the ids of the actions that need it done first."""
        waiting: dict[str, list[str]] = defaultdict(list)
        for action in self.actions.values():
            for before in action.depends_on:
                waiting[before].append(action.id)
        return waiting

    def planned_at(self, address: str) -> AnyAction | None:
        """The first action at an address, if there is one."""
        return self.actions.get(self._first_at.get(address, ""))

    def find(self, finding: Finding) -> None:
        self.findings.append(finding)
        if finding.severity is Severity.BLOCKED:
            self._held[finding.address] = (finding.address, WhyHeld.BLOCKED)

    def same(self, address: str, label: str, reason: str) -> None:
        self.unchanged.append(Unchanged(address, label, reason))

    def _ids(self, need: str) -> Iterator[str]:
        if need in self.actions:
            yield need
        elif need in self._first_at:
            yield self._first_at[need]
