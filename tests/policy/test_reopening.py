"""A closed case that goes on: who may, what comes back, and the rooms that a case has one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.policy.access import check_close, check_reopen
from bot.policy.need import ROOM_FURNITURE, ROOM_WORDS, Say
from bot.policy.needs import READ, needs
from bot.policy.paging import paging
from bot.policy.reopening import GivenBack, given_back, has_it_still
from bot.policy.rooms import (
    is_without_room,
    needs_a_room,
    next_room_at,
    of_room,
    old_rooms,
    room_name,
    room_number,
    room_to_enter_again,
    waits_for_the_room,
)
from bot.policy.state import CaseState, EventState, InquiryState, MemberState, MessageRef, TaskState
from bot.vocabulary import (
    InquiryChannel,
    InquirySource,
    InquiryStatus,
    LogKind,
    Notice,
    ObligationKind,
    Role,
    Status,
    TaskPhase,
    TaskStatus,
)
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, a_case, due, paged, with_room

OFFICE = frozenset({"U0PRIVACY"})
DAY = timedelta(days=1)
CLOSED = REPORTED + 30 * DAY
NOW = REPORTED + 60 * DAY


def event(seq: int, kind: LogKind, at: datetime, actor: str = "U0PRIVACY", /, **data: Any) -> EventState:
    return EventState(seq, at, actor, kind, data)


def closed(**changes: Any) -> CaseState:
    """A case of long ago: somebody had it, it was closed, and its room still stands."""
    case = with_room(
        a_case(
            acknowledged_at=REPORTED + MINUTE,
            acknowledged_by="U0MANAGER",
            pages=(replace(paged(0, "U0MANAGER", 0 * MINUTE), acknowledged_at=REPORTED + MINUTE),),
            events=(event(20, LogKind.CLOSED, CLOSED, outcome="recovered"),),
        )
    )
    return replace(case, status=Status.CLOSED, closed_at=CLOSED, **changes)


def reopened(case: CaseState, **changes: Any) -> CaseState:
    """The same case after somebody reopened it."""
    again = event(30, LogKind.REOPENED, NOW, holder=case.acknowledged_by)
    return replace(case, status=Status.ACKNOWLEDGED, closed_at=None, events=(*case.events, again), **changes)


def roomless(case: CaseState, *, was_closed: bool = True) -> CaseState:
    """The same case after its room was archived."""
    lost = event(25, LogKind.ROOM_LOST, CLOSED, "leakbot", channel="C0ROOM", closed=was_closed)
    return replace(case, channel=None, card=None, former_rooms=("C0ROOM",), events=(*case.events, lost))


def keys(case: CaseState, now: datetime = NOW) -> set[str]:
    return {need.key for need in needs(case, ORGANISATION, now).wanted}


def says(case: CaseState, now: datetime = NOW) -> set[Say]:
    return {need.say for need in needs(case, ORGANISATION, now).wanted}


# Who may


def test_the_office_and_the_last_resort_reopen_what_is_closed() -> None:
    check_reopen(closed(), "U0PRIVACY", OFFICE)
    check_reopen(replace(closed(), pages=(paged(2, "U0CISO", MINUTE),)), "U0CISO", OFFICE)
    for person in ("U0MANAGER", "U0REPORTER"):
        with pytest.raises(Refused, match="not_allowed"):
            check_reopen(closed(), person, OFFICE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"closed_at": None}, "not_closed"),
        ({"joined_into": "2026-0002"}, "reopen_joined"),
        ({"blanked_at": CLOSED}, "case_blanked"),
    ],
)
def test_there_must_be_something_to_reopen(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as no:
        check_reopen(replace(closed(), **changes), "U0PRIVACY", OFFICE)
    assert no.value.reason == reason
    assert no.value.values.get("number") == changes.get("joined_into")


def test_a_reopened_case_is_closed_again_like_any_other() -> None:
    check_close(reopened(closed()), "U0PRIVACY", OFFICE)
    with pytest.raises(Refused, match="obligations_open"):
        check_close(reopened(closed(obligations=(due(NOW),))), "U0PRIVACY", OFFICE)


# What comes back


def task(key: str, **changes: Any) -> TaskState:
    return TaskState(key, TaskPhase.FIRST_HOUR, Role.MANAGER, REPORTED + DAY, **changes)


def test_of_a_case_that_was_never_closed_nothing_comes_back() -> None:
    assert given_back(a_case()) == GivenBack((), (), (), None, ())


def test_only_what_the_closure_put_aside_comes_back() -> None:
    aside: dict[str, Any] = {"status": TaskStatus.NOT_APPLICABLE, "at": CLOSED}
    tasks = (task("a", **aside), task("b", **aside), task("c", status=TaskStatus.DONE), task("d"))
    case = closed(tasks=tasks, events=(event(20, LogKind.CLOSED, CLOSED, tasks=["a", "c"]),))
    back = given_back(case)
    assert back.tasks == ("a",), "b was set aside by itself, and c is done"
    assert (back.inquiries, back.obligations, back.facts, back.deviations) == ((), (), None, ())


def test_inquiries_that_were_left_unanswered_with_the_closure_wait_for_an_answer_again() -> None:
    def inquiry(number: int, status: InquiryStatus) -> InquiryState:
        source, way = InquirySource.PRESS, InquiryChannel.PHONE
        return InquiryState(number, source, way, REPORTED, REPORTED + DAY, "U0PRIVACY", status)

    asked = (
        inquiry(1, InquiryStatus.CLOSED),
        inquiry(2, InquiryStatus.CLOSED),
        inquiry(3, InquiryStatus.ANSWERED),
    )
    end = event(20, LogKind.CLOSED, CLOSED, inquiries=[2, 3])
    assert given_back(closed(inquiries=asked, events=(end,))).inquiries == (2,), "3 was answered meanwhile"


def test_a_statement_that_nothing_leaked_is_taken_back_with_what_it_removed() -> None:
    removed = replace(due(REPORTED + 5 * DAY), removed_at=CLOSED)
    earlier = replace(due(REPORTED + 9 * DAY, ObligationKind.FINAL), removed_at=CLOSED - DAY)
    filed = replace(
        due(REPORTED + 5 * DAY, ObligationKind.MN_PRELIMINARY), removed_at=CLOSED, submitted_at=CLOSED
    )
    confirmed = event(
        19, LogKind.ASSESSMENT_CONFIRMED, CLOSED, facts={"certainty": "ruled_out"}, changed=["certainty"]
    )
    data = {"removed": ["preliminary", "final", "mn_preliminary"], "statement": "見つかった"}
    case = closed(
        obligations=(removed, earlier, filed),
        assessment={"decision": "no_report"},
        deviations={
            "publish": {"reason": "見つかった", "by": "U0PRIVACY", "at": CLOSED.isoformat()},
            "company_wide": {"reason": "小さい", "by": "U0PRIVACY", "at": REPORTED.isoformat()},
        },
        events=(confirmed, event(20, LogKind.CLOSED, CLOSED, **data)),
    )
    back = given_back(case)
    assert back.obligations == (ObligationKind.PRELIMINARY,)
    assert back.facts == {"certainty": None}
    assert back.deviations == ("publish",)


def test_what_was_known_before_the_statement_is_known_again() -> None:
    undetermined = event(
        9, LogKind.ASSESSMENT_CONFIRMED, REPORTED, facts={"certainty": "suspected"}, changed=[]
    )
    confirmed = event(
        19, LogKind.ASSESSMENT_CONFIRMED, CLOSED, facts={}, changed=["certainty", "recovered_unread"]
    )
    end = event(20, LogKind.CLOSED, CLOSED, statement="見つかった")
    case = closed(assessment={"decision": "no_report"}, events=(undetermined, confirmed, end))
    assert given_back(case).facts == {"certainty": "suspected", "recovered_unread": None}


def test_a_decision_of_another_day_stands() -> None:
    confirmed = event(9, LogKind.ASSESSMENT_CONFIRMED, REPORTED, facts={}, changed=["certainty"])
    end = event(20, LogKind.CLOSED, CLOSED, statement="見つかった")
    assert given_back(closed(assessment={"decision": "report"}, events=(confirmed, end))).facts is None


def test_whoever_had_it_has_it_again_unless_they_are_gone() -> None:
    case = closed()
    assert has_it_still(case, ())
    assert not has_it_still(case, {"U0MANAGER"})
    left = replace(case.members["U0MANAGER"], left_at=CLOSED)
    assert not has_it_still(replace(case, members={**case.members, "U0MANAGER": left}), ())
    assert not has_it_still(replace(case, acknowledged_by=None), ())
    assert has_it_still(replace(case, acknowledged_by="U0OFFICE2"), ()), "the office needs no room to take it"


def test_the_chain_that_is_walked_anew_begins_with_the_manager_and_waits_for_them() -> None:
    """Sixty days of silence are no reason to call everybody in the same second."""
    silent = replace(reopened(closed()), acknowledged_at=None, acknowledged_by=None, status=Status.REPORTED)
    calls = paging(replace(silent, turn=1), NOW).calls
    assert [(call.level, call.attempt, call.users) for call in calls] == [(0, 2, ("U0MANAGER",))]
    sent = replace(paged(0, "U0MANAGER", 60 * DAY, attempt=2), turn=1)
    walked = replace(silent, turn=1, pages=(*silent.pages, sent))
    assert len(paging(walked, NOW + 9 * MINUTE).calls) == 1
    assert len(paging(walked, NOW + 10 * MINUTE).calls) == 2


# What is said


def test_deadlines_are_called_to_mind_again_those_that_have_passed_too() -> None:
    case = closed(obligations=(due(NOW + 2 * DAY), due(REPORTED + 5 * DAY, ObligationKind.FINAL)))
    assert not {Say.REMINDER} & says(case)
    wanted = [n for n in needs(reopened(case), ORGANISATION, NOW).wanted if n.say is Say.REMINDER]
    assert {(n.data["obligation"], n.data["kind"]) for n in wanted} == {
        ("preliminary", "countdown"),
        ("final", "overdue"),
    }


def test_closing_and_reopening_are_said_each_time() -> None:
    twice = reopened(closed())
    twice = replace(
        twice,
        events=(
            *twice.events,
            event(40, LogKind.CLOSED, NOW + DAY, outcome="recovered"),
            event(50, LogKind.REOPENED, NOW + 2 * DAY),
        ),
    )
    said = {key for key in keys(twice) if f"/{Notice.CLOSED}/" in key or f"/{Notice.REOPENED}/" in key}
    assert said == {
        f"2026-0001/{kind}/{seq}"
        for kind, seq in [("closed", 20), ("reopened", 30), ("closed", 40), ("reopened", 50)]
    }


def test_a_reporter_outside_the_room_hears_that_it_goes_on_and_the_receipt_says_so() -> None:
    case = reopened(closed(confidential=True))
    case = replace(case, events=(*case.events, event(2, LogKind.RECEIPT_SENT, REPORTED, "leakbot")))
    assert "2026-0001/told/reopened/30/0" in keys(case)
    assert "2026-0001/receipt/answered/30" in keys(case)


def test_reopening_counts_as_a_step_of_whoever_has_the_case() -> None:
    """Whoever had it months ago is asked an hour after the reopening, not in the same second."""
    case = reopened(closed())
    assert Say.ASK_DIRECT not in says(case, NOW + MINUTE)
    assert Say.ASK_DIRECT in says(case, NOW + DAY)


# Rooms


def test_an_open_case_whose_room_is_gone_gets_another_one_a_closed_one_does_not() -> None:
    assert "2026-0001/room/room-2" in keys(roomless(reopened(closed()), was_closed=False))
    assert Say.ROOM not in says(roomless(closed()))
    assert Say.ROOM not in says(roomless(replace(closed(), joined_into="2026-0002")))
    assert "2026-0001/room/room-2" in keys(reopened(roomless(closed())))


def test_rooms_that_are_lost_again_and_again_are_opened_ever_more_seldom() -> None:
    """Some program archives whatever channels an app opens: people are not invited every few seconds."""
    case = a_case()

    def lost(times: int) -> CaseState:
        gone = tuple(
            event(n, LogKind.ROOM_LOST, NOW, "leakbot", channel=f"C{n}", closed=False) for n in range(times)
        )
        return replace(case, events=gone, former_rooms=tuple(f"C{n}" for n in range(times)))

    assert [next_room_at(lost(times)) for times in (0, 1, 2)] == [None, None, None]
    assert next_room_at(lost(3)) == NOW + timedelta(hours=1)
    assert next_room_at(lost(5)) == NOW + timedelta(hours=4)
    assert next_room_at(lost(12)) == NOW + DAY
    late = event(9, LogKind.ROOM_LOST, NOW + DAY, "leakbot", channel="C9", closed=False)
    again = replace(lost(2), events=(*lost(2).events, late))
    assert next_room_at(again) == late.at + timedelta(hours=1), "counted from the last one"
    waiting = needs(lost(3), ORGANISATION, NOW)
    assert Say.ROOM not in {need.say for need in waiting.wanted}
    assert waiting.next_at is not None
    assert waiting.next_at <= NOW + timedelta(hours=1)
    assert "2026-0001/room/room-4" in keys(lost(3), NOW + timedelta(hours=1))


def test_each_room_has_a_name_a_number_and_furniture_of_its_own() -> None:
    case = roomless(reopened(closed()), was_closed=False)
    assert (room_name(case), room_number(case), of_room(case)) == ("leak-2026-0001", 2, "/room-2")
    assert room_name(a_case(drill=True, number="D2026-0001")) == "drill-2026-0001"
    assert (room_number(a_case()), of_room(a_case())) == (1, "")
    uninvited = {user: replace(m, invited_at=None) for user, m in case.members.items()}
    moved = replace(case, channel="C0SECOND", members=uninvited)
    assert {"2026-0001/card/room-2", "2026-0001/invite/0/room-2"} <= keys(moved)
    carded = replace(moved, card=MessageRef("C0SECOND", "9.000001"))
    assert {"2026-0001/pin/room-2", "2026-0001/topic/room-2"} <= keys(carded)
    assert old_rooms(carded) == ("C0ROOM",)


def test_the_new_room_sees_who_is_being_called() -> None:
    case = with_room(a_case(pages=(paged(0, "U0MANAGER", 0 * MINUTE),)))
    assert "2026-0001/page/0/1" in keys(case, REPORTED + MINUTE)
    again = replace(case, former_rooms=("C0OLD",))
    assert "2026-0001/page/0/1/room-2" in keys(again, REPORTED + MINUTE)


def test_the_move_is_told_where_the_case_was_open_and_went_elsewhere() -> None:
    told = f"2026-0001/{Notice.ROOM_MOVED}/25"
    new: dict[str, Any] = {"channel": "C0SECOND", "card": MessageRef("C0SECOND", "9.000001")}
    assert told in keys(replace(roomless(reopened(closed()), was_closed=False), **new))
    assert told not in keys(replace(reopened(roomless(closed())), **new)), "that it was reopened says enough"
    back: dict[str, Any] = {"channel": "C0ROOM", "card": MessageRef("C0ROOM", "1.000001")}
    assert told not in keys(replace(roomless(reopened(closed()), was_closed=False), **back))


def test_old_messages_wait_for_the_new_room_and_then_lead_there() -> None:
    case = roomless(reopened(closed()), was_closed=False)
    page = replace(case.pages[0], direct=MessageRef("D1", "1.1"), linked=True)
    case = replace(case, pages=(page,))
    assert Say.PAGE_REDRAW not in says(case)
    assert "2026-0001/page/0/1/U0MANAGER/answered/room-2" in keys(replace(case, channel="C0SECOND"))


def test_a_room_that_somebody_brought_back_is_entered_again_but_not_for_ever() -> None:
    assert room_to_enter_again(a_case()) is None
    assert room_to_enter_again(a_case(former_rooms=("C0ROOM",))) == "C0ROOM"
    assert room_to_enter_again(a_case(former_rooms=("C0ROOM", "C0SECOND"))) == "C0SECOND"
    assert room_to_enter_again(a_case(former_rooms=("C0ROOM", "C0ROOM"))) is None
    assert old_rooms(a_case(former_rooms=("C0ROOM", "C0ROOM"), channel="C0ROOM")) == ()


def test_words_wait_between_two_rooms_and_nothing_else_does() -> None:
    between = roomless(reopened(closed()), was_closed=False)
    assert waits_for_the_room(between, Say.NOTICE)
    assert not waits_for_the_room(between, Say.CARD_REDRAW)
    assert not waits_for_the_room(between, Say.PAGE_DIRECT)
    new: dict[str, Any] = {"channel": "C0SECOND", "card": MessageRef("C0SECOND", "9.000001")}
    there = replace(between, **new)
    assert not waits_for_the_room(there, Say.NOTICE)
    asked = MemberState("U0LEGAL", Role.RESPONSE_TEAM)
    assert waits_for_the_room(replace(there, members={**there.members, "U0LEGAL": asked}), Say.NOTICE)
    for cannot in (replace(asked, error="user_is_restricted"), replace(asked, left_at=NOW)):
        assert not waits_for_the_room(
            replace(there, members={**there.members, "U0LEGAL": cannot}), Say.NOTICE
        )
    assert not waits_for_the_room(roomless(closed()), Say.NOTICE), "nobody opens a room for a closed case"
    assert not waits_for_the_room(a_case(), Say.NOTICE), "the first room is no move"


def test_of_a_closed_case_without_room_documents_still_reach_whoever_drafted_them() -> None:
    drafted = event(
        26, LogKind.DOCUMENT_DRAFTED, NOW, kind="prevention_report", locale="ja", version=1, hash="0"
    )
    case = roomless(closed())
    assert is_without_room(case)
    assert not needs_a_room(case)
    case = replace(case, events=(*case.events, drafted))
    assert "2026-0001/document/prevention_report/ja/1" in keys(case)
    assert Say.NOTICE not in says(case)


def test_everything_for_the_room_is_known_to_be() -> None:
    """What is in no list is lost with its room: refused once, it is never said."""
    case = reopened(closed(obligations=(due(NOW + DAY),), tasks=(task("a"),)))
    case = replace(case, pages=(*case.pages, paged(1, "U0DEPUTY", MINUTE)))
    lanes = (f"room:{case.number}", f"card:{case.number}", f"invite:{case.number}", f"document:{case.number}")
    found = {n.say for n in needs(case, ORGANISATION, NOW + DAY).wanted if n.lane in lanes}
    assert found >= {Say.NOTICE, Say.REMINDER, Say.CARD, Say.TASKS_OVERDUE}
    assert found <= ROOM_WORDS | ROOM_FURNITURE
    assert not ROOM_WORDS & ROOM_FURNITURE


def test_what_needs_reads_of_the_log_holds_what_reopening_wrote() -> None:
    assert {LogKind.REOPENED, LogKind.ROOM_LOST, LogKind.CLOSED, LogKind.CARD_POSTED} <= READ


def test_everything_that_can_be_said_is_for_the_room_or_is_not() -> None:
    """Whoever adds a saying decides what becomes of it when the room is archived."""
    elsewhere = {
        *(Say.PAGE_DIRECT, Say.PAGE_CHANNEL, Say.PAGE_REDRAW, Say.ASK_DIRECT, Say.SKIP, Say.LAPSE),
        *(Say.RECEIPT, Say.RECEIPT_REDRAW, Say.TELL_REPORTER, Say.OFFER_JOIN, Say.ROOM),
        *(Say.APPROVAL_DIRECT, Say.APPROVAL_REDRAW, Say.SENT_BACK),
        *(Say.TIMELINE, Say.FILE),  # these name what they read
    }
    assert elsewhere | ROOM_WORDS | ROOM_FURNITURE == set(Say)
    assert not elsewhere & (ROOM_WORDS | ROOM_FURNITURE)
