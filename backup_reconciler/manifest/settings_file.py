"""Where the settings of a run are: a file of one name, beside the manifests or above them."""

# ruff: noqa: PTH100, PTH110, PTH112, PTH113 - the methods of Path raise where a folder may not be searched

import os
from pathlib import Path

SETTINGS_FILE = "backup-reconciler.yaml"


def settings_above(path: Path) -> list[Path]:
    """The settings file that holds for a path: the nearest in its folder or above, as far as the git repository goes.

    Outside a repository it is the folder's own, since a file that lies about further up was hardly meant.
    """
    whole = Path(os.path.abspath(path))
    folders = [whole, *whole.parents] if os.path.isdir(whole) else [*whole.parents]
    repository = next((number for number, folder in enumerate(folders) if os.path.exists(folder / ".git")), 0)
    for folder in folders[: repository + 1]:
        settings = folder / SETTINGS_FILE
        if os.path.isfile(settings):
            return [settings if path.is_absolute() else Path(os.path.relpath(settings))]
    return []
