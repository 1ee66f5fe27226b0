"""Whether an authoritative vault may be taken at its word: that what no assignment selects is not to be backed up.

In doubt its authority rests, because a stop that nobody meant leaves a VM without backups until somebody sees it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.selection.assignment import Assignment, Wish
from backup_reconciler.plan.selection.target import looked_in, vaults_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.vault import AUTHORITATIVE_DOUBT, AUTHORITATIVE_ROOTS
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import Snapshot

Vault = Declaration[VaultSpec]
Wishes = Mapping[ArmId, Sequence[Wish]]
"""By VM."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a vault's authority rests."""

    rule: Rule
    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class Authority:
    """The authoritative vaults of a run, and what the run knows of its own completeness."""

    manifests: Manifests
    vaults: Mapping[ArmId, Vault]
    into: Mapping[str, Sequence[Assignment]]
    """By the handle of a vault, in lower case, the assignments by which VMs may come into it."""
    unevaluated: Sequence[str]
    """The names of assignments of which nobody knows what they select: they may select any VM."""
    suspect: Mapping[str, str]
    """By their names, assignments that hardly select what they are meant to, and why that seems so."""
    wished_in: frozenset[ArmId]
    """The vaults for which VMs are selected."""

    @classmethod
    def of(
        cls, manifests: Manifests, left_aside: Sequence[Assignment], wishes: Wishes, snapshot: Snapshot, draft: Draft
    ) -> "Authority":
        """`wishes` are those of the manifests; `left_aside` are assignments of the run that are not among these."""
        vaults = {one.spec.vault_id(one.handle): one for one in manifests.vaults if one.spec.is_authoritative()}
        if not vaults:
            return cls(manifests, {}, {}, (), {}, frozenset())
        into: dict[str, list[Assignment]] = defaultdict(list)
        for assignment in manifests.assignments:
            for handle in assignment.spec.vault_handles():
                into[handle.casefold()].append(assignment)
        barred = (assignment for assignment in manifests.assignments if _is_barred(assignment, manifests, draft))
        return cls(
            manifests,
            vaults,
            into,
            [str(assignment) for assignment in (*left_aside, *barred)],
            dict(_suspect(manifests.assignments, wishes, snapshot)),
            frozenset(wish.vault for of_vm in wishes.values() for wish in of_vm),
        )

    def doubt(self, vault: Vault) -> Doubt | None:
        """Why nothing is stopped in this vault for being undeclared; None where nothing speaks against it."""
        return self._of_roots() or self._of_assignments(vault)

    def looked_in(self, vault: Vault) -> frozenset[str]:
        """The subscriptions (ids in lower case) whose VMs belong into a vault: its own, and where assignments look."""
        into = self.into.get(vault.handle.casefold(), ())
        looked_in_by = (looked_in(assignment, self.manifests) for assignment in into)
        return frozenset({vault.spec.subscription.casefold()}).union(*looked_in_by)

    def _of_roots(self) -> Doubt | None:
        if left_out := self.manifests.roots_left_out:
            roots = f"the root{'s' if len(left_out) > 1 else ''} {', '.join(left_out)}"
            return Doubt(AUTHORITATIVE_ROOTS, Severity.INFO, f"this run leaves out manifests of {roots}")
        if not self.manifests.are_all:
            return Doubt(AUTHORITATIVE_ROOTS, Severity.WARNING, "no settings name the roots of all manifests")
        return None

    def _of_assignments(self, vault: Vault) -> Doubt | None:
        if self.unevaluated:
            return _doubt(f"what {self.unevaluated[0]} selects is not known")
        for assignment in self.into.get(vault.handle.casefold(), ()):
            if why := self.suspect.get(str(assignment)):
                return _doubt(f"{assignment} {why}")
        if vault.spec.vault_id(vault.handle) not in self.wished_in:
            return _doubt("no assignment selects any VM for it")
        return None


def _doubt(reason: str) -> Doubt:
    return Doubt(AUTHORITATIVE_DOUBT, Severity.WARNING, reason)


def _is_barred(assignment: Assignment, manifests: Manifests, draft: Draft) -> bool:
    """Whether it is blocked as a whole, or a vault of its choice is torn down, for whose VMs nothing is wished."""
    torn_down = any(vault.spec.is_absent() for vault in vaults_of(assignment, manifests))
    return torn_down or draft.is_barred(str(assignment))


def _suspect(assignments: Sequence[Assignment], wishes: Wishes, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """A VM that is named and that nobody sees may have been named wrongly, unless it has a backup."""
    selecting = {str(wish.assignment) for of_vm in wishes.values() for wish in of_vm}
    backed_up = {vm for _, vm, _ in snapshot.backed_up}
    for assignment in assignments:
        named = {ArmId(text) for text in assignment.spec.select.ids or ()}
        if named - snapshot.vms.keys() - backed_up:
            yield str(assignment), "names a VM that nobody sees"
        elif str(assignment) not in selecting:
            yield str(assignment), "matches no VM"
