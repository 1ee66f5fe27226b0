"""What these manifests take that no role of a subscription can or should give."""

from collections.abc import Iterator

from backup_reconciler.spec.document import Manifests


def outside(manifests: Manifests) -> Iterator[str]:
    """Sentences, each about one thing that somebody else has to do or to grant."""
    if groups := sorted({one.spec.resource_group for one in manifests.vaults if not one.spec.existing}):
        yield f"Resource groups are never created: {', '.join(groups)} must be there."
    yield (
        "What a Resource Guard watches over is left to people whom the guard trusts: no role here gives anything on a "
        "guard."
    )
    if any(one.spec.encryption for one in manifests.vaults):
        yield (
            "A customer-managed key is read by the identity of the vault, which needs Key Vault Crypto Service "
            "Encryption User on the key vault."
        )
    if manifests.settings and manifests.settings.spec.lock:
        yield (
            "The lock takes Storage Blob Data Contributor on the container of its blob alone: in a role for a "
            "subscription the same right would open every blob there."
        )
    if any(one.spec.firewall for one in manifests.outbound):
        yield (
            "Where others have rules with IP groups in the same firewall or policy, Azure also asks for "
            "Microsoft.Network/ipGroups/join/action on those."
        )
