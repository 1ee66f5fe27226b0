"""Names of exported files: harmless on every system, whatever a vault is called."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.report.file_names import file_names


@pytest.mark.parametrize(
    ("handle", "file"),
    [
        ("rsv-prod", "rsv-prod.yaml"),
        ("CON", "CON_.yaml"),
        ("nul", "nul_.yaml"),
        ("com1", "com1_.yaml"),
        ("aux.old", "aux.old_.yaml"),
        ("console", "console.yaml"),
        ("backup-reconciler", "backup-reconciler_.yaml"),
        ("prod.world", "prod.world_.yaml"),
        ("../../etc/passwd", "_.._etc_passwd.yaml"),
        (".hidden.", "hidden.yaml"),
        ("..", "vault.yaml"),
        ("a\n\x1b\u202eb", "a___b.yaml"),
    ],
)
def test_a_name_that_means_something_else_to_a_system_is_changed(handle: str, file: str) -> None:
    assert file_names([handle]) == {handle: file}


def test_names_that_differ_in_letter_case_alone_are_kept_apart() -> None:
    assert list(file_names(["Prod", "prod", "a b", "a_b"]).values()) == [
        "Prod.yaml",
        "prod-2.yaml",
        "a_b.yaml",
        "a_b-2.yaml",
    ]


@given(st.lists(st.text(max_size=300), unique=True))
def test_any_names_are_files_of_the_folder_each_its_own(handles: list[str]) -> None:
    files = list(file_names(handles).values())
    assert len({file.casefold() for file in files}) == len(handles)
    for file in files:
        assert PurePosixPath(file).name == PureWindowsPath(file).name == file
        assert not PureWindowsPath(file).is_reserved()
        assert file.isascii()
        assert file.isprintable()
        assert len(file) < 120
        assert not file.startswith(".")
