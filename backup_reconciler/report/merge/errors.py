"""What keeps files from being joined."""

from backup_reconciler.spec.visible import visible

_LONGEST = 1_000
"""Characters of a message, which repeats what stands in files that anybody may have written."""


class MergeError(ValueError):
    """Files that cannot be joined. The message says why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(visible(message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"))
