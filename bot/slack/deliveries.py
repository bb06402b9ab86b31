"""Everything the bot says or does in Slack by itself, each with the step that notes it on the case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import Organisation
from bot.outbox.speaker import DeliveryFailed, Outcome, Saying
from bot.policy.needs import Say
from bot.policy.state import CaseState, EventState, MessageRef, PageState
from bot.rendering import render
from bot.slack.answers import DONE, code_of, failure
from bot.slack.asking import AWAY, away_by_status, is_beside, note_asked, note_lapsed
from bot.slack.people import People
from bot.slack.posting import Envelope, invite, open_room, post, redraw
from bot.slack.screens.card import card
from bot.slack.screens.message import Message
from bot.slack.screens.notices import NOTICES
from bot.slack.screens.page import answered, page
from bot.slack.screens.receipt import receipt
from bot.slack.screens.reminder import reminder
from bot.slack.screens.still_there import still_there
from bot.vocabulary import EventType, Locale, Notice, ObligationKind, ReminderKind, SkipReason
from bot.workflow import paging, reporting, submitting

Result = dict[str, Any]
Step = Callable[[AsyncSession, CaseState, Saying, Result, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Act:
    """How one kind of thing is said, and the step that notes it (None: nothing to note)."""

    say: Callable[[CaseState, Saying, datetime], Awaitable[Result]]
    note: Step | None = None


class SlackSpeaker:
    """The `Speaker` of the outbox that speaks through Slack's Web API.

    `client` must not retry by itself: the outbox is the one owner of waiting and repeating.
    """

    def __init__(
        self, client: AsyncWebClient, people: People, organisation: Organisation, bot_user: str
    ) -> None:
        self._client = client
        self._people = people
        self._organisation = organisation
        self._bot_user = bot_user
        self.acts: dict[Say, Act] = {
            Say.RECEIPT: Act(self._receipt, note_receipt),
            Say.ROOM: Act(self._room, note_room),
            Say.PAGE_DIRECT: Act(self._page_direct, note_page),
            Say.SKIP: Act(self._nothing, note_skip),
            Say.INVITE: Act(self._invite, note_invited),
            Say.CARD: Act(self._card, note_card),
            Say.PIN: Act(self._pin),
            Say.TOPIC: Act(self._topic),
            Say.PAGE_ROOM: Act(self._page_room, note_page_shown),
            Say.NOTICE: Act(self._notice),
            Say.ASK_DIRECT: Act(self._ask_direct, note_asked),
            Say.ASK_ROOM: Act(self._ask_room),
            Say.LAPSE: Act(self._nothing, note_lapsed),
            Say.REMINDER: Act(self._reminder, note_reminded),
            Say.CARD_REDRAW: Act(self._card_redraw),
            Say.PAGE_REDRAW: Act(self._page_redraw),
            Say.PAGE_ROOM_REDRAW: Act(self._page_room_redraw),
            Say.RECEIPT_REDRAW: Act(self._receipt_redraw),
        }

    async def say(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        """Say it. Raises DeliveryFailed, sorted by what the answer means."""
        try:
            return await self.acts[saying.say].say(case, saying, now)
        except DeliveryFailed:
            raise
        except Exception as error:
            failed = failure(error)
            if saying.say is Say.ROOM and failed.outcome is Outcome.REFUSED:
                # Without a room there is no case: somebody must mend the installation, then it opens.
                failed = DeliveryFailed(Outcome.ALARM, failed.error)
            raise failed from error

    async def note(
        self, db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
    ) -> None:
        """Tell the case what came of it."""
        if step := self.acts[saying.say].note:
            await step(db, case, saying, result, now)

    async def refused(
        self, db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime
    ) -> None:
        """A page that Slack refuses is passed over at once; other refusals end with their delivery.

        A question that whoever has the case cannot be asked counts as asked: the next is called in time.
        """
        if saying.say is Say.ASK_DIRECT:
            await note_asked(db, case, saying, {}, now)
        if saying.say is Say.PAGE_DIRECT:
            user = saying.data["user"]
            await paging.page_skipped(
                db,
                case.number,
                level=saying.data["level"],
                reference=user,
                user=user,
                reason=WHY_NOT_PAGED.get(error, SkipReason.UNREACHABLE),
                now=now,
                attempt=saying.data["attempt"],
            )

    async def delayed(
        self, db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime
    ) -> None:
        """A page that does not get through in time: the next in the chain is called."""
        data = saying.data
        if saying.say is Say.PAGE_DIRECT and not any(_is_page(p, data) for p in case.pages):
            await paging.page_delayed(
                db,
                case.number,
                level=data["level"],
                attempt=data["attempt"],
                user=data["user"],
                error=error,
                now=now,
            )

    # One function per thing to say.

    async def _nothing(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        return {}

    async def _receipt(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        message = receipt(self._people.locale_of(case.reporter), self._zone, case, now)
        envelope = _envelope(EventType.NOTICE, case, saying, kind=Notice.RECEIPT)
        return await self._post(case.reporter, message, envelope, saying)

    async def _receipt_redraw(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        where = next(e for e in reversed(case.events) if e.kind == "receipt_sent").data
        message = receipt(self._people.locale_of(case.reporter), self._zone, case, now)
        await redraw(self._client, MessageRef(where["channel"], where["ts"]), message)
        return {}

    async def _room(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        name = f"drill-{case.number.removeprefix('D')}" if case.drill else f"leak-{case.number}"
        channel = await open_room(self._client, name, self._bot_user, look_first=saying.may_have_been_said)
        return {"channel": channel}

    async def _invite(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        users = [m.user for m in case.members.values() if not m.invited_at and not m.error]
        return {"answers": await invite(self._client, _room_of(case), users)}

    async def _card(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        envelope = _envelope(EventType.CARD, case, saying)
        return await self._post(_room_of(case), self._drawn_card(case, now), envelope, saying)

    async def _card_redraw(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        if case.card:
            await redraw(self._client, case.card, self._drawn_card(case, now))
        return {}

    async def _pin(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        if case.card:
            await _unless_done(self._client.pins_add(channel=case.card.channel, timestamp=case.card.ts))
        return {}

    async def _topic(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        topic = render("messages/topic.txt", self._locale, number=case.number, drill=case.drill)
        await self._client.conversations_setTopic(channel=_room_of(case), topic=topic)
        return {}

    async def _page_direct(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        user, emoji = saying.data["user"], self._organisation.paging.absence_emoji
        may_wait = saying.data["level"] < len(case.chain) - 1 and not saying.may_have_been_said
        if may_wait and await away_by_status(self._client, user, emoji, now):
            raise DeliveryFailed(Outcome.REFUSED, AWAY)  # passed over; the last level hears it all the same
        message = self._drawn_page(case, saying, now, in_room=False)
        envelope = _envelope(EventType.PAGE, case, saying, level=saying.data["level"])
        return await self._post(user, message, envelope, saying)

    async def _page_room(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        message = self._drawn_page(case, saying, now, in_room=True)
        envelope = _envelope(EventType.PAGE, case, saying, level=saying.data["level"])
        return await self._post(_room_of(case), message, envelope, saying)

    async def _page_redraw(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        stands = next(p for p in case.pages if _is_of(p, saying) and p.user == saying.data["user"])
        if stands.direct:
            await redraw(self._client, stands.direct, self._drawn_page(case, saying, now, in_room=False))
        return {}

    async def _page_room_redraw(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        stands = next((p for p in case.pages if _is_of(p, saying) and p.room), None)
        if stands and stands.room:
            await redraw(self._client, stands.room, self._drawn_page(case, saying, now, in_room=True))
        return {}

    async def _notice(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        event: EventState = next(e for e in case.events if e.seq == saying.data["seq"])
        notice = Notice.of(saying.data["notice"])
        message = NOTICES[event.kind](self._locale, self._zone, case, event)
        return await self._post(
            _room_of(case), message, _envelope(EventType.NOTICE, case, saying, kind=notice), saying
        )

    async def _ask_direct(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        user = saying.data["user"]
        message = still_there(self._people.locale_of(user), case, user, self._step_within, in_room=False)
        envelope = _envelope(EventType.NOTICE, case, saying, kind=Notice.STILL_THERE)
        return await self._post(user, message, envelope, saying)

    async def _ask_room(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        message = still_there(self._locale, case, saying.data["user"], self._step_within, in_room=True)
        envelope = _envelope(EventType.NOTICE, case, saying, kind=Notice.STILL_THERE)
        return await self._post(_room_of(case), message, envelope, saying)

    async def _reminder(self, case: CaseState, saying: Saying, now: datetime) -> Result:
        kind, step = ReminderKind.of(saying.data["kind"]), saying.data["step"]
        obligation = case.obligation(ObligationKind.of(saying.data["obligation"]))
        if obligation is None or obligation.due_at is None:
            raise LookupError(f"{saying.key}: no such dated obligation")
        ask = self._people.users_of(self._organisation.privacy_office)
        message = reminder(self._locale, self._zone, case, obligation, kind, step, now, ask)
        envelope = _envelope(
            EventType.REMINDER,
            case,
            saying,
            obligation=obligation.kind,
            kind=kind,
            step=step,
            due_at=obligation.due_at.astimezone(self._zone).isoformat(),
        )
        return await self._post(_room_of(case), message, envelope, saying)

    # What several of them share.

    @property
    def _locale(self) -> Locale:
        return self._organisation.locale

    @property
    def _step_within(self) -> timedelta:
        return self._organisation.paging.step_within

    @property
    def _zone(self) -> Any:
        return self._organisation.timezone

    async def _post(self, conversation: str, message: Message, envelope: Envelope, saying: Saying) -> Result:
        where = await post(
            self._client, conversation, message, envelope, look_first=saying.may_have_been_said
        )
        return asdict(where)

    def _drawn_card(self, case: CaseState, now: datetime) -> Message:
        return card(self._locale, self._zone, case, now)

    def _drawn_page(self, case: CaseState, saying: Saying, now: datetime, *, in_room: bool) -> Message:
        level, attempt = saying.data["level"], saying.data["attempt"]
        called = [p for p in case.pages if _is_of(p, saying) and not p.skipped]
        users = saying.data.get("users") or [p.user for p in called]
        user = saying.data.get("user") or users[0]
        handed_by = next((p.handed_by for p in called if p.user == user), None)
        drawn = PageState(level=level, attempt=attempt, user=user, sent_at=None, handed_by=handed_by)
        locale = self._locale if in_room else self._people.locale_of(user)
        users = users if in_room else [user]
        if case.closed_at or (case.acknowledged_at and not is_beside(case, saying)):
            return answered(locale, self._zone, case, drawn, in_room=in_room, users=users)
        return page(locale, self._zone, case, drawn, now, in_room=in_room, users=users)


#: Slack's codes for a person who cannot be written to, and our own for one who says they are away.
WHY_NOT_PAGED = {
    AWAY: SkipReason.AWAY_BY_STATUS,
    "user_disabled": SkipReason.DEACTIVATED,
    "account_inactive": SkipReason.DEACTIVATED,
    "user_not_found": SkipReason.NO_SUCH_USER,
    "channel_not_found": SkipReason.NO_SUCH_USER,
}


async def note_receipt(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The reporter knows."""
    # `case` is the state that the message was drawn from.
    await reporting.receipt_sent(db, case.number, MessageRef(**result), case.channel is not None, now)


