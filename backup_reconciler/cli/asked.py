"""Which vaults `export` is asked for."""

from collections.abc import Iterable, Sequence

from backup_reconciler.cli.errors import UsageError
from backup_reconciler.spec.arm_id import ArmId


class AskedVaults:
    """Vaults by id or by name, or all of some subscriptions."""

    def __init__(self, subscriptions: Sequence[str], vaults: Sequence[str]) -> None:
        self._ids = {ArmId(text) for text in vaults if text.startswith("/")}
        self._names = {text.casefold() for text in vaults if not text.startswith("/")}
        named = (*subscriptions, *(id_.subscription for id_ in self._ids))
        self.subscriptions = frozenset(name.casefold() for name in named)
        if not self.subscriptions:
            raise UsageError("say which subscription to export: --subscription ID, or --vault with a vault's whole id")

    @property
    def only_some(self) -> bool:
        return bool(self._ids or self._names)

    def wanted(self, vault: ArmId) -> bool:
        return not self.only_some or vault in self._ids or vault.name.casefold() in self._names

    def check(self, found: Iterable[ArmId], *, some: bool) -> None:
        """Refuse where a vault that is named is not there; and where there is none at all, if there must be `some`."""
        there = set(found)
        missing = [str(id_) for id_ in sorted(self._ids - there)]
        missing += sorted(self._names - {id_.name.casefold() for id_ in there})
        if missing or (some and not there):
            what = f"no vault {' and no vault '.join(missing)}" if missing else "no vault at all"
            raise UsageError(f"there is {what} in {', '.join(sorted(self.subscriptions))}")
