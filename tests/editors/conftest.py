"""A workspace as docs/editors.md asks for it, and yaml-language-server opened on it."""

import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backup_reconciler.cli.main import main
from tests.editors.language_server import Diagnostic, LanguageServer, Suggestion

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
SERVER = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
CURSOR = "▮"

Start = Callable[[dict[str, Any]], LanguageServer]


def settings() -> dict[str, Any]:
    """What docs/editors.md tells people to put into the settings of VS Code."""
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, Any] = json.loads(block)
    return found


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schemas in it, and `backups/` for manifests."""
    folder = tmp_path_factory.mktemp("workspace")
    assert main(["schema", "--output", str(folder / "schemas")]) == 0
    (folder / "backups").mkdir()
    return folder


@pytest.fixture(scope="session")
def start(workspace: Path) -> Start:
    """Starts the language server with some settings. If it uses the network it is refused, and its errors tell."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    if not SERVER.exists():
        pytest.skip("yaml-language-server is not installed: run `make editors`")
    guard = {"NODE_OPTIONS": f"--require={HERE / 'no_network.cjs'}"}
    return lambda settings: LanguageServer([node, str(SERVER), "--stdio"], workspace, settings, guard)


@pytest.fixture(scope="module")
def editor(start: Start) -> Iterator[LanguageServer]:
    """The language server with the documented settings. It must not have spoken to anybody but the editor."""
    with start(settings()) as server:
        yield server
    assert server.errors == ""
    assert "telemetry/event" not in {told["method"] for told in server.notifications}


class Typed:
    """A manifest that somebody has typed, and where the cursor is now."""

    def __init__(self, editor: LanguageServer, file: Path, text: str) -> None:
        before, _, after = text.partition(CURSOR)
        file.write_text(before + after, encoding="utf-8")
        self._editor = editor
        self._cursor = (file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        self.underlined: list[Diagnostic] = editor.open(file)

    @property
    def offered(self) -> dict[str, Suggestion]:
        return {each.label: each for each in self._editor.offered(*self._cursor)}

    @property
    def shown(self) -> str:
        return self._editor.shown(*self._cursor)


Type = Callable[[str], Typed]


@pytest.fixture(scope="module")
def types(editor: LanguageServer, workspace: Path) -> Type:
    """Type a manifest into a new file of the workspace; `▮` is the cursor."""
    numbers = itertools.count()
    return lambda text: Typed(editor, workspace / "backups" / f"{next(numbers)}.yaml", text)
