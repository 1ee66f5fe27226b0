"""Asking before something is changed."""

import signal
import sys

import typer

from backup_reconciler.cli.errors import UsageError


def agreed(question: str, verb: str) -> bool:
    """What the user answers. Raises `UsageError` where there is nobody to ask, and `KeyboardInterrupt` for Ctrl-C.

    Whatever else the event loop has to do waits for the answer.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"{verb} asks before it changes anything, and there is no terminal; add --auto-approve")
    # The event loop would note Ctrl-C and let the prompt wait on.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return typer.confirm(question)
    finally:
        signal.signal(signal.SIGINT, before)
