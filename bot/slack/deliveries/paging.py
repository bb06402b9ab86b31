"""Calling people, in person and in the room, and asking whoever has a case whether it goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.speaker import Call, DeliveryFailed, Outcome, Result, Saying
from bot.policy.state import CaseState, MessageRef, PageState
from bot.slack.asking import AWAY, away_by_status, in_do_not_disturb, is_beside
from bot.slack.deliveries.voice import Voice, done, room_of
from bot.slack.screens.message import Message
from bot.slack.screens.page import answered, page
from bot.slack.screens.still_there import still_there
from bot.vocabulary import EventType, Notice, SkipReason
from bot.workflow import paging, watching

#: Slack's codes for a person who cannot be written to, and our own for one who says they are away.
WHY_NOT_PAGED = {
    AWAY: SkipReason.AWAY_BY_STATUS,
    "user_disabled": SkipReason.DEACTIVATED,
    "account_inactive": SkipReason.DEACTIVATED,
    "user_not_found": SkipReason.NO_SUCH_USER,
    "channel_not_found": SkipReason.NO_SUCH_USER,
}


async def page_direct(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """Somebody is called in person. Raises DeliveryFailed where their status says that they are away."""
    user, level = saying.data["user"], saying.data["level"]
    may_wait = level < len(case.chain) - 1 and not saying.may_have_been_said
    if may_wait and await away_by_status(voice.client, user, voice.organisation.paging.absence_emoji, now):
        raise DeliveryFailed(Outcome.REFUSED, AWAY)  # passed over; the last level hears it all the same
    message = _drawn(voice, case, saying, now, in_room=False)
    post = await voice.posting(user, message, saying, EventType.PAGE, case=case.number, level=level)

    async def call() -> Result:
        where = await post()  # the page waits for no hint
        return {"where": where, "dnd": await in_do_not_disturb(voice.client, user, now)}

    return call


async def note_page(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """Somebody is paged; silence counts from the moment it was said."""
    data = saying.data
    await paging.page_sent(
        db,
        case.number,
        level=data["level"],
        attempt=data["attempt"],
        user=data["user"],
        where=MessageRef(**result["where"]),
        dnd=result["dnd"],
        # What an earlier try may have said was drawn before this state of the case.
        linked=case.channel is not None and not saying.may_have_been_said,
        sent_at=now,
        now=now,
    )


async def page_refused(db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime) -> None:
    """A page that Slack refuses is passed over at once."""
    data = saying.data
    await paging.page_skipped(
        db,
        case.number,
        level=data["level"],
        reference=data["user"],
        user=data["user"],
        reason=WHY_NOT_PAGED.get(error, SkipReason.UNREACHABLE),
        now=now,
        attempt=data["attempt"],
    )


async def page_delayed(db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime) -> None:
    """A page that does not get through in time: the next in the chain is called."""
    data = saying.data
    if any(_is_of(p, saying) and p.user == data["user"] for p in case.pages):
        return
    await paging.page_delayed(
        db,
        case.number,
        level=data["level"],
        attempt=data["attempt"],
        user=data["user"],
        error=error,
        now=now,
    )


async def page_room(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The room sees who is called, and it rings there too."""
    message = _drawn(voice, case, saying, now, in_room=True)
    level = saying.data["level"]
    return await voice.posting(room_of(case), message, saying, EventType.PAGE, case=case.number, level=level)


async def note_page_shown(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The room saw who is called."""
    await paging.page_shown(
        db,
        case.number,
        level=saying.data["level"],
        attempt=saying.data["attempt"],
        where=MessageRef(**result),
        now=now,
    )


async def page_redraw(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """A page in person as it is true now."""
    stands = next(p for p in case.pages if _is_of(p, saying) and p.user == saying.data["user"])
    if stands.direct is None:
        return done({})
    return voice.redrawing(stands.direct, _drawn(voice, case, saying, now, in_room=False))


async def page_room_redraw(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """A page in the room as it is true now."""
    stands = next((p for p in case.pages if _is_of(p, saying) and p.room), None)
    if stands is None or stands.room is None:
        return done({})
    return voice.redrawing(stands.room, _drawn(voice, case, saying, now, in_room=True))


async def note_skip(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """Somebody is passed over."""
    data = saying.data
    await paging.page_skipped(
        db,
        case.number,
        level=data["level"],
        reference=data["reference"],
        user=data["user"],
        reason=SkipReason.of(data["reason"]),
        now=now,
        instead=data.get("instead"),
    )


async def ask_direct(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """Whoever has the case is asked whether it goes on."""
    user = saying.data["user"]
    within = voice.organisation.paging.step_within
    message = still_there(voice.people.locale_of(user), case, user, within, in_room=False)
    return await voice.posting(
        user, message, saying, EventType.NOTICE, case=case.number, kind=Notice.STILL_THERE
    )


async def ask_room(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The room sees the question."""
    within = voice.organisation.paging.step_within
    message = still_there(voice.locale, case, saying.data["user"], within, in_room=True)
    return await voice.posting(
        room_of(case), message, saying, EventType.NOTICE, case=case.number, kind=Notice.STILL_THERE
    )


async def note_asked(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """Whoever has the case was asked whether it goes on."""
    data = saying.data
    await watching.asked(db, case.number, user=data["user"], step=data["step"], now=now)


async def ask_refused(db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime) -> None:
    """A question that cannot be asked counts as asked: the next is called in time."""
    await note_asked(db, case, saying, {}, now)


async def note_lapsed(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """Nothing came after the question."""
    await watching.lapsed(db, case.number, **saying.data, now=now)


def _drawn(voice: Voice, case: CaseState, saying: Saying, now: datetime, *, in_room: bool) -> Message:
    level, attempt = saying.data["level"], saying.data["attempt"]
    paged = [p for p in case.pages if _is_of(p, saying)]
    called = [p for p in paged if not p.skipped] or paged  # one may lose the account after the page was said
    users = saying.data.get("users") or [p.user for p in called]
    user = saying.data.get("user") or users[0]
    handed_by = next((p.handed_by for p in called if p.user == user), None)
    drawn = PageState(level=level, attempt=attempt, user=user, sent_at=None, handed_by=handed_by)
    if called and all(p.dnd for p in called):
        drawn = replace(drawn, dnd=True)
    locale = voice.locale if in_room else voice.people.locale_of(user)
    users = users if in_room else [user]
    if case.closed_at or (case.acknowledged_at and not is_beside(case, saying)):
        return answered(locale, voice.zone, case, drawn, in_room=in_room, users=users)
    return page(locale, voice.zone, case, drawn, now, in_room=in_room, users=users)


def _is_of(stands: PageState, saying: Saying) -> bool:
    return (stands.level, stands.attempt) == (saying.data["level"], saying.data["attempt"])
