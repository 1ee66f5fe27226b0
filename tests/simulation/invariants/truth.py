"""What a run tells is what the world shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from backup_reconciler.plan.action import DeleteSecurityRule, SecurityRuleAction, VMAction
from backup_reconciler.plan.outcome import Status
from tests.simulation.hands import item_path
from tests.simulation.portrait import ACTIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backup_reconciler.plan.outcome import Outcome
    from tests.simulation.record import Record, Seen, Told
    from tests.simulation.scenario import Json

_BINDS = {"protect", "resume", "changePolicy", "changeDisks", "migrate"}
_OF_POLICIES = {"createPolicy", "updatePolicy", "deletePolicy"}


def what_is_told_as_done_is_so(record: Record) -> Iterator[str]:
    """What a run tells as done is so when the run ends, unless somebody else has changed it meanwhile."""
    for told in record.runs:
        last = {_target(outcome.action): outcome for outcome in told.outcomes() if _may_have_come_true(outcome)}
        for target, outcome in last.items():
            if outcome.status is Status.DONE and not _others_wrote(record, told, target):
                fact = told.facts[outcome.action.id]
                if not _is_so(outcome, fact, told):
                    yield f"{told.name} told {outcome.action.id} as done, and the world shows {fact.get('item', fact)}"


def what_is_told_as_not_done_was_not_sent(record: Record) -> Iterator[str]:
    """What a run tells as skipped or not started it did not send; what failed without being taken was not taken."""
    for told in record.runs:
        sent = record.of(told)
        for outcome in told.outcomes():
            mine = [seen for seen in sent if _is_of(seen, outcome.action)]
            if outcome.status in {Status.SKIPPED, Status.NOT_STARTED} and any(seen.taken for seen in mine):
                yield f"{told.name} told {outcome.action.id} as {outcome.status.value}, and it was sent and taken"
            refused = outcome.status is Status.FAILED and not outcome.accepted
            if refused and any(seen.taken and not seen.cut for seen in mine):
                yield f"{told.name} told {outcome.action.id} as failed and not taken: {outcome.detail}; it was taken"


def what_is_told_as_taken_was_taken(record: Record) -> Iterator[str]:
    """What a run tells as running, or as failed after it was taken, the service did take; in doubt is what was sent."""
    for told in record.runs:
        sent = record.of(told)
        for outcome in told.outcomes():
            mine = [seen for seen in sent if _is_of(seen, outcome.action)]
            taken = outcome.accepted or (outcome.status is Status.RUNNING and outcome.action.sends)
            if taken and not any(seen.taken for seen in mine):
                yield f"{told.name} told {outcome.action.id} as taken, and nothing of it was: {outcome.detail}"
            if outcome.status is Status.UNKNOWN and not mine:
                yield f"{told.name} told {outcome.action.id} as in doubt, and it was never sent"


def requests_are_told_as_they_were(record: Record) -> Iterator[str]:
    """The reads and writes that a run counts are those that it sent."""
    for told in record.runs:
        sent = record.of(told)
        writes = sum(seen.writes for seen in sent)
        if (told.reads, told.writes) != (len(sent) - writes, writes):
            yield f"{told.name} told {told.reads} reads and {told.writes} writes of {len(sent) - writes} and {writes}"


def _target(action: Any) -> str:
    """The path that an action writes to, folded."""
    if isinstance(action, VMAction):
        return item_path(action.vault.key, action.vm.key).casefold()
    if isinstance(action, SecurityRuleAction):
        rule = action.live if isinstance(action, DeleteSecurityRule) else action.rule
        return f"{action.group.key}/securityrules/{rule.name.casefold()}"
    return str(action.policy.key if action.verb in _OF_POLICIES else action.vault.key)


def _may_have_come_true(outcome: Outcome) -> bool:
    """Whether it is, of the steps of one target, one of which something may be seen."""
    nothing = outcome.status in {Status.SKIPPED, Status.NOT_STARTED}
    return not nothing and outcome.action.verb not in {"backUpNow", "weakenVault", "lockVault"}


def _others_wrote(record: Record, told: Told, target: str) -> bool:
    """Whether somebody else had a hand in the target, lately enough for it to take effect now."""
    since = told.began - _LONGEST_EFFECT
    return any(
        _reaches(seen, target)
        for seen in record.seen
        if seen.by != told.name and seen.writes and seen.taken and since <= seen.at <= told.ended
    )


_LONGEST_EFFECT = timedelta(hours=2)
"""The slowest operation of a scenario, and the latest effect after it, take less."""


def _reaches(seen: Seen, target: str) -> bool:
    """Whether a write changes something: itself, something below it, or all that it lies in."""
    inside = target.startswith(f"{seen.path}/") and seen.method == "DELETE"
    return seen.path == target or seen.path.startswith(f"{target}/") or inside


def _is_of(seen: Seen, action: Any) -> bool:
    """Whether a request is the one of an action."""
    return seen.writes and (seen.path, _meaning(seen)) in _sent_by(action)


def _meaning(seen: Seen) -> str:
    """What a write asks for, by its method and, of an item and of a vault, by its body."""
    properties = (seen.body or {}).get("properties") or {}
    if properties.get("isRehydrate"):
        return "undelete"
    if properties == _LOCKED:
        return "lock"
    return str(properties.get("protectionState") or seen.method)


_LOCKED = {"securitySettings": {"immutabilitySettings": {"state": "Locked"}}}
_MEANINGS = {
    "deleteData": ("DELETE",),
    "deletePolicy": ("DELETE",),
    "deleteVault": ("DELETE",),
    "deleteSecurityRule": ("DELETE",),
    "undelete": ("undelete",),
    "stop": ("ProtectionStopped",),
    "suspend": ("BackupsSuspended",),
    "updateVault": ("PATCH", "PUT"),
    "weakenVault": ("PATCH", "PUT"),
    "lockVault": ("lock",),
}
"""What the write of each verb asks for; of the others it is a PUT."""


def _sent_by(action: Any) -> set[tuple[str, str]]:
    target = _target(action)
    if action.verb == "backUpNow":
        return {(f"{target}/backup", "POST")}
    paths = [target]
    if action.verb in {"updateVault", "weakenVault"}:
        paths.append(f"{target}/backupstorageconfig/vaultstorageconfig")
    return {(path, meaning) for path in paths for meaning in _MEANINGS.get(action.verb, ("PUT",))}


def _is_so(outcome: Outcome, fact: Json, told: Told) -> bool:
    action, verb = outcome.action, outcome.action.verb
    return _SHOWN.get(verb, _bound if verb in _BINDS else lambda *_: True)(action, fact, told)


def _bound(action: Any, fact: Json, _: Told) -> bool:
    item = fact.get("item")
    return bool(item and item.state in ACTIVE and not item.deleted and item.policy == action.policy.name.casefold())


def _held(state: str) -> Callable[[Any, Json, Told], bool]:
    return lambda _action, fact, _told: bool(
        fact.get("item") and fact["item"].state == state and not fact["item"].deleted
    )


def _deleted(_action: Any, fact: Json, _: Told) -> bool:
    return fact.get("item") is None or bool(fact["item"].deleted)


def _vault_there(action: Any, fact: Json, told: Told) -> bool:
    if fact["vault"] is None or fact["provisioning"] != "Succeeded":
        return False
    wished = told.declared.vaults()[action.vault.key].get("tags") or {}
    return all(fact["vault"].get(f"tags.{name.casefold()}") == value for name, value in wished.items())


def _policy_there(action: Any, fact: Json, told: Told) -> bool:
    if not fact.get("policy"):
        return False
    daily = fact["policy"]["retentionPolicy"].get("dailySchedule")
    declared = told.declared.policies()[action.policy.key]["retention"]["daily"]["days"]
    return bool(daily and daily["retentionDuration"]["count"] == declared)


def _rule_there(action: Any, fact: Json, _: Told) -> bool:
    return f"'{action.rule.name.casefold()}'" in fact["rules"]


_SHOWN: dict[str, Callable[[Any, Json, Told], bool]] = {
    "stop": _held("ProtectionStopped"),
    "undelete": _held("ProtectionStopped"),
    "suspend": _held("BackupsSuspended"),
    "deleteData": _deleted,
    "createVault": _vault_there,
    "updateVault": _vault_there,
    "createPolicy": _policy_there,
    "updatePolicy": _policy_there,
    "deletePolicy": lambda _action, fact, _told: not fact.get("policy"),
    "createSecurityRule": _rule_there,
    "updateSecurityRule": _rule_there,
    "deleteVault": lambda _action, fact, _told: fact["vault"] is None,
}
