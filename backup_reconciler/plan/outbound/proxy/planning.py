"""Planning outbound access by a proxy."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.outbound.nsg.standing import Standing, remove, standing_by_handle, tell_left
from backup_reconciler.plan.outbound.nsg.writing import as_planned, plan_rules
from backup_reconciler.plan.outbound.proxy.errand import are_asked_for, clients, errands, proxy_vm
from backup_reconciler.plan.outbound.proxy.left import left
from backup_reconciler.plan.outbound.proxy.proxy_rules import Place, addresses_at, wishes_by_group
from backup_reconciler.plan.outbound.proxy.reach import about_proxy, not_reached
from backup_reconciler.plan.outbound.proxy.remarks import as_shown
from backup_reconciler.plan.outbound.proxy.running import plan_script
from backup_reconciler.plan.outbound.proxy.sharing import meant_twice
from backup_reconciler.plan.outbound.proxy.undoing import addresses, plan_undoing, written_by
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.run_command import RunCommand


def plan_proxies(
    documents: Sequence[Outbound], targets: Targets, network: Network, draft: Draft
) -> Iterator[tuple[ArmId, str]]:
    """Decide what to do for the documents of this method; gives VMs with the ids of the actions that let them out."""
    planning = _Planning(targets, network, draft)
    for document in documents:
        if document.spec.state == "absent":
            planning.take_away(document)
    present = [one for one in documents if one.spec.state == "present"]
    for finding in meant_twice(present, targets):
        draft.find(finding)
    yield from planning.open_proxies(present)
    for document in present:
        yield from planning.use_proxy(document)
    for finding in left(documents, planning.spoken_of, network):
        draft.find(finding)


@dataclass(slots=True)
class _Planning:
    """What has been planned for proxies so far."""

    targets: Targets
    network: Network
    draft: Draft
    standing: Mapping[str, list[Standing]] = field(init=False)
    """The security rules that documents have written, by handle in lower case."""
    leaving: dict[ArmId, set[str]] = field(init=False, default_factory=lambda: defaultdict(set))
    """The names of those that this run deletes, by group."""
    undone: dict[ArmId, list[RunCommand]] = field(init=False, default_factory=lambda: defaultdict(list))
    """The run commands that are undone, by their VM."""
    spoken_of: set[ArmId] = field(init=False, default_factory=set)
    """The run commands that documents mean."""

    def __post_init__(self) -> None:
        self.standing = standing_by_handle(self.network)

    def take_away(self, document: Outbound) -> None:
        """First from the VMs, then from the proxy: until then they go through it."""
        commands, rules = written_by(document, self.network), self._rules_of(document)
        undone = plan_undoing(commands, document, self.network, self.draft)
        self.spoken_of |= {one.id for one in commands}
        all_asked = are_asked_for(document, self.targets)
        if not all_asked:
            self.draft.find(as_shown(document))
        for one in undone:
            self.undone[one.vm].append(one)
        if rules:
            for gone in remove(document, rules, self.draft, addresses(undone)):
                self.leaving[gone.group].add(gone.rule.name)
        elif not commands:
            reason = "nothing of it is there" if all_asked else "nothing of it is shown"
            self.draft.same(str(document), str(document), reason)

    def open_proxies(self, documents: Sequence[Outbound]) -> Iterator[tuple[ArmId, str]]:
        """The security rules around the proxies of all documents, a group at a time."""
        places = [(document, place) for document in documents if (place := self._place(document))]
        for document in documents:
            tell_left(document, self._rules_of(document), self._rule_addresses(document), self.draft)
        wishes, groups = wishes_by_group(places, self.network), as_planned(self.network, self.draft)
        for id_ in sorted(wishes):
            yield from plan_rules(groups[id_], wishes[id_], self.leaving[id_], self.draft)

    def use_proxy(self, document: Outbound) -> Iterator[tuple[ArmId, str]]:
        """The scripts: in the VMs once the proxy is open, so that nobody is sent to closed doors."""
        place = self._place(document)
        for finding in about_proxy(document, place.path if place else None, self.targets):
            self.draft.find(finding)
        for finding in not_reached(document, self._clients(document), self.network):
            self.draft.find(finding)
        before = [str(document), *self._rule_addresses(document)]
        wished = sorted(errands(document, self.targets), key=lambda errand: errand.lets_out)
        for errand in wished:
            self.spoken_of.add(errand.command)
            # What another document set there goes first: on Windows it would be kept as what was there before.
            needs = [*before, *addresses(self.undone[errand.vm.id])]
            action = plan_script(errand, self.network, self.draft, needs)
            if not errand.lets_out:
                before.append(errand.address)
            elif action is not None:
                yield errand.vm.id, action

    def _rules_of(self, document: Outbound) -> list[Standing]:
        return self.standing.get(document.handle.casefold(), [])

    def _rule_addresses(self, document: Outbound) -> list[str]:
        place = self._place(document)
        return addresses_at(place, document) if place else []

    def _clients(self, document: Outbound) -> list[ArmId]:
        return [vm.id for vm in clients(document, self.targets)]

    def _place(self, document: Outbound) -> Place | None:
        """The VM that is the proxy; None where there is none, or nobody can tell what stands around it."""
        itself = proxy_vm(document)
        path = Path.of(itself, self.network) if itself in self.targets.known and itself else None
        return Place(path, self._clients(document)) if path else None
