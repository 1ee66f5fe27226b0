"""Paths → files → text. Whatever is found on the way is a problem of that path, never an exception."""

import os
import stat
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.settings_file import SETTINGS_FILE, settings_above
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.file import FILE_TOO_LARGE, FILE_UNREADABLE, NO_MANIFESTS
from backup_reconciler.spec.visible import visible

LARGEST = 10_000_000
"""Bytes."""

_SUFFIXES = (".yaml", ".yml")
_WORLD = (".world.yaml", ".world.yml")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def find(paths: Sequence[Path]) -> list[Path | Problem]:
    """The files behind the paths, and with them the settings that hold for the paths."""
    return _once(chain(behind(paths), chain.from_iterable(map(settings_above, paths))))


def behind(paths: Sequence[Path]) -> list[Path | Problem]:
    """The files of each path in turn, those of a folder in the order of their names, and what could not be followed."""
    return _once(chain.from_iterable(map(_behind, paths)))


def _once(reached: Iterable[Path | Problem]) -> list[Path | Problem]:
    """A file that is reached twice, by a link or a second path, is there once."""
    found: list[Path | Problem] = []
    seen: set[str] = set()
    for each in reached:
        if isinstance(each, Path):
            real = os.path.realpath(each)
            if real in seen:
                continue
            seen.add(real)
        found.append(each)
    return found


def _behind(path: Path) -> list[Path | Problem]:
    try:
        path.stat()
    except FileNotFoundError:
        return [file_problem(path, "there is no such file or folder", "correct the path")]
    except (OSError, ValueError) as error:
        return [_unreadable(path, error)]
    if not path.is_dir():
        return [] if _is_world(path.name) else [path]
    found = _inside(path)
    if all(isinstance(each, Path) and each.name == SETTINGS_FILE for each in found):
        what = "the folder holds no manifests (*.yaml, *.yml)"
        found.append(file_problem(path, what, "correct the path", NO_MANIFESTS))
    return found


def _inside(root: Path) -> list[Path | Problem]:
    """The manifests below a folder. Links are followed, except where they lead back to where the walk has been."""
    found: dict[Path, Path | Problem] = {}
    pending = [root]
    seen: set[Path] = set()
    while pending:
        folder = pending.pop()
        real = _real(folder)
        if real in seen:
            continue
        seen.add(real)
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            found[folder] = _unreadable(folder, error)
            continue
        for entry in entries:
            if os.path.isdir(entry):  # noqa: PTH112 - Path.is_dir raises where the folder may not be searched
                if not _is_hidden(entry.name) and not real.is_relative_to(_real(entry)):
                    pending.append(entry)
            elif _is_manifest(entry.name):
                found[entry] = entry
    return [found[path] for path in sorted(found)]


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # Path.resolve raises on a loop of links


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _is_world(name: str) -> bool:
    """Whether a file is a sandbox's world: YAML, but not a manifest, wherever it is named."""
    return name.endswith(_WORLD)


def _is_manifest(name: str) -> bool:
    return name.lower().endswith(_SUFFIXES) and not _is_hidden(name) and not _is_world(name)


def read(path: Path) -> str | Problem:
    """The text of a manifest file, without its byte-order mark."""
    data = read_bytes(path)
    return data if isinstance(data, Problem) else decoded(path, data)


def read_bytes(path: Path) -> bytes | Problem:
    """What a manifest file holds."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe or a device could block for ever
            return file_problem(path, "this is not a regular file", "name a file or folder of manifests")
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        return _unreadable(path, error)


def decoded(path: Path, data: bytes) -> str | Problem:
    """The text that a manifest file holds, without its byte-order mark."""
    if len(data) > LARGEST:
        return file_problem(path, "the file is larger than 10 MB", FILE_TOO_LARGE.remedy, FILE_TOO_LARGE)
    if data.startswith(_UTF_16):
        return file_problem(path, "the file is UTF-16, not UTF-8", "save it as UTF-8")
    if b"\0" in data:
        return file_problem(
            path, "the file is binary, or text in an encoding that is not UTF-8", "save it as UTF-8 text"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return file_problem(path, what, "save the file as UTF-8", line=line, column=column)


def _unreadable(path: Path, error: OSError | ValueError) -> Problem:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name is not a path"
    return file_problem(path, f"this cannot be read: {reason}", FILE_UNREADABLE.remedy)


def file_problem(
    path: Path, what: str, remedy: str, rule: Rule = FILE_UNREADABLE, *, line: int = 1, column: int = 1
) -> Problem:
    return Problem(Place(shown_path(path), line, column), "", (), what, remedy, rule)


def shown_path(path: Path) -> str:
    """A path as its user would type it."""
    return visible(str(path))
