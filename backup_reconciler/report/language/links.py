"""Links between the pages of the documentation."""

import re

from backup_reconciler.spec.rules import Rule


def anchor(title: str) -> str:
    """The fragment by which a heading is linked to, as GitHub makes it."""
    return "#" + re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def link(rule: Rule) -> str:
    """The way from a page of the language to the page of rules."""
    return f"[{rule.id}](../rules.md{anchor(rule.id)})"
