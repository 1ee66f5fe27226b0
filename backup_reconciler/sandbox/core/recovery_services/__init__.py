"""Microsoft.RecoveryServices: vaults, backup policies, protected items, jobs."""
