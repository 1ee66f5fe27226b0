"""What Microsoft.Network keeps: one shape for all its resources, whose `properties` are those of the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from backup_reconciler.sandbox.core.estate.failure import Failure
from backup_reconciler.sandbox.core.estate.names import Json, fold

_NAMESPACE = UUID("6f2d3c1e-7f0a-4c55-9b5a-2f1d6f1f8a10")
"""Ids of the network that are made of names start from it, so that they need no randomness and are kept nowhere."""


def name_guid(*words: str) -> str:
    """The same GUID for the same words."""
    return str(uuid5(_NAMESPACE, "/".join(words)))


@dataclass
class NetworkChild:
    """A subnet, a security rule or a rule collection group: part of its parent, with a path of its own."""

    name: str
    properties: Json


@dataclass
class NetworkResource:
    """A resource of Microsoft.Network; what the service adds when it is read (state, back references) is not kept."""

    kind: str
    """`networkSecurityGroups`, as in its id."""
    subscription: str
    group: str
    name: str
    location: str
    properties: Json = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    sku: Json | None = None
    children: dict[str, NetworkChild] = field(default_factory=dict)
    provisioning: Literal["Succeeded", "Updating", "Deleting"] = "Succeeded"
    version: int = 1
    """How often it was written, and the end of a write: each makes an etag of its own."""

    @property
    def id(self) -> str:
        return network_id(self.subscription, self.group, self.kind, self.name)

    @property
    def guid(self) -> str:
        """`resourceGuid`."""
        return name_guid(fold(self.id), "guid")

    @property
    def etag(self) -> str:
        return f'W/"{name_guid(fold(self.id), str(self.version))}"'

    @property
    def under_way(self) -> bool:
        return self.provisioning != "Succeeded"


def network_id(subscription: str, group: str, kind: str, name: str) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/{kind}/{name}"


@dataclass(frozen=True)
class NetworkOperation:
    """A write that was accepted: it ends by the clock, and then what it did is settled."""

    id: str
    subject: str
    """Id of the resource it changes."""
    ends: datetime
    error: Failure | None = None


@dataclass
class DefaultNetwork:
    """The network of those VMs of a group and region that say nothing of theirs, as `az vm create` makes it."""

    owner: str
    """The VM that came first: the network bears its name, and stays when it goes."""
    location: str
    tags: dict[str, str]
    machines: int = 0
    """How many came."""
