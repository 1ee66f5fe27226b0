"""Work in forked children: what is imported is imported once, and nothing that one of them does touches another."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import select
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MEMORY = 4 << 30
"""Bytes of address space of a child."""

Task = tuple[Any, "Callable[[], Any]"]


@dataclass(frozen=True)
class Ended:
    """How a child ended."""

    task: Any
    result: Any
    """What the work returned; None of a child that was killed."""


def each_in_a_child(tasks: Iterable[Task], processes: int = 1) -> Iterator[Ended]:
    """Do each task, so many at a time, and give what came of it when it has ended."""
    gc.collect()
    gc.freeze()  # so that collections in the children write into nothing that is shared
    running: dict[int, tuple[Any, int]] = {}
    try:
        for name, work in tasks:
            if len(running) == processes:
                yield _next_of(running)
            pid, pipe = _fork(work)
            running[pid] = name, pipe
        while running:
            yield _next_of(running)
    finally:
        gc.unfreeze()
        for pid in running:
            _end(pid)


def limit(cpu: float, wall: float) -> None:
    """Have this process end when it has taken so many seconds more."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, cpu)
    signal.setitimer(signal.ITIMER_REAL, wall)


def _fork(work: Callable[[], Any]) -> tuple[int, int]:
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return pid, read
    try:
        os.setpgid(0, 0)  # so that what it starts can be ended with it
        os.close(read)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        result = pickle.dumps(work())
        limit(0, 0)
        with os.fdopen(write, "wb") as pipe:
            pipe.write(result)
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)
    finally:
        os._exit(0)


def _next_of(running: dict[int, tuple[Any, int]]) -> Ended:
    """The next child that ends. What one tells is longer than a pipe holds, so it is read before it is waited for."""
    ready, _, _ = select.select([pipe for _, pipe in running.values()], [], [])
    pid = next(pid for pid, (_, pipe) in running.items() if pipe == ready[0])
    task, pipe = running.pop(pid)
    with os.fdopen(pipe, "rb") as told:
        result = told.read()
    if not (os.WIFSIGNALED(_end(pid)) or result):
        raise RuntimeError(f"no result of {task}")
    return Ended(task, pickle.loads(result) if result else None)


def _end(pid: int) -> int:
    """Wait for a child, and end what it has left behind."""
    _, status = os.waitpid(pid, 0)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    return status
