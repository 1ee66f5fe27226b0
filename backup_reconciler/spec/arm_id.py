"""ARM ids: compared without regard to letter case, printed as they were written."""

from functools import cached_property
from urllib.parse import unquote


class ArmId:
    """The id of one Azure resource.

    ARM names and ids are case-insensitive and the service prints them in several casings, so two ids are equal when
    they differ in letter case alone (source: Azure resource naming rules; azure-rest-api-specs issue 10357).
    """

    def __init__(self, text: str) -> None:
        self.text = unquote(text).rstrip("/")

    @cached_property
    def key(self) -> str:
        """The form to compare and to sort by."""
        return self.text.casefold()

    @cached_property
    def _segments(self) -> list[str]:
        return self.text.split("/")

    @cached_property
    def subscription(self) -> str:
        return self._after("subscriptions")

    @cached_property
    def resource_group(self) -> str:
        return self._after("resourcegroups")

    @property
    def name(self) -> str:
        """The last segment: the resource's own name."""
        return self._segments[-1]

    def child(self, *segments: str) -> "ArmId":
        return ArmId("/".join((self.text, *segments)))

    def parent(self, segments: int) -> "ArmId":
        """The id without so many of its last segments."""
        return ArmId("/".join(self._segments[:-segments]))

    def _after(self, word: str) -> str:
        for index, segment in enumerate(self._segments[:-1]):
            if segment.casefold() == word:
                return self._segments[index + 1]
        return ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArmId) and self.key == other.key

    def __lt__(self, other: "ArmId") -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ArmId({self.text!r})"


def resource_id(subscription: str, resource_group: str, name: str, type_: str) -> ArmId:
    """Of a resource of a type such as Microsoft.Compute/virtualMachines."""
    return ArmId(f"/subscriptions/{subscription}/resourceGroups/{resource_group}/providers/{type_}/{name}")


def vault_id(subscription: str, resource_group: str, name: str) -> ArmId:
    return resource_id(subscription, resource_group, name, "Microsoft.RecoveryServices/vaults")


def resource_group_of(resource: ArmId) -> ArmId:
    return ArmId(f"/subscriptions/{resource.subscription}/resourceGroups/{resource.resource_group}")


def policy_id(vault: ArmId, name: str) -> ArmId:
    return vault.child("backupPolicies", name)
