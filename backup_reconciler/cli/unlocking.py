"""What `unlock` does once its arguments are known."""

from collections.abc import Sequence
from pathlib import Path

from backup_reconciler.azure.clock import SystemClock
from backup_reconciler.azure.lease import Seen
from backup_reconciler.cli.console import output
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.lock_option import written
from backup_reconciler.cli.locking import lease_of, refuse_elsewhere, stated_in
from backup_reconciler.cli.question import agreed
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.cli.where import Where
from backup_reconciler.manifest import ManifestError
from backup_reconciler.manifest.loading import inspect
from backup_reconciler.report.words import visible
from backup_reconciler.spec.blob_url import BlobUrl
from backup_reconciler.spec.document import Manifests


async def break_lock(where: Where, what: Sequence[str], *, auto_approve: bool) -> ExitStatus:
    """Show who has the lock, ask, and break it. Raises `LockError` where Azure Storage does not let that be done."""
    where, blob = _named(where, what)
    async with lease_of(where, blob, SystemClock()) as lease:
        seen = await lease.look()
        _say(_told(blob, seen))
        if seen is None or not seen.is_leased:
            return ExitStatus.FINE
        if not auto_approve and not agreed("Break it?", "unlock"):
            _say("Nothing was changed.")
            return ExitStatus.ERROR
        seconds = await lease.break_(seen)
        _say(f"The lock is broken. The next run can have it in {seconds} seconds.")
    return ExitStatus.FINE


def _named(where: Where, what: Sequence[str]) -> tuple[Where, BlobUrl]:
    """The blob that is named by its URL, or by the settings of manifests; and where Azure is, as far as they say."""
    manifests, blob = Manifests(), None
    if not any("://" in text for text in what):
        manifests = _manifests(list(map(Path, what)))
        blob = stated_in(manifests)
        if blob is None:
            raise UsageError(f"the settings beside {' '.join(what)} name no lock; name the blob by its URL")
    elif len(what) > 1:
        raise UsageError("unlock takes the URL of one blob, or paths of manifests")
    where, blob = where.with_settings(manifests), blob or written(what[0])
    refuse_elsewhere(where, blob)
    return where, blob


def _manifests(paths: list[Path]) -> Manifests:
    """Those at the paths; the settings file alone will do."""
    found = inspect(paths, as_of=None)
    if found.errors:
        raise ManifestError(found.errors)
    return found.manifests


def _told(blob: BlobUrl, seen: Seen | None) -> str:
    if seen is None or not (seen.is_leased or seen.is_breaking):
        return f"No run has the lock {blob}."
    if seen.is_breaking:
        return f"The lock {blob} was broken a moment ago. The next run can have it in half a minute."
    holder = seen.holder or "a run that does not say who it is"
    return f"The lock {blob} is held by {holder}.\nOnce it is broken, that run sends nothing new, and ends."


def _say(text: str) -> None:
    output().print("\n".join(map(visible, text.splitlines())), soft_wrap=True)
