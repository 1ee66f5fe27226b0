"""What Resource Graph has learnt so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from backup_reconciler.sandbox.core.estate.names import Json


@dataclass
class GraphChange:
    """A row of Resource Graph as it was from `at` on; None where the resource had gone."""

    at: datetime
    id: str
    row: Json | None


@dataclass
class GraphIndex:
    """What Resource Graph knows when it lags: the rows it shows, and the changes it has yet to learn."""

    rows: dict[str, Json] = field(default_factory=dict)
    coming: list[GraphChange] = field(default_factory=list)
    seen: dict[str, dict[str, Json]] = field(default_factory=dict)
    """Per vault, its rows as they were when a change was last looked for."""
