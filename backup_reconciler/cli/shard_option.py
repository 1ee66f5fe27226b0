"""Which part of the manifests' vaults a run is about, as the command line says it."""

from typing import Annotated, TypeAlias

import typer

from backup_reconciler.spec.shard import MOST_SHARDS, Shard


def written(text: str) -> Shard:
    """The shard that an option names."""
    read = Shard.written(text)
    if read is None:
        raise typer.BadParameter(
            f"'{text}' is no shard such as 3/10, the third of ten; they are counted from 1, to {MOST_SHARDS:,} at most."
        )
    return read


ShardOption: TypeAlias = Annotated[
    Shard | None,
    typer.Option(
        "--shard",
        parser=written,
        metavar="K/N",
        help="Be about the K-th of N parts of the vaults; other runs are about the others.",
        show_default=False,
    ),
]
