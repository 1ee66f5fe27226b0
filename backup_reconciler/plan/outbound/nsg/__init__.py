"""Outbound access by rules in network security groups."""
