"""A client of a language server: what an editor does when a person opens a file, types and points.

It speaks the Language Server Protocol over the server's standard streams. Nothing sleeps: each step waits for the
message that ends it, and `PATIENCE` bounds the wait where the server is broken.
"""

import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

PATIENCE = 60.0
"""Seconds until a message that does not come is given up."""

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that the editor underlines; `line` counts from 1."""

    line: int
    text: str
    """What is underlined."""
    message: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list that opens while typing."""

    label: str
    documentation: str
    inserts: str


class LanguageServer:
    """A running server, on a folder and with an editor's settings, which have dotted names as in VS Code."""

    def __init__(
        self, command: Sequence[str], workspace: Path, settings: dict[str, Any], environment: dict[str, str]
    ) -> None:
        self.notifications: list[Message] = []
        self._workspace = workspace
        self._settings = settings
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
        )
        self._inbox: queue.Queue[Message | None] = queue.Queue()
        self._errors: list[str] = []
        self._readers = [threading.Thread(target=read) for read in (self._read_messages, self._read_errors)]
        self._last_id = 0

    def __enter__(self) -> Self:
        for reader in self._readers:
            reader.start()
        folder = {"uri": self._workspace.as_uri(), "name": self._workspace.name}
        capabilities = {"workspace": {"configuration": True, "workspaceFolders": True}}
        self.request(
            "initialize",
            processId=os.getpid(),
            rootUri=folder["uri"],
            workspaceFolders=[folder],
            capabilities=capabilities,
        )
        self.notify("initialized")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.request("shutdown")
            self.notify("exit")
        else:
            self._process.kill()
        self._process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()

    @property
    def errors(self) -> str:
        """What the server has written to standard error."""
        return "".join(self._errors)

    # ---- what an editor does ---------------------------------------------------------------------------------------

    def open(self, file: Path) -> list[Diagnostic]:
        """Open a file, and tell what is underlined in it."""
        text = file.read_text(encoding="utf-8")
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=document)
        told = self._wait(lambda message: _diagnosed(message) == document["uri"])
        return [_diagnostic(each, text) for each in told["params"]["diagnostics"]]

    def offered(self, file: Path, line: int, column: int) -> list[Suggestion]:
        """What is offered at a place of an open file; line and column count from 1."""
        answer = self.request("textDocument/completion", **_at(file, line, column))
        return [_suggestion(item) for item in answer["items"]]

    def shown(self, file: Path, line: int, column: int) -> str:
        """What is shown, in Markdown, when somebody points at a place of an open file."""
        answer = self.request("textDocument/hover", **_at(file, line, column))
        return str(answer["contents"]["value"])

    # ---- the protocol ----------------------------------------------------------------------------------------------

    def request(self, method: str, **params: Any) -> Any:
        self._last_id += 1
        number = self._last_id
        self._send({"id": number, "method": method, "params": params})
        answer = self._wait(lambda message: message.get("id") == number and "method" not in message)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def notify(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _wait(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message that is wanted; whatever the server asks meanwhile is answered."""
        while True:
            message = self._inbox.get(timeout=PATIENCE)
            assert message is not None, f"the language server has ended: {self.errors}"
            if wanted(message):
                return message
            if "method" in message and "id" in message:
                self._answer(message)
            elif "method" in message:
                self.notifications.append(message)

    def _answer(self, asked: Message) -> None:
        result = None
        if asked["method"] == "workspace/configuration":
            result = [self._section(item["section"]) for item in asked["params"]["items"]]
        self._send({"id": asked["id"], "result": result})

    def _section(self, name: str) -> Message:
        """The settings below a name, in the nesting of their dots."""
        found: Message = {}
        for dotted, value in self._settings.items():
            *around, last = dotted.split(".")
            if around[:1] == [name]:
                inner = found
                for step in around[1:]:
                    inner = inner.setdefault(step, {})
                inner[last] = value
        return found

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._process.stdin
        assert stream is not None
        stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        stream.flush()

    def _read_messages(self) -> None:
        assert self._process.stdout is not None
        for message in _messages(self._process.stdout):
            self._inbox.put(message)
        self._inbox.put(None)

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._errors.append(line.decode(errors="replace"))


def _messages(stream: IO[bytes]) -> Iterator[Message]:
    while header := stream.readline():
        length = 0
        while header.strip():
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            header = stream.readline()
        yield json.loads(stream.read(length))


def _diagnosed(message: Message) -> str | None:
    """The file of which a message tells the diagnostics."""
    return message["params"]["uri"] if message.get("method") == "textDocument/publishDiagnostics" else None


def _at(file: Path, line: int, column: int) -> Message:
    return {"textDocument": {"uri": file.as_uri()}, "position": {"line": line - 1, "character": column - 1}}


def _diagnostic(found: Message, text: str) -> Diagnostic:
    start, end = found["range"]["start"], found["range"]["end"]
    line = text.splitlines()[start["line"]]
    stop = end["character"] if end["line"] == start["line"] else len(line)
    return Diagnostic(start["line"] + 1, line[start["character"] : stop], found["message"])


def _suggestion(item: Message) -> Suggestion:
    documentation = item.get("documentation") or ""
    if isinstance(documentation, dict):
        documentation = documentation["value"]
    return Suggestion(item["label"], documentation, item.get("insertText", ""))
