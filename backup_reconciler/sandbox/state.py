"""Keeps a box between two runs: one JSON file in `.sandbox/` beside the world, locked while a box is open."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any, TextIO

from pydantic import TypeAdapter

from backup_reconciler.sandbox.collector import uncollected
from backup_reconciler.sandbox.core.estate import Estate
from backup_reconciler.sandbox.founding import found_estate
from backup_reconciler.sandbox.world.base import WorldError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backup_reconciler.sandbox.world.world import World

_FORMAT = 1
_ESTATE = TypeAdapter(Estate)


@dataclass
class State:
    """All that a box is: what exists, the moment, and the randomness still to come."""

    estate: Estate
    clock: datetime
    rng: Random


@uncollected()
def new_state(world: World) -> State:
    rng = Random(world.seed)  # noqa: S311 - equal runs are to give equal answers; nothing here is a secret
    return State(found_estate(world, rng), world.clock, rng)


def state_path(world_file: Path) -> Path:
    """`.sandbox/name.json` for `name.world.yaml`."""
    name = world_file.name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".world")
    return world_file.parent / ".sandbox" / f"{name}.json"


@contextmanager
def locked(world_file: Path) -> Iterator[None]:
    """Hold a world for one user. The lock is the open file, so it ends with the process that holds it."""
    with _lock_file(world_file) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WorldError(
                f"{world_file}: another process has this sandbox open; end it first, or use a copy of the world file"
            ) from error
        yield


def _lock_file(world_file: Path) -> TextIO:
    path = state_path(world_file).with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise WorldError(f"{world_file}: cannot keep its state in {path.parent}: {error.strerror}") from error


@uncollected()
def load_state(world_file: Path, world: World) -> State:
    """The state that was saved for this world, or a new one where there is none."""
    path = state_path(world_file)
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return new_state(world)
    except (OSError, RecursionError, ValueError) as error:
        raise _unreadable(path) from error
    if not isinstance(saved, dict) or saved.get("formatVersion") != _FORMAT:
        raise _unreadable(path)
    if saved.get("world") != world.digest():
        raise WorldError(
            f"{world_file}: the world has changed since its state was saved in {path}; start over with --fresh, or "
            "put the world back as it was"
        )
    return _decode(path, saved)


def _decode(path: Path, saved: dict[str, Any]) -> State:
    try:
        rng = Random()  # noqa: S311 - see new_state
        version, internal, gauss = saved["random"]
        rng.setstate((version, tuple(internal), gauss))
        return State(_ESTATE.validate_python(saved["estate"]), datetime.fromisoformat(saved["clock"]), rng)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> WorldError:
    return WorldError(f"{path}: this saved state cannot be read; start over with --fresh")


@uncollected()
def save_state(world_file: Path, world: World, state: State) -> None:
    """Written whole or not at all: beside its place first, then moved there."""
    path = state_path(world_file)
    saved = {
        "formatVersion": _FORMAT,
        "world": world.digest(),
        "clock": state.clock.isoformat(),
        "random": state.rng.getstate(),
        "estate": _ESTATE.dump_python(state.estate, mode="json", exclude={"worked_out"}),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(json.dumps(saved, separators=(",", ":")))  # in one go: the encoder in C does no less
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
