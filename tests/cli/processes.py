"""The `leakbot` command as a process of its own, as an operator starts and ends it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMPILED = Path(tempfile.gettempdir()) / "leakbot-tests-compiled"
START = 30.0  # seconds a loaded machine may take to import everything
END = 10.0  # seconds from SIGTERM to the end


def clean_environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment without anything of ours or of Slack's, and what the test gives."""
    left_out = ("SLACK_", "LEAKBOT_", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    # Compiled once for all these processes, and outside the checkout.
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(COMPILED), **given}


class Command:
    """One running command: its lines as they come, and its end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.out: list[str] = []
        self.err: list[str] = []
        self._news = asyncio.Condition()
        self._ended = 0
        assert process.stdout
        assert process.stderr
        self._readers = [
            asyncio.create_task(self._read(process.stdout, self.out)),
            asyncio.create_task(self._read(process.stderr, self.err)),
        ]

    async def _read(self, stream: asyncio.StreamReader, lines: list[str]) -> None:
        async for line in stream:
            async with self._news:
                lines.append(line.decode().rstrip("\n"))
                self._news.notify_all()
        async with self._news:
            self._ended += 1
            self._news.notify_all()

    async def says(self, words: str) -> str:
        """Wait for a line with these words, on standard output or error. Out: the line."""

        def found() -> str | None:
            return next((line for line in [*self.out, *self.err] if words in line), None)

        async with asyncio.timeout(START), self._news:
            await self._news.wait_for(lambda: found() or self._ended == len(self._readers))
        line = found()
        assert line, (self.out, self.err)
        return line

    async def ready(self) -> str:
        """Wait until the bot says it is ready. Out: the address of its listener."""
        return str(json.loads(await self.says('"event": "ready"'))["address"])

    async def ends(self, within: float = START) -> int:
        """Wait for the end. Out: the exit code."""
        async with asyncio.timeout(within):
            code = await self.process.wait()
            await asyncio.gather(*self._readers)
        return code

    async def terminated(self) -> int:
        """SIGTERM, then the end. Out: the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ends(END)

    @property
    def environment(self) -> dict[str, str]:
        """What `leakbot workspace` printed to be exported."""
        exported = [line.removeprefix("export ") for line in self.out if line.startswith("export ")]
        return dict(line.split("=", 1) for line in exported)


@asynccontextmanager
async def leakbot(folder: Path, *arguments: str, **environment: str) -> AsyncIterator[Command]:
    """Start `leakbot ARGUMENTS` in `folder`; whatever still runs at the end of the block is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        cwd=folder,
        env=clean_environment(environment),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    command = Command(process)
    try:
        yield command
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await command.ends()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def taken_port() -> socket.socket:
    """Somebody who listens already."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener
