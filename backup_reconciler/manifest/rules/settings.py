"""Rules of the settings file."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from backup_reconciler.manifest.document import Declared, Written
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.settings_file import SETTINGS_FILE
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import ranges
from backup_reconciler.spec.blob_url import BlobUrl, NotABlobUrl
from backup_reconciler.spec.rules.settings import (
    SETTINGS_LOCK,
    SETTINGS_PLACE,
    SETTINGS_RANGE,
    SETTINGS_ROOT,
    SETTINGS_TWICE,
)
from backup_reconciler.spec.settings import SettingsSpec

_RANGES = {
    ("limits", "share"): ranges.SHARE,
    ("limits", "population"): ranges.POPULATION,
    ("limits", "stops"): ranges.STOPS,
    ("limits", "changes"): ranges.CHANGES,
    ("connection", "concurrency"): ranges.CONCURRENCY,
}


def settings_range(settings: Declared[SettingsSpec]) -> Iterator[Problem]:
    for field, allowed in _RANGES.items():
        path = ("spec", *field)
        number = settings.written.tree.value(path)
        if number is not None and number not in allowed:
            what = f"{number} is not from {allowed.least} to {allowed.most:,}"
            yield settings.problem(SETTINGS_RANGE, path, what, f"the nearest is {allowed.nearest(number)}")


def settings_root(settings: Declared[SettingsSpec]) -> Iterator[Problem]:
    folder = Path(settings.declaration.place.file).parent
    for index, text in enumerate(settings.spec.roots or ()):
        root = PurePosixPath(text)
        path = ("spec", "roots", index)
        if root.is_absolute() or ".." in root.parts or "\\" in text:
            yield settings.problem(SETTINGS_ROOT, path, f"{quoted(text)} leads out of the settings file's folder")
        elif not os.path.isdir(folder / root):  # noqa: PTH112 - Path.is_dir raises where a name is too long
            yield settings.problem(SETTINGS_ROOT, path, f"there is no folder {quoted(text)} beside the settings file")


def settings_lock(settings: Declared[SettingsSpec]) -> Iterator[Problem]:
    """The value is not repeated: it may hold a signature."""
    lock = settings.spec.lock
    if lock is None:
        return
    try:
        BlobUrl.written(lock.blob)
    except NotABlobUrl as error:
        yield settings.problem(SETTINGS_LOCK, ("spec", "lock", "blob"), str(error))


RULES = (settings_range, settings_root, settings_lock)


def settings_place(documents: Iterable[Written]) -> Iterator[Problem]:
    for document in documents:
        in_settings_file = Path(document.tree.place(()).file).name == SETTINGS_FILE
        if in_settings_file and document.kind != "Settings":
            what = f"the file {SETTINGS_FILE} holds settings alone"
            yield document.problem(SETTINGS_PLACE, ("kind",), what, "move the document to another file")
        if not in_settings_file and document.kind == "Settings":
            what = f"settings stand in a file named {SETTINGS_FILE}"
            yield document.problem(SETTINGS_PLACE, ("kind",), what, "move the document there")


def settings_twice(documents: Iterable[Written]) -> Iterator[Problem]:
    first: Written | None = None
    for document in documents:
        if document.kind == "Settings":
            first = first or document
            if document is not first:
                what, also = "there are other settings for this run", first.tree.place(())
                yield document.problem(SETTINGS_TWICE, (), what, also=also)
