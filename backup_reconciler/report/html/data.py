"""The data of a page, for its scripts: compact, and so that no text of Azure's can end the element around it."""

from collections.abc import Iterable, Mapping
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from backup_reconciler.plan.action import Risk
from backup_reconciler.report.data.counts import counts_data
from backup_reconciler.report.html.pool import Pool
from backup_reconciler.report.html.tables import Table
from backup_reconciler.report.html.tones import TONES
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.since import Origin


def page_data(report: Report, tables: Iterable[Table], pool: Pool) -> Mapping[str, Any]:
    """Everything that the scripts show: rows refer to texts and to lists of differences by number."""
    return {
        "counts": counts_data(report.counts).model_dump(by_alias=True),
        "words": {
            "risk": list(Risk),
            "state": list(report.counts.resources),
            "severity": list(report.counts.findings),
            "standing": list(report.counts.standings),
            "health": list(report.counts.health),
            "origin": list(Origin),
        },
        "tones": TONES,
        "texts": pool.texts,
        "changes": pool.differences,
        "tables": {table.id: {"fields": table.fields, "rows": table.rows} for table in tables},
    }


def script_json(data: object) -> Markup:
    """Data as the text of a script element, in which nothing can be taken for its end or for a comment."""
    return htmlsafe_json_dumps(data, ensure_ascii=False, separators=(",", ":"))
