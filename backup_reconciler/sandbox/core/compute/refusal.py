"""How Compute says no."""

from __future__ import annotations

from backup_reconciler.sandbox.core.wire.messages import Refused, Response


class ComputeRefused(Refused):
    """Compute's errors have a code and a message and none of the empty fields of Backup's."""

    def response(self) -> Response:
        error = {"code": self.code, "message": self.message}
        return Response(self.status, {"error": error}, {"x-ms-failure-cause": "service"})


def refused(status: int, code: str, message: str) -> ComputeRefused:
    return ComputeRefused(status, code, message)
