"""How Microsoft.Network says no."""

from __future__ import annotations

from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response


class NetworkRefused(Refused):
    """A refusal in the provider's own shape: code, message, and details that are a list."""

    def __init__(self, status: int, code: str, message: str, details: list[Json] | None = None) -> None:
        super().__init__(status, code, message)
        self.details = details or []

    def response(self) -> Response:
        error = {"code": self.code, "message": self.message, "details": self.details}
        retry = {"Retry-After": "10"} if self.status == 429 else {}
        return Response(self.status, {"error": error}, {"x-ms-failure-cause": "service", **retry})


def unparsable(reason: str) -> NetworkRefused:
    """A body that is not what the model says (TF issue 32505 has code and message; the details are chosen)."""
    return NetworkRefused(
        400, "InvalidRequestFormat", "Cannot parse the request.", [{"code": "InvalidJson", "message": reason}]
    )


def child_not_found(child_id: str) -> NetworkRefused:
    return NetworkRefused(404, "NotFound", f"Resource {child_id} not found.")


def missing_reference(reference: str, by: str) -> NetworkRefused:
    """A resource names another that is not there (TF issues)."""
    return NetworkRefused(
        400,
        "InvalidResourceReference",
        f"Resource {reference} referenced by resource {by} was not found. Please make sure that the referenced "
        "resource exists, and that both resources are in the same region.",
    )
