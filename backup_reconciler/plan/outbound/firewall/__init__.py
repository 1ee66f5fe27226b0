"""Outbound access by rules in Azure Firewall."""
