"""Manifests: YAML text → specs that know where they were written, and specs → YAML text (`writing`).

With it go all the rules that need no Azure, so that a mistake is told before anything is asked of the cloud.
"""

from backup_reconciler.manifest.loading import Inspection, check, inspect, load
from backup_reconciler.manifest.problem import ManifestError, Problem, Severity

__all__ = ["Inspection", "ManifestError", "Problem", "Severity", "check", "inspect", "load"]
