"""Microsoft.Network: what connects virtual machines, and what it lets through."""
