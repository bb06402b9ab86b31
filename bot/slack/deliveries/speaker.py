"""The `Speaker` of the outbox: for each thing to say, its function and the step that notes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.alarms import Word
from bot.outbox.speaker import Call, DeliveryFailed, Outcome, Result, Saying
from bot.policy.confidential import seen_by
from bot.policy.need import ROOM_FURNITURE, ROOM_WORDS, Say
from bot.policy.state import CaseState
from bot.slack.answers import GONE, failure
from bot.slack.deliveries import (
    alarms,
    approving,
    channels,
    documents,
    inquiries,
    notifying,
    paging,
    reporting,
    tasks,
    telling,
    timeline,
)
from bot.slack.deliveries.voice import Act, Voice, nothing
from bot.workflow import rooms

ACTS: Final[Mapping[Say, Act]] = {
    Say.RECEIPT: Act(reporting.receipt, reporting.note_receipt),
    Say.ROOM: Act(reporting.room, reporting.note_room),
    Say.INVITE: Act(reporting.people, reporting.note_invited),
    Say.CARD: Act(reporting.card, reporting.note_card),
    Say.PIN: Act(reporting.pin),
    Say.TOPIC: Act(reporting.topic),
    Say.CARD_REDRAW: Act(reporting.card_redraw),
    Say.RECEIPT_REDRAW: Act(reporting.receipt_redraw),
    Say.TELL_REPORTER: Act(reporting.tell_reporter),
    Say.OFFER_JOIN: Act(telling.offer_join),
    Say.PAGE_DIRECT: Act(paging.page_direct, paging.note_page),
    Say.PAGE_CHANNEL: Act(channels.page_channel, channels.note_sent),
    Say.PAGE_ROOM: Act(paging.page_room, paging.note_page_shown),
    Say.PAGE_REDRAW: Act(paging.page_redraw),
    Say.PAGE_ROOM_REDRAW: Act(paging.page_room_redraw),
    Say.SKIP: Act(nothing, paging.note_skip),
    Say.ASK_DIRECT: Act(paging.ask_direct, paging.note_asked),
    Say.ASK_ROOM: Act(paging.ask_room),
    Say.LAPSE: Act(nothing, paging.note_lapsed),
    Say.NOTICE: Act(telling.notice),
    Say.REMINDER: Act(telling.reminder, telling.note_reminded),
    Say.DOCUMENT: Act(documents.document),
    Say.APPROVAL_DIRECT: Act(approving.direct, approving.note_asked),
    Say.APPROVAL_ROOM: Act(approving.room, approving.note_shown),
    Say.APPROVAL_REDRAW: Act(approving.redraw),
    Say.SENT_BACK: Act(approving.sent_back),
    Say.TASKS_OVERDUE: Act(tasks.overdue, tasks.note_overdue),
    Say.PUBLICATION_DUE: Act(notifying.publication_due),
    Say.INQUIRIES_DUE: Act(inquiries.due, inquiries.note_due),
    Say.TIMELINE: Act(timeline.message, timeline.note_message),
    Say.FILE: Act(timeline.file, timeline.note_file),
}
T = TypeVar("T")
Trouble = Callable[[AsyncSession, CaseState, Saying, str, datetime], Awaitable[None]]
#: What the case is told where Slack refuses for good; other refusals end with their delivery.
REFUSED: Final[Mapping[Say, Trouble]] = {
    Say.PAGE_DIRECT: paging.page_refused,
    Say.PAGE_CHANNEL: channels.not_sent,
    Say.ASK_DIRECT: paging.ask_refused,
    Say.APPROVAL_DIRECT: approving.refused,
    Say.TIMELINE: timeline.message_refused,
    Say.FILE: timeline.file_refused,
}
#: What the case is told of what is still being tried beyond its patience.
DELAYED: Final[Mapping[Say, Trouble]] = {Say.PAGE_DIRECT: paging.page_delayed}


class SlackSpeaker:
    """The `Speaker` that speaks through Slack's Web API."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    async def prepare(self, case: CaseState, saying: Saying, now: datetime) -> Call:
        """Draw it. The call raises DeliveryFailed, sorted by what Slack's answer means; so does this."""
        # Nothing is drawn from more than whoever will read it may know: who reported may be kept from them.
        seen = seen_by(case, _reader(case, saying), self._voice.people.privacy_office)
        call = await _sorted_out(case, saying, ACTS[saying.say].prepare(self._voice, seen, saying, now))

        async def say() -> Result:
            return await _sorted_out(case, saying, call())

        return say

    async def prepare_alarm(self, word: Word, key: str, may_have_been_said: bool) -> Call:
        """Draw what one person is told of an alarm."""
        call = await _alarm_sorted_out(alarms.alarm(self._voice, word, key, may_have_been_said))

        async def say() -> Result:
            return await _alarm_sorted_out(call())

        return say

    async def note(
        self, db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
    ) -> None:
        """Tell the case what came of it."""
        if step := ACTS[saying.say].note:
            await step(db, case, saying, result, now)

    async def refused(
        self, db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime
    ) -> None:
        """Tell the case that Slack refused it for good."""
        if step := REFUSED.get(saying.say):
            await step(db, case, saying, error, now)

    async def room_gone(self, db: AsyncSession, case: CaseState, saying: Saying, now: datetime) -> None:
        """Tell the case that its room takes nothing any more."""
        if case.channel is not None:
            await rooms.room_lost(db, case.number, case.channel, now)

    async def delayed(
        self, db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime
    ) -> None:
        """Tell the case that it does not get through in time."""
        if step := DELAYED.get(saying.say):
            await step(db, case, saying, error, now)


def _reader(case: CaseState, saying: Saying) -> str | None:
    """Who alone will read it where that is a reporter; None for the room and everybody called."""
    match saying.say:
        case Say.RECEIPT | Say.RECEIPT_REDRAW:
            return case.reporter
        case Say.TELL_REPORTER:
            return str(saying.data["user"])
    return None


async def _sorted_out(case: CaseState, saying: Saying, attempt: Awaitable[T]) -> T:
    try:
        return await attempt
    except Exception as error:
        failed = failure(error)
        for_the_room = saying.say in ROOM_WORDS | ROOM_FURNITURE and not saying.data.get("to")
        in_the_room = for_the_room and case.channel is not None
        if in_the_room and failed.error in GONE:
            failed = DeliveryFailed(Outcome.NO_ROOM, failed.error)
        if saying.say is Say.ROOM and failed.outcome is Outcome.REFUSED:
            # Without a room there is no case: somebody must mend the installation, then it opens.
            failed = DeliveryFailed(Outcome.ALARM, failed.error)
        raise failed from error


async def _alarm_sorted_out(attempt: Awaitable[T]) -> T:
    try:
        return await attempt
    except Exception as error:
        raise failure(error) from error
