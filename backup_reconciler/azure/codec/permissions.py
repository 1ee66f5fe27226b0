"""Codec of the caller's own permissions at a scope: ARM JSON → what is granted there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get


@dataclass(frozen=True, slots=True)
class Permission:
    """What one role grants at a scope: its actions less its notActions, each with `*` for anything."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...]

    def grants(self, action: str) -> bool:
        return _matches(self.actions, action) and not _matches(self.not_actions, action)


def list_request(subscription: str) -> ArmRequest:
    """The permissions that the caller has at a subscription, by roles assigned there or above."""
    return get(f"/subscriptions/{subscription}/providers/Microsoft.Authorization/permissions", Api.AUTHORIZATION)


def decode(arm: Mapping[str, Any]) -> Permission:
    return Permission(tuple(arm.get("actions") or ()), tuple(arm.get("notActions") or ()))


def all_granted(permissions: Iterable[Permission], actions: Iterable[str]) -> bool:
    """Whether each of these actions is granted by some role; what one takes away another may give (Learn, "Understand
    Azure role definitions")."""
    held = list(permissions)
    return all(any(one.grants(action) for one in held) for action in actions)


def _matches(patterns: Iterable[str], action: str) -> bool:
    return any(_compiled(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Letter case does not count, and `*` reaches across slashes (Learn, "Understand Azure role definitions")."""
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.IGNORECASE)
