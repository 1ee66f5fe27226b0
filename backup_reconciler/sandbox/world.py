"""A world: what exists in a box, and how it behaves, as the shapes of a world file."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

Trail = tuple[str | int, ...]
"""The way from the top of a world down to a value."""


class WorldError(Exception):
    """Something is wrong with a world or its saved state; the message is for people and stands on its own."""


class _Model(BaseModel):
    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=False,
    )


Name = Annotated[str, Field(min_length=1)]
Moment = Annotated[AwareDatetime, Field(strict=False)]
Seconds = Annotated[float, Field(ge=0, strict=False)]
Tags = dict[str, str]

_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_VAULT_NAME = r"^[a-zA-Z][-a-zA-Z0-9]{1,49}$"
PATTERNS_IN_WORDS = {
    _GUID: "a subscription's id, as 11111111-2222-3333-4444-555555555555",
    _VAULT_NAME: "2 to 50 letters, digits and hyphens, beginning with a letter",
}
SubscriptionId = Annotated[str, Field(pattern=_GUID)]
VaultName = Annotated[str, Field(pattern=_VAULT_NAME)]


class DurationsModel(_Model):
    """Seconds the service takes; the defaults are medians of what was recorded."""

    vault: Seconds = 10.0
    protect: Seconds = 32.0
    stop: Seconds = 13.0
    delete: Seconds = 60.0
    undelete: Seconds = 13.0
    policy_update: Seconds = 45.0
    first_backup: Seconds = 3600.0


class FaultModel(_Model):
    """Requests that meet a status in place of an answer, or whose connection is cut before or after the effect."""

    method: Literal["*", "GET", "PUT", "POST", "PATCH", "DELETE"] = "*"
    path: Name
    status: int | None = Field(default=None, ge=400, le=599)
    code: str = "InternalServerError"
    message: str = "The server encountered an error."
    retry_after: int | None = Field(default=None, ge=0)
    cut: Literal["before", "after"] | None = None
    times: int | None = Field(default=None, ge=1)
    skip: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _one_kind(self) -> FaultModel:
        if (self.status is None) == (self.cut is None):
            raise ValueError("a fault needs either 'status' or 'cut', and not both")
        return self


class FailureModel(_Model):
    code: Name
    message: str = "The operation failed."
    number: int = 0


class AgentModel(_Model):
    """The VM agent as it reports to Azure."""

    version: Name


class VirtualMachineModel(_Model):
    location: Name
    os: Literal["Linux", "Windows"] = "Linux"
    tags: Tags = {}
    power: Literal["running", "stopped", "deallocated"] = "running"
    agent: AgentModel | None = Field(default_factory=lambda: AgentModel(version="2.7.41491.1183"))
    configure_fails: FailureModel | None = None


class SoftDeleteModel(_Model):
    state: Literal["Enabled", "Disabled", "AlwaysON"] = "Enabled"
    retention_days: int = Field(default=14, ge=14, le=180)


class ProtectedItemModel(_Model):
    vm: Name
    policy: str | None = None
    state: Literal["Protected", "IRPending", "ProtectionStopped", "SoftDeleted"] = "Protected"

    @model_validator(mode="after")
    def _policy_fits_state(self) -> ProtectedItemModel:
        active = self.state in {"Protected", "IRPending"}
        if active and not self.policy:
            raise ValueError(f"an item in state {self.state} needs a 'policy'")
        if not active and self.policy:
            raise ValueError(f"an item in state {self.state} has no policy; leave 'policy' out")
        return self


class VaultModel(_Model):
    location: Name
    redundancy: Literal["GeoRedundant", "LocallyRedundant", "ZoneRedundant"] = "GeoRedundant"
    soft_delete: SoftDeleteModel = SoftDeleteModel()
    tags: Tags | None = None
    policies: dict[Name, dict[str, Any]] = {}
    protected_items: list[ProtectedItemModel] = []


class ResourceGroupModel(_Model):
    location: Name = "japaneast"
    tags: Tags = {}
    virtual_machines: dict[Name, VirtualMachineModel] = {}
    vaults: dict[VaultName, VaultModel] = {}


class SubscriptionModel(_Model):
    resource_groups: dict[Name, ResourceGroupModel] = {}


class World(_Model):
    """A whole world."""

    kind: Literal["World"]
    era: Literal[2021, 2026] = 2026
    clock: Moment = datetime(2026, 11, 23, 8, tzinfo=UTC)
    seed: int = 1
    page_size: int = Field(default=100, ge=1)
    graph_page_size: int = Field(default=1000, ge=1, le=1000)
    durations: DurationsModel = DurationsModel()
    graph_lag_seconds: Seconds = 0.0
    faults: list[FaultModel] = []
    subscriptions: dict[SubscriptionId, SubscriptionModel] = {}

    def digest(self) -> str:
        """Equal for worlds that say the same, however they are laid out."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
