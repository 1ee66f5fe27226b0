"""One call while it is answered: the request, the estate, the moment, and what the path names."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from uuid import UUID

from backup_reconciler.sandbox.core.estate import Estate, ResourceGroup, Settings, Subscription, Vault, fold, region_key
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Request, section, unreadable
from backup_reconciler.sandbox.core.wire.scope import group_not_found, resource_not_found, subscription_not_found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.wire.router import Route


def guid(rng: Random) -> str:
    """A new GUID, drawn from the world's own randomness."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def normal_location(location: str) -> str:
    """`Japan East` and `japaneast` are one region."""
    return region_key(location)


@dataclass(frozen=True)
class Call:
    """What a handler is given."""

    request: Request
    estate: Estate
    now: datetime
    rng: Random
    route: Route
    names: Mapping[str, str]
    """The parts of the path that its template leaves open, as the caller wrote them."""

    @property
    def settings(self) -> Settings:
        return self.estate.settings

    @property
    def api_version(self) -> str:
        return self.request.query["api-version"]

    @property
    def subscription(self) -> Subscription:
        found = self.estate.subscriptions.get(fold(self.names["subscription"]))
        if found is None:
            raise subscription_not_found(self.names["subscription"])
        return found

    @property
    def group(self) -> ResourceGroup:
        found = self.subscription.groups.get(fold(self.names["group"]))
        if found is None:
            raise group_not_found(self.names["group"])
        return found

    @property
    def vault(self) -> Vault:
        found = self.group.vaults.get(fold(self.names["vault"]))
        if found is None:
            raise self.not_found(f"Microsoft.RecoveryServices/vaults/{self.names['vault']}")
        return found

    def not_found(self, resource: str) -> Refused:
        """ARM's own 404 for a resource in the group that the path names (R26)."""
        return resource_not_found(resource, self.names["group"])

    @cached_property
    def vault_path(self) -> str:
        """The vault's id as the caller wrote it: the service echoes the casing of the path (R21-R26)."""
        return "/".join(self.request.path.split("/")[:9])

    @cached_property
    def backup_path(self) -> str:
        """The vault's id as ids of policies, items and jobs begin; in 2021 with a capital `/Subscriptions/` (R21)."""
        path = self.vault_path
        return f"/Subscriptions{path[14:]}" if self.settings.era == 2021 else path

    @property
    def body(self) -> Json:
        """The request's body, which must be an object."""
        if not isinstance(self.request.body, dict):
            raise unreadable()
        return self.request.body

    @property
    def properties(self) -> Json:
        """`properties` of the request's body."""
        return section(self.body, "properties")

    @property
    def activity(self) -> str:
        """The id under which a job remembers its request: the client's own, where it sent one (R21 job.json)."""
        return self.request.headers.get("x-ms-client-request-id") or guid(self.rng)

    def link(self, path: str, api_version: str | None = None, **more: str) -> str:
        """An absolute address at the place where the caller reached the service. `;` stays as it is (R26)."""
        query = urlencode({"api-version": api_version or self.api_version, **more}, safe="$=")
        return f"{self.request.endpoint}{quote(path, safe='/;=')}?{query}"

    def poll_link(self, path: str, api_version: str | None = None, **more: str) -> str:
        """Where an operation is asked after; since 2026 with a signed query, kept whole by a good client (R26)."""
        if self.settings.era == 2021:
            return self.link(path, api_version, **more)
        signed = {name: self._signature() for name in ("c", "s", "h")}
        return self.link(path, api_version, t=str(int(self.now.timestamp() * 10_000_000)), **signed, **more)

    def _signature(self) -> str:
        return base64.urlsafe_b64encode(self.rng.randbytes(24)).decode()

    def field(self, *path: str) -> Any:
        """A value inside the request's `properties`; None where any step is missing."""
        value: Any = self.properties
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value
