"""From the first report to a usable room: the receipt, the room, its people, its card."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.speaker import Call, Result, Saying
from bot.policy.rooms import room_name, room_number, room_to_enter_again
from bot.policy.state import CaseState, MessageRef
from bot.rendering import render
from bot.slack.deliveries.voice import Voice, done, room_of, unless_done
from bot.slack.posting import invite, open_room, still_stands
from bot.slack.screens.card import card as card_screen
from bot.slack.screens.receipt import receipt as receipt_screen
from bot.slack.screens.receipt import told
from bot.vocabulary import EventType, LogKind, Notice
from bot.workflow import reporting, rooms


async def receipt(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The reporter is told what to do and who is coming."""
    message = receipt_screen(voice.people.locale_of(case.reporter), voice.zone, case, now)
    return await voice.posting(
        case.reporter, message, saying, EventType.NOTICE, case=case.number, kind=Notice.RECEIPT
    )


async def note_receipt(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The reporter knows."""
    # `case` is the state that the message was drawn from, unless an earlier try may have said it before.
    linked = case.channel is not None and not saying.may_have_been_said
    await reporting.receipt_sent(db, case.number, MessageRef(**result), linked, now)


async def receipt_redraw(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The receipt as it is true now."""
    where = case.events_of(LogKind.RECEIPT_SENT)[-1].data
    message = receipt_screen(voice.people.locale_of(case.reporter), voice.zone, case, now)
    return voice.redrawing(MessageRef(where["channel"], where["ts"]), message)


async def tell_reporter(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """A reporter outside the room hears how it goes on."""
    user = saying.data["user"]
    event = next(e for e in case.events if e.seq == saying.data["seq"])
    message = told(voice.people.locale_of(user), voice.zone, case, event, user)
    kind = Notice.of(saying.data["notice"])
    return await voice.posting(user, message, saying, EventType.NOTICE, case=case.number, kind=kind)


async def room(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The case's private channel is opened; the next one where the last is archived or gone for good."""
    before = room_to_enter_again(case)
    if before is not None and await still_stands(voice.client, before):
        return done({"channel": before})
    name, number = room_name(case), room_number(case)

    async def call() -> Result:
        look_first = saying.may_have_been_said
        room = await open_room(voice.client, name, voice.bot_user, look_first=look_first, number=number)
        return {"channel": room}

    return call


async def note_room(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """The room is open."""
    await rooms.room_opened(db, case.number, result["channel"], now)


async def people(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """Whoever is called and not asked into the room yet is invited."""
    users = [m.user for m in case.members.values() if not m.invited_at and not m.error]

    async def call() -> Result:
        return {"answers": await invite(voice.client, room_of(case), users)}

    return call


async def note_invited(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The people are in, or cannot be."""
    await reporting.members_invited(db, case.number, result["answers"], now)


async def card(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The room's first message."""
    message = card_screen(voice.locale, voice.zone, case, now)
    return await voice.posting(room_of(case), message, saying, EventType.CARD, case=case.number)


async def note_card(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """The card stands."""
    await reporting.card_posted(db, case.number, MessageRef(**result), now)


async def card_redraw(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The card as it is true now."""
    if case.card is None:
        return done({})
    return voice.redrawing(case.card, card_screen(voice.locale, voice.zone, case, now))


async def pin(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The card is found at the top of the room."""

    async def call() -> Result:
        if case.card:
            await unless_done(voice.client.pins_add(channel=case.card.channel, timestamp=case.card.ts))
        return {}

    return call


async def topic(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The room says which case it is of, and nothing else."""
    words = render("messages/topic.txt", voice.locale, number=case.number, drill=case.drill)

    async def call() -> Result:
        await voice.client.conversations_setTopic(channel=room_of(case), topic=words)
        return {}

    return call
