"""The room is told that publication is to be decided."""

from __future__ import annotations

from datetime import datetime

from bot.outbox.speaker import Call, Saying
from bot.policy.state import CaseState
from bot.slack.deliveries.voice import Voice, room_of
from bot.slack.screens.notifying import publication_due as publication_due_screen
from bot.vocabulary import EventType, Notice


async def publication_due(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """Whoever decides is asked for the decision that was put off to this day."""
    message = publication_due_screen(voice.locale, voice.zone, case)
    return await voice.posting(
        room_of(case), message, saying, EventType.NOTICE, case=case.number, kind=Notice.PUBLICATION_DUE
    )
