"""`fmt` through the front door: what it writes, what it says, and what it leaves alone."""

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli, Told

UNFORMATTED = "kind: Vault\napiVersion: backup-reconciler/v1  # language\n"
FORMATTED = "apiVersion: backup-reconciler/v1  # language\nkind: Vault\n"
BROKEN = "kind: [a\n"
TOLD = (
    "broken.yaml:2:1: the list that [ opens goes on with neither ',' nor ']' (also at broken.yaml:1:7); "
    "close it with ] [yaml-syntax]"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# ---- writing -------------------------------------------------------------------------------------------------------


def test_files_are_rewritten_and_named(cli: Cli) -> None:
    one, two, three = put("m/a.yaml", UNFORMATTED), put("m/sub/b.yml", UNFORMATTED), put("m/c.yaml", FORMATTED)
    told = cli("fmt", "m")
    assert told == Told(0, "formatted m/a.yaml\nformatted m/sub/b.yml\n2 files formatted, 1 file left as it is.\n", "")
    assert [path.read_text() for path in (one, two, three)] == [FORMATTED] * 3
    assert cli("fmt", "m").out == "0 files formatted, 3 files left as they are.\n"


def test_a_formatted_file_is_not_written(cli: Cli) -> None:
    path = put("a.yaml", FORMATTED)
    os.utime(path, ns=(1, 1))
    before = path.stat()
    assert cli("fmt", path).status == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_the_mode_of_a_file_stays_and_nothing_is_left_beside_it(cli: Cli, folder: Path) -> None:
    path = put("a.yaml", UNFORMATTED)
    path.chmod(0o640)
    assert cli("fmt", path).status == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in folder.iterdir()] == ["a.yaml"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_of_a_file_stays(cli: Cli) -> None:
    path = put("a.yaml", UNFORMATTED)
    os.chown(path, 1234, 4321)
    path.chmod(0o4640)
    assert cli("fmt", path).status == 0
    assert path.read_text() == FORMATTED
    assert (path.stat().st_uid, path.stat().st_gid, stat.S_IMODE(path.stat().st_mode)) == (1234, 4321, 0o4640)


def test_a_file_of_somebody_else_is_written_where_its_owner_cannot_stay(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, os.strerror(1))

    monkeypatch.setattr(os, "chown", refuse)
    path = put("a.yaml", UNFORMATTED)
    assert cli("fmt", path).status == 0
    assert path.read_text() == FORMATTED


def test_a_link_stays_a_link(cli: Cli) -> None:
    target = put("elsewhere/a.yaml", UNFORMATTED)
    link = Path("link.yaml")
    link.symlink_to(target)
    assert cli("fmt", link).out.startswith("formatted link.yaml\n")
    assert link.is_symlink()
    assert target.read_text() == FORMATTED


def test_a_byte_order_mark_and_carriage_returns_go(cli: Cli) -> None:
    path = put("a.yaml", b"\xef\xbb\xbfkind: Vault\r\n")
    assert cli("fmt", path).status == 0
    assert path.read_bytes() == b"kind: Vault\n"


def test_a_manifest_that_breaks_rules_is_formatted(cli: Cli) -> None:
    path = put("a.yaml", "spec: {colour: 'blue'}\nkind: Vualt\n")
    assert cli("fmt", path).status == 0
    assert path.read_text() == "kind: Vualt\nspec: {colour: blue}\n"


def test_settings_are_formatted_with_their_folder_and_worlds_never(cli: Cli) -> None:
    settings, world = put("m/backup-reconciler.yaml", UNFORMATTED), put("m/a.world.yaml", UNFORMATTED)
    put("m/b.yaml", FORMATTED)
    assert cli("fmt", "m/b.yaml", world).out == "0 files formatted, 1 file left as it is.\n"
    assert settings.read_text() == UNFORMATTED
    assert cli("fmt", "m").out == "formatted m/backup-reconciler.yaml\n1 file formatted, 1 file left as it is.\n"
    assert world.read_text() == UNFORMATTED


# ---- only looking --------------------------------------------------------------------------------------------------


def test_check_names_what_would_change_and_writes_nothing(cli: Cli) -> None:
    path = put("m/a.yaml", UNFORMATTED)
    put("m/b.yaml", FORMATTED)
    told = cli("fmt", "--check", "m")
    assert told == Told(1, "would format m/a.yaml\n1 file would be formatted, 1 file left as it is.\n", "")
    assert path.read_text() == UNFORMATTED
    assert cli("fmt", "--check", "m/b.yaml").status == 0


def test_diff_shows_what_would_change_and_writes_nothing(cli: Cli) -> None:
    path = put("a.yaml", UNFORMATTED.removesuffix("\n").replace("\n", "\r\n"))
    told = cli("fmt", "--diff", path)
    assert told.out.splitlines() == [
        "--- a.yaml",
        "+++ a.yaml",
        "@@ -1,2 +1,2 @@",
        r"-kind: Vault\r",
        "-apiVersion: backup-reconciler/v1  # language",
        r"\ No newline at end of file",
        "+apiVersion: backup-reconciler/v1  # language",
        "+kind: Vault",
    ]
    assert (told.status, told.err) == (0, "1 file would be formatted, 0 files left as they are.\n")
    assert path.read_bytes().count(b"\r") == 1
    assert cli("fmt", "--diff", "--check", path).status == 1


# ---- what cannot be formatted --------------------------------------------------------------------------------------


def test_a_broken_file_is_told_as_validate_tells_it_and_the_others_are_formatted(cli: Cli) -> None:
    broken, good = put("broken.yaml", BROKEN), put("good.yaml", UNFORMATTED)
    told = cli("fmt", broken, "missing.yaml", good)
    assert told.status == 1
    assert told.out == "formatted good.yaml\n1 file formatted, 0 files left as they are.\n"
    assert told.err.splitlines() == [
        TOLD,
        "missing.yaml:1:1: there is no such file or folder; correct the path [file-unreadable]",
    ]
    assert broken.read_text() == BROKEN
    assert good.read_text() == FORMATTED
    assert TOLD in cli("validate", "broken.yaml").err


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x00\x01", "the file is binary"),
        (b"\xff\xfea\x00", "the file is UTF-16"),
        (b"a: \xf6", "the byte 0xf6 is not UTF-8"),
        (b"#" * 10_000_001, "the file is larger than 10 MB"),
        (b"a: \x07", "the character U+0007 cannot stand in YAML"),
        (b"[" * 60, "values are nested deeper than 50 levels"),
        (b"kind: Vault\nmetadata: {name: {{ .Values.vault }}}\n", "a template has to be rendered first"),
    ],
)
def test_what_is_no_text_or_no_yaml_is_left(cli: Cli, data: bytes, what: str) -> None:
    path = put("a.yaml", data)
    told = cli("fmt", path)
    assert told.status == 1
    assert what in told.err
    assert len(told.err.splitlines()) == 1
    assert path.read_bytes() == data


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_what_may_not_be_written(cli: Cli) -> None:
    file, in_folder = put("m/file.yaml", UNFORMATTED), put("m/folder/a.yaml", UNFORMATTED)
    file.chmod(0o400)
    in_folder.parent.chmod(0o500)
    told = cli("fmt", "m")
    in_folder.parent.chmod(0o700)
    assert told.status == 1
    assert [line.split(";")[0] for line in told.err.splitlines()] == [
        "m/file.yaml:1:1: this cannot be written: Permission denied",
        "m/folder/a.yaml:1:1: this cannot be written: Permission denied",
    ]
    assert [file.read_text(), in_folder.read_text()] == [UNFORMATTED] * 2


