"""A right in Azure, what it is for, and where it is needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backup_reconciler.spec.arm_id import ArmId


class Purpose(StrEnum):
    """What an identity is to do. Whoever applies plans first."""

    PLAN = "plan"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Permission:
    """An action of Azure's, spelled as Azure publishes it; letter case does not count in it.

    Source of the names, where none is given beside them: Learn, "Azure permissions" (the lists of each provider).
    """

    action: str
    why: str
    """What the program does with it: `lists vaults`."""


@dataclass(frozen=True, slots=True)
class Need:
    """A permission that some documents take."""

    permission: Permission
    documents: tuple[str, ...]
    """`Vault/prod`, in the order of the manifests."""
    scopes: frozenset[ArmId]
    """The subscriptions or resource groups on which it is needed, as narrow as manifests can tell."""
    purpose: Purpose = Purpose.PLAN

    def joined(self, other: "Need") -> "Need":
        """The same permission for all that either is needed for. Planning comes before applying."""
        documents = tuple(dict.fromkeys((*self.documents, *other.documents)))
        purpose = Purpose.PLAN if Purpose.PLAN in (self.purpose, other.purpose) else Purpose.APPLY
        return Need(self.permission, documents, self.scopes | other.scopes, purpose)


def needs(
    permissions: Iterable[Permission],
    documents: Iterable[object],
    scopes: Iterable[ArmId],
    purpose: Purpose = Purpose.PLAN,
) -> list[Need]:
    """Each of these permissions for all of these documents; none where there is no document."""
    named, places = tuple(map(str, documents)), frozenset(scopes)
    return [Need(one, named, places, purpose) for one in permissions] if named else []


def subscription(name: str) -> ArmId:
    """The scope of a subscription."""
    return ArmId(f"/subscriptions/{name.casefold()}")
