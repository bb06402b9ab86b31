"""What does this case need now? The whole protocol, top to bottom, as one pure function.

Steps only change the case; `needs` answers what follows from it. Nobody schedules and nobody cancels:
whatever this function no longer asks for is no longer said. What was said already is the outbox's memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from bot.organisation import Organisation
from bot.policy.paging import Call, Paging, paging
from bot.policy.reminders import TOKYO, morning, reminder_now
from bot.policy.state import CaseState, EventState, MemberState
from bot.policy.steps import STEPS, silence
from bot.vocabulary import LogKind, Notice


class Say(StrEnum):
    """Everything that can be said or done; each has its function in `slack/deliveries.py`."""

    PAGE_DIRECT = "page_direct"
    ROOM = "room"
    RECEIPT = "receipt"
    INVITE = "invite"
    CARD = "card"
    PAGE_ROOM = "page_room"
    ASK_DIRECT = "ask_direct"
    ASK_ROOM = "ask_room"
    LAPSE = "lapse"
    TOPIC = "topic"
    PIN = "pin"
    SKIP = "skip"
    NOTICE = "notice"
    REMINDER = "reminder"
    CARD_REDRAW = "card_redraw"
    PAGE_REDRAW = "page_redraw"
    PAGE_ROOM_REDRAW = "page_room_redraw"
    RECEIPT_REDRAW = "receipt_redraw"


class Priority(IntEnum):
    """Paging goes before everything else, redrawing comes last."""

    PAGE = 0
    ROOM = 1
    RECEIPT = 2
    CARD = 3
    ROOM_PAGE = 4
    WORD = 5
    FURNITURE = 6
    REDRAW = 7


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to say. `key` says what it is for; things of one `lane` are said in order."""

    key: str
    say: Say
    lane: str
    priority: Priority
    data: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class Needs:
    """What is wanted at this moment, and when to ask again (None: not before somebody does something)."""

    wanted: tuple[Need, ...]
    next_at: datetime | None
    next_word_at: datetime | None  # the same for words that people hear; drawing the card again is none

    def wants(self, key: str) -> bool:
        """Whether this is (still) to be said."""
        return any(need.key == key for need in self.wanted)


#: Log entries the room is told of, and the notice that tells it.
ANNOUNCED: dict[LogKind, Notice] = {
    LogKind.ACKNOWLEDGED: Notice.ACKNOWLEDGED,
    LogKind.PAGE_SKIPPED: Notice.PAGE_SKIPPED,
    LogKind.HANDED_OVER: Notice.HANDED_OVER,
    LogKind.CANNOT: Notice.CANNOT,
    LogKind.STILL_WORKING: Notice.STILL_WORKING,
    LogKind.LAPSED: Notice.LAPSED,
    LogKind.OUTSIDER_JOINED: Notice.OUTSIDER_JOINED,
    LogKind.FACTS_ADDED: Notice.FACTS_ADDED,
    LogKind.ASSESSMENT_CONFIRMED: Notice.ASSESSMENT_CONFIRMED,
    LogKind.REASSESSED: Notice.REASSESSED,
    LogKind.SUBMISSION_RECORDED: Notice.SUBMISSION_RECORDED,
    LogKind.CLOSED: Notice.CLOSED,
}
#: Log entries after which the card looks different.
REDRAWS = frozenset(
    {
        LogKind.ACKNOWLEDGED,
        LogKind.HANDED_OVER,
        LogKind.CANNOT,
        LogKind.LAPSED,
        LogKind.OUTSIDER_JOINED,
        LogKind.MEMBER_LEFT,
        LogKind.FACTS_ADDED,
        LogKind.OBLIGATIONS_CHANGED,
        LogKind.ASSESSMENT_CONFIRMED,
        LogKind.REASSESSED,
        LogKind.SUBMISSION_RECORDED,
        LogKind.REMINDED,
        LogKind.CLOSED,
    }
)
#: The log entries that `needs` reads; a state built with these kinds is enough.
READ = frozenset(ANNOUNCED) | REDRAWS | STEPS | {LogKind.ASKED, LogKind.RECEIPT_SENT, LogKind.CARD_POSTED}

NEAR = timedelta(days=7)  # while a deadline is nearer than this, the card is drawn again each morning


def needs(case: CaseState, organisation: Organisation, now: datetime) -> Needs:
    """What this case needs at `now` (UTC), and when it should next be asked."""
    calls = _called(case, organisation, now)
    wanted = [
        *_somebody_is_called(case, calls),
        *_the_room_is_open(case),
        *_the_reporter_knows(case),
        *_the_room_has_its_people_and_card(case),
        *_the_room_sees_who_is_called(case, calls),
        *_the_room_hears_what_happened(case),
    ]
    moments = [calls.next_at]
    for need, next_at in _deadlines_are_not_forgotten(case, organisation, now):
        wanted += [need] if need else []
        moments.append(next_at)
    card, next_morning = _the_card_is_current(case, organisation, now)
    wanted += card
    asked, ask_at = _whoever_has_it_is_still_there(case, organisation, now)
    wanted += asked
    moments.append(ask_at)
    wanted += _old_messages_are_current(case, calls)
    return Needs(tuple(wanted), _earliest([*moments, next_morning]), _earliest(moments))


