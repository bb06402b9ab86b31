"""Inquiries: by when each is answered, who is asked, and what the room hears of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.law.calendar import closed
from bot.organisation import QuietHours
from bot.policy.access import check_answer, check_inquiries
from bot.policy.inquiries import (
    asked,
    count,
    for_the_faq,
    in_order,
    inquiries_due,
    is_for_the_room,
    open_inquiries,
    usual_due,
)
from bot.policy.need import Need, Say
from bot.policy.needs import needs
from bot.policy.standing import Kind
from bot.policy.state import CaseState, EventState, InquiryState, MemberState
from bot.vocabulary import InquiryChannel, InquirySource, InquiryStatus, LogKind, Notice, Role
from tests.policy.situations import ORGANISATION, REPORTED, TOKYO, a_case, with_room

QUIET = ORGANISATION.reminders.quiet_hours
OFFICE = frozenset({"U0PRIVACY"})
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    """A moment in Japan. 22 November 2026 is a Sunday, the 23rd a holiday."""
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def an_inquiry(number: int = 1, **changes: Any) -> InquiryState:
    """A journalist called at ten on Tuesday, and is answered by one."""
    inquiry = InquiryState(
        number=number,
        source=InquirySource.PRESS,
        channel=InquiryChannel.PHONE,
        received_at=at(24, 10),
        due_at=at(24, 13),
        recorded_by="U0DEPUTY",
        question="何人分ですか",
        who="新聞社",
    )
    return replace(inquiry, **changes)


def with_inquiries(*inquiries: InquiryState, **changes: Any) -> CaseState:
    return with_room(a_case(inquiries=inquiries, acknowledged_at=at(22, 22), **changes))


def told(case: CaseState, due: Any) -> CaseState:
    """The case after the room heard of these inquiries."""
    data = {
        "moment": due.moment.isoformat(),
        "inquiries": list(due.inquiries),
        "fresh": list(due.fresh),
    }
    seq = 1 + max(event.seq for event in case.events)
    event = EventState(seq, due.moment, "leakbot", LogKind.INQUIRIES_REMINDED, data)
    return replace(case, events=(*case.events, event))


# --- by when ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "received", "due"),
    [
        (InquirySource.PRESS, at(24, 10), at(24, 13)),
        (InquirySource.PRESS, at(22, 15), at(22, 18)),  # a Sunday is a day like any other to a newspaper
        (InquirySource.PRESS, at(24, 18, 59), at(24, 21, 59)),
        (InquirySource.PRESS, at(24, 19), at(25, 9)),  # it would be ten in the evening
        (InquirySource.PRESS, at(24, 2), at(24, 9)),
        (InquirySource.MINISTRY, at(24, 10), at(25, 17)),
        (InquirySource.MINISTRY, at(20, 10), at(24, 17)),  # a Friday before a Monday that is a holiday
        (InquirySource.PARTNER, at(30, 23, month=12), at(4, 17, month=1, year=2027)),
        (InquirySource.PERSON, at(24, 10), at(27, 17)),
        (InquirySource.PERSON, at(25, 10), at(30, 17)),  # the third day is a Saturday
        (InquirySource.OTHER, at(24, 10), at(27, 17)),
    ],
)
def test_by_when_each_is_answered_where_nobody_says_otherwise(
    source: InquirySource, received: datetime, due: datetime
) -> None:
    assert usual_due(source, received, TOKYO, QUIET, closed) == due


def test_every_source_has_a_usual_time_after_it_came_whatever_the_quiet_hours() -> None:
    quiets = (None, QUIET, QuietHours(QUIET.end, QUIET.start) if QUIET else None)
    for source in InquirySource:
        for hour in range(24):
            for quiet in quiets:
                due = usual_due(source, at(24, hour), TOKYO, quiet, closed)
                assert at(24, hour) + HOUR < due < at(24, hour) + timedelta(days=8)
                assert due.utcoffset() == timedelta(0)


# --- which are open, and who is asked -------------------------------------------------------------


def test_open_ones_come_first_by_their_time_and_the_others_newest_first() -> None:
    case = with_inquiries(
        an_inquiry(1, status=InquiryStatus.ANSWERED),
        an_inquiry(2, due_at=at(26, 9)),
        an_inquiry(3, status=InquiryStatus.CLOSED),
        an_inquiry(4),
        an_inquiry(5),
    )
    assert [each.number for each in open_inquiries(case)] == [4, 5, 2]
    assert [each.number for each in in_order(case)] == [4, 5, 2, 3, 1]
    found = count(case, at(24, 13))
    assert (found.total, found.open, found.overdue, found.answered) == (5, 3, 2, 1)
    assert open_inquiries(a_case()) == ()


def test_whoever_was_named_is_asked_else_the_office_and_nobody_who_is_not_in_the_room() -> None:
    case = with_inquiries(an_inquiry())
    office = MemberState("U0PRIVACY", Role.PRIVACY_OFFICE, invited_at=at(22, 22))
    case = replace(case, members={**case.members, "U0PRIVACY": office})
    named = an_inquiry(owner="U0DEPUTY")
    assert asked(case, named) == ("U0DEPUTY",)
    assert asked(case, an_inquiry()) == ("U0PRIVACY",)
    assert asked(case, an_inquiry(owner="U0ELSEWHERE")) == ("U0PRIVACY",)
    gone = replace(case.members["U0DEPUTY"], left_at=at(24, 9))
    assert asked(replace(case, members={**case.members, "U0DEPUTY": gone}), named) == ("U0PRIVACY",)


def test_the_faq_takes_what_was_answered_and_ticked() -> None:
    case = with_inquiries(
        an_inquiry(1, status=InquiryStatus.ANSWERED, answer="800人です", faq=True),
        an_inquiry(2, status=InquiryStatus.ANSWERED, answer="800人です"),
        an_inquiry(3, faq=True),
        an_inquiry(4, status=InquiryStatus.ANSWERED, answer=None, faq=True),
    )
    assert [each.number for each in for_the_faq(case)] == [1]


# --- who may ------------------------------------------------------------------------------------

OURS = a_case(
    members={
        "U0LEGAL": MemberState("U0LEGAL", Role.RESPONSE_TEAM, invited_at=at(22, 22)),
        "U0MANAGER": MemberState("U0MANAGER", Role.MANAGER, invited_at=at(22, 22)),
        "U0PR": MemberState("U0PR", Role.VISITOR, invited_at=at(22, 22)),
    }
)


@pytest.mark.parametrize("source", InquirySource)
def test_the_press_and_ministries_hear_one_voice(source: InquirySource) -> None:
    one_voice = source in (InquirySource.PRESS, InquirySource.MINISTRY)
    for person in ("U0PRIVACY", "U0MANAGER"):
        check_answer(OURS, source, person, OFFICE)
    check_answer(OURS, source, "U0PR", OFFICE, speakers=("U0PR",))
    if one_voice:
        with pytest.raises(Refused, match="one_voice"):
            check_answer(OURS, source, "U0LEGAL", OFFICE, speakers=("U0PR",))
    else:
        check_answer(OURS, source, "U0LEGAL", OFFICE)


def test_whoever_speaks_for_the_department_needs_to_be_in_the_room() -> None:
    with pytest.raises(Refused, match="not_found"):
        check_answer(OURS, InquirySource.PRESS, "U0STRANGER", OFFICE, speakers=("U0STRANGER",))
    with pytest.raises(Refused, match="not_found"):
        check_inquiries(OURS, "U0LEGAL", OFFICE, Kind.EXTERNAL)


def test_they_go_on_after_the_end_but_not_without_their_words() -> None:
    check_inquiries(replace(OURS, closed_at=at(25, 9)), "U0LEGAL", OFFICE)
    with pytest.raises(Refused, match="case_blanked"):
        check_inquiries(replace(OURS, closed_at=at(25, 9), blanked_at=at(26, 9)), "U0LEGAL", OFFICE)


# --- what the room hears ------------------------------------------------------------------------


def an_event(kind: LogKind, **data: Any) -> EventState:
    return EventState(9, at(24, 10), "U0DEPUTY", kind, {"inquiry": 1, **data})


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (an_event(LogKind.INQUIRY_RECORDED, source="press", to=None), True),
        (an_event(LogKind.INQUIRY_RECORDED, source="ministry", to="U0DEPUTY"), True),
        (an_event(LogKind.INQUIRY_RECORDED, source="person", to=None), False),
        (an_event(LogKind.INQUIRY_RECORDED, source="person", to="U0DEPUTY"), False),
        (an_event(LogKind.INQUIRY_RECORDED, source="person", to="U0MANAGER"), True),
        (an_event(LogKind.INQUIRY_RECORDED, source="press", to="U0MANAGER", answered=True), False),
        (an_event(LogKind.INQUIRY_ASSIGNED, source="press", due_at="x"), False),
        (an_event(LogKind.INQUIRY_ASSIGNED, source="press", to="U0DEPUTY"), False),
        (an_event(LogKind.INQUIRY_ASSIGNED, source="partner", to="U0MANAGER"), True),
        (an_event(LogKind.INQUIRY_ANSWERED, source="press"), True),
        (an_event(LogKind.INQUIRY_ANSWERED, source="press", corrected=True), True),
        (an_event(LogKind.INQUIRY_ANSWERED, source="partner"), False),
        (EventState(9, at(24, 10), "U0DEPUTY", LogKind.INQUIRY_RECORDED, {"blanked": True}), False),
    ],
)
def test_the_room_hears_what_needs_one_voice_and_whoever_was_asked(event: EventState, heard: bool) -> None:
    assert is_for_the_room(event) is heard
    case = with_inquiries(an_inquiry(due_at=at(28, 9)))
    case = replace(case, events=(*case.events, event))
    said = [need for need in needs(case, ORGANISATION, at(24, 10)).wanted if need.say is Say.NOTICE]
    assert [need.data["seq"] for need in said] == ([9] if heard else [])


def test_a_short_one_is_asked_after_an_hour_before_and_when_its_time_has_come() -> None:
    case = with_inquiries(an_inquiry())
    assert inquiries_due(case, ORGANISATION, at(24, 11, 59)) == (None, at(24, 12))
    soon, next_at = inquiries_due(case, ORGANISATION, at(24, 12))
    assert soon is not None
    assert (soon.moment, soon.inquiries, soon.fresh) == (at(24, 12), (1,), (1,))
    assert next_at == at(24, 13)
    case = told(case, soon)
    assert inquiries_due(case, ORGANISATION, at(24, 12, 30)) == (None, at(24, 13))
    late, next_at = inquiries_due(case, ORGANISATION, at(24, 13))
    assert late is not None
    assert (late.moment, late.inquiries) == (at(24, 13), (1,))
    assert next_at == at(25, 7)
    assert inquiries_due(told(case, late), ORGANISATION, at(24, 20)) == (None, at(25, 7))


def test_a_longer_one_is_asked_after_in_the_morning_of_its_day() -> None:
    case = with_inquiries(an_inquiry(source=InquirySource.PERSON, due_at=at(27, 17)))
    assert inquiries_due(case, ORGANISATION, at(24, 10)) == (None, at(27, 7))
    soon, next_at = inquiries_due(case, ORGANISATION, at(27, 7))
    assert soon is not None
    assert next_at == at(27, 17)


def test_what_is_late_is_said_together_each_morning_in_one_message() -> None:
    case = with_inquiries(
        an_inquiry(1), an_inquiry(2, due_at=at(24, 13, 30)), an_inquiry(3, due_at=at(28, 9))
    )
    due, next_at = inquiries_due(case, ORGANISATION, at(26, 12))
    assert due is not None, "the bot was down for two days"
    assert (due.moment, due.inquiries) == (at(26, 7), (1, 2))
    assert next_at == at(27, 7)
    case = told(case, due)
    assert inquiries_due(case, ORGANISATION, at(27, 6, 59))[0] is None
    due, _ = inquiries_due(case, ORGANISATION, at(27, 7))
    assert due is not None
    assert (due.inquiries, due.fresh) == ((1, 2), ())


def test_one_that_was_recorded_late_is_said_although_the_same_moment_was_said_before() -> None:
    case = with_inquiries(an_inquiry())
    (first,) = words(case, at(24, 12))
    due, _ = inquiries_due(case, ORGANISATION, at(24, 12))
    case = told(replace(case, inquiries=(*case.inquiries, an_inquiry(2))), due)
    (second,) = words(case, at(24, 12, 10))
    assert second.data["inquiries"] == [2]
    assert second.key != first.key


def test_nothing_is_said_of_what_was_answered_or_needs_no_answer() -> None:
    for status in (InquiryStatus.ANSWERED, InquiryStatus.CLOSED):
        case = with_inquiries(an_inquiry(status=status))
        assert inquiries_due(case, ORGANISATION, at(26, 12)) == (None, None)


def test_a_later_time_is_waited_for_and_asked_after_again() -> None:
    case = with_inquiries(an_inquiry())
    due, _ = inquiries_due(case, ORGANISATION, at(24, 13))
    assert due
    case = replace(told(case, due), inquiries=(an_inquiry(due_at=at(24, 18)),))
    assert inquiries_due(case, ORGANISATION, at(24, 13, 1)) == (None, at(24, 17))
    again, _ = inquiries_due(case, ORGANISATION, at(24, 17))
    assert again is not None
    assert again.fresh == (1,)


def words(case: CaseState, now: datetime) -> list[Need]:
    return [need for need in needs(case, ORGANISATION, now).wanted if need.say is Say.INQUIRIES_DUE]


def test_the_word_goes_to_the_room_once_and_after_the_end_of_the_case_too() -> None:
    case = with_inquiries(an_inquiry())
    (need,) = words(case, at(24, 13))
    assert need.key == f"2026-0001/{Notice.INQUIRIES_DUE}/{at(24, 13).isoformat()}/1"
    assert need.lane == "room:2026-0001"
    assert need.data == {"moment": at(24, 13).isoformat(), "inquiries": [1], "fresh": [1]}
    ended = replace(case, closed_at=at(24, 12))
    assert words(ended, at(24, 13)) == [need]
    assert needs(ended, ORGANISATION, at(24, 12, 30)).next_at == at(24, 13)
    due, _ = inquiries_due(case, ORGANISATION, at(24, 13))
    assert words(told(ended, due), at(24, 14)) == []
    assert len(words(told(ended, due), at(25, 7))) == 1
    assert words(replace(case, card=None), at(24, 13)) == [], "without a room nobody can be told"


def test_what_was_said_of_one_is_not_forgotten_over_another() -> None:
    one, other = (
        InquiryState(
            number,
            InquirySource.PRESS,
            InquiryChannel.PHONE,
            REPORTED,
            REPORTED + timedelta(hours=number),
            "U0LEGAL",
        )
        for number in (1, 2)
    )
    said = tuple(
        EventState(
            10 + each.number,
            each.due_at,
            "leakbot",
            LogKind.INQUIRIES_REMINDED,
            {"moment": each.due_at.isoformat(), "inquiries": [each.number]},
        )
        for each in (one, other)
    )
    case = a_case(inquiries=(one, other), events=said)
    word, _ = inquiries_due(case, ORGANISATION, other.due_at + timedelta(minutes=1))
    assert word is None


def test_what_is_due_at_once_is_not_said_to_be_near() -> None:
    soon = InquiryState(
        1,
        InquirySource.PRESS,
        InquiryChannel.PHONE,
        REPORTED,
        REPORTED + timedelta(minutes=30),
        "U0LEGAL",
    )
    assert inquiries_due(a_case(inquiries=(soon,)), ORGANISATION, REPORTED) == (None, soon.due_at)
