"""What a document comes to in a place: rule collections that are written, or taken away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.difference import changes
from backup_reconciler.plan.outbound.firewall.collection import as_plain_data, mark_of, marked, same
from backup_reconciler.plan.outbound.firewall.site import Intent, Part
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.state.network.firewall import RuleCollection, RuleKind

_FIELDS: dict[RuleKind, str] = {"application": "applicationRule", "network": "networkRule"}
"""What a document's rule collections are called in its changes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a document comes to."""

    document: Outbound
    changes: tuple[Change, ...] = ()
    written: tuple[RuleCollection, ...] = ()
    removed: tuple[RuleCollection, ...] = ()
    vms: tuple[ArmId, ...] = ()
    """The VMs that it lets out."""


def to_remove(document: Outbound, removed: Sequence[RuleCollection]) -> Decision:
    place = document.place_of("state")
    told = tuple(Change(_path(document, one.kind), as_plain_data(one), None, place) for one in removed)
    return Decision(document, told, removed=tuple(removed))


def to_write(intent: Intent, ours: Mapping[RuleKind, RuleCollection]) -> Decision:
    """What is new or differs; `ours` are the document's rule collections as they are to be, by kind."""
    differing = [part for part in intent.parts if not _is_there(part, ours[part.wanted.kind])]
    told = tuple(change for part in differing for change in _changes(part, ours[part.wanted.kind]))
    written = tuple(ours[part.wanted.kind] for part in differing)
    return Decision(intent.document, told, written, vms=tuple(vm.id for vm in intent.vms))


def numbered(intent: Intent, numbers: Mapping[str, int]) -> dict[RuleKind, RuleCollection]:
    """A document's rule collections as they are to be, by kind."""
    return {
        part.wanted.kind: marked(replace(part.wanted, priority=numbers[part.wanted.name]), intent.document.handle)
        for part in intent.parts
    }


def _is_there(part: Part, wished: RuleCollection) -> bool:
    return part.live is not None and same(part.live, wished)


def _changes(part: Part, wished: RuleCollection) -> Iterator[Change]:
    path, place = _path(part.document, wished.kind), _place(part)
    if part.live is None:
        yield Change(path, None, as_plain_data(wished), place)
        return
    found, declared = as_plain_data(part.live), as_plain_data(wished)
    if "action" in found:  # ours allow, and say nothing of it
        declared["action"] = "Allow"
    fields = changes(declared, found, part.document)
    for change in fields:
        yield replace(change, path=f"{path}.{change.path}", place=place)
    if not fields:
        yield Change(f"{path}.mark", str(mark_of(part.live)), str(mark_of(wished)), place)


def _path(document: Outbound, kind: RuleKind) -> str:
    return f"{document.handle}.{_FIELDS[kind]}"


def _place(part: Part) -> Place:
    return part.document.place_of("firewall", *(("networkRule",) if part.wanted.kind == "network" else ()))
