"""Without an app token Slack comes over HTTP: the same story, and strangers get nowhere."""

from __future__ import annotations

import hmac
import io
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.cases import queries
from bot.workspace import Workspace
from tests.world import World, payload, the_company

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
CHALLENGE = json.dumps({"type": "url_verification", "token": "old", "challenge": "3eZbrw1aB"}).encode()
COMMAND = urlencode(
    {
        "command": "/leak",
        "text": "help",
        "user_id": "U0REPORTER",
        "team_id": "T0SAMPLE",
        "channel_id": "C0GENERAL",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/",
    }
).encode()


@asynccontextmanager
async def without_app_token(workspace: Workspace, url: str) -> AsyncIterator[World]:
    """The world with a bot that has no app token; the workspace delivers to its listener."""
    world = World(workspace, url, the_company())
    world.environment["SLACK_APP_TOKEN"] = ""
    await world.bot_starts()
    workspace.http_events_url = f"{world.bot.address}/slack/events"
    yield world
    await world.bot_stops()


@pytest.fixture
async def over_http(workspace: Workspace, database_url: str) -> AsyncIterator[World]:
    """The world over HTTP, on both databases."""
    async with without_app_token(workspace, database_url) as world:
        yield world


class Stranger:
    """Sends requests to the bot's listener, signed in one way or another."""

    def __init__(self, world: World) -> None:
        self.url = f"{world.bot.address}/slack/events"
        self.secret = world.workspace.environment["SLACK_SIGNING_SECRET"]

    async def sends(
        self,
        body: bytes,
        kind: str = FORM,
        *,
        age: int = 0,
        timestamp: str | None = None,
        secret: str | None = None,
        signature: str | None = None,
    ) -> tuple[int, str]:
        """One request, by default signed as Slack signs. Out: status and text of the answer."""
        stamp = timestamp or str(int(time.time()) - age)
        base = f"v0:{stamp}:".encode() + body
        signed = "v0=" + hmac.new((secret or self.secret).encode(), base, sha256).hexdigest()
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signed if signature is None else signature,
        }
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=io.BytesIO(body), headers=headers) as answer,
        ):
            return answer.status, await answer.text()


@pytest.fixture
async def stranger(workspace: Workspace, sqlite_url: str) -> AsyncIterator[Stranger]:
    """Somebody who found the address."""
    async with without_app_token(workspace, sqlite_url) as world:
        yield Stranger(world)


async def test_a_report_and_its_acknowledgement_travel_over_http(over_http: World) -> None:
    assert over_http.workspace.sockets.count == 0
    number = await over_http.reports()
    [page] = over_http.said_to("manager", "leak_page")
    assert payload(page)["case"] == number
    await over_http.acknowledges("manager")
    assert over_http.notices(number) == ["acknowledged"]


async def test_the_same_request_sent_again_is_one_case(over_http: World) -> None:
    over_http.workspace.redeliver = 2
    await over_http.opens_form()
    sent = await over_http.sends(indicator="media_lost", summary="USBメモリを失くしました")
    assert sent.ok
    await over_http.bot.settled()
    async with over_http.bot.database.reading() as db:
        assert len(await queries.all_cases(db)) == 1


async def test_slack_verifies_the_address_by_a_challenge(stranger: Stranger) -> None:
    status, text = await stranger.sends(CHALLENGE, JSON)
    assert status == 200
    assert "3eZbrw1aB" in text
    status, text = await stranger.sends(CHALLENGE, JSON, secret="guessed")
    assert status == 401
    assert "3eZbrw1aB" not in text


@pytest.mark.parametrize("signature", ["", "v0=", "v0=" + "0" * 64, "v1=abc"])
async def test_a_wrong_signature_is_401(stranger: Stranger, signature: str) -> None:
    assert (await stranger.sends(COMMAND, signature=signature))[0] == 401


async def test_a_signature_of_another_body_or_secret_is_401(stranger: Stranger) -> None:
    other = "v0=" + hmac.new(stranger.secret.encode(), b"v0:1:other", sha256).hexdigest()
    assert (await stranger.sends(COMMAND, signature=other))[0] == 401
    assert (await stranger.sends(COMMAND, secret="guessed"))[0] == 401


@pytest.mark.parametrize("age", [301, 3600, -301])
async def test_a_replay_outside_five_minutes_is_401(stranger: Stranger, age: int) -> None:
    assert (await stranger.sends(COMMAND, age=age))[0] == 401


@pytest.mark.parametrize("timestamp", ["now", "-5", "1.5", "1e9", "9" * 20])
async def test_a_timestamp_that_is_no_number_is_400(stranger: Stranger, timestamp: str) -> None:
    assert (await stranger.sends(COMMAND, timestamp=timestamp))[0] == 400


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", JSON),
        (b"", FORM),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'"text"', JSON),
        (b"{}", JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"type": "event_callback", "event": []}', JSON),
        (b"payload={", FORM),
        (b"payload=[]", FORM),
        (b"payload=%7B%7D", FORM),
        (b"payload=%22x%22", FORM),
        (b"payload=%7B%22type%22%3A%22view_submission%22%7D", FORM),
        (b"payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A%5B%5D%7D", FORM),
        (b"command=%2Fleak", FORM),
        (b"\xff\xfe", FORM),
        (b"%FF=%FE", FORM),
    ],
)
async def test_a_malformed_request_is_refused_without_a_traceback(
    stranger: Stranger, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    status, text = await stranger.sends(body, kind)
    assert 400 <= status < 500
    assert "Traceback" not in text
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_request_larger_than_slacks_own_is_refused_unread(stranger: Stranger) -> None:
    assert (await stranger.sends(b"a" * 2_000_000))[0] == 413


async def test_only_posts_are_taken(stranger: Stranger) -> None:
    async with aiohttp.ClientSession() as session, session.get(stranger.url) as answer:
        assert answer.status == 405
