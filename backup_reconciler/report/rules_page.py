"""The rule catalogue as a page of the documentation."""

from backup_reconciler.spec.rules import SUBJECTS, Rule, rules_of

_INTRODUCTION = (
    "A message of `validate`, `plan` or `drift` names the rule it speaks of in brackets. This page is generated from "
    "the catalogue in `backup_reconciler/spec/rules/` (`make generated`)."
)


def rules_page() -> str:
    """Every rule with its reason, remedy and source, by subject, in Markdown."""
    parts = ["# Rules", _INTRODUCTION]
    for subject in SUBJECTS:
        parts.append(f"## {(subject.__doc__ or '').removesuffix('.')}")
        parts += [_told(rule) for rule in rules_of(subject)]
    return "\n\n".join(parts) + "\n"


def _told(rule: Rule) -> str:
    reasons = f"- **Why:** {rule.why}\n- **Remedy:** {rule.remedy}\n- **Source:** {rule.source}"
    return f"### {rule.id}\n\n{rule.statement}\n\n{reasons}"
