"""Files that nobody meant to be manifests, or that somebody meant to do harm with, through the command line.

Each ends in lines that say what to do and with exit status 1, or is read as what it is.
"""

import errno
import os
import tracemalloc
from pathlib import Path

import pytest
import yaml

from backup_reconciler.manifest.files import LARGEST
from tests.conftest import Cli, assignment, vault

VALID = yaml.safe_dump(vault(), sort_keys=False)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in an empty folder, and names its files from there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, content: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


def told(cli: Cli, *paths: str) -> list[str]:
    """The lines that bad manifests get; the same problems in every format, and nothing else."""
    text = cli("validate", *paths)
    assert (text.status, text.out) == (1, "")
    lines = text.err.splitlines()
    as_json = cli("validate", *paths, "--format", "json")
    assert as_json.status == 1
    assert len(as_json.json["problems"]) == len(lines)
    github = cli("validate", *paths, "--format", "github")
    assert github.status == 1
    assert [line.split("::", 2)[2].replace("%25", "%") for line in github.out.splitlines()] == lines
    return lines


# ---- what is in a file ---------------------------------------------------------------------------------------------


def test_a_tab(cli: Cli) -> None:
    (line,) = told(cli, put("a.yaml", "kind: Vault\nspec:\n\tname: x\n"))
    assert line == "a.yaml:3:1: a tab stands where YAML takes only spaces; indent with spaces [yaml-syntax]"


@pytest.mark.parametrize("content", ["", "# nothing but a comment\n", "\n\n  \n", "---\n---\n...\n", "\ufeff"])
def test_a_file_that_declares_nothing(cli: Cli, content: str) -> None:
    (line,) = told(cli, put("a.yaml", content))
    assert line.startswith("a.yaml:1:1: nothing is declared here; name a file or folder")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf_16_of_either_end_with_and_without_a_mark(cli: Cli, encoding: str, mark: str) -> None:
    (line,) = told(cli, put("a.yaml", (mark + VALID).encode(encoding)))
    assert "not UTF-8" in line
    assert line.endswith("[file-unreadable]")


def test_a_byte_order_mark(cli: Cli) -> None:
    assert cli("validate", put("a.yaml", b"\xef\xbb\xbf" + VALID.encode())).status == 0


def test_latin_1(cli: Cli) -> None:
    (line,) = told(cli, put("a.yaml", VALID.encode() + b"  tags:\n    ort: Z\xfcrich\n"))
    assert line.startswith(f"a.yaml:{len(VALID.splitlines()) + 2}:11: the byte 0xfc is not UTF-8; ")


def test_a_program(cli: Cli) -> None:
    (line,) = told(cli, put("a.yaml", b"\x7fELF\x02\x01\x01\x00" + bytes(range(256))))
    assert line.startswith("a.yaml:1:1: the file is binary, ")


def test_lines_that_end_as_they_do_on_windows_are_counted_as_they_look(cli: Cli) -> None:
    text = VALID.replace("japaneast", "japan-east").replace("\n", "\r\n")
    (line,) = told(cli, put("a.yaml", text))
    assert line.startswith("a.yaml:8:13  Vault/rsv  spec.location: ")


def test_50_mb_are_not_read_to_be_refused(cli: Cli) -> None:
    with Path("a.yaml").open("wb") as stream:
        stream.truncate(50_000_000)
    tracemalloc.start()
    try:
        (line,) = told(cli, "a.yaml")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert line.startswith("a.yaml:1:1: the file is larger than 10 MB; split it into several files")
    assert peak < 3 * LARGEST


def test_aliases_of_aliases(cli: Cli) -> None:
    laughs = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    laughs += "".join(
        f"{n}: &{n} [{', '.join([f'*{old}'] * 9)}]\n" for old, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    (line,) = told(cli, put("a.yaml", laughs))
    assert "the aliases of this file bring more than 1,000 values into it; " in line


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "!x [", "&a [", '"a": ['])
def test_deep_nesting(cli: Cli, opening: str) -> None:
    assert told(cli, put("a.yaml", opening * 100_000))[-1].endswith(" [yaml-depth]")


