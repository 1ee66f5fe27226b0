"""How many of each the service takes."""

MOST_POLICIES = 200
"""In a vault (source: Azure Backup FAQ)."""
MOST_VMS = 1000
"""In a vault (source: Azure Backup support matrix)."""
MOST_VAULTS = 500
"""In a region of a subscription (source: Azure Backup support matrix)."""