def page_key(case: CaseState, level: int, attempt: int, user: str) -> str:
    """The key of one person's page."""
    return f"{case.number}/page/{level}/{attempt}/{user}"


def room_page_key(case: CaseState, level: int, attempt: int) -> str:
    """The key of the page in the room, which calls everybody of the level."""
    return f"{case.number}/page/{level}/{attempt}"


def _called(case: CaseState, organisation: Organisation, now: datetime) -> Paging:
    """Those called until somebody has the case, and those called beside somebody who fell silent."""
    quiet = silence(case, organisation.paging.step_within, now)
    return Paging(quiet.calls, (), None) if quiet and quiet.calls else paging(case, now)


def _somebody_is_called(case: CaseState, calls: Paging) -> Iterator[Need]:
    for call in calls.calls:
        for user in call.users:
            yield Need(
                page_key(case, call.level, call.attempt, user),
                Say.PAGE_DIRECT,
                f"user:{user}",
                Priority.PAGE,
                {
                    "level": call.level,
                    "attempt": call.attempt,
                    "user": user,
                    "patience": case.acknowledge_within.total_seconds(),
                },
            )
    told = {
        (e.data.get("turn", 0), e.data.get("level"), e.data.get("reference"))
        for e in _events(case, LogKind.PAGE_SKIPPED)
    }
    for skip in calls.skips:
        if (case.turn, skip.level, skip.reference) not in told:
            yield Need(
                f"{case.number}/skip/{skip.level}/{skip.reference}{_of_turn(case)}",
                Say.SKIP,
                f"skip:{case.number}",
                Priority.PAGE,
                {"level": skip.level, "reference": skip.reference, "user": skip.user, "reason": skip.reason}
                | ({"instead": skip.instead} if skip.instead else {}),
            )


def _the_room_is_open(case: CaseState) -> Iterator[Need]:
    if case.channel is None:
        yield Need(f"{case.number}/room", Say.ROOM, f"open:{case.number}", Priority.ROOM)


def _the_reporter_knows(case: CaseState) -> Iterator[Need]:
    yield Need(f"{case.number}/receipt", Say.RECEIPT, f"user:{case.reporter}", Priority.RECEIPT)


def _the_room_has_its_people_and_card(case: CaseState) -> Iterator[Need]:
    if case.channel is None:
        return
    asked = sum(1 for m in case.members.values() if m.invited_at or m.error)
    if asked < len(case.members):
        # Named by how many were asked before: people who come later make a new invitation, and so does
        # whoever left the room and is called again.
        again = "".join(f"/{m.left_at.isoformat()}" for m in _to_invite(case) if m.left_at)
        yield Need(f"{case.number}/invite/{asked}{again}", Say.INVITE, f"invite:{case.number}", Priority.ROOM)
    yield Need(f"{case.number}/card", Say.CARD, f"room:{case.number}", Priority.CARD)
    if case.card is not None:
        # After the card, which is the room's first message: setting a topic posts one of Slack's own.
        yield Need(f"{case.number}/pin", Say.PIN, f"pin:{case.number}", Priority.FURNITURE)
        yield Need(f"{case.number}/topic", Say.TOPIC, f"topic:{case.number}", Priority.FURNITURE)


def _the_room_sees_who_is_called(case: CaseState, calls: Paging) -> Iterator[Need]:
    if case.card is None:
        return
    for call in calls.calls:
        if _everybody_was_invited(case, call):
            yield Need(
                room_page_key(case, call.level, call.attempt),
                Say.PAGE_ROOM,
                f"room:{case.number}",
                Priority.ROOM_PAGE,
                {"level": call.level, "attempt": call.attempt, "users": list(call.users)},
            )


def _everybody_was_invited(case: CaseState, call: Call) -> bool:
    """A mention rings only for members, so the page in the room waits for the invitation's answer."""
    members = (case.members.get(user) for user in call.users)
    return all(m is not None and (m.invited_at or m.error) for m in members)


def _the_room_hears_what_happened(case: CaseState) -> Iterator[Need]:
    if case.card is None:
        return
    for event in case.events:
        if notice := ANNOUNCED.get(event.kind):
            yield Need(
                f"{case.number}/{notice}/{event.seq}",
                Say.NOTICE,
                f"room:{case.number}",
                Priority.WORD,
                {"notice": notice, "seq": event.seq},
            )


def _deadlines_are_not_forgotten(
    case: CaseState, organisation: Organisation, now: datetime
) -> Iterator[tuple[Need | None, datetime | None]]:
    if case.closed_at is not None:
        return
    for obligation in case.open_obligations:
        reminder, next_at = reminder_now(obligation, organisation.reminders, organisation.timezone, now)
        need = None
        if reminder and case.card is not None and obligation.due_at:
            due_on = obligation.due_at.astimezone(TOKYO).date()
            need = Need(
                f"{case.number}/{obligation.kind}/{due_on}/{reminder.step}",
                Say.REMINDER,
                f"room:{case.number}",
                Priority.WORD,
                {"obligation": obligation.kind, "kind": reminder.kind, "step": reminder.step},
            )
        yield need, next_at


