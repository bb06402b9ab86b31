"""The connection to Slack: opened, watched, and replaced when it dies quietly."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import CheckFailed
from bot.slack.answers import ALARM, failure

logger = structlog.get_logger(__name__)

HEARTBEAT = 15.0  # seconds between two looks at token and socket
STALE = 60.0  # seconds without a good heartbeat after which the bot is not ready
GONE_FOR = 15.0  # seconds a socket may be gone (Slack renews it now and then) before the bot is not ready
REPLACE_AFTER = 45.0  # seconds a socket may be gone before a new one is made (bolt-python #1529)
NOTICED = 0.2  # seconds after which a socket that was cut is noticed
START_PATIENCE = 6.0  # seconds for each of Slack's answers while starting; a start ends within fifteen

# What to do about a token, for `run` and `check` alike.
BOT_TOKEN_REMEDY, APP_TOKEN_REMEDY = (
    "Take the token from the app's page at Slack, OAuth & Permissions, after installing the app.",
    "Switch Socket Mode on, and make an app-level token with connections:write on the app's page at Slack.",
)


def start_trouble(variable: str, remedy: str, error: Exception, address: str) -> CheckFailed:
    """Why Slack did not take a token: refused it, or is not there. In: what the SDK raised."""
    code = failure(error).error
    if code in ALARM or code == "forbidden_team":
        return CheckFailed(f"Slack refused {variable}: {code}.", remedy)
    return CheckFailed(
        f"Slack at {address} does not answer as it should: {code}.",
        "Look at the network, SLACK_API_URL and status.slack.com.",
    )


def clock_off(headers: Mapping[str, str], now: datetime) -> float | None:
    """By how many seconds `now` is ahead of the `Date` of Slack's answer; None where it names none."""
    dates = [value for name, value in headers.items() if name.lower() == "date"]
    try:
        there = parsedate_to_datetime(dates[0])
    except (IndexError, ValueError):
        return None
    return (now - (there if there.tzinfo else there.replace(tzinfo=UTC))).total_seconds()


