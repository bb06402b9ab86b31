"""A workspace, a client of its Web API and the echo bot, all real."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.workspace.echo_bot import connect, wide_manifest
from tests.workspace.listening import Listening


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A workspace whose manifest asks for every scope and event."""
    made = Workspace(wide_manifest(tmp_path))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def api(local: Workspace) -> AsyncWebClient:
    """The real SDK with the bot's token and no retries of its own."""
    environment = local.environment
    return AsyncWebClient(
        token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"], retry_handlers=[]
    )


@pytest.fixture
async def echo(local: Workspace) -> AsyncIterator[AsyncSocketModeHandler]:
    """The echo bot, connected over Socket Mode."""
    handler = await connect(local)
    yield handler
    await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
async def app(local: Workspace) -> AsyncIterator[Listening]:
    """An app that only listens, connected over Socket Mode."""
    made = Listening(local)
    await made.connect()
    yield made
    await made.close()
