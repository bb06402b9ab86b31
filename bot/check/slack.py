"""What Slack says: tokens, scopes, clock, and who is who."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import aiohttp
import yaml
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels import Channels
from bot.check.finding import Finding, failed
from bot.check.people import PEOPLE_PATIENCE, people_are_there
from bot.clock import Clock
from bot.organisation import Organisation
from bot.outbox.watcher import CLOCK_TOLERANCE
from bot.resources import resource
from bot.settings import Settings
from bot.slack.connection import APP_TOKEN_REMEDY, BOT_TOKEN_REMEDY, clock_off, start_trouble

TOKEN_PATIENCE: Final = 5.0  # seconds for Slack's word on a token


async def slack_is_usable(
    settings: Settings, organisation: Organisation | None, channels: Channels, clock: Clock
) -> list[Finding]:
    assert settings.slack_bot_token is not None  # noqa: S101 - asked by the caller
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PEOPLE_PATIENCE)) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=3)],
        )

        async def app_is_installed() -> tuple[Finding, list[Finding]]:
            bot, headers = await bot_token_is_accepted(client)
            if headers is None:
                return bot, []
            more = [scopes_are_granted(headers), clocks_agree(headers, clock.now())]
            if organisation is not None:
                more += await people_are_there(client, organisation, channels)
            return bot, more

        # Nothing of the one is needed for the other, and a Slack that is silent is waited for once.
        (bot, more), entrance = await asyncio.gather(app_is_installed(), _entrance_is_open(client, settings))
    return [bot, entrance, *more]


async def bot_token_is_accepted(client: AsyncWebClient) -> tuple[Finding, Mapping[str, str] | None]:
    """What Slack says of the bot token, and the headers it says it with (None where it refuses)."""
    try:
        async with asyncio.timeout(TOKEN_PATIENCE):
            answer = await client.auth_test()
    except Exception as error:
        trouble = start_trouble("SLACK_BOT_TOKEN", BOT_TOKEN_REMEDY, error, client.base_url)
        return failed("bot_token", trouble), None
    finding = Finding("bot_token", "ok", f"accepted: {answer.get('user')} in {answer.get('team')}.")
    headers: Any = answer.headers
    return finding, {name.lower(): str(value) for name, value in headers.items()}


async def _entrance_is_open(client: AsyncWebClient, settings: Settings) -> Finding:
    if settings.slack_app_token is None:
        return signing_secret_is_set(settings)
    return await app_token_is_accepted(client, settings.slack_app_token.get_secret_value())


async def app_token_is_accepted(client: AsyncWebClient, app_token: str) -> Finding:
    """Whether Slack would open a Socket Mode connection for this token."""
    try:
        async with asyncio.timeout(TOKEN_PATIENCE):
            await client.apps_connections_open(app_token=app_token)
    except Exception as error:
        return failed("app_token", start_trouble("SLACK_APP_TOKEN", APP_TOKEN_REMEDY, error, client.base_url))
    return Finding("app_token", "ok", "accepted, Socket Mode is on.")


def signing_secret_is_set(settings: Settings) -> Finding:
    """HTTP mode: the secret is there. Slack cannot be asked whether it is the right one."""
    secret = settings.slack_signing_secret
    if secret is None:
        return Finding(
            "signing_secret", "failed", "not set.", "Set SLACK_SIGNING_SECRET, or SLACK_APP_TOKEN instead."
        )
    if len(secret.get_secret_value()) < 16:
        return Finding(
            "signing_secret",
            "warning",
            "shorter than Slack's are.",
            "Take it from the app's page at Slack, Basic Information.",
        )
    return Finding("signing_secret", "ok", "set; Slack cannot be asked whether it is the right one.")


def scopes_are_granted(headers: Mapping[str, str]) -> Finding:
    """The scopes Slack names in its answer (`x-oauth-scopes`) against those of app_manifest.yml."""
    manifest = yaml.safe_load(resource("app_manifest.yml").read_text(encoding="utf-8"))
    wanted = set(manifest["oauth_config"]["scopes"]["bot"])
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    if missing := sorted(wanted - granted):
        return Finding(
            "scopes",
            "failed",
            f"missing: {', '.join(missing)}.",
            "Paste app_manifest.yml into the app's page at Slack, App Manifest, and install the app again.",
        )
    if more := sorted(granted - wanted):
        return Finding(
            "scopes",
            "warning",
            f"more than leakbot needs: {', '.join(more)}.",
            "Take them away on the app's page at Slack, OAuth & Permissions.",
        )
    return Finding("scopes", "ok", f"all {len(wanted)} of app_manifest.yml.")


def clocks_agree(headers: Mapping[str, str], now: datetime) -> Finding:
    """This machine's clock against the `Date` of Slack's answer."""
    seconds = clock_off(headers, now)
    if seconds is None:
        return Finding("clock", "warning", "Slack's answer has no date to compare with.")
    if abs(seconds) > CLOCK_TOLERANCE:
        way = "ahead of" if seconds > 0 else "behind"
        return Finding(
            "clock",
            "failed",
            f"this machine is {abs(seconds):.0f} s {way} Slack; deadlines and pages would be wrong.",
            "Let the machine take its time from the network (NTP).",
        )
    return Finding("clock", "ok", f"within {CLOCK_TOLERANCE:.0f} s of Slack's.")
