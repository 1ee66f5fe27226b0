"""What can go wrong with the lock, each told in one sentence with what to do.

LockError            Azure Storage says no, or nothing
├── HeldByAnother    another run has the lease, or it was broken a moment ago
├── LeaseGone        the lease is no longer this run's
└── NotEmpty         the blob holds somebody's data
"""

from azure.core.exceptions import AzureError as SdkError
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError

from backup_reconciler.azure.errors import NotSignedIn, first_line
from backup_reconciler.azure.holder import Holder
from backup_reconciler.spec.blob_url import BlobUrl

_HELD = ("LeaseAlreadyPresent", "LeaseIsBreakingAndCannotBeAcquired")


class LockError(Exception):
    """The lock is not to be had. `code` is Azure's own, where it gave any."""

    def __init__(self, blob: BlobUrl, what: str, remedy: str, *, code: str = "", passing: bool = False) -> None:
        self.blob = blob
        self.what = what
        self.code = code
        self.passing = passing
        """Whether it may be otherwise in a moment."""
        super().__init__(f"the lock {blob}: {what}; nothing was changed; {remedy}")


class HeldByAnother(LockError):
    """Another run has it, or had it until it was broken a moment ago."""

    def __init__(self, blob: BlobUrl, holder: Holder | None = None, *, is_breaking: bool = False) -> None:
        if is_breaking:
            what, remedy = "it was broken a moment ago, and can be had in half a minute", "run again then"
        else:
            what = f"another run has it: {holder or 'one that does not say who it is'}"
            remedy = f"wait for its end; or, if it hangs, take it from there: backup-reconciler unlock {blob}"
        super().__init__(blob, what, remedy)


class LeaseGone(LockError):
    """Somebody broke the lease, or took it after it had ended by itself."""

    def __init__(self, blob: BlobUrl, code: str) -> None:
        what = "somebody broke it" if "Broken" in code or "Breaking" in code else "somebody else has taken it"
        super().__init__(blob, what, "run again", code=code)


class NotEmpty(LockError):
    """A lock holds nothing, so this blob is something else."""

    def __init__(self, blob: BlobUrl) -> None:
        super().__init__(blob, "this blob holds data, so it is no lock", "name a blob that nothing else uses")


def error_from(blob: BlobUrl, error: SdkError) -> LockError:
    """The error that the SDK's stands for."""
    if isinstance(error, HttpResponseError) and error.status_code is not None:
        return _answered(blob, error, error.status_code)
    if isinstance(error, ClientAuthenticationError):
        return LockError(blob, f"no token for it could be had: {first_line(error)}", NotSignedIn.remedy)
    what = f"no answer from Azure Storage: {first_line(error)}"
    return LockError(blob, what, "check the account's name, network and proxy", passing=True)


def _answered(blob: BlobUrl, error: HttpResponseError, status: int) -> LockError:
    code = str(getattr(error, "error_code", None) or "")
    if code in _HELD:
        return HeldByAnother(blob)
    if status == 412:
        return LockError(blob, "another run has taken it meanwhile", "look who that is, and decide again", code=code)
    if code == "ContainerNotFound":
        return LockError(blob, "its container is not there", "create the container", code=code)
    answer = f"{status} {code}".strip()
    if status in (401, 403):
        return LockError(blob, f"this identity may not use it ({answer})", _MAY_NOT, code=code)
    if status == 429 or status >= 500:
        return LockError(blob, f"Azure Storage fails ({answer})", "run again later", code=code, passing=True)
    return LockError(blob, f"Azure Storage refuses it ({answer}: {first_line(error)})", _LOOK_UP, code=code)


_MAY_NOT = (
    "grant it Storage Blob Data Contributor on the container; if it has that, the account's network rules keep it out"
)
_LOOK_UP = "look the code up in Azure Storage's documentation"
