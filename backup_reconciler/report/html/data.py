"""The data of a page, for its scripts: compact, and so that no text of Azure's can end the element around it."""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from markupsafe import Markup

from backup_reconciler.plan.action import Risk
from backup_reconciler.report.html.pool import Pool
from backup_reconciler.report.html.tables import Table
from backup_reconciler.report.html.tones import TONES
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.since import Origin

E = TypeVar("E", bound=StrEnum)

_ESCAPES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
"""What could be taken for the end of a script, for a comment or for the end of a line (HTML Living Standard,
Restrictions for contents of script elements)."""


def page_data(report: Report, tables: Iterable[Table], pool: Pool) -> Mapping[str, Any]:
    """Everything that the scripts show: rows refer to texts and to lists of differences by number."""
    counts = _counts(report.counts)
    return {
        "counts": counts,
        "words": {
            "risk": list(Risk),
            "state": list(counts["resources"]),
            "severity": list(counts["findings"]),
            "standing": list(counts["standings"]),
            "health": list(counts["health"]),
            "origin": list(Origin),
        },
        "tones": TONES,
        "texts": pool.texts,
        "changes": pool.differences,
        "tables": {table.id: {"fields": table.fields, "rows": table.rows} for table in tables},
    }


def script_json(data: object) -> Markup:
    """Data as the text of a script element."""
    return Markup(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES))  # noqa: S704


def _counts(counts: Counts) -> Mapping[str, Mapping[str, int]]:
    return {
        "resources": _by_word(counts.resources),
        "findings": _by_word(counts.findings),
        "standings": _by_word(counts.standings),
        "health": _by_word(counts.health),
    }


def _by_word(numbers: Mapping[E, int]) -> Mapping[str, int]:
    return {value.value: number for value, number in numbers.items()}
