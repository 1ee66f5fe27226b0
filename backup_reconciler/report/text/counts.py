"""The counts of resources and findings as text."""

from backup_reconciler.report.model.counts import Counts


def resources_line(counts: Counts, when: str = "") -> str:
    """How many declared resources are how, against what is declared."""
    return f"Resources{when}: {', '.join(f'{number:,} {state.value}' for state, number in counts.resources.items())}."


def findings_line(counts: Counts) -> str:
    """How many findings weigh how much."""
    return f"Findings: {', '.join(f'{number:,} {severity.value}' for severity, number in counts.findings.items())}."