def test_a_file_whose_writing_fails_is_left_whole(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, other = put("a.yaml", UNFORMATTED), put("b.yaml", UNFORMATTED)
    really_replace = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "a.yaml":
            raise OSError(28, os.strerror(28))
        return really_replace(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    told = cli("fmt", path, other)
    assert told.status == 1
    assert told.err == (
        f"a.yaml:1:1: this cannot be written: {os.strerror(28)}; "
        "check the permissions of the file and of its folder [file-unwritable]\n"
    )
    assert (path.read_text(), other.read_text()) == (UNFORMATTED, FORMATTED)
    assert sorted(each.name for each in folder.iterdir()) == ["a.yaml", "b.yaml"]


# ---- standard input ------------------------------------------------------------------------------------------------


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    data = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    return data


def test_standard_input_goes_to_standard_output(cli: Cli, typed: io.BytesIO) -> None:
    typed.write((UNFORMATTED + "a: é\n").encode())
    typed.seek(0)
    assert cli("fmt", "-") == Told(0, FORMATTED + 'a: "é"\n', "")


def test_standard_input_may_be_formatted_already(cli: Cli, typed: io.BytesIO) -> None:
    typed.write(FORMATTED.encode())
    typed.seek(0)
    assert cli("fmt", "-").out == FORMATTED


def test_standard_input_can_be_checked(cli: Cli, typed: io.BytesIO) -> None:
    typed.write(UNFORMATTED.encode())
    typed.seek(0)
    assert cli("fmt", "--check", "-") == Told(1, "would format <standard input>\n", "")


def test_standard_input_that_is_broken_gives_nothing(cli: Cli, typed: io.BytesIO) -> None:
    typed.write(BROKEN.encode())
    typed.seek(0)
    told = cli("fmt", "-")
    assert (told.status, told.out) == (1, "")
    assert told.err.startswith("<standard input>:2:1: the list that [ opens")


def test_standard_input_is_formatted_alone(cli: Cli) -> None:
    assert cli("fmt", "-", "a.yaml") == Told(1, "", "error: - is standard input, which is formatted alone\n")


# ---- the whole -----------------------------------------------------------------------------------------------------


def test_fmt_starts_without_what_it_does_not_need(cli: Cli) -> None:
    program = (
        "import sys; from backup_reconciler.cli.main import main; status = main(['fmt', 'a.yaml']); "
        "heavy = {name.split('.')[0] for name in sys.modules} & {'azure', 'deepdiff', 'aiohttp', 'rich'}; "
        "sys.exit(status or len(heavy))"
    )
    put("a.yaml", UNFORMATTED)
    assert subprocess.run([sys.executable, "-c", program], check=False, stdout=subprocess.DEVNULL).returncode == 0
