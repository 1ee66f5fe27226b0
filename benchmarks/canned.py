"""A server that gives the box's answers again: `python -m benchmarks.canned WORLD SECONDS`.

The box works each answer out, on a core that the client is to have. Here every answer to a read is worked out once, by
the box's own core, kept as bytes, and sent so many seconds after the question. A client that has asked all of its
questions once is measured the second time.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote
from urllib.request import urlopen

from aiohttp import web

from backup_reconciler.sandbox import identity
from backup_reconciler.sandbox.core import Request, handle
from backup_reconciler.sandbox.state import State, new_state
from backup_reconciler.sandbox.world_file import load_world

COUNT = "/questions"
"""Asked by the benchmark itself: how many questions there were since it asked for the last time."""

Answer = tuple[int, dict[str, str], bytes]


class Canned:
    """The answers to all questions that were asked so far."""

    def __init__(self, state: State, latency: float) -> None:
        self.identity = identity.ManagedIdentity()
        self.endpoint = ""
        self._state = state
        self._latency = latency
        self._answers: dict[tuple[str, str, bytes], Answer] = {}
        self._questions = 0

    async def answer(self, asked: web.Request) -> web.Response:
        if asked.path == identity.PATH:
            headers = {name.lower(): value for name, value in asked.headers.items()}
            status, token = self.identity.answer(asked.query, headers)
            return web.json_response(token, status=status)
        if asked.path == COUNT:
            questions, self._questions = self._questions, 0
            return web.json_response(questions)
        self._questions += 1
        question = (asked.method, asked.path_qs, await asked.read())
        if question not in self._answers:
            self._answers[question] = self._worked_out(asked, question[-1])
        await asyncio.sleep(self._latency)
        status, headers, body = self._answers[question]
        return web.Response(status=status, headers=headers, body=body, content_type="application/json")

    def _worked_out(self, asked: web.Request, body: bytes) -> Answer:
        request = Request(
            method=asked.method,
            path=unquote(asked.rel_url.raw_path),
            query={name.lower(): value for name, value in asked.query.items()},
            body=json.loads(body) if body else None,
            endpoint=self.endpoint,
        )
        response = handle(self._state.estate, request, self._state.clock, self._state.rng)
        return response.status, dict(response.headers), json.dumps(response.body, ensure_ascii=False).encode()


async def serve(world: Path, latency: float) -> None:
    """Print what a client needs in its environment, as a line of JSON, and serve until SIGTERM."""
    canned = Canned(new_state(load_world(world)), latency)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", canned.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    canned.endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}"
    environment = canned.identity.environment(canned.endpoint)
    print(json.dumps({"BACKUP_RECONCILER_ARM_ENDPOINT": canned.endpoint, **environment}), flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    await runner.cleanup()


class Served:
    """A canned server in a process of its own, seen by who measures its clients."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {**os.environ, **environment}
        self._endpoint = environment["BACKUP_RECONCILER_ARM_ENDPOINT"]

    def questions(self) -> int:
        """How many requests there were since this was asked for the last time."""
        with urlopen(self._endpoint + COUNT) as answer:
            return int(answer.read())


@contextmanager
def serving(world: Path, latency: float) -> Iterator[Served]:
    """A canned server, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.canned", str(world), str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Served(json.loads(process.stdout.readline()))
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
