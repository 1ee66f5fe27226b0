"""Applying actions on Azure Firewalls and firewall policies."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from backup_reconciler.apply.failure import AcceptedNotApplied, ChangedSince, Failure
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.read_back import Data, read_back
from backup_reconciler.apply.run import Run
from backup_reconciler.apply.settling import provisioning_state, settled
from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.network import firewall_write
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import ArmRequest, ArmResponse, get
from backup_reconciler.plan.action import UpdateFirewall
from backup_reconciler.plan.outbound.firewall.collection import as_plain_data, mark_of, named
from backup_reconciler.state.network.firewall import RuleCollection

_CONFLICT_WAIT = 30.0
_FAILED = (
    "look at the activity log of the firewall, put right what fails there, and run again: writing it anew is also what "
    "brings a failed firewall back"
)


def update(action: UpdateFirewall, run: Run) -> Write:
    """PUT of the whole, of the very version that was looked at right before, then read it back.

    A firewall that is being changed is waited for. One whose last change failed is written to all the same: that is how
    it is brought back (source: Troubleshoot Azure Microsoft.Network failed provisioning state).
    """
    one = _Update(action, run)
    request = firewall_write.put_request(action.live, action.written, action.removed)
    parent = firewall_write.writable_parent(action.live)
    return Write(
        request,
        one.confirm,
        prepare=one.look,
        after_conflict=one.wait_and_look,
        after_doubt=one.look,
        current=one.of_this_version,
        parent=parent,
    )


class _Update:
    """One update under way."""

    def __init__(self, action: UpdateFirewall, run: Run) -> None:
        self._action, self._run = action, run
        self._wished = _Told(
            {one.name: one for one in action.written} | dict.fromkeys(one.name for one in action.removed)
        )
        self._etag = ""

    def of_this_version(self, request: ArmRequest) -> ArmRequest:
        return replace(request, etag=self._etag)

    async def look(self) -> bool:
        """Whether all is as wished; else it must be what the plan was made from, because a PUT undoes what is not.

        What is as wished and failed to be carried out is written anew.
        """
        now = await self._now()
        self._etag = str(now.get("etag", ""))
        if self._told(now).stated() == self._wished.stated() and self._others_are_as_before(now):
            return not _has_failed(now)
        if firewall_write.written_part(now) != firewall_write.written_part(self._action.live.raw):
            raise ChangedSince("somebody changed it since it was read; nothing was written")
        return False

    async def wait_and_look(self) -> bool:
        """Somebody else's write is under way: of the firewall, or in another group of the policy."""
        await self._run.arm.clock.sleep(_CONFLICT_WAIT)
        parent = firewall_write.writable_parent(self._action.live)
        await settled(get(parent.text, Api.NETWORK), self._run.arm)
        return await self.look()

    async def confirm(self, _: ArmResponse | None) -> None:
        now: Mapping[str, Any] = {}

        async def reread() -> _Told:
            nonlocal now
            now = await self._now()
            if _has_failed(now):
                raise Failure("Azure took the change, and failed in carrying it out", remedy=_FAILED)
            return self._told(now)

        await read_back(self._wished, reread, self._run.arm.clock)
        if not self._others_are_as_before(now):
            raise AcceptedNotApplied("ours is as wished; what others wrote beside it is not as it was before")

    async def _now(self) -> Mapping[str, Any]:
        """What is there once nothing of it is under way any more."""
        found: Mapping[str, Any] | None = await settled(firewall_write.get_request(self._action.live), self._run.arm)
        if found is None:
            raise ChangedSince("it is not there any more")
        return found

    def _told(self, arm: Mapping[str, Any]) -> "_Told":
        found = read(firewall_write.decoder(self._action.live), arm).collections
        return _Told({name: named(name, found) for name in self._wished.collections})

    def _others_are_as_before(self, arm: Mapping[str, Any]) -> bool:
        ours = self._wished.collections
        return bool(firewall_write.others_part(arm, ours) == firewall_write.others_part(self._action.live.raw, ours))


def _has_failed(arm: Mapping[str, Any]) -> bool:
    return provisioning_state(arm).casefold() == "failed"


@dataclass(frozen=True, slots=True)
class _Told:
    """Rule collections by name, as they are compared when they are read back; None for one that is not there."""

    collections: Mapping[str, RuleCollection | None]

    def stated(self) -> Data:
        return {name: _told(one) for name, one in self.collections.items()}


def _told(collection: RuleCollection | None) -> Data | None:
    return {**as_plain_data(collection), "mark": str(mark_of(collection))} if collection else None