async def note_room(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """The room is open."""
    await reporting.room_opened(db, case.number, result["channel"], now)


async def note_invited(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The people are in, or cannot be."""
    await reporting.members_invited(db, case.number, result["answers"], now)


async def note_card(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """The card stands."""
    await reporting.card_posted(db, case.number, MessageRef(**result), now)


async def note_page(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """Somebody is paged; silence counts from the moment it was said."""
    data = saying.data
    await paging.page_sent(
        db,
        case.number,
        level=data["level"],
        attempt=data["attempt"],
        user=data["user"],
        where=MessageRef(**result),
        linked=case.channel is not None,
        sent_at=now,
        now=now,
    )


async def note_page_shown(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The room sees who is called."""
    await paging.page_shown(
        db,
        case.number,
        level=saying.data["level"],
        attempt=saying.data["attempt"],
        where=MessageRef(**result),
        now=now,
    )


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


def _envelope(event_type: EventType, case: CaseState, saying: Saying, **payload: Any) -> Envelope:
    return Envelope(event_type, {"case": case.number, **payload, "key": saying.key})


def _room_of(case: CaseState) -> str:
    if case.channel is None:
        raise LookupError(f"{case.number} has no room yet")
    return case.channel


def _is_page(stands: PageState, data: Result) -> bool:
    return (stands.level, stands.attempt, stands.user) == (data["level"], data["attempt"], data["user"])


def _is_of(stands: PageState, saying: Saying) -> bool:
    return (stands.level, stands.attempt) == (saying.data["level"], saying.data["attempt"])


async def _unless_done(call: Awaitable[Any]) -> None:
    try:
        await call
    except SlackApiError as error:
        if code_of(error) not in DONE:
            raise
