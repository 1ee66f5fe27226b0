"""What the service says no with, to those who protect a VM or end its protection."""

from __future__ import annotations

from backup_reconciler.sandbox.core.wire.messages import Refused


def invalid() -> Refused:
    """Unknown VM, container or policy, or a VM of another region: one code for all (GitHub issue)."""
    return Refused(
        400,
        "BMSUserErrorInvalidConfigureProtectionRequest",
        "Input for configure protection is not in proper format\r\nPlease ensure that container exists and other "
        "parameters are in valid format",
    )


def denied_by_immutability() -> Refused:
    """Its spelling is the service's own (specs issue 32688)."""
    return Refused(
        400,
        "UserErrorOperationDeniedOnImmutableItem",
        "The Vault and Bakcup Item is in Immutable state where destructive operations are not supported. The Vault and "
        "Backup Item is immutable, hence operation is denied. Refer to the documentation to learn more: "
        "https://aka.ms/AB-ImmutableVaults-States ",
    )


def vault_is_full(most: int) -> Refused:
    """1000 VMs (Learn: backup-support-matrix). The service's code is in no source."""
    return Refused(400, "QuotaExceeded", f"The vault has reached its limit of {most} protected virtual machines.")
