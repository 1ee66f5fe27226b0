"""`validate`: check manifests offline."""

from backup_reconciler.cli.options import Paths


def validate(paths: Paths) -> None:
    """Check manifests without asking Azure anything."""
    from backup_reconciler.cli.console import output
    from backup_reconciler.manifest import load
    from backup_reconciler.report.words import counted, listed

    manifests = load(paths)
    counts = [
        counted(len(declared), one, many)
        for declared, one, many in (
            (manifests.vaults, "vault", "vaults"),
            (manifests.policies, "policy", "policies"),
            (manifests.assignments, "assignment", "assignments"),
        )
    ]
    output().print(f"Valid: {listed(counts)}.")
