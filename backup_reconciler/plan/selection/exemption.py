"""Exemptions: which VMs are meant to have no backup on the plan's day, and what is wrong with that."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.selection.assignment import Wish
from backup_reconciler.plan.selection.matching import Directory, selected, subscriptions_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.exemption import EXEMPTION_CLASH, EXEMPTION_EXPIRED
from backup_reconciler.spec.rules.protection import SELECTS_NOTHING
from backup_reconciler.state.snapshot import Snapshot

Exemption = Declaration[ExemptionSpec]


class Exemptions:
    """The exemptions of some manifests, with the VMs that each means among those that were read."""

    def __init__(self, manifests: Manifests, snapshot: Snapshot, looked_in: frozenset[str], as_of: date) -> None:
        """`looked_in` are the subscriptions, in lower case, whose VMs were to be read."""
        self._as_of = as_of
        self._read = looked_in - snapshot.hidden_subscriptions
        directory = Directory.of(snapshot.vms) if manifests.exemptions else Directory({}, {}, {})
        self._meant = [(one, self._vms_of(one.spec, directory)) for one in manifests.exemptions]

    def exempt(self) -> frozenset[ArmId]:
        """The VMs that an exemption means that has not expired."""
        holding = (vms for exemption, vms in self._meant if not self._has_expired(exemption))
        return frozenset[ArmId]().union(*holding)

    def findings(self, wishes: Mapping[ArmId, list[Wish]]) -> Iterator[Finding]:
        """Exemptions that have expired or mean nothing, and VMs that an assignment backs up all the same."""
        for exemption, vms in self._meant:
            if self._has_expired(exemption):
                counted = f"{len(vms)} {'VM counts' if len(vms) == 1 else 'VMs count'} again"
                message = f"the exemption ended on {exemption.spec.expires}, and {counted}"
                yield _of(exemption, EXEMPTION_EXPIRED, message, "expires")
            elif not vms and self._looks_in(exemption.spec) <= self._read:
                finding = _of(exemption, SELECTS_NOTHING, "it matches no VM", "select")
                yield replace(finding, instead="correct the selection, or remove the exemption")
            else:
                yield from self._clashes(exemption, vms, wishes)

    def _clashes(
        self, exemption: Exemption, vms: frozenset[ArmId], wishes: Mapping[ArmId, list[Wish]]
    ) -> Iterator[Finding]:
        for vm in sorted(vms & wishes.keys()):
            wish = wishes[vm][0]
            if wish.settings.protection == "active":
                message = f"{exemption} exempts it, and {wish.assignment} ({wish.assignment.place}) backs it up"
                place = exemption.place_of("select")
                yield Finding(EXEMPTION_CLASH, Severity.WARNING, wish.address, wish.label, message, place)

    def _vms_of(self, spec: ExemptionSpec, directory: Directory) -> frozenset[ArmId]:
        candidates = directory.candidates(spec.select, self._looks_in(spec))
        return frozenset(vm.id for vm in selected(spec, candidates))

    def _looks_in(self, spec: ExemptionSpec) -> frozenset[str]:
        """Where it says, where its ids are, else wherever the run looks for VMs."""
        return subscriptions_of(spec.select, self._read)

    def _has_expired(self, exemption: Exemption) -> bool:
        return exemption.spec.expires < self._as_of


def _of(exemption: Exemption, rule: Rule, message: str, field: str) -> Finding:
    return Finding(rule, Severity.WARNING, str(exemption), str(exemption), message, exemption.place_of(field))
