"""Reading files: the token goes to Slack alone, and a login page is no file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.resources import resource
from bot.slack.downloading import Unreadable, download, is_slacks
from bot.vocabulary import FileTrouble
from bot.workspace import Workspace

SLACK = "https://slack.com/api/"
PAGE = b"<html><body>hello</body></html>"


@pytest.mark.parametrize(
    ("address", "api", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.png", SLACK, True),
        ("https://slack.com/files/a", SLACK, True),
        ("https://files.slack.com/a", "https://www.slack.com/api/", True),
        ("https://files.slack-gov.com/a", "https://slack-gov.com/api/", True),
        ("http://files.slack.com/a", SLACK, False),
        ("https://files.slack.com:8443/a", SLACK, False),
        ("https://files.slack.com@evil.example/a", SLACK, False),
        ("https://token@files.slack.com/a", SLACK, False),
        ("https://evilslack.com/a", SLACK, False),
        ("https://slack.com.evil.example/a", SLACK, False),
        ("https://docs.google.com/a", SLACK, False),
        ("https://[broken", SLACK, False),
        ("", SLACK, False),
        ("http://127.0.0.1:8765/files/F1/a", "http://127.0.0.1:8765/api/", True),
        ("http://127.0.0.1:9999/files/F1/a", "http://127.0.0.1:8765/api/", False),
        ("http://evil.localhost:1/a", "http://localhost:1/api/", False),
    ],
)
def test_to_whom_the_token_may_go(address: str, api: str, ours: bool) -> None:
    assert is_slacks(address, api) is ours


@pytest.fixture
async def local() -> AsyncIterator[Workspace]:
    """A workspace of its own."""
    async with Workspace(manifest=resource("app_manifest.yml")) as workspace:
        yield workspace


@pytest.fixture
async def client(local: Workspace) -> AsyncIterator[AsyncWebClient]:
    """The bot's client."""
    async with aiohttp.ClientSession() as session:
        environment = local.environment
        yield AsyncWebClient(
            token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"], session=session
        )


async def given(local: Workspace, client: AsyncWebClient, name: str, content: bytes) -> dict[str, Any]:
    """Slack's file object of a new file."""
    file = await local.person("reporter").upload(name, content)
    return dict((await client.files_info(file=file))["file"])


async def why_not(client: AsyncWebClient, file: dict[str, Any], largest: int = 1000) -> FileTrouble:
    """Why a file is not read."""
    with pytest.raises(Unreadable) as no:
        await download(client, file, largest, whole=True)
    return no.value.trouble


async def test_a_file_is_read_with_its_hash(local: Workspace, client: AsyncWebClient) -> None:
    for name, content in (("a.png", b"\x89PNG" * 9), ("page.html", PAGE), ("名簿 #1?.csv", b"1,2")):
        read = await download(client, await given(local, client, name, content), 1000, whole=True)
        assert (read.content, read.size, read.sha256) == (content, len(content), sha256(content).hexdigest())
    only_hashed = await download(client, await given(local, client, "a.txt", b"x" * 1000), 1000, whole=False)
    assert (only_hashed.content, only_hashed.size) == (None, 1000)


async def test_what_is_never_read(local: Workspace, client: AsyncWebClient) -> None:
    file = await given(local, client, "a.png", b"x" * 1001)
    assert await why_not(client, file) is FileTrouble.TOO_LARGE
    assert await why_not(client, {**file, "size": 3}) is FileTrouble.TOO_LARGE, (
        "whatever its size was said to be"
    )
    assert await why_not(client, {**file, "mode": "tombstone"}) is FileTrouble.GONE
    assert await why_not(client, {**file, "is_external": True}) is FileTrouble.EXTERNAL
    elsewhere = {**file, "size": 3, "url_private_download": "https://evil.example/a"}
    assert await why_not(client, elsewhere) is FileTrouble.NO_ACCESS


@pytest.mark.parametrize("name", ["a.png", "page.html"])
async def test_the_login_page_is_no_file(local: Workspace, client: AsyncWebClient, name: str) -> None:
    file = await given(local, client, name, PAGE)
    client.token = "xoxb-of-somebody-else"
    assert await why_not(client, file) is FileTrouble.NO_ACCESS
