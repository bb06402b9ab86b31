"""An app that only listens: it keeps what reaches it and answers as the test says."""

import asyncio
import re
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace

Json = dict[str, Any]
ANYTHING = re.compile(".*")


class Listening:
    """`heard` holds every payload; `answer` is what the next acknowledgements carry.

    With `silent`, nothing is acknowledged; otherwise each acknowledgement waits `delay` real seconds. `deaf`
    makes an app that has no listener for events; `secret` is its idea of the signing secret.
    """

    def __init__(self, local: Workspace, deaf: bool = False, secret: str | None = None) -> None:
        environment = local.environment
        self.heard: asyncio.Queue[Json] = asyncio.Queue()
        self.headers: list[Json] = []
        self.answer: Json = {}
        self.silent = False
        self.delay = 0.0
        self.client = AsyncWebClient(
            token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"], retry_handlers=[]
        )
        self.app = AsyncApp(
            name="tests", client=self.client, signing_secret=secret or environment["SLACK_SIGNING_SECRET"]
        )
        self._local = local
        self._handlers: list[AsyncSocketModeHandler] = []

        async def listener(ack: Any, body: Json, request: Any) -> None:
            self.headers.append({name: values[0] for name, values in request.headers.items()})
            self.heard.put_nowait(body)
            if self.silent:
                await asyncio.sleep(3600)
            await asyncio.sleep(self.delay)
            await ack(**self.answer)

        async def event(body: Json, request: Any) -> None:
            self.headers.append({name: values[0] for name, values in request.headers.items()})
            self.heard.put_nowait(body)

        self.app.command("/leak")(listener)
        self.app.view(ANYTHING)(listener)
        self.app.view_closed(ANYTHING)(listener)
        self.app.action(ANYTHING)(listener)
        self.app.options(ANYTHING)(listener)
        self.app.shortcut(ANYTHING)(listener)
        if not deaf:
            self.app.event(ANYTHING)(event)

    async def connect(self) -> AsyncSocketModeHandler:
        """One more Socket Mode connection."""
        await self.client.auth_test()
        before = self._local.sockets.count
        handler = AsyncSocketModeHandler(
            self.app, self._local.environment["SLACK_APP_TOKEN"], ping_interval=1
        )
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await self._local.sockets.wait_for_connections(before + 1)
        self._handlers.append(handler)
        return handler

    async def next(self) -> Json:
        """The next payload, within five seconds."""
        return await asyncio.wait_for(self.heard.get(), 5)

    async def close(self) -> None:
        """End all connections."""
        for handler in self._handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]
