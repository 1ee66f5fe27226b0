"""Which files are read, and what is told of those that cannot be."""

import errno
import os
import re
from pathlib import Path

import pytest

from backup_reconciler.manifest import ManifestError, load
from backup_reconciler.manifest.files import LARGEST

BOM = b"\xef\xbb\xbf"
NOTHING = "nothing is declared here; name a file or folder that holds *.yaml manifests [no-manifests]"


def vault(handle: str) -> str:
    return (
        "apiVersion: backup-reconciler/v1\n"
        "kind: Vault\n"
        f"metadata: {{name: {handle}}}\n"
        "spec:\n"
        "  subscription: 11111111-1111-1111-1111-111111111111\n"
        "  resourceGroup: rg-backup\n"
        "  location: japaneast\n"
        f"  name: rsv-{handle}\n"
    )


def put(path: Path, content: str | bytes = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in an empty folder, and names its files from there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def handles(*paths: str | Path) -> list[str]:
    return [vault.handle for vault in load([Path(path) for path in paths]).vaults]


def told(*paths: str | Path) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        load([Path(path) for path in paths])
    return str(caught.value).splitlines()


# ---- which files ---------------------------------------------------------------------------------------------------


def test_a_folder_is_read_to_its_depths_in_the_order_of_names(root: Path) -> None:
    for name in ("m/b/one.yaml", "m/a.yml", "m/b/a/two.yaml", "m/c.YAML", "m/b.yaml"):
        put(root / name, vault(re.sub("[^a-z]", "-", name.lower())))
    assert handles("m") == ["m-a-yml", "m-b-a-two-yaml", "m-b-one-yaml", "m-b-yaml", "m-c-yaml"]


def test_what_is_no_manifest_is_passed_over(root: Path) -> None:
    put(root / "m/vault.yaml", vault("prod"))
    for name in (
        ".hidden.yaml",
        ".git/x.yaml",
        "demo.world.yaml",
        "notes.txt",
        "sub/.x/y.yml",
    ):
        put(root / "m" / name, "not: [a manifest")
    assert handles("m") == ["prod"]


def test_worlds_are_no_manifests_when_a_shell_names_them(root: Path) -> None:
    put(root / "vault.yaml", vault("prod"))
    put(root / "demo.world.yaml", "kind: World")
    assert handles("demo.world.yaml", "vault.yaml") == ["prod"]
    assert told("demo.world.yaml") == [f"demo.world.yaml:1:1: {NOTHING}"]


def test_a_file_that_is_named_is_read_whatever_its_name(root: Path) -> None:
    put(root / ".prod", vault("prod"))
    assert handles(".prod") == ["prod"]


def test_paths_are_read_in_the_order_given_and_each_file_once(root: Path) -> None:
    put(root / "m/a.yaml", vault("a"))
    put(root / "m/b.yaml", vault("b"))
    (root / "link.yaml").symlink_to(root / "m/a.yaml")
    assert handles("m/b.yaml", "m", root / "m", "link.yaml") == ["b", "a"]


def test_places_name_files_as_they_were_typed(root: Path) -> None:
    put(root / "m/sub/a.yaml", vault("-1"))
    assert [line.split("  ")[0] for line in told("m", root / "m/nothing.yaml")] == [
        "m/sub/a.yaml:3:18",
        f"{root}/m/nothing.yaml:1:1: there is no such file or folder; correct the path [file-unreadable]",
    ]
    assert told("./m/../m/sub")[0].startswith("m/../m/sub/a.yaml:3:18")


def test_links_between_folders_are_followed_but_not_in_circles(root: Path) -> None:
    put(root / "m/a/one.yaml", vault("one"))
    put(root / "shared/two.yaml", vault("two"))
    put(root / "outside.yaml", vault("outside"))
    (root / "m/a/up").symlink_to(root / "m")
    (root / "m/a/out").symlink_to(root)
    (root / "m/shared").symlink_to(root / "shared")
    (root / "shared/back").symlink_to(root / "m/a")
    (root / "m/self").symlink_to("self")
    assert sorted(handles("m")) == ["one", "two"]


def test_a_link_to_nothing_is_told_because_its_documents_are_missing(root: Path) -> None:
    put(root / "m/a.yaml", vault("a"))
    (root / "m/gone.yaml").symlink_to("nowhere.yaml")
    (root / "m/loop.yaml").symlink_to("loop.yaml")
    remedy = "save the file as UTF-8 text and check its permissions [file-unreadable]"
    assert told("m") == [
        f"m/gone.yaml:1:1: this cannot be read: {os.strerror(errno.ENOENT)}; {remedy}",
        f"m/loop.yaml:1:1: this cannot be read: {os.strerror(errno.ELOOP)}; {remedy}",
    ]


# ---- what cannot be read -------------------------------------------------------------------------------------------


def test_no_path_at_all() -> None:
    assert told() == [f".:1:1: {NOTHING}"]


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000])
def test_a_path_that_can_be_none(path: str) -> None:
    assert "[file-unreadable]" in told(path)[0]


