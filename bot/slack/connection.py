"""The connection to Slack: opened, watched, and replaced when it dies quietly."""

from __future__ import annotations

import asyncio
import contextlib
import time

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import CheckFailed
from bot.slack.answers import ALARM, failure

logger = structlog.get_logger(__name__)

HEARTBEAT = 15  # seconds between two looks at token and socket
STALE = 60.0  # seconds without a good heartbeat after which the bot is not ready
REPLACE_AFTER = 45.0  # seconds a socket may be gone before a new one is made (bolt-python #1529)
CONNECT_PATIENCE = 15.0  # seconds


class Connection:
    """Socket Mode where there is an app token; in HTTP mode only the token is watched."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, app_token: str | None) -> None:
        self._app = app
        self._client = client
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None
        self._well_at = 0.0
        self._trouble: str | None = "not connected yet"
        self._gone_since: float | None = None

    async def open(self) -> None:
        """Connect. Raises CheckFailed when Slack refuses the app token or does not answer.

        The handler itself would retry a bad token for ever, so the token is asked about first.
        """
        if self._app_token:
            try:
                await self._client.apps_connections_open(app_token=self._app_token)
            except Exception as error:
                code = failure(error).error
                raise CheckFailed(
                    f"Slack refused SLACK_APP_TOKEN: {code}.",
                    "Make an app-level token with connections:write on the app's page at Slack.",
                ) from error
            await self._connect()
        self._well_at, self._trouble = time.monotonic(), None

    async def close(self) -> None:
        """Take no more payloads."""
        if self._handler:
            handler, self._handler = self._handler, None
            await handler.close_async()  # type: ignore[no-untyped-call]

    def trouble(self) -> str | None:
        """Why nothing can be received or said; None when all is well."""
        if self._trouble:
            return self._trouble
        if time.monotonic() - self._well_at > STALE:
            return "no answer from Slack for a minute"
        if self._gone_since is not None and time.monotonic() - self._gone_since > STALE / 4:
            return "the socket is gone"
        return None

    async def watch(self) -> None:
        """One look at token and socket; called every `HEARTBEAT` seconds."""
        await self._watch_token()
        if self._app_token and self._handler:
            await self._watch_socket()

    async def _watch_token(self) -> None:
        try:
            await self._client.auth_test()
        except Exception as error:
            code = failure(error).error
            if code in ALARM:
                self._trouble = f"Slack refuses the token: {code}"
                logger.error("slack_refuses_the_token", error=code)
            else:
                logger.warning("slack_does_not_answer", error=code)
        else:
            self._well_at, self._trouble = time.monotonic(), None

    async def _watch_socket(self) -> None:
        assert self._handler is not None  # noqa: S101 - asked by the caller
        if await self._handler.client.is_connected():
            self._gone_since = None
            return
        self._gone_since = self._gone_since or time.monotonic()
        if time.monotonic() - self._gone_since > REPLACE_AFTER:
            logger.warning("socket_replaced")
            with contextlib.suppress(Exception):
                await self._handler.close_async()  # type: ignore[no-untyped-call]
            await self._connect()
            self._gone_since = None

    async def _connect(self) -> None:
        self._handler = AsyncSocketModeHandler(self._app, self._app_token or "")
        try:
            await asyncio.wait_for(self._handler.connect_async(), CONNECT_PATIENCE)  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            raise CheckFailed(
                "Slack did not open a socket in time.", "Look at the network, then start again."
            ) from error
