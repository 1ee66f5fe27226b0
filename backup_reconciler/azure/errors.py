"""What can go wrong on the road to ARM, each told in one sentence with what to do.

AzureError
├── NotSignedIn      no token could be had
├── NotAllowed       401, 403
├── Refused          any other 4xx: the service understood and says no
├── Throttled        429 after every retry
├── ServiceFailed    5xx after every retry
├── Unreachable      no answer after every retry
├── InDoubt          a write was sent, and whether Azure took it is not known
└── NotArm           an answer that Azure Resource Manager would not give
"""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.azure.secrets import without_secrets


class AzureError(Exception):
    """A request that did not succeed. `code` and `message` are Azure's own, where it gave any."""

    remedy = "run again; if it stays, look at the activity log of the resource"
    during = "Azure"
    """What was going on, where there is no request."""

    def __init__(
        self, request: ArmRequest | None, message: str, *, status: int = 0, code: str = "", request_id: str = ""
    ) -> None:
        self.request = request
        self.message = _one_line(message)
        self.status = status
        self.code = _one_line(code)
        self.request_id = request_id
        super().__init__(self.message)

    @property
    def brief(self) -> str:
        """Status and code, or the message where there is neither."""
        return " ".join(part for part in (str(self.status or ""), self.code) if part) or self.message

    def __str__(self) -> str:
        what = f"{self.request.method} {self.request.path}" if self.request else self.during
        answered = " ".join(part for part in (str(self.status or ""), self.code) if part)
        trace = f" (x-ms-request-id {self.request_id})" if self.request_id else ""
        return _one_line(f"{what}: {answered + ': ' if answered else ''}{self.message}; {self.remedy}{trace}")


class NotSignedIn(AzureError):
    """No credential gave a token."""

    remedy = "sign in with 'az login', or set the environment of a service principal or managed identity"
    during = "signing in to Azure"


class NotAllowed(AzureError):
    """The identity lacks a right. What cannot be read is an error, never an absence."""

    remedy = (
        "grant this identity the missing action on that scope (backup-reconciler permissions shows the roles that "
        "manifests need), or leave the resource out of the manifests"
    )


class Refused(AzureError):
    """The service refuses the request as it is; sending it again would not help."""

    remedy = "nothing was changed by this request"


class Throttled(AzureError):
    """Too many requests, also after waiting as long as the service asked for."""

    remedy = "wait and run again, with a lower --concurrency"


class ServiceFailed(AzureError):
    """The service failed, again and again."""

    remedy = "Azure itself is failing here; run again later"


class Unreachable(AzureError):
    """No answer came, again and again."""

    remedy = "check network, proxy and endpoint"


class InDoubt(AzureError):
    """A write went out and no answer came back."""

    remedy = "run again: what Azure did take is not done twice"


class NotArm(AzureError):
    """Something else answered, a proxy's login page for example."""

    remedy = "check that the endpoint is Azure Resource Manager and that no proxy answers in its place"
    during = "reading Azure"


def error_from(request: ArmRequest, status: int, headers: Mapping[str, str], body: Any) -> AzureError:
    """The error that an answer with a failing status stands for."""
    error = body.get("error", body) if isinstance(body, Mapping) else {}
    error = error if isinstance(error, Mapping) else {}
    message = without_secrets(_one_line(str(error.get("message") or "no message")).rstrip("."))
    kind: type[AzureError] = Refused
    if status in (401, 403):
        kind = NotAllowed
    elif status == 429:
        kind = Throttled
    elif status >= 500:
        kind = ServiceFailed
    return kind(
        request,
        message,
        status=status,
        code=str(error.get("code") or ""),
        request_id=headers.get("x-ms-request-id", ""),
    )


def _one_line(text: str) -> str:
    """Words of Azure's, which may hold names of anything, as a part of one sentence."""
    return " ".join(text.split())


def first_line(error: Exception) -> str:
    """An SDK's message without the paragraphs of advice behind it."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return without_secrets(line.rstrip("."))