def test_a_line_of_a_mebibyte(cli: Cli) -> None:
    (line,) = told(cli, put("a.yaml", VALID.replace("japaneast", "x-" * 2**19)))
    assert line.startswith('a.yaml:8:13  Vault/rsv  spec.location: "x-x-')
    assert len(line) < 300


def test_a_key_of_a_mebibyte(cli: Cli) -> None:
    (line,) = told(cli, put("a.yaml", VALID + f"  ? {'k' * 2**20}\n  : x\n"))
    assert "there is no such field" in line
    assert len(line) < 1000


def test_a_thousand_problems_are_all_told(cli: Cli) -> None:
    names = assignment(select={"names": [5] * 1000})
    lines = told(cli, put("a.yaml", VALID + "---\n" + yaml.safe_dump(names, sort_keys=False)))
    assert len([line for line in lines if line.endswith("[wrong-type]")]) == 1000


# ---- what a path leads to ------------------------------------------------------------------------------------------


def test_a_link_to_itself(cli: Cli) -> None:
    Path("loop.yaml").symlink_to("loop.yaml")
    (line,) = told(cli, "loop.yaml")
    assert line.startswith(f"loop.yaml:1:1: this cannot be read: {os.strerror(errno.ELOOP)}; ")


def test_folders_linked_in_a_circle(cli: Cli) -> None:
    put("m/a/vault.yaml", VALID)
    Path("m/a/again").symlink_to("..", target_is_directory=True)
    Path("m/b").symlink_to("a", target_is_directory=True)
    assert cli("validate", "m").out == "Valid: 1 vault.\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(cli: Cli) -> None:
    Path(put("m/a.yaml", VALID)).chmod(0)
    Path(put("m/sub/b.yaml", VALID)).parent.chmod(0)
    try:
        assert [line.split(": ")[0] for line in told(cli, "m")] == ["m/a.yaml:1:1", "m/sub:1:1"]
    finally:
        Path("m/sub").chmod(0o700)


def test_what_is_not_there(cli: Cli) -> None:
    lines = told(cli, "nowhere", "nowhere.yaml", "")
    assert lines[:2] == [
        "nowhere:1:1: there is no such file or folder; correct the path [file-unreadable]",
        "nowhere.yaml:1:1: there is no such file or folder; correct the path [file-unreadable]",
    ]


def test_a_folder_that_is_called_like_a_file(cli: Cli) -> None:
    put("m/folder.yaml/vault.yaml", VALID)
    assert cli("validate", "m").out == "Valid: 1 vault.\n"
    assert cli("validate", "m/folder.yaml").out == "Valid: 1 vault.\n"


def test_a_pipe_is_not_waited_for(cli: Cli) -> None:
    os.mkfifo("pipe.yaml")
    (line,) = told(cli, "pipe.yaml")
    assert line.startswith("pipe.yaml:1:1: this is not a regular file; ")


def test_a_device(cli: Cli) -> None:
    (line,) = told(cli, "/dev/null")
    assert line.startswith("/dev/null:1:1: this is not a regular file; ")


def test_a_name_with_a_line_break_and_an_escape_is_one_line(cli: Cli) -> None:
    (line,) = told(cli, put("a\n::error::\x1b[31m.yaml", "x"))
    assert line.startswith(r"a\n::error::\x1b[31m.yaml:1:1: the document is ")


def test_a_name_that_is_not_utf_8(cli: Cli) -> None:
    name = os.fsdecode(b"a\xff.yaml")
    try:
        put(name, "x")
    except OSError:
        pytest.skip("this file system takes no such name")
    (line,) = told(cli, name)
    assert line.startswith(r"a\udcff.yaml:1:1: the document is ")
