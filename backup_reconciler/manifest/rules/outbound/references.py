"""Rules of the assignments that outbound access names."""

from collections.abc import Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.handles import Handles
from backup_reconciler.manifest.words import either, named, quoted
from backup_reconciler.spec.document import by_handle
from backup_reconciler.spec.rules.document import UNKNOWN_REFERENCE
from backup_reconciler.spec.rules.outbound import OUTBOUND_DELETED


def assignments(collected: Collected, handles: Handles) -> Iterator[Problem]:
    for document in collected.outbound:
        for index, handle in enumerate(document.spec.for_.assignments or ()):
            if not handles.may_be("VMAssignment", handle):
                path, what = ("spec", "for", "assignments", index), f"no VMAssignment has the handle {quoted(handle)}"
                yield document.problem(UNKNOWN_REFERENCE, path, what, _remedy(handle, handles))


def _remedy(handle: str, handles: Handles) -> str:
    near, kinds = handles.nearest("VMAssignment", handle), handles.kinds_of(handle)
    if near:
        return f"did you mean {named(near)}?"
    others = either(f"{kind}/{named(handle)}" for kind in kinds) if kinds else ""
    return f"that is {others}; name an assignment" if kinds else ""


def backups_to_be_deleted(collected: Collected) -> Iterator[Problem]:
    known = by_handle(collected.assignments)
    for document in collected.outbound:
        if document.spec.state == "absent":
            continue
        for index, handle in enumerate(document.spec.for_.assignments or ()):
            assignment = known.get(handle.casefold())
            if assignment is not None and assignment.spec.protection == "deleted":
                also = assignment.written.tree.place(("spec", "protection"))
                what = f"the backups of {assignment} are to be deleted"
                yield document.problem(OUTBOUND_DELETED, ("spec", "for", "assignments", index), what, also=also)


RULES = (assignments,)

BETWEEN_DOCUMENTS = (backups_to_be_deleted,)
