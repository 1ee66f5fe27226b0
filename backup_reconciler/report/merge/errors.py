"""What keeps files from being joined."""


class MergeError(ValueError):
    """Files that cannot be joined. The message says why, and what to do."""
