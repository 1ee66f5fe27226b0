"""What reaches a real terminal: one process each, because a test runner has handlers and streams of its own."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import assignment, policy, vault, vms, world

ROOT = Path(__file__).parents[2]


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "IDENTITY_", "MSI_"))}
    return subprocess.run(
        [sys.executable, "-m", "backup_reconciler", *map(str, arguments)],
        cwd=ROOT,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    documents = [vault(tags={"owner": "日本"}), policy(), assignment()]
    (tmp_path / "all.yaml").write_text(yaml.safe_dump_all(documents, allow_unicode=True), encoding="utf-8")
    return tmp_path


def exists(files: Path, **more: object) -> tuple[object, ...]:
    (files / "any.world.yaml").write_text(yaml.safe_dump({"kind": "World", **world(vms("web-01"), **more)}))
    return (files, "--sandbox", files / "any.world.yaml")


def test_the_libraries_paragraphs_stay_away(files: Path) -> None:
    told = run("plan", files, "--arm-endpoint", "http://127.0.0.1:9", AZURE_TOKEN_CREDENTIALS="EnvironmentCredential")
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1, told.stderr
    assert told.stderr.startswith("error: signing in to Azure: ")


def test_control_characters_in_azures_words_are_made_visible(files: Path) -> None:
    evil = "no \x1b]0;evil\x07\x1b[2J way"
    fault = {"path": "*/vaults", "status": 403, "code": "AuthorizationFailed", "message": evil}
    told = run("plan", *exists(files, faults=[fault]))
    assert told.returncode == 1
    assert "\x1b" not in told.stderr
    assert "no \\x1b]0;evil\\x07\\x1b[2J way" in told.stderr


def test_a_terminal_that_cannot_show_a_name_still_gets_the_report(files: Path) -> None:
    told = run("plan", *exists(files), PYTHONIOENCODING="ascii")
    assert told.returncode == 0, told.stderr
    assert "owner: \\u65e5\\u672c" in told.stdout
    assert "Plan: 1 vault to create" in told.stdout


def test_a_reader_that_has_seen_enough_ends_it_quietly(files: Path) -> None:
    where = " ".join(map(str, exists(files)))
    told = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m backup_reconciler plan {where} | head -n 1"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout.count("\n") == 1
    assert "Traceback" not in told.stderr
    assert "Exception" not in told.stderr


def test_validate_starts_without_the_azure_sdk_deepdiff_and_rich(files: Path) -> None:
    program = (
        "import sys; from backup_reconciler.cli.main import main; "
        f"status = main(['validate', {str(files)!r}]); "
        "heavy = {'azure', 'deepdiff', 'aiohttp', 'asyncio', 'rich'} & {name.split('.')[0] for name in sys.modules}; "
        "sys.exit(status or len(heavy))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="pseudo-terminals need POSIX")
def test_one_ctrl_c_at_the_question_ends_it(files: Path) -> None:
    import pty

    arguments = [sys.executable, "-m", "backup_reconciler", "apply", *map(str, exists(files))]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, arguments)
    seen, pressed = b"", False
    while True:
        # A signal that comes between the prompt and the library's read is not seen until the next one: press again.
        if pressed and not select.select([terminal], [], [], 5)[0]:
            os.write(terminal, b"\x03")
        try:
            read = os.read(terminal, 65536)
        except OSError:  # the other end is closed: it has ended
            break
        if not read:
            break
        seen += read
        if b"[y/N]" in seen and not pressed:
            os.write(terminal, b"\x03")
            pressed = True
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert pressed
    assert status == 130
    assert seen.decode().rstrip().endswith("interrupted")
    assert "1 vault to create" in run("plan", *exists(files)).stdout, "nothing was done"
