"""What happens: runs, and what people do beside them."""

from __future__ import annotations

from typing import Any

from tests.conftest import vm_id
from tests.simulation.making.cast import VAULTS, Cast, vault_path
from tests.simulation.scenario import Hand, Run, Stage


def stage_of(cast: Cast, versions: int, number: int) -> Stage:
    runs = [_run(cast, "ours", min(number, versions - 1) if cast.sometimes(0.7) else cast.rng.randrange(versions))]
    if cast.sometimes(0.4):
        runs.append(_run(cast, "theirs", cast.rng.randrange(versions), after=cast.rng.choice([0.0, 0.05, 1.0, 20.0])))
    hands = [_hand(cast) for _ in range(cast.rng.choice([0, 0, 1, 2, 3, 4]))]
    return Stage(tuple(runs), tuple(hands), cast.rng.choice([0.0, 5.0, 60.0, 3600.0]))


def _run(cast: Cast, operator: str, version: int, after: float = 0.0) -> Run:
    return Run(
        operator,
        version,
        after,
        destructive=cast.sometimes(0.6),
        one_way=cast.sometimes(0.8),
        strict=cast.sometimes(0.05),
        max_changes=cast.rng.choice([None, 0, 3, 100]),
        thinks=cast.rng.choice([0.0, 0.0, 2.0, 45.0]),
        saved=cast.sometimes(0.15),
        reads=cast.rng.choice(["lists", "lists", "graph", "auto"]),
        shard=cast.rng.choice(["1/1"] * 6 + ["1/2", "2/2"]),
        only_plans=cast.sometimes(0.03),
        interrupted_at=cast.rng.randint(5, 40) if cast.sometimes(0.12) else None,
        dies_at=cast.rng.randint(5, 40) if cast.sometimes(0.15) else None,
    )


def _hand(cast: Cast) -> Hand:
    after = cast.rng.choice([0.0, 0.4, 1.0, 3.0, 15.0, 40.0, 100.0])
    where, vm = vault_path(cast.rng.choice(VAULTS)), vm_id(cast.rng.choice(cast.vms))
    deed, value = cast.rng.choice(_deeds(cast))
    at_request = cast.rng.randint(1, 45) if cast.sometimes(0.6) else None
    return Hand(after, deed, where, vm, value, at_request)


def _deeds(cast: Cast) -> list[tuple[str, Any]]:
    names = ("DefaultPolicy", "daily", "other")
    return [
        ("bind the VM", cast.rng.choice(names)),
        ("bind the VM", "DefaultPolicy"),
        ("stop its backups", None),
        ("delete its backups", None),
        ("undelete its backups", None),
        ("back it up now", None),
        ("delete the VM", None),
        ("tag the VM", cast.tags()),
        ("tag the vault", cast.rng.choice([{"theirs": "x"}, {"owner": "them"}, {}])),
        ("keep deleted backups for", cast.rng.choice([14, 30])),
        ("change a policy", [cast.rng.choice(names), cast.rng.choice([7, 30, 90])]),
        ("delete a policy", cast.rng.choice(names)),
    ]
