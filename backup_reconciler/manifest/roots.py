"""Whether a run reads all the manifests there are: those of the roots that its settings name."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from backup_reconciler.manifest.files import behind, find
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.settings import SettingsSpec


def left_out(settings: Declaration[SettingsSpec] | None, paths: Sequence[Path]) -> Iterator[str]:
    """The roots, as the settings write them, that hold a manifest which is not among those at the paths of the run.

    A root that holds none is left out too: a repository that is checked out in part looks like that.
    """
    if settings is None or settings.spec.roots is None:
        return
    folder = Path(settings.place.file).parent
    known = {os.path.realpath(path) for path in find(paths) if isinstance(path, Path)}
    for root in settings.spec.roots:
        files = behind([folder / root])
        if any(isinstance(file, Problem) or os.path.realpath(file) not in known for file in files):
            yield root
