"""What went out within the last hour, counted as Azure counts it: by subscription and action."""

import re
from collections import deque
from datetime import datetime, timedelta

from backup_reconciler.azure.request import ArmRequest

_HOUR = timedelta(hours=1)
_PROVIDERS = re.compile("/providers/", re.IGNORECASE)
_VERBS = {"GET": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete", "POST": "action"}

Key = tuple[str, str]


class Ledger:
    """Requests of the last hour, and how many requests each list took."""

    def __init__(self) -> None:
        self._sent: dict[Key, deque[datetime]] = {}
        self._pages: dict[str, int] = {}

    def note(self, request: ArmRequest, now: datetime) -> None:
        """A request goes out."""
        self._sent.setdefault(counted_as(request), deque()).append(now)

    def take_back(self, request: ArmRequest) -> None:
        """It was refused with 429, and what is refused is not counted."""
        self._sent[counted_as(request)].pop()

    def in_last_hour(self, request: ArmRequest, now: datetime) -> int:
        """How many requests that count as this one does went out in the hour before `now`."""
        sent = self._sent.get(counted_as(request))
        if sent is None:
            return 0
        while sent and sent[0] <= now - _HOUR:
            sent.popleft()
        return len(sent)

    def note_pages(self, request: ArmRequest, pages: int) -> None:
        """A list took so many requests."""
        self._pages[request.target.casefold()] = pages

    def pages(self, request: ArmRequest) -> int:
        """How many requests this list, with its filter, took the last time; one where it was never read."""
        return self._pages.get(request.target.casefold(), 1)


def counted_as(request: ArmRequest) -> Key:
    """Subscription and action of a request; the subscription is empty where the request is to the tenant."""
    path = request.path.casefold()
    return path.split("/", 3)[2] if path.startswith("/subscriptions/") else "", action_of(request).casefold()


def action_of(request: ArmRequest) -> str:
    """What a request does, as Azure counts it.

    The action is the resource provider and the types in the path, as in the names of Azure's permissions: the list of
    something and one of it are the same `…/read`.
    """
    namespace, *types_and_names = _PROVIDERS.split(request.path)[-1].split("/")
    return "/".join((namespace, *types_and_names[::2], _VERBS[request.method]))
