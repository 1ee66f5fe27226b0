"""Virtual machines in a world."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backup_reconciler.sandbox.world.access import LockModel
from backup_reconciler.sandbox.world.base import Model, Name, Tags


class FailureModel(Model):
    code: Name
    message: str = "The operation failed."
    number: int = 0


class AgentModel(Model):
    """The VM agent as it reports to Azure."""

    version: Name


class VirtualMachineModel(Model):
    location: Name
    os: Literal["Linux", "Windows"] = "Linux"
    tags: Tags = {}
    power: Literal["running", "stopped", "deallocated"] = "running"
    agent: AgentModel | None = Field(default_factory=lambda: AgentModel(version="2.7.41491.1183"))
    configure_fails: FailureModel | None = None
    locks: dict[Name, LockModel] = {}
