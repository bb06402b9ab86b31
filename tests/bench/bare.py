"""The least that an app on the same SDK can do: open a form, call somebody, open a room. It keeps nothing.

What it costs is what Slack's own machinery and the local workspace cost, and none of ours.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.workspace import Workspace

#: What its form asks for.
FORM = {"summary": "USBメモリを紛失しました"}

_FRESH = multiprocessing.get_context("spawn")
_VIEW = {
    "type": "modal",
    "callback_id": "bare",
    "title": {"type": "plain_text", "text": "bare"},
    "submit": {"type": "plain_text", "text": "send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "summary",
            "label": {"type": "plain_text", "text": "summary"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
    ],
}


@asynccontextmanager
async def bare_app(workspace: Workspace, manager: str) -> AsyncIterator[None]:
    """The app in a process of its own, until the block ends. In: whom it calls."""
    ours, theirs = _FRESH.Pipe()
    environment = dict(workspace.environment)
    process = _FRESH.Process(target=_live, args=(environment, manager, theirs), daemon=True)
    await asyncio.to_thread(process.start)
    theirs.close()
    try:
        assert await asyncio.to_thread(ours.poll, 60), "the bare app did not get ready"
        yield
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def _live(environment: dict[str, str], manager: str, ready: Connection) -> None:
    logs.configure()
    asyncio.run(_serve(environment, manager, ready))


async def _serve(environment: dict[str, str], manager: str, ready: Connection) -> None:
    client = AsyncWebClient(environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    app = AsyncApp(name="bare", client=client, request_verification_enabled=False)
    rooms = iter(range(1000))

    @app.command("/leak")
    async def opens(ack: Any, body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=_VIEW)
        await ack()

    @app.view("bare")
    async def calls(ack: Any) -> None:
        await ack()
        await asyncio.gather(client.chat_postMessage(channel=manager, text="come"), a_room())

    async def a_room() -> None:
        made = await client.conversations_create(name=f"bare-{next(rooms)}", is_private=True)
        room = made["channel"]["id"]
        await asyncio.gather(
            client.conversations_invite(channel=room, users=[manager]),
            client.chat_postMessage(channel=room, text="here"),
        )

    handler = AsyncSocketModeHandler(app, environment["SLACK_APP_TOKEN"])
    await handler.connect_async()  # type: ignore[no-untyped-call]
    ready.send("ready")
    await asyncio.Event().wait()
