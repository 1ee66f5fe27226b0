"""Files as a code host wants them named: from the root of its repository."""

from os.path import normpath
from pathlib import Path


def named_from(root: Path, file: Path) -> Path:
    """The path from the root for what is below it, else the whole one."""
    path = Path(normpath(file))
    return path.relative_to(root) if path.is_relative_to(root) else path
