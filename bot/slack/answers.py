"""Slack's answers, sorted by what they mean for whoever asked (Slack's error codes by class)."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.outbox.speaker import DeliveryFailed, Outcome

#: May have partly succeeded: look before trying again.
UNKNOWN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
#: Surely without effect: try again later.
LATER = frozenset({"ratelimited", "rate_limited", "team_added_to_org", "message_limit_exceeded"})
#: The installation is broken; trying again helps only after somebody has mended it.
ALARM = frozenset(
    {
        "not_authed",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "no_permission",
        "missing_scope",
        "not_allowed_token_type",
        "team_access_not_granted",
        "access_denied",
        "accesslimited",
        "enterprise_is_restricted",
        "ekm_access_denied",
        "org_login_required",
    }
)
#: The conversation is archived, deleted, or the bot is no longer in it: it can undo none of these.
GONE = frozenset({"is_archived", "is_inactive", "channel_not_found", "not_in_channel"})
#: Slack's no, or its silence, as the SDK raises it: no defect of ours.
NO = (SlackApiError, DeliveryFailed, aiohttp.ClientError, TimeoutError)
NO_TIME_NAMED = 1.0  # seconds to wait where Slack named none
#: What was wanted is so already.
DONE = frozenset({"already_in_channel", "already_pinned", "already_archived", "already_reacted"})


def code_of(error: SlackApiError) -> str:
    """Slack's error code, or `http_NNN` where the answer was no JSON object at all."""
    response: Any = error.response
    data = getattr(response, "data", response)
    if isinstance(data, dict) and isinstance(data.get("error"), str):
        return str(data["error"])
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    return f"http_{status}"


def retry_after(error: SlackApiError) -> float | None:
    """Slack's Retry-After in seconds, where it gave one."""
    headers: Any = getattr(error.response, "headers", None) or {}
    value = headers.get("Retry-After") or headers.get("retry-after")
    try:
        return float(value) if value is not None else None
    except (TypeError, ValueError):
        return None


def failure(error: BaseException) -> DeliveryFailed:
    """What an exception of the SDK means for a delivery."""
    if isinstance(error, DeliveryFailed):
        return error
    if isinstance(error, SlackApiError):
        code = code_of(error)
        if code in LATER or code == "http_429":
            return DeliveryFailed(Outcome.NOT_SAID, code, retry_after(error) or NO_TIME_NAMED)
        if code in UNKNOWN or code.startswith("http_"):
            return DeliveryFailed(Outcome.UNKNOWN, code)
        if code in ALARM:
            return DeliveryFailed(Outcome.ALARM, code)
        return DeliveryFailed(Outcome.REFUSED, code)
    if isinstance(error, aiohttp.ClientConnectorError):
        return DeliveryFailed(Outcome.NOT_SAID, type(error).__name__)
    if isinstance(error, aiohttp.ClientError | asyncio.TimeoutError | SlackClientError | OSError):
        return DeliveryFailed(Outcome.UNKNOWN, type(error).__name__)
    raise error
