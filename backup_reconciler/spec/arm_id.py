"""ARM ids: compared without regard to letter case, printed as they were written."""

from collections.abc import Iterable
from itertools import pairwise
from operator import attrgetter
from sys import intern
from urllib.parse import unquote


class ArmId:
    """The id of one Azure resource.

    ARM names and ids are case-insensitive and the service prints them in several casings, so two ids are equal when
    they differ in letter case alone (source: Azure resource naming rules; azure-rest-api-specs issue 10357).
    """

    __slots__ = ("_hash", "key", "resource_group", "subscription", "text")

    key: str
    """The form to compare and to sort by."""
    subscription: str
    """Its name as it is written; empty where the id names none."""
    resource_group: str
    """As the subscription."""
    _hash: int

    def __init__(self, text: str) -> None:
        self.text = (unquote(text) if "%" in text else text).rstrip("/")

    @property
    def name(self) -> str:
        """The last segment: the resource's own name."""
        return self.text.rpartition("/")[2]

    def child(self, *segments: str) -> "ArmId":
        return ArmId("/".join((self.text, *segments)))

    def parent(self, segments: int) -> "ArmId":
        """The id without so many of its last segments."""
        return ArmId("/".join(self.text.split("/")[:-segments]))

    def __getattr__(self, name: str) -> str | int:
        """Called for a slot that is still empty, and fills it: there are many ids, and few are asked for everything."""
        value: str | int
        match name:
            case "key":
                value = intern(self.text.casefold())  # a VM's id comes with the VM, its backup, and the graph
                if value == self.text:
                    self.text = value
            case "_hash":
                value = hash(self.key)
            case "subscription":
                value = self._after("subscriptions")
            case "resource_group":
                value = self._after("resourcegroups")
            case _:
                raise AttributeError(f"an ARM id has no {name}")
        setattr(self, name, value)
        return value

    def _after(self, word: str) -> str:
        """The segment behind that word, kept once for all ids that have it."""
        for before, segment in pairwise(self.text.split("/")):
            if before.casefold() == word:
                return intern(segment)
        return ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArmId) and self.key == other.key

    def __lt__(self, other: "ArmId") -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ArmId({self.text!r})"


def resource_id(subscription: str, resource_group: str, name: str, type_: str) -> ArmId:
    """Of a resource of a type such as Microsoft.Compute/virtualMachines."""
    return ArmId(f"/subscriptions/{subscription}/resourceGroups/{resource_group}/providers/{type_}/{name}")


def in_order(ids: Iterable[ArmId]) -> list[ArmId]:
    """What `sorted` gives, without asking each id for each comparison: of many that is most of the time."""
    return sorted(ids, key=attrgetter("key"))


def vault_id(subscription: str, resource_group: str, name: str) -> ArmId:
    return resource_id(subscription, resource_group, name, "Microsoft.RecoveryServices/vaults")


def resource_group_of(resource: ArmId) -> ArmId:
    return ArmId(f"/subscriptions/{resource.subscription}/resourceGroups/{resource.resource_group}")


def policy_id(vault: ArmId, name: str) -> ArmId:
    return vault.child("backupPolicies", name)
