"""Why an action did not come true."""


class Failure(Exception):
    """`code` is Azure's own where there is one; `accepted` tells that Azure had taken the write before it failed."""

    def __init__(self, message: str, *, code: str = "", remedy: str = "run again") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.remedy = remedy
        self.accepted = False


class ChangedSince(Failure):
    """What the plan was made from has been changed by somebody else; the write would have undone that."""


class AcceptedNotApplied(Failure):
    """Azure answered that it took the change, and what is read back is not it (azure-rest-api-specs issue 34218)."""


class InPart(Exception):
    """Azure took the first request of a write and not the one after it. `cause` says why."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class NotConfirmed(Exception):
    """Azure accepted the change; whether it came true could not be seen. `cause` says why."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause
