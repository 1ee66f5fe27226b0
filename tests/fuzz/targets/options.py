"""What the command line's own options read."""

import typer

from backup_reconciler.azure.cloud import EndpointError, cloud
from backup_reconciler.cli import day, lock_option, most_changes, options
from backup_reconciler.cli.asked import AskedVaults
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.spec.shard import Shard
from tests.fuzz.target import Target

_PARSERS = (day.written, most_changes.written, lock_option.written, options._written)


def _read(data: bytes) -> None:
    """The text of one option, as each of those that read it."""
    text = data.decode("utf-8", "surrogateescape")  # as Python hands over what a shell gives
    for written in _PARSERS:
        try:
            written(text)
        except typer.BadParameter as error:
            _assert_told(error)
    try:
        assert cloud("public", text).loopback or text.casefold().startswith("https://")
    except EndpointError as error:
        _assert_told(error)
    shard = Shard.written(text)
    assert shard is None or 1 <= shard.number <= shard.count
    try:
        AskedVaults([], [text]).check([], some=True)
    except UsageError as error:
        _assert_told(error)


def _assert_told(error: Exception) -> None:
    """It may repeat what was typed, which goes back to who typed it."""
    assert str(error)


def _examples() -> list[bytes]:
    return [
        b"2027-01-31", b"25%", b"40", b"3/10", b"html=report.html", b"https://arm.example", b"http://127.0.0.1:8080",
        b"https://account.blob.core.windows.net/container/locks/run", b"http://[::1]:99999/",
        b"/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/rsv",
    ]  # fmt: skip


OPTIONS = Target("options", "text", _read, _examples)
