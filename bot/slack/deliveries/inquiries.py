"""The room is told of inquiries whose answer is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.speaker import Call, Result, Saying
from bot.policy.inquiries import open_inquiries
from bot.policy.state import CaseState
from bot.slack.deliveries.voice import Voice, room_of
from bot.slack.screens.inquiries_said import inquiries_due
from bot.vocabulary import EventType, Notice
from bot.workflow import inquiries


async def due(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """One message for all of them, without those that were answered meanwhile."""
    waiting = {each.number for each in open_inquiries(case)}
    numbers = [number for number in saying.data["inquiries"] if number in waiting]
    message = inquiries_due(voice.locale, voice.zone, case, numbers, now)
    return await voice.posting(
        room_of(case), message, saying, EventType.NOTICE, case=case.number, kind=Notice.INQUIRIES_DUE
    )


async def note_due(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """The room was told."""
    await inquiries.inquiries_reminded(db, case.number, **saying.data, now=now)
