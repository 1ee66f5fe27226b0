"""What an inspection of manifests found, for people."""

from collections.abc import Mapping

from backup_reconciler.manifest import Inspection
from backup_reconciler.report.words import counted, listed

_NAMES = {
    "Vault": ("vault", "vaults"),
    "BackupPolicy": ("policy", "policies"),
    "VMAssignment": ("assignment", "assignments"),
    "OutboundAccess": ("outbound access", "outbound accesses"),
    "Exemption": ("exemption", "exemptions"),
    "Settings": ("settings", "settings"),
}


def problems_text(inspection: Inspection) -> str:
    """A line for each problem."""
    return "\n".join(map(str, inspection.problems))


def valid_text(inspection: Inspection) -> str:
    """What is declared, in one sentence."""
    warnings = len(inspection.warnings)
    told = f" {counted(warnings, 'warning')}." if warnings else ""
    return f"Valid: {_declared(inspection.declared)}.{told}"


def _declared(declared: Mapping[str, int]) -> str:
    return listed([counted(number, *_NAMES[kind]) for kind, number in declared.items() if number])
