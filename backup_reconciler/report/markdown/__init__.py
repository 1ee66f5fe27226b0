"""A report as Markdown, made for the comment of a pull request."""

from backup_reconciler.report.markdown.report import LIMIT, markdown

__all__ = ["LIMIT", "markdown"]
