"""Rules of kind OutboundAccess: of what all methods share, of each method, and of documents among each other."""

from backup_reconciler.manifest.rules.outbound import (
    clashes,
    companions,
    destinations,
    document,
    firewall,
    nsg,
    proxy,
    references,
    regions,
    target,
)

RULES = (*document.RULES, *target.RULES, *destinations.RULES, *nsg.RULES, *proxy.RULES, *firewall.RULES)
REFERENCES = references.RULES
BETWEEN_DOCUMENTS = (*references.BETWEEN_DOCUMENTS, *regions.RULES, *companions.RULES, *clashes.RULES)

__all__ = ["BETWEEN_DOCUMENTS", "REFERENCES", "RULES"]
