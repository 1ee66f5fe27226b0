"""Why an action that Azure accepted did not come true."""


class Failure(Exception):
    """`code` is Azure's own where there is one."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class AcceptedNotApplied(Failure):
    """Azure answered that it took the change, and what is read back is not it (azure-rest-api-specs issue 34218)."""


class NotConfirmed(Exception):
    """Azure accepted the change; whether it came true could not be seen. `cause` says why."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause
