"""The rights in Azure that manifests take: told from the manifests alone, before any right is there."""
