"""`apply`: plan, ask, and make Azure be as declared."""

from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli.day import AsOf
from backup_reconciler.cli.lock_option import LockOption, NoLock, WhichLock
from backup_reconciler.cli.most_changes import MostChanges
from backup_reconciler.cli.options import Paths
from backup_reconciler.cli.shard_option import ShardOption
from backup_reconciler.cli.where import Where, talks_to_azure
from backup_reconciler.spec.shard import WHOLE


@talks_to_azure
def apply(
    paths: Paths,
    saved_plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            metavar="FILE",
            help="Carry out this plan, which plan --out has saved, and nothing else; do not ask.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the requests that would be sent.")] = False,
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="Do not ask.")] = False,
    allow_destructive: Annotated[
        bool, typer.Option("--allow-destructive", help="Carry out actions that delete recovery points.")
    ] = False,
    allow_one_way: Annotated[
        bool, typer.Option("--allow-one-way", help="Carry out actions that cannot be taken back.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Do nothing when anything is blocked.")] = False,
    max_changes: MostChanges = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until the first backups that this run starts have ended.")
    ] = False,
    lock: LockOption = None,
    no_lock: NoLock = False,
    shard: ShardOption = None,
    as_of: AsOf = None,
    *,
    where: Where,
) -> int:
    """Show the plan, ask, and carry it out. Azure is read by lists, which are consistent."""
    from backup_reconciler.cli.applying import apply_to
    from backup_reconciler.cli.consent import Consent
    from backup_reconciler.cli.loop import run
    from backup_reconciler.cli.planning import Approach
    from backup_reconciler.cli.saved_plans import read_saved
    from backup_reconciler.manifest import load

    manifests = load(paths)
    saved = read_saved(saved_plan, manifests, where, shard) if saved_plan else None
    if saved is not None:
        shard = shard or saved.origin.of_shard
    consent = Consent(dry_run, auto_approve, allow_destructive, allow_one_way, strict, max_changes, saved)
    which = WhichLock(lock, none=no_lock)
    return run(apply_to(where, manifests, consent, Approach(as_of, shard=shard or WHOLE), which=which, wait=wait))
