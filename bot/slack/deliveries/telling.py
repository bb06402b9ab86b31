"""Telling the room what happened, and what is due when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.speaker import Call, Result, Saying
from bot.policy.state import CaseState
from bot.slack.deliveries.voice import Voice, room_of
from bot.slack.screens.join import offer
from bot.slack.screens.notices import NOTICES
from bot.slack.screens.reminder import reminder as reminder_screen
from bot.vocabulary import EventType, Notice, ObligationKind, ReminderKind
from bot.workflow import submitting


async def notice(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The room hears of one entry of the log; without a room whoever it concerns (`to`) does."""
    event = next(e for e in case.events if e.seq == saying.data["seq"])
    to = saying.data.get("to")
    locale = voice.people.locale_of(to) if to else voice.locale
    message = NOTICES[event.kind](locale, voice.zone, case, event)
    kind = Notice.of(saying.data["notice"])
    place = to or room_of(case)
    return await voice.posting(place, message, saying, EventType.NOTICE, case=case.number, kind=kind)


async def offer_join(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """Somebody who leads the case is told of another one that it looks like."""
    user = saying.data["user"]
    event = next(e for e in case.events if e.seq == saying.data["seq"])
    message = offer(voice.people.locale_of(user), voice.zone, case, event)
    return await voice.posting(user, message, saying, EventType.NOTICE, case=case.number, kind=Notice.SIMILAR)


async def reminder(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The room is counted down to something due."""
    kind, step = ReminderKind.of(saying.data["kind"]), saying.data["step"]
    obligation = case.obligation(ObligationKind.of(saying.data["obligation"]))
    if obligation is None or obligation.due_at is None:
        raise LookupError(f"{saying.key}: no such dated obligation")
    ask = voice.people.users_of(voice.organisation.privacy_office)
    message = reminder_screen(voice.locale, voice.zone, case, obligation, kind, step, now, ask)
    return await voice.posting(
        room_of(case),
        message,
        saying,
        EventType.REMINDER,
        case=case.number,
        obligation=obligation.kind,
        kind=kind,
        step=step,
        due_at=obligation.due_at.astimezone(voice.zone).isoformat(),
    )


async def note_reminded(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The room was reminded."""
    await submitting.reminded(
        db,
        case.number,
        obligation=ObligationKind.of(saying.data["obligation"]),
        kind=ReminderKind.of(saying.data["kind"]),
        step=saying.data["step"],
        now=now,
    )
