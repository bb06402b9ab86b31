"""A room is archived or deleted, or the bot was removed from it: what is open goes on in another one.

Slack takes the bot's membership away with the room, so that it may tell us nothing: the next thing said there
is refused, which tells the same (`deliveries/speaker.py`).
(https://docs.slack.dev/reference/events/group_archive)
"""

from __future__ import annotations

from typing import Any

from bot.cases import queries
from bot.slack.buttons import Listener
from bot.slack.desk import Desk
from bot.workflow.rooms import room_lost


def archived(desk: Desk) -> Listener:
    """Somebody archived a private channel."""

    async def listener(event: dict[str, Any]) -> None:
        await lost(desk, event["channel"], by=event.get("user"))

    return listener


def gone(desk: Desk) -> Listener:
    """A private channel was deleted, or the bot was removed from it."""

    async def listener(event: dict[str, Any]) -> None:
        await lost(desk, event["channel"])

    return listener


async def lost(desk: Desk, channel: str, by: str | None = None) -> None:
    """This channel takes nothing any more. Where it is no case's room nothing happens."""
    async with desk.database.reading() as db:
        row = await queries.case_by_channel(db, channel)
    if row is None:
        return
    async with desk.database.transaction() as db:
        await room_lost(db, row.number, channel, desk.now(), by=by)
    desk.ring()