def _whoever_has_it_is_still_there(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[list[Need], datetime | None]:
    """A case somebody took, and nobody did anything about since, is asked after and then called again."""
    quiet = silence(case, organisation.paging.step_within, now)
    if quiet is None:
        return [], None
    about: dict[str, Any] = {"user": quiet.holder, "step": quiet.step}
    wanted: list[Need] = []
    if quiet.ask:
        key = f"{case.number}/still_there/{quiet.step}"
        lane = f"user:{quiet.holder}"
        wanted.append(Need(f"{key}/{quiet.holder}", Say.ASK_DIRECT, lane, Priority.RECEIPT, about))
        if case.card is not None:
            wanted.append(Need(key, Say.ASK_ROOM, f"room:{case.number}", Priority.WORD, about))
    if quiet.lapse:
        level, attempt = quiet.lapse
        key = f"{case.number}/lapse/{quiet.step}/{level}"
        about = {**about, "level": level, "attempt": attempt}
        wanted.append(Need(key, Say.LAPSE, f"lapse:{case.number}", Priority.PAGE, about))
    return wanted, quiet.next_at


def _the_card_is_current(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[list[Need], datetime | None]:
    """The card is drawn again after a step that shows on it, and each morning while a deadline is near."""
    if case.card is None:
        return [], None
    posted = _events(case, LogKind.CARD_POSTED)
    newest = max((e.seq for e in case.events if e.kind in REDRAWS), default=0)
    changed = bool(posted) and newest > posted[-1].seq
    today, next_morning = _mornings(case, organisation, now)
    if posted and today is not None and posted[-1].at >= _morning(organisation, today):
        today = None
    if not changed and today is None:
        return [], next_morning
    version = f"{newest}" + (f"/{today}" if today else "")
    need = Need(
        f"{case.number}/card/{version}",
        Say.CARD_REDRAW,
        f"card:{case.number}",
        Priority.REDRAW,
    )
    return [need], next_morning


def _mornings(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[date | None, datetime | None]:
    """The newest morning on which the card showed a near deadline, and the next one."""
    due = [o.due_at for o in case.open_obligations if o.due_at and o.due_at > now]
    if not due or case.closed_at is not None:
        return None, None
    near_from = min(due) - NEAR
    day = now.astimezone(organisation.timezone).date()
    last = day if _morning(organisation, day) <= now else day - timedelta(days=1)
    following = max(last + timedelta(days=1), near_from.astimezone(organisation.timezone).date())
    next_at = _morning(organisation, following)
    if next_at < near_from:
        next_at = _morning(organisation, following + timedelta(days=1))
    return (last if _morning(organisation, last) >= near_from else None), next_at


def _morning(organisation: Organisation, day: date) -> datetime:
    return datetime.combine(day, morning(organisation.reminders), tzinfo=organisation.timezone)


def _old_messages_are_current(case: CaseState, calls: Paging) -> Iterator[Need]:
    """Messages already sent gain the link to the room, and lose their button once somebody has the case."""
    state = ("answered" if case.acknowledged_at or case.closed_at else "linked") + _of_turn(case)
    answered = state.startswith("answered")
    still_called = {(call.level, call.attempt) for call in calls.calls} if answered else set()
    given_up = case.turn > 0 and not answered  # what said that somebody has it says so no more
    for page in case.pages:
        old = given_up and page.turn < case.turn
        if (page.level, page.attempt) in still_called:
            continue
        if page.direct and (answered or old or (case.channel and not page.linked)):
            key = page_key(case, page.level, page.attempt, page.user)
            yield Need(
                f"{key}/{state}",
                Say.PAGE_REDRAW,
                f"redraw:{key}",
                Priority.REDRAW,
                {"level": page.level, "attempt": page.attempt, "user": page.user},
            )
    if answered or given_up:
        shown = {(p.level, p.attempt) for p in case.pages if p.room and (answered or p.turn < case.turn)}
        for level, attempt in sorted(shown - still_called):
            key = room_page_key(case, level, attempt)
            yield Need(
                f"{key}/{state}",
                Say.PAGE_ROOM_REDRAW,
                f"redraw:{key}",
                Priority.REDRAW,
                {"level": level, "attempt": attempt},
            )
    receipt = _events(case, LogKind.RECEIPT_SENT)
    if receipt and (answered or given_up or (case.channel and not receipt[-1].data.get("linked"))):
        yield Need(
            f"{case.number}/receipt/{state}",
            Say.RECEIPT_REDRAW,
            f"redraw:{case.number}/receipt",
            Priority.REDRAW,
        )


def _to_invite(case: CaseState) -> list[MemberState]:
    return [m for m in case.members.values() if not m.invited_at and not m.error]


def _of_turn(case: CaseState) -> str:
    """What makes a key of a later walk through the chain another one than that of the walk before."""
    return f"/{case.turn}" if case.turn else ""


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _events(case: CaseState, kind: LogKind) -> list[EventState]:
    return [event for event in case.events if event.kind is kind]
