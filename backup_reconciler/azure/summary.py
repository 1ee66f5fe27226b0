"""The last word of a run on what it sent, and what kept it waiting."""

import logging
from datetime import timedelta

from backup_reconciler.azure.event import event
from backup_reconciler.azure.sent import Limited, Sent

log = logging.getLogger(__name__)

_MOST_NAMED = 3
"""How many limits that held a run back are named; the log in JSON has all."""
_WORTH_NAMING = timedelta(seconds=0.5)


def tell_summary(sent: Sent) -> None:
    """What a run sent, in the end; of those that had to wait it is told without being asked for."""
    log.log(
        logging.WARNING if sent.kept_waiting else logging.INFO,
        "%s",
        "; ".join((f"requests: {sent.reads:,} to read, {sent.writes:,} to write", *_trouble(sent), *_least(sent))),
        extra=event(
            "summary",
            reads=sent.reads,
            writes=sent.writes,
            throttled=sent.throttled,
            sentAgain=sent.failed_for_now,
            waitedSeconds=_seconds(sent.waiting.time),
            limits=[
                {
                    "limit": name,
                    "waitedSeconds": _seconds(limited.waiting.time),
                    **({} if limited.fewest is None else {"fewestLeft": limited.fewest}),
                    **({"subscription": limited.subscription} if limited.subscription else {}),
                }
                for name, limited in sorted(sent.limits.items())
            ],
        ),
    )


def _trouble(sent: Sent) -> list[str]:
    """What went wrong, and how long the run waited for what."""
    if not sent.kept_waiting:
        return []
    again = bool(sent.throttled or sent.failed_for_now)
    counts = f"{sent.throttled:,} throttled, {sent.failed_for_now:,} failed and sent again, " if again else ""
    waited = f"{sent.waiting.time.total_seconds():,.0f} s waited"
    held = [one for one in sent.limits.items() if one[1].waiting.time >= _WORTH_NAMING]
    held.sort(key=lambda one: (-one[1].waiting.time, one[0]))
    named = [_held(name, limited) for name, limited in held[:_MOST_NAMED]]
    if more := held[_MOST_NAMED:]:
        named.append(f"{len(more):,} more")
    return [counts + waited + (f": {', '.join(named)}" if named else "")]


def _held(name: str, limited: Limited) -> str:
    left = "" if limited.fewest is None else f" ({limited.fewest:,} left)"
    return f"{limited.waiting.time.total_seconds():,.0f} s for {name}{left}"


def _least(sent: Sent) -> list[str]:
    """Told to those who ask, of a run that had all it needed."""
    told = sorted((limited.fewest, name) for name, limited in sent.limits.items() if limited.fewest is not None)
    if sent.kept_waiting or not told:
        return []
    return ["fewest left: " + ", ".join(f"{fewest:,} {name}" for fewest, name in told)]


def _seconds(time: timedelta) -> float:
    return round(time.total_seconds(), 3)
