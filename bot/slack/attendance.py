"""Who is being served at this moment, so that a bot that stops lets go of nobody half way."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.listener.async_listener_start_handler import AsyncListenerStartHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse


class Attendance(AsyncListenerStartHandler):
    """Every listener at work. Bolt starts each in a task of its own and forgets it."""

    def __init__(self, app: AsyncApp) -> None:
        self._at_work: set[asyncio.Task[Any]] = set()
        self._ended = False
        app.listener_runner.listener_start_handler = self

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        """A listener begins. After `end` it is called off, unacknowledged: Slack tells whoever asked."""
        task = asyncio.current_task()
        if self._ended or task is None:
            raise asyncio.CancelledError
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def settle(self, patience: float) -> None:
        """Wait until nobody is being served, `patience` seconds at most."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=patience)

    async def end(self, patience: float) -> None:
        """Serve nobody more; finish within `patience` seconds, and call off what takes longer."""
        self._ended = True
        await self.settle(patience)
        late = list(self._at_work)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
