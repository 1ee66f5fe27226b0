"""What is inside a virtual machine: extensions, and what was run there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from backup_reconciler.sandbox.core.estate.failure import Failure
from backup_reconciler.sandbox.core.estate.names import Json


@dataclass
class Extension:
    """A VM extension."""

    name: str
    publisher: str
    type: str
    version: str
    installed: datetime
    state: Literal["Succeeded", "Failed"] = "Succeeded"
    message: str = ""


@dataclass
class ScriptOutcome:
    """What scripts that match give inside a VM; the box itself runs nothing."""

    script: str
    """A pattern of the script's text."""
    exit_code: int = 0
    output: str = ""
    error: str = ""
    seconds: float = 3.0
    times: int | None = None
    met: int = 0
    """How many scripts have matched so far."""


@dataclass(frozen=True)
class Execution:
    """How one script runs. All of it is settled when it is asked for; what is seen depends on when one looks."""

    accepted: datetime
    starts: datetime
    ends: datetime
    state: Literal["Succeeded", "Failed", "TimedOut", "Canceled"]
    exit_code: int
    output: str
    error: str
    """The script's standard error."""
    unreachable: Failure | None = None
    """Why the script never ran."""


@dataclass
class RunCommand:
    """A managed run command: a resource, with the execution it last caused."""

    name: str
    properties: Json
    """As on the wire, without what is protected."""
    execution: Execution
    tags: dict[str, str] = field(default_factory=dict)
    replaced: bool = False
    deleted: datetime | None = None
    """When it is, or will be, gone."""


@dataclass
class Guest:
    """What is installed and was run inside a VM."""

    extensions: dict[str, Extension] = field(default_factory=dict)
    scripts: list[ScriptOutcome] = field(default_factory=list)
    run_commands: dict[str, RunCommand] = field(default_factory=dict)
    action_ends: datetime | None = None
    """When the last `runCommand` action ends; only one runs at a time."""


@dataclass
class ComputeOperation:
    """A request that Compute accepted and works on; how it ends is settled, and seen from `ends` on."""

    id: str
    started: datetime
    ends: datetime
    error: Failure | None = None
    output: Json | None = None
