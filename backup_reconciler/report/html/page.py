"""The page: a template, its styles and its scripts in one text that loads nothing.

A policy in the page says so to the browser (Content Security Policy Level 3, W3C): what is not the page's own style or
script, told by its SHA-256, is refused, and no address is ever asked.
"""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from backup_reconciler.report.data.changes import source
from backup_reconciler.report.html.data import page_data, script_json
from backup_reconciler.report.html.headline import headline
from backup_reconciler.report.html.panels import panels_of
from backup_reconciler.report.html.pool import Pool
from backup_reconciler.report.html.static import static_part
from backup_reconciler.report.html.tables import tables_of
from backup_reconciler.report.html.vault_names import VaultNames
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.text.reading import reading_words
from backup_reconciler.report.words import counted, shown, visible

_STYLES = ("colours.css", "page.css", "summary.css", "tables.css", "narrow.css", "print.css")
_SCRIPTS = ("data.js", "elements.js", "cells.js", "sections.js", "view.js", "table.js", "page.js")
_WITHOUT_SCRIPTS = ("static.css",)


def html_report(report: Report) -> str:
    """The whole page; the same for the same report."""
    pool = Pool()
    tables = tables_of(report, pool)
    style, without_scripts = _joined(_STYLES), _joined(_WITHOUT_SCRIPTS)
    script = f"(() => {{\n{_joined(_SCRIPTS)}}})();"
    return (
        _templates()
        .get_template("page.html.j2")
        .render(
            policy=_content_security_policy([style, without_scripts], [script]),
            style=style,
            script=script,
            without_scripts=without_scripts,
            report=report,
            version=version("backup-reconciler"),
            headline=headline(report),
            read=reading_words(report.plan, report.differences),
            panels=panels_of(report),
            tables=tables,
            vaults=VaultNames(report).all,
            data=script_json(page_data(report, tables, pool)),
            static=static_part(report),
        )
    )


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("backup_reconciler.report.html", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(counted=counted, shown=shown, source=source, visible=visible)
    return made


@cache
def _joined(names: Sequence[str]) -> str:
    """Files of the page's own, as they go between the tags of one element."""
    assets = files("backup_reconciler.report.html") / "assets"
    return "\n".join((assets / name).read_text(encoding="utf-8") for name in names)


def _content_security_policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """Nothing but these; the picture beside the title is in the page too."""
    allowed = {"style-src": styles, "script-src": scripts}
    told = [f"{what} {' '.join(map(_hash, texts))}" for what, texts in allowed.items()]
    return "; ".join(["default-src 'none'", *told, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"
