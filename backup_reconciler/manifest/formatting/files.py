"""Files → formatted files."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from backup_reconciler.manifest.files import behind, decoded, file_problem, read_bytes, shown_path
from backup_reconciler.manifest.formatting.text import format_text
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.rules.file import FILE_UNWRITABLE

_LINE = re.compile(".*\n|.+")  # str.splitlines would also end them where YAML does not


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """A file as it is and as it should be."""

    path: Path
    before: bytes
    after: bytes

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff, without their ends."""
        before, after = (_LINE.findall(data.decode()) for data in (self.before, self.after))
        name = shown_path(self.path)
        for line in unified_diff(before, after, name, name):
            yield line.removesuffix("\n")
            if not line.endswith("\n"):
                yield "\\ No newline at end of file"


def format_files(paths: Sequence[Path]) -> Iterator[FormattedFile | list[Problem]]:
    """Every manifest file behind some paths as it should be, or why it cannot be formatted. Nothing is written."""
    for path in behind(paths):
        yield [path] if isinstance(path, Problem) else _format_file(path)


def _format_file(path: Path) -> FormattedFile | list[Problem]:
    data = read_bytes(path)
    return [data] if isinstance(data, Problem) else format_bytes(path, data)


def format_bytes(path: Path, data: bytes) -> FormattedFile | list[Problem]:
    """What a file holds as it should be, or why it cannot be formatted."""
    text = decoded(path, data)
    if isinstance(text, Problem):
        return [text]
    formatted = format_text(text, shown_path(path))
    return FormattedFile(path, data, formatted.encode()) if isinstance(formatted, str) else formatted


def rewrite(file: FormattedFile) -> Problem | None:
    """Put the formatted file in the place of the other, whole or not at all; or say why that cannot be."""
    target = Path(os.path.realpath(file.path))  # a link stays a link
    try:
        with target.open("r+b"):  # what may not be written is not replaced either
            pass
        _replace(target, file.after)
    except OSError as error:
        what = f"this cannot be written: {error.strerror or error}"
        return file_problem(file.path, what, FILE_UNWRITABLE.remedy, FILE_UNWRITABLE)
    return None


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        _take_owner(target, name)
        shutil.copymode(target, name)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _take_owner(target: Path, name: str) -> None:
    """Root in a container leaves files with those they belong to; others may not give files away, and need not."""
    status = target.stat()
    if hasattr(os, "chown"):  # Windows has none
        with suppress(OSError):
            os.chown(name, status.st_uid, status.st_gid)
