"""Which lock a run takes, as the command line says it."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

import typer

from backup_reconciler.cli.errors import UsageError
from backup_reconciler.spec.blob_url import BlobUrl, NotABlobUrl


@dataclass(frozen=True, slots=True)
class WhichLock:
    """What the command line says of the lock: nothing, a blob, or that there is to be none."""

    blob: BlobUrl | None = None
    none: bool = False

    def __post_init__(self) -> None:
        if self.none and self.blob is not None:
            raise UsageError("--lock and --no-lock do not go together")


NO_LOCK = WhichLock(none=True)


def written(text: str) -> BlobUrl:
    """The blob that an option names. The text is not repeated: it may hold a secret."""
    try:
        return BlobUrl.written(text)
    except NotABlobUrl as error:
        raise typer.BadParameter(f"{error}; write https://ACCOUNT.blob.core.windows.net/CONTAINER/NAME.") from error


LockOption: TypeAlias = Annotated[
    BlobUrl | None,
    typer.Option(
        "--lock",
        parser=written,
        metavar="URL",
        help="Keep other runs away by the lease of this blob; left out: of the one that the settings name.",
    ),
]
NoLock: TypeAlias = Annotated[bool, typer.Option("--no-lock", help="Take no lock, whatever the settings say.")]
