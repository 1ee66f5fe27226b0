"""The rule catalogue as a page of the documentation."""

from backup_reconciler.spec.rules import CATALOGUE

_INTRODUCTION = (
    "A message of `validate`, `plan` or `drift` names the rule it speaks of in brackets. This page is generated from "
    "the catalogue in `backup_reconciler/spec/rules.py` (`make generated`)."
)


def rules_page() -> str:
    """Every rule with its reason, remedy and source, in Markdown."""
    parts = ["# Rules", _INTRODUCTION]
    for rule in CATALOGUE.values():
        parts += [
            f"## {rule.id}",
            rule.statement,
            f"- **Why:** {rule.why}\n- **Remedy:** {rule.remedy}\n- **Source:** {rule.source}",
        ]
    return "\n\n".join(parts) + "\n"
