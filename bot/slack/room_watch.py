"""Who is in the rooms of open cases: what happened while the bot was away told nobody.

Slack allows some hundred looks in a minute (conversations.members, tier 4), and paging needs Slack more. So
every minute a few rooms are looked into, one after the other, and each at most once an hour.
(https://docs.slack.dev/reference/methods/conversations.members)
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.cases import queries
from bot.slack.answers import GONE, code_of
from bot.slack.desk import Desk
from bot.slack.posting import members_of_room
from bot.slack.rooms import lost

logger = structlog.get_logger(__name__)

EVERY: Final = 60.0  # seconds between two looks
AT_ONCE: Final = 50  # rooms in one look
ROUND: Final = timedelta(hours=1)  # a room is looked into again after this at the earliest


class RoomWatch:
    """Goes round the rooms."""

    def __init__(self, desk: Desk, at_once: int = AT_ONCE) -> None:
        self.desk = desk
        self._at_once = at_once
        self._after = 0  # the last case that was looked at in this round
        self._began: datetime | None = None

    async def look(self) -> None:
        """Look into the next few rooms. Does nothing between two rounds."""
        now = self.desk.now()
        if self._after == 0:
            if self._began is not None and abs(now - self._began) < ROUND:
                return
            self._began = now
        async with self.desk.database.reading() as db:
            rows = await queries.open_rooms(db, self._after, self._at_once)
            known = {row.number: await queries.members_of(db, row.id or 0) for row in rows}
        for row in rows:
            here = {m.user for m in known[row.number] if m.invited_at and not m.left_at}
            await self._look_into(row.number, str(row.channel), here)
        self._after = (rows[-1].id or 0) if len(rows) == self._at_once else 0

    async def _look_into(self, number: str, channel: str, here: set[str]) -> None:
        try:
            there = await members_of_room(self.desk.client, channel)
        except SlackApiError as error:
            logger.warning("room_not_read", case=number, error=code_of(error))
            if code_of(error) in GONE:
                await lost(self.desk, channel)
            return
        for user in sorted(there - here):
            await self.desk.came(channel, user)
        for user in sorted(here - there):
            await self.desk.went(channel, user)