class Connection:
    """Socket Mode where there is an app token; in HTTP mode only the token is watched."""

    def __init__(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        app_token: str | None,
        clock: Clock,
        gone_for: float = GONE_FOR,
    ) -> None:
        self._app = app
        self._client = client
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None
        self._following: asyncio.Task[None] | None = None
        self._well_at = 0.0
        self._refused: str | None = "not connected yet"
        self._socket_trouble: str | None = None
        self._gone_since: float | None = None
        self._tried_at = 0.0
        self._dismissed: object = None
        self._clock = clock
        self._gone_for = gone_for
        #: Seconds by which this machine was ahead of Slack when it was last asked.
        self.clock_off: float | None = None

    async def open(self) -> None:
        """Connect. Raises CheckFailed when Slack refuses the app token or does not answer.

        The handler itself would retry a bad token for ever, so the token is asked about first.
        """
        if self._app_token:
            try:
                async with asyncio.timeout(START_PATIENCE):
                    await self._client.apps_connections_open(app_token=self._app_token)
            except Exception as error:
                raise start_trouble(
                    "SLACK_APP_TOKEN", APP_TOKEN_REMEDY, error, self._client.base_url
                ) from error
            await self._connect()
        self._well_at, self._refused = time.monotonic(), None

    async def close(self) -> None:
        """Take no more payloads."""
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        if self._handler:
            handler, self._handler = self._handler, None
            await handler.close_async()  # type: ignore[no-untyped-call]

    def trouble(self) -> str | None:
        """Why nothing can be received or said; None when all is well."""
        if trouble := self._refused or self._socket_trouble:
            return trouble
        if time.monotonic() - self._well_at > STALE:
            return "no answer from Slack for a minute"
        if self._gone_since is not None and time.monotonic() - self._gone_since > self._gone_for:
            return "the socket is gone"
        return None

    async def watch(self) -> None:
        """One look at token and socket; called at every heartbeat. Never raises."""
        await self._watch_token()
        if self._app_token:
            await self._watch_socket(self._app_token)

    async def _watch_token(self) -> None:
        try:
            answer = await self._client.auth_test()
        except Exception as error:
            code = failure(error).error
            if code not in ALARM:
                logger.warning("slack_does_not_answer", error=code)
                return
            if not self._refused:
                logger.error("slack_refuses_the_token", variable="SLACK_BOT_TOKEN", error=code)
            self._refused = f"Slack refuses SLACK_BOT_TOKEN: {code}"
        else:
            if self._refused:
                logger.info("slack_takes_the_token_again", variable="SLACK_BOT_TOKEN")
            self._well_at, self._refused = time.monotonic(), None
            headers: Any = answer.headers
            self.clock_off = clock_off(headers, self._clock.now())

    async def _watch_socket(self, app_token: str) -> None:
        now = time.monotonic()
        if await self._is_connected():
            if self._gone_since is not None:
                logger.info("socket_is_back", gone_for=round(now - self._gone_since))
            self._gone_since = self._socket_trouble = None
            return
        if self._gone_since is None:
            logger.warning("socket_is_gone")
            self._gone_since = self._tried_at = now
            # The SDK reconnects by itself and says why it cannot only to its own log.
            await self._ask(app_token)
        elif now - self._tried_at > REPLACE_AFTER:
            self._tried_at = now
            if await self._ask(app_token):
                await self._replace()

    async def _is_connected(self) -> bool:
        if self._handler is None:
            return False
        client = self._handler.client
        return await client.is_connected() and client.current_session is not self._dismissed

    async def _hear(self, message: aiohttp.WSMessage) -> None:
        """Slack sends nothing more after `disconnect`, although the socket may stay open for a while."""
        if self._handler and message.type is aiohttp.WSMsgType.TEXT and '"disconnect"' in message.data[:100]:
            self._dismissed = self._handler.client.current_session

    async def _ask(self, app_token: str) -> bool:
        """Whether Slack would open a socket at all."""
        try:
            await self._client.apps_connections_open(app_token=app_token)
        except Exception as error:
            code = failure(error).error
            if code in ALARM:
                logger.error("slack_refuses_the_token", variable="SLACK_APP_TOKEN", error=code)
                self._socket_trouble = f"Slack refuses SLACK_APP_TOKEN: {code}"
            else:
                logger.warning("slack_opens_no_socket", error=code)
            return False
        self._socket_trouble = None
        return True

    async def _replace(self) -> None:
        logger.warning("socket_replaced")
        with contextlib.suppress(Exception):
            await self.close()
        try:
            await self._connect()
        except Exception as error:
            logger.warning("socket_not_opened", error=type(error).__name__)

    async def _connect(self) -> None:
        self._handler = AsyncSocketModeHandler(self._app, self._app_token or "")
        self._handler.client.on_message_listeners.append(self._hear)
        try:
            async with asyncio.timeout(START_PATIENCE):
                await self._handler.connect_async()  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            await self.close()
            raise CheckFailed(
                "Slack did not open a socket in time.", "Look at the network, then start again."
            ) from error
        self._following = asyncio.create_task(_opened_again(self._handler.client))


async def _opened_again(client: SocketModeClient) -> None:
    """Open a socket that was cut again, at once; where that fails, the SDK goes on trying.

    By itself the SDK looks only every ten seconds, and whoever types `/leak` meanwhile is told that the app
    does not answer. It tells nobody of the cut (its listeners hear of what Slack says only), so it is asked.
    """
    seen: object = None
    while not client.closed:
        await asyncio.sleep(NOTICED)
        session = client.current_session
        if session is None or not session.closed or session is seen:
            continue
        seen = session
        logger.warning("socket_was_cut")
        try:
            await client.connect_to_new_endpoint()
        except Exception as error:
            logger.warning("socket_not_opened", error=type(error).__name__)
