"""Which handles there are to refer to, counting documents that are there but broken."""

from collections.abc import Iterable

from backup_reconciler.manifest.document import Written
from backup_reconciler.manifest.words import nearest
from backup_reconciler.spec.document import KINDS

_MOST_COMPARED = 1_000_000
"""Handles that misspelt ones of a run are compared with, some two seconds' worth; the rest are told without a guess."""


class Handles:
    """The handles of each kind.

    A reference is unknown only when nothing that was written can be what it means. So a broken document still has its
    handle; where a handle or a kind cannot be made out, or a file could not be read, any name may have been declared.
    """

    def __init__(self, documents: Iterable[Written], *, whole: bool) -> None:
        self._by_kind: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        self._by_azure_name: dict[tuple[str, str], str] = {}
        self._open = set() if whole else set(KINDS)
        self._nearest: dict[tuple[str, str], str | None] = {}
        self._compared = 0
        for document in documents:
            kinds = [document.kind] if document.kind in KINDS else list(KINDS)
            for kind in kinds:
                self._by_kind[kind].setdefault(document.handle.casefold(), document.handle)
                self._by_azure_name.setdefault((kind, _azure_name(document)), document.handle)
            if not document.handle:
                self._open.update(kinds)

    def may_be(self, kind: str, handle: str) -> bool:
        """Whether a document of this kind is called so, or may be."""
        return kind in self._open or handle.casefold() in self._by_kind[kind]

    def kinds_of(self, handle: str) -> list[str]:
        """The kinds in which a document is called so."""
        return [kind for kind, handles in self._by_kind.items() if handle.casefold() in handles]

    def nearest(self, kind: str, handle: str, *others: str) -> str | None:
        """The handle that was probably meant: of the resource called so in Azure, or the one that is most like it.

        Remembered, since one mistake is often made in many documents.
        """
        azure_name = handle.rpartition("/")[2].casefold()
        if azure_name and (kind, azure_name) in self._by_azure_name:
            return self._by_azure_name[kind, azure_name]
        key, known = (kind, handle), self._by_kind[kind]
        if key not in self._nearest and self._compared < _MOST_COMPARED:
            self._compared += len(known)
            self._nearest[key] = nearest(handle, [*known.values(), *others])
        return self._nearest.get(key)


def _azure_name(document: Written) -> str:
    name = document.tree.value(("spec", "name"))
    return name.casefold() if isinstance(name, str) else document.handle.casefold()
