"""The room is told of tasks past their time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.speaker import Call, Result, Saying
from bot.policy.state import CaseState
from bot.policy.tasks import is_live
from bot.slack.deliveries.voice import Voice, room_of
from bot.slack.screens.task import tasks_overdue
from bot.vocabulary import EventType, Notice
from bot.workflow import tasks


async def overdue(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """One message for all of them, without those that were done meanwhile; to one person without a room."""
    live = {task.key for task in case.tasks if is_live(case, task)}
    keys = [key for key in saying.data["tasks"] if key in live]
    to = saying.data.get("to")
    locale = voice.people.locale_of(to) if to else voice.locale
    message = tasks_overdue(locale, voice.zone, case, keys, now)
    return await voice.posting(
        to or room_of(case), message, saying, EventType.NOTICE, case=case.number, kind=Notice.TASKS_OVERDUE
    )


async def note_overdue(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The room was told."""
    await tasks.tasks_reminded(db, case.number, **saying.data, now=now)
