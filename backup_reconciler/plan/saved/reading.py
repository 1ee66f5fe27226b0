"""Reading a saved plan, and what keeps it from being carried out whatever Azure has."""

from collections.abc import Iterator
from typing import get_args

from pydantic import ValidationError
from pydantic_core import from_json

from backup_reconciler.plan.action import AnyAction
from backup_reconciler.plan.saved.saved_plan import Origin, SavedPlan
from backup_reconciler.spec.visible import visible

KNOWN_FORMAT = 1
_VERBS = frozenset(kind.verb for kind in get_args(AnyAction))
_LONGEST = 300
"""Characters that a message repeats of a file which anybody may have written."""


class NoSavedPlanError(Exception):
    """A file is not a saved plan, or not as it was written. The message says what is wrong."""


def read_saved_plan(content: bytes) -> SavedPlan:
    """The saved plan that a file holds, with every digest in it looked at."""
    try:
        data = from_json(content)
    except ValueError as error:
        raise NoSavedPlanError("it is not JSON" if content.strip() else "it is empty") from error
    if not isinstance(data, dict) or data.get("kind") != "SavedPlan":
        raise NoSavedPlanError("it is JSON of another kind than a saved plan")
    format_version = data.get("formatVersion")
    if isinstance(format_version, int) and format_version > KNOWN_FORMAT:
        raise NoSavedPlanError(
            f"it has format version {_told(format_version)}, and {KNOWN_FORMAT} is the last known here"
        )
    try:
        saved = SavedPlan.model_validate(data)
    except ValidationError as error:
        raise NoSavedPlanError(f"it is not as saved plans are: {_first(error)}") from error
    for what in _tampered(saved):
        raise NoSavedPlanError(f"it was changed after it was written: {what}")
    return saved


def _first(error: ValidationError) -> str:
    """The first of its mistakes, without the value, which may be long."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{_told('.'.join(map(str, first['loc'])))}: {first['msg']}"


def _tampered(saved: SavedPlan) -> Iterator[str]:
    for action in saved.actions:
        if action.verb not in _VERBS or action.id != f"{action.verb}:{action.address}":
            yield f"{_told(action.id)} is no action, or another one than it says"
        if action.digest != action.own_digest():
            yield f"{_told(action.id)} is not what its digest stands for"
    if saved.digest != saved.own_digest():
        yield "it is not what its digest stands for"


def staleness(then: Origin, now: Origin) -> str | None:
    """Why a plan that was made from one thing is not carried out from another; None where both are the same."""
    if then.tool_version != now.tool_version:
        return f"it was made by backup-reconciler {_told(then.tool_version)}, and this is {now.tool_version}"
    if then.azure != now.azure:
        return f"it is about {_told(then.azure)}, and this run is about {now.azure}"
    if then.subscriptions != now.subscriptions:
        return f"it is about {_about(then.subscriptions)}, and these manifests are about {_about(now.subscriptions)}"
    if then.manifests != now.manifests:
        return "these manifests say something else than those that it was made from"
    return None


def _about(subscriptions: list[str]) -> str:
    return f"subscription {_told(', '.join(subscriptions))}" if subscriptions else "no subscription"


def _told(value: object) -> str:
    return visible(str(value)[:_LONGEST])
