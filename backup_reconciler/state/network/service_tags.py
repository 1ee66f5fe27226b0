"""Service tags: Azure's names for the addresses of its own services, with the addresses that are behind them now."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServiceTags:
    """The tags that Azure lists; VirtualNetwork, Internet and AzureLoadBalancer, which depend on who asks, are none."""

    prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """IPv4 prefixes by tag in lower case."""

    def of(self, tag: str) -> tuple[str, ...] | None:
        """The IPv4 prefixes behind a tag; None for what is no tag of the list."""
        return self.prefixes.get(tag.casefold())
