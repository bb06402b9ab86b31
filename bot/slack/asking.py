"""What is asked before somebody is paged: whether they say they are away, whether somebody has the case."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.speaker import Saying
from bot.policy.state import CaseState
from bot.policy.steps import may_be_taken_over
from bot.vocabulary import LogKind

logger = structlog.get_logger(__name__)

AWAY = "away_by_status"  # the error of a page that was not sent because of the person's status
STATUS_PATIENCE = 2.0  # seconds: a page does not wait longer for a hint


async def away_by_status(client: AsyncWebClient, user: str, emoji: Collection[str], now: datetime) -> bool:
    """Whether somebody's Slack status says at this moment that they are away, as the organisation reads it.

    In: `emoji`, names without colons; without any Slack is not asked. A status that cannot be read says
    nothing: it is never a reason not to page. (https://docs.slack.dev/reference/methods/users.info)
    """
    if not emoji:
        return False
    try:
        async with asyncio.timeout(STATUS_PATIENCE):
            profile = (await client.users_info(user=user))["user"]["profile"]
        until = int(profile.get("status_expiration") or 0)
        return str(profile.get("status_emoji") or "").strip(":") in emoji and (
            until == 0 or until > now.timestamp()
        )
    except Exception as error:
        logger.warning("status_not_read", error=type(error).__name__)
        return False


async def in_do_not_disturb(client: AsyncWebClient, user: str, now: datetime) -> bool:
    """Whether somebody does not want to be disturbed at this moment, as far as Slack tells an app.

    A hint that shortens the wait, never a reason not to page; what cannot be read says nothing.
    (https://docs.slack.dev/reference/methods/dnd.info)
    """
    try:
        async with asyncio.timeout(STATUS_PATIENCE):
            answer = await client.dnd_info(user=user)
        begin, end = int(answer["next_dnd_start_ts"] or 0), int(answer["next_dnd_end_ts"] or 0)
        return bool(answer["dnd_enabled"]) and begin <= now.timestamp() < end
    except Exception as error:
        logger.warning("dnd_not_read", error=type(error).__name__)
        return False


def is_beside(case: CaseState, saying: Saying) -> bool:
    """Whether this page calls somebody beside the one who has the case, so that it asks for an answer."""
    called = [(e.data["level"], e.data["attempt"]) for e in case.events if e.kind is LogKind.LAPSED]
    return (saying.data["level"], saying.data["attempt"]) in called and may_be_taken_over(case)