def test_an_empty_folder(root: Path) -> None:
    put(root / "m/notes.txt")
    put(root / "n/a.yaml", vault("a"))
    assert told("m", "n") == ["m:1:1: the folder holds no manifests (*.yaml, *.yml); correct the path [no-manifests]"]


def test_a_file_without_documents_is_fine_beside_others(root: Path) -> None:
    put(root / "m/a.yaml", vault("a"))
    put(root / "m/b.yaml", b"")
    put(root / "m/c.yaml", b"# only a comment\n---\n---\n")
    assert handles("m") == ["a"]
    assert "[no-manifests]" in told("m/b.yaml", "m/c.yaml")[0]


def test_exemptions_by_themselves_ask_for_nothing(root: Path) -> None:
    spec = "{select: {names: [a]}, reason: none, expires: 2099-12-31}"
    put(root / "m/a.yaml", f"apiVersion: backup-reconciler/v1\nkind: Exemption\nmetadata: {{name: a}}\nspec: {spec}\n")
    assert "only exemptions are declared here, which ask for nothing" in told("m")[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(root: Path) -> None:
    put(root / "m/a.yaml", vault("a")).chmod(0)
    put(root / "m/sub/b.yaml", vault("b")).parent.chmod(0)
    try:
        assert [line.split(";")[0] for line in told("m")] == [
            "m/a.yaml:1:1: this cannot be read: Permission denied",
            "m/sub:1:1: this cannot be read: Permission denied",
        ]
    finally:
        (root / "m/sub").chmod(0o700)


def test_what_fails_while_it_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "m/a.yaml", vault("a"))
    monkeypatch.setattr(Path, "open", _fails)
    assert told("m")[0].startswith(f"m/a.yaml:1:1: this cannot be read: {os.strerror(errno.EIO)};")
    monkeypatch.setattr(Path, "iterdir", _fails)
    assert told("m")[0].startswith(f"m:1:1: this cannot be read: {os.strerror(errno.EIO)};")


def _fails(*_: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe.yaml")
    put(root / "m/a.yaml", vault("a"))
    (root / "m/pipe.yaml").symlink_to(root / "pipe.yaml")
    sentence = "this is not a regular file; name a file or folder of manifests [file-unreadable]"
    assert told("m") == [f"m/pipe.yaml:1:1: {sentence}"]
    assert told("pipe.yaml") == [f"pipe.yaml:1:1: {sentence}"]


def test_a_file_that_is_too_large(root: Path) -> None:
    comment = b"#" * (LARGEST - len(vault("a")) - 1) + b"\n"
    assert handles(put(root / "fits.yaml", comment + vault("a").encode())) == ["a"]
    put(root / "large.yaml", b"#" + comment + vault("a").encode())
    remedy = "split it into several files, or move it out of the folder"
    assert told("large.yaml") == [f"large.yaml:1:1: the file is larger than 10 MB; {remedy} [file-too-large]"]


# ---- encodings -----------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_accepted_and_has_no_column(root: Path) -> None:
    put(root / "a.yaml", BOM + vault("a").encode())
    manifests = load([Path("a.yaml")])
    assert (manifests.vaults[0].place.line, manifests.vaults[0].place.column) == (1, 1)
    assert told(put(root / "b.yaml", BOM + b"kind: vault")) == [
        f'{root}/b.yaml:1:7  vault  kind: "vault" is not a kind that is known here; did you mean Vault? [unknown-kind]'
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_other_encodings_of_unicode(root: Path, encoding: str) -> None:
    put(root / "a.yaml", vault("a").encode(encoding))
    assert told("a.yaml")[0].startswith("a.yaml:1:1: the file is ")
    assert told("a.yaml")[0].endswith("[file-unreadable]")


def test_binary(root: Path) -> None:
    put(root / "a.yaml", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    what = "the file is binary, or text in an encoding that is not UTF-8"
    assert told("a.yaml") == [f"a.yaml:1:1: {what}; save it as UTF-8 text [file-unreadable]"]


def test_a_byte_that_is_not_utf_8_is_named_with_its_place(root: Path) -> None:
    put(root / "a.yaml", "ä: 1\nö: Größe".encode() + b"\nk: Gr\xf6\xdfe\n")
    assert told("a.yaml") == ["a.yaml:3:6: the byte 0xf6 is not UTF-8; save the file as UTF-8 [file-unreadable]"]


def test_a_file_name_cannot_break_the_lines_of_the_report(root: Path) -> None:
    assert told(put(root / "a\nb\x1b[31m.yaml", b"- x"))[0].startswith(
        rf"{root}/a\nb\x1b[31m.yaml:1:1: the document is"
    )
