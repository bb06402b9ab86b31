"""Inquiries (問い合わせ): by when each is answered, who is asked for it, and when the room hears of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.organisation import Organisation, QuietHours
from bot.policy.reminders import morning, mornings
from bot.policy.state import CaseState, EventState, InquiryState
from bot.policy.tasks import in_the_room
from bot.vocabulary import InquirySource, InquiryStatus, LogKind, Role

#: The company answers these with one voice: who may speak stands in `access.py`, and the room hears of each.
ONE_VOICE: Final = frozenset({InquirySource.PRESS, InquirySource.MINISTRY})
#: Answers that may stand in the questions and answers for the press; what a ministry asks is its own affair.
FOR_THE_FAQ: Final = frozenset({InquirySource.PRESS, InquirySource.PARTNER, InquirySource.PERSON})

#: Journalists write for today, on holidays too: hours, and never at night.
PRESS_WITHIN: Final = timedelta(hours=3)
MORNING_OF_THE_PRESS: Final = time(9, 0)
#: The others wait for office hours: so many days on, at the end of a day on which offices are open. Partners
#: and ministries plan by the answer; persons concerned may wait for facts, but not for long.
WITHIN_DAYS: Final[Mapping[InquirySource, int]] = {
    InquirySource.MINISTRY: 1,
    InquirySource.PARTNER: 1,
    InquirySource.PERSON: 3,
    InquirySource.OTHER: 3,
}
END_OF_OFFICE_HOURS: Final = time(17, 0)

#: What is to be answered within these hours is asked after one hour before, anything else in the morning.
SHORT: Final = timedelta(hours=12)
HOUR: Final = timedelta(hours=1)


#: The reason of an inquiry that goes on in the case its own was joined to; people write theirs themselves.
GOES_ON: Final = "goes_on"


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be said of inquiries, as of `moment`: their numbers, and those of them that are news."""

    moment: datetime
    inquiries: tuple[int, ...]
    fresh: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many inquiries there are, and how far they are."""

    total: int
    open: int
    overdue: int
    answered: int


def open_inquiries(case: CaseState) -> tuple[InquiryState, ...]:
    """Those that wait for an answer, the next due first."""
    waiting = (each for each in case.inquiries if each.status is InquiryStatus.OPEN)
    return tuple(sorted(waiting, key=lambda each: (each.due_at, each.number)))


def in_order(case: CaseState) -> tuple[InquiryState, ...]:
    """As they are listed: open ones by their time, then the others, newest first."""
    settled = [each for each in case.inquiries if each.status is not InquiryStatus.OPEN]
    return (*open_inquiries(case), *sorted(settled, key=lambda each: -each.number))


def count(case: CaseState, now: datetime) -> Count:
    """How far they are at `now`."""
    waiting = open_inquiries(case)
    return Count(
        total=len(case.inquiries),
        open=len(waiting),
        overdue=sum(each.due_at <= now for each in waiting),
        answered=sum(each.status is InquiryStatus.ANSWERED for each in case.inquiries),
    )


def for_the_faq(case: CaseState) -> tuple[InquiryState, ...]:
    """Answered ones that somebody wants in the questions and answers for the press."""
    return tuple(
        each
        for each in case.inquiries
        if each.faq and each.status is InquiryStatus.ANSWERED and each.question and each.answer
    )


def usual_due(
    source: InquirySource,
    received_at: datetime,
    zone: ZoneInfo,
    quiet: QuietHours | None,
    is_closed: Callable[[date], object],
) -> datetime:
    """By when an inquiry is answered where nobody says otherwise.

    In: when it came (UTC), the organisation's zone and quiet hours, and whether offices are closed on a day
    (`law.calendar.closed`). Out: UTC.
    """
    local = received_at.astimezone(zone)
    if source is InquirySource.PRESS:
        due = local + PRESS_WITHIN
        if quiet is not None and quiet.holds(due.time()):
            day = quiet.end_after(due).date()
            due = datetime.combine(day, max(MORNING_OF_THE_PRESS, quiet.end), tzinfo=zone)
        return due.astimezone(received_at.tzinfo)
    day = local.date() + timedelta(days=WITHIN_DAYS[source])
    while is_closed(day):
        day += timedelta(days=1)
    return datetime.combine(day, END_OF_OFFICE_HOURS, tzinfo=zone).astimezone(received_at.tzinfo)


def asked(case: CaseState, inquiry: InquiryState) -> tuple[str, ...]:
    """Who is asked for an answer: whoever was named, else the privacy office.

    A mention rings only for members, so nobody is asked who is not in the room.
    """
    if inquiry.owner and is_here(case, inquiry.owner):
        return (inquiry.owner,)
    return in_the_room(case, Role.PRIVACY_OFFICE)


def is_here(case: CaseState, user: str) -> bool:
    """Whether somebody of the company is in the room."""
    member = case.members.get(user)
    return member is not None and member.left_at is None and not member.outsider and not member.error


def is_for_the_room(event: EventState) -> bool:
    """Whether an entry about an inquiry is told: what needs one voice, and whoever got one from another.

    A help desk that records hundreds of calls must not drown the room; what was answered at once is told
    with its answer.
    """
    data = event.data
    if data.get("answered"):
        return False
    if event.kind is not LogKind.INQUIRY_ANSWERED and data.get("to") not in (None, event.actor):
        return True
    return event.kind is not LogKind.INQUIRY_ASSIGNED and data.get("source") in ONE_VOICE


def inquiries_due(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[Due | None, datetime | None]:
    """What is to be said of inquiries whose answer is due, and the moment of the next word.

    Each is asked after when its time is near and again when it has passed, then all that are late together
    each morning, as long as somebody waits: after the case is closed too. However much was missed meanwhile,
    it is one message.
    """
    waiting = open_inquiries(case)
    moments = {each.number: _moments(each, organisation) for each in waiting}
    come = {
        number: max(at for at in times if at <= now) for number, times in moments.items() if times[0] <= now
    }
    ahead = [at for times in moments.values() for at in times if at > now]
    late = {each.number: each.due_at for each in waiting if each.due_at <= now}
    this_morning, next_morning = mornings(organisation.reminders, organisation.timezone, now)
    next_at = min([*ahead, *([next_morning] if late else [])], default=None)
    if not come:
        return None, next_at
    last: dict[int, datetime] = {}
    for event in case.events_of(LogKind.INQUIRIES_REMINDED):
        moment = datetime.fromisoformat(event.data["moment"])
        last |= dict.fromkeys(event.data["inquiries"], moment)
    fresh = tuple(n for n, at in come.items() if n not in last or last[n] < at)
    again = tuple(n for n, due_at in late.items() if due_at < this_morning)
    repeated = any(n not in last or last[n] < this_morning for n in again)
    if not fresh and not repeated:
        return None, next_at
    moment = max([*(come[n] for n in fresh), *([this_morning] if repeated else [])])
    said = tuple(n for n in come if n in fresh or (repeated and n in again))
    return Due(moment, said, fresh), next_at


def _moments(inquiry: InquiryState, organisation: Organisation) -> tuple[datetime, ...]:
    """When it is asked after, earliest first: before its time where there is some left, and at its time."""
    if inquiry.due_at - inquiry.received_at <= SHORT:
        soon = inquiry.due_at - HOUR
    else:
        on = inquiry.due_at.astimezone(organisation.timezone).date()
        start = datetime.combine(on, morning(organisation.reminders), tzinfo=organisation.timezone)
        soon = start.astimezone(inquiry.due_at.tzinfo)
    return (soon, inquiry.due_at) if inquiry.received_at < soon < inquiry.due_at else (inquiry.due_at,)
