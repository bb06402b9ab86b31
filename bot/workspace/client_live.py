"""The browser page's live line, and its clock."""

import asyncio
import json
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import web

from bot.workspace.client_finding import ClientError, Finding
from bot.workspace.core import Core
from bot.workspace.records import Json

_MOVES = {"+1h": timedelta(hours=1), "+1d": timedelta(days=1)}


class Live:
    """`/client/events` and `/client/clock`."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.find = Finding(core)
        core.clock.subscribe(self._clock_jumped)

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """Move the workspace's time: an hour, a day, some seconds, to the next reminder, or back."""
        refuse_strange_origin(request)
        clock = self._core.clock
        move = (await request.json()).get("move")
        error = None
        if not clock.adjustable:
            error = "fixed"
        elif move == "reset":
            clock.reset()
        elif move == "next":
            moment = await self._core.next_reminder() if self._core.next_reminder else None
            if moment is None:
                error = "nothing_ahead"
            else:
                clock.set(max(moment, clock.now()))
        elif isinstance(move, dict):
            clock.advance(timedelta(seconds=float(move["seconds"])))
        elif move in _MOVES:
            clock.advance(_MOVES[move])
        else:
            error = "invalid_arguments"
        answer = {"ok": error is None, **self._time()} | ({"error": error} if error else {})
        return web.json_response(answer)

    def _time(self) -> Json:
        clock = self._core.clock
        return {"now": clock.now().timestamp(), "offset": clock.offset.total_seconds()}

    def _clock_jumped(self) -> None:
        self._core.feed.push_to_all({"type": "clock", **self._time()})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """A WebSocket of everything one person's client is told."""
        refuse_strange_origin(request)
        try:
            user = self.find.user(dict(request.query))
        except ClientError as error:
            raise web.HTTPNotFound(text=str(error)) from None
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue()
        # Written down at once: the event must tell what was true when it happened.
        unsubscribe = self._core.feed.subscribe(
            user.id, lambda event: queue.put_nowait(json.dumps(event, ensure_ascii=False))
        )

        async def send() -> None:
            while True:
                await socket.send_str(await queue.get())

        sender = asyncio.get_running_loop().create_task(send())
        try:
            async for _ in socket:
                pass
        finally:
            unsubscribe()
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return socket


def refuse_strange_origin(request: web.Request) -> None:
    """Only the workspace's own page may act: another site open in the same browser may not."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="strange origin")
