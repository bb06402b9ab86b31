"""What waits for somebody in a case: for the right person, by when, and no longer than it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.policy.standing import Kind, standings
from bot.policy.state import AbsenceState, CaseState, EventState, InquiryState, MemberState, TaskState
from bot.policy.waiting import NEAR, SOON, Awaited, Waiting, by_urgency, waits_for
from bot.vocabulary import (
    InquiryChannel,
    InquirySource,
    InquiryStatus,
    LogKind,
    ObligationKind,
    Role,
    TaskPhase,
    TaskStatus,
)
from tests.policy.situations import MINUTE, REPORTED, a_case, due, paged

OFFICE = frozenset({"U0PRIVACY"})
ROOM = {
    user: MemberState(user, role, invited_at=REPORTED)
    for user, role in (
        ("U0REPORTER", Role.REPORTER),
        ("U0MANAGER", Role.MANAGER),
        ("U0PRIVACY", Role.PRIVACY_OFFICE),
        ("U0LEGAL", Role.RESPONSE_TEAM),
    )
}
THURSDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DECIDED: dict[str, Any] = {"reportable": True, "pending": None}
EVERYBODY = ("U0REPORTER", "U0MANAGER", "U0DEPUTY", "U0CISO", "U0PRIVACY", "U0LEGAL", "U0STRANGER")


def case_of(**changes: Any) -> CaseState:
    return a_case(**{"members": ROOM, "channel": "C0ROOM", **changes})


def waiting(case: CaseState, person: str, now: datetime = REPORTED) -> list[Waiting]:
    found = list(waits_for(case, person, standings(case, person, OFFICE), now))
    assert all(each.case is case for each in found)
    return found


def awaited(case: CaseState, now: datetime = REPORTED) -> dict[str, list[Awaited]]:
    """Everybody for whom something waits, and what."""
    found = {person: [each.awaited for each in waiting(case, person, now)] for person in EVERYBODY}
    return {person: each for person, each in found.items() if each}


def task(key: str, owner: Role, at: timedelta, **changes: Any) -> TaskState:
    return TaskState(key, TaskPhase.FIRST_HOUR, owner, REPORTED + at, **changes)


def test_a_page_waits_for_whoever_was_paged_until_the_next_is_called() -> None:
    case = case_of(pages=(paged(0, "U0MANAGER", timedelta(0)),), assessment=DECIDED)
    assert awaited(case) == {"U0MANAGER": [Awaited.PAGE]}
    [page] = waiting(case, "U0MANAGER", REPORTED + 4 * MINUTE)
    assert (page.at, page.late) == (REPORTED + 10 * MINUTE, False)
    [page] = waiting(case, "U0MANAGER", REPORTED + 10 * MINUTE)
    assert page.late, "it still waits"
    sent = case_of(pages=(paged(0, "U0MANAGER", 3 * MINUTE),), assessment=DECIDED)
    assert waiting(sent, "U0MANAGER")[0].at == REPORTED + 13 * MINUTE, "from the moment it was sent"


def test_of_several_pages_the_newest_waits() -> None:
    pages = (paged(2, "U0CISO", 0 * MINUTE), paged(2, "U0CISO", 10 * MINUTE, attempt=2))
    assert [each.at for each in waiting(case_of(pages=pages, assessment=DECIDED), "U0CISO")] == [
        REPORTED + 20 * MINUTE
    ]


def test_somebody_in_do_not_disturb_is_waited_for_half_as_long() -> None:
    page = replace(paged(0, "U0MANAGER", timedelta(0)), dnd=True)
    [waits] = waiting(case_of(pages=(page,), assessment=DECIDED), "U0MANAGER")
    assert waits.at == REPORTED + 5 * MINUTE


@pytest.mark.parametrize(
    "changes",
    [
        {"acknowledged_by": "U0DEPUTY", "acknowledged_at": REPORTED},
        {"closed_at": REPORTED},
        {"turn": 1},
        {"pages": (replace(paged(0, "U0MANAGER", timedelta(0)), cannot_at=REPORTED),)},
        {"pages": (replace(paged(0, "U0MANAGER", timedelta(0)), sent_at=None),)},
        {
            "pages": (
                paged(0, "U0MANAGER", timedelta(0)),
                replace(paged(0, "U0LEGAL", timedelta(0), attempt=2), handed_by="U0MANAGER", sent_at=None),
            )
        },
    ],
    ids=["taken", "closed", "another walk", "cannot", "not sent yet", "handed on"],
)
def test_a_page_waits_no_longer(changes: dict[str, Any]) -> None:
    case = case_of(**{"pages": (paged(0, "U0MANAGER", timedelta(0)),), "assessment": DECIDED, **changes})
    assert awaited(case) == {}


def test_whoever_is_called_beside_a_silent_holder_is_waited_for() -> None:
    held = {"acknowledged_by": "U0MANAGER", "acknowledged_at": REPORTED}
    steps = [EventState(3, REPORTED, "U0MANAGER", LogKind.ACKNOWLEDGED, {})]
    steps += [EventState(5, REPORTED + 60 * MINUTE, "leakbot", LogKind.LAPSED, {})]
    pages = (paged(0, "U0MANAGER", timedelta(0)), paged(1, "U0DEPUTY", 60 * MINUTE, attempt=2))
    case = case_of(pages=pages, events=tuple(steps), **held)
    now = REPORTED + 61 * MINUTE
    assert awaited(case, now)["U0DEPUTY"] == [Awaited.PAGE]
    assert "U0MANAGER" not in awaited(case, now)
    back = EventState(6, now, "U0MANAGER", LogKind.STILL_WORKING, {})
    assert "U0DEPUTY" not in awaited(replace(case, events=(*steps, back)), now)


def test_what_is_not_decided_waits_for_the_office_with_the_next_day_due() -> None:
    case = case_of(obligations=(due(THURSDAY), due(THURSDAY + timedelta(days=25), ObligationKind.FINAL)))
    assert awaited(case) == {"U0PRIVACY": [Awaited.DECISION]}, "deciding comes before submitting"
    [decision] = waiting(case, "U0PRIVACY")
    assert decision.obligation == case.obligations[0]
    assert (decision.at, decision.late, decision.again) == (case.obligations[0].due_at, False, False)
    limit = case.obligations[0].due_at
    assert limit
    assert not waiting(case, "U0PRIVACY", limit)[0].late, "the last second is still in time"
    assert waiting(case, "U0PRIVACY", limit + timedelta(seconds=1))[0].late
    assert awaited(replace(case, closed_at=REPORTED)) == {}


def test_the_last_resort_is_waited_for_where_they_have_the_case() -> None:
    called = {**ROOM, "U0CISO": MemberState("U0CISO", Role.LAST_RESORT, invited_at=REPORTED)}
    case = case_of(members=called, acknowledged_at=REPORTED, acknowledged_by="U0MANAGER")
    assert awaited(case) == {"U0PRIVACY": [Awaited.DECISION]}
    held = replace(case, acknowledged_by="U0CISO")
    assert awaited(held) == {"U0CISO": [Awaited.DECISION], "U0PRIVACY": [Awaited.DECISION]}


def test_the_next_obligation_waits_once_it_is_decided() -> None:
    later = due(THURSDAY + timedelta(days=25), ObligationKind.FINAL, provisional=False)
    undated = replace(later, kind=ObligationKind.INDIVIDUAL_NOTICE, due_at=None)
    case = case_of(obligations=(undated, later, due(THURSDAY, provisional=False)), assessment=DECIDED)
    [waits] = waiting(case, "U0PRIVACY")
    assert (waits.awaited, waits.obligation, waits.count) == (Awaited.OBLIGATION, case.obligations[2], 3)
    assert awaited(case) == {"U0PRIVACY": [Awaited.OBLIGATION]}
    limit = case.obligations[2].due_at
    assert limit
    assert waits.at == limit
    assert not waiting(case, "U0PRIVACY", limit)[0].late
    assert waiting(case, "U0PRIVACY", limit + timedelta(seconds=1))[0].late
    filed = replace(case, obligations=(undated, later, replace(case.obligations[2], submitted_at=REPORTED)))
    assert waiting(filed, "U0PRIVACY")[0].obligation == later
    only = replace(case, obligations=(undated,))
    assert [(each.at, each.late) for each in waiting(only, "U0PRIVACY")] == [(None, False)]
    assert awaited(replace(case, obligations=())) == {}


def test_facts_that_changed_ask_for_another_decision_beside_what_is_due() -> None:
    case = case_of(obligations=(due(THURSDAY),), assessment={**DECIDED, "pending": {"decision": "report"}})
    found = waiting(case, "U0PRIVACY")
    assert {each.awaited for each in found} == {Awaited.DECISION, Awaited.OBLIGATION}
    assert next(each for each in found if each.awaited is Awaited.DECISION).again


def test_tasks_wait_for_their_owners_all_of_a_case_in_one_line() -> None:
    tasks = (
        task("a", Role.PRIVACY_OFFICE, -5 * MINUTE),
        task("b", Role.PRIVACY_OFFICE, 60 * MINUTE),
        task("c", Role.PRIVACY_OFFICE, SOON + MINUTE),
        task("d", Role.PRIVACY_OFFICE, -5 * MINUTE, status=TaskStatus.DONE),
        task("e", Role.PRIVACY_OFFICE, 5 * MINUTE, user="U0LEGAL"),
        task("f", Role.MANAGER, 5 * MINUTE),
    )
    case = case_of(tasks=tasks, assessment=DECIDED)
    assert awaited(case) == {person: [Awaited.TASKS] for person in ("U0MANAGER", "U0PRIVACY", "U0LEGAL")}
    [office] = waiting(case, "U0PRIVACY")
    assert (office.count, office.overdue, office.late, office.at) == (2, 1, True, REPORTED - 5 * MINUTE)
    [legal] = waiting(case, "U0LEGAL")
    assert (legal.count, legal.overdue, legal.late) == (1, 0, False)
    edges = (task("a", Role.PRIVACY_OFFICE, 0 * MINUTE), task("b", Role.PRIVACY_OFFICE, SOON))
    [edge] = waiting(replace(case, tasks=edges), "U0PRIVACY")
    assert (edge.count, edge.overdue, edge.late) == (2, 1, True)


def test_inquiries_wait_for_whoever_is_to_answer_also_after_the_end() -> None:
    def asked(number: int, at: timedelta, **changes: Any) -> InquiryState:
        source, way = InquirySource.PRESS, InquiryChannel.PHONE
        return InquiryState(number, source, way, REPORTED, REPORTED + at, "U0LEGAL", **changes)

    inquiries = (
        asked(1, -MINUTE),
        asked(2, 60 * MINUTE),
        asked(3, SOON + MINUTE),
        asked(4, MINUTE, status=InquiryStatus.ANSWERED),
        asked(5, MINUTE, owner="U0MANAGER"),
    )
    case = case_of(inquiries=inquiries, closed_at=REPORTED, assessment=DECIDED)
    assert awaited(case) == {person: [Awaited.INQUIRIES] for person in ("U0MANAGER", "U0PRIVACY")}
    [office] = waiting(case, "U0PRIVACY")
    assert (office.count, office.overdue, office.late, office.at) == (2, 1, True, REPORTED - MINUTE)
    [manager] = waiting(case, "U0MANAGER")
    assert (manager.count, manager.overdue, manager.late) == (1, 0, False)
    [edge] = waiting(replace(case, inquiries=(asked(1, 0 * MINUTE), asked(2, SOON))), "U0PRIVACY")
    assert (edge.count, edge.overdue, edge.late) == (2, 1, True)


def test_a_document_waits_for_whoever_is_to_approve_it_next() -> None:
    about = {"kind": "apology", "locale": "ja", "version": 1, "hash": "f" * 64}
    drafted = EventState(4, REPORTED, "U0LEGAL", LogKind.DOCUMENT_DRAFTED, about)
    circulated = EventState(
        5,
        REPORTED + MINUTE,
        "U0LEGAL",
        LogKind.DOCUMENT_CIRCULATED,
        {**about, "route": ["manager", "privacy_office"]},
    )
    approved = EventState(
        6, REPORTED + 2 * MINUTE, "U0MANAGER", LogKind.DOCUMENT_APPROVED, {**about, "role": "manager"}
    )
    case = case_of(assessment=DECIDED, events=(drafted,))
    assert awaited(case) == {}
    case = replace(case, events=(drafted, circulated))
    assert awaited(case) == {"U0MANAGER": [Awaited.APPROVAL]}
    assert [(each.at, each.count) for each in waiting(case, "U0MANAGER")] == [(REPORTED + MINUTE, 1)]
    english = (
        replace(drafted, data={**about, "locale": "en"}),
        replace(circulated, at=REPORTED + 5 * MINUTE),
    )
    english = (english[0], replace(english[1], data={**circulated.data, "locale": "en"}))
    both = replace(case, events=(drafted, circulated, *english))
    assert [(each.at, each.count) for each in waiting(both, "U0MANAGER")] == [(REPORTED + MINUTE, 2)]
    away = AbsenceState(1, "U0MANAGER", REPORTED, REPORTED + timedelta(days=1))
    assert waiting(replace(case, absences=(away,)), "U0MANAGER", REPORTED + MINUTE) == []
    assert awaited(replace(case, events=(drafted, circulated, approved))) == {"U0PRIVACY": [Awaited.APPROVAL]}
    assert awaited(replace(case, joined_into="2026-0002", closed_at=REPORTED)) == {}


def test_after_the_end_only_prevention_waits() -> None:
    over = task("a", Role.PRIVACY_OFFICE, -MINUTE)
    after = replace(over, key="b", phase=TaskPhase.AFTERCARE)
    case = case_of(tasks=(over, after), closed_at=REPORTED, assessment=DECIDED)
    assert awaited(case) == {"U0PRIVACY": [Awaited.TASKS]}
    assert waiting(case, "U0PRIVACY")[0].count == 1
    assert awaited(replace(case, tasks=(over,))) == {}


def test_nothing_waits_for_whoever_may_not_see_the_case() -> None:
    left = {**ROOM, "U0LEGAL": replace(ROOM["U0LEGAL"], left_at=REPORTED)}
    mine = task("a", Role.RESPONSE_TEAM, MINUTE, user="U0LEGAL")
    case = case_of(members=left, tasks=(mine,), assessment=DECIDED)
    assert waiting(case, "U0LEGAL") == []
    gone = standings(case, "U0PRIVACY", OFFICE, Kind.DEACTIVATED)
    assert waits_for(case_of(), "U0PRIVACY", gone, REPORTED) == ()


def test_pages_stand_first_then_what_the_law_asked_for_then_by_the_hour_and_what_has_no_day_last() -> None:
    page = Waiting(Awaited.PAGE, case_of(), REPORTED + 10 * MINUTE)
    law = due(REPORTED)
    passed = Waiting(Awaited.DECISION, case_of(), REPORTED - MINUTE, late=True, obligation=law)
    near = Waiting(Awaited.OBLIGATION, case_of(), REPORTED + NEAR, obligation=law)
    overdue = Waiting(Awaited.TASKS, case_of(), REPORTED - 2 * MINUTE, late=True)
    later = Waiting(Awaited.OBLIGATION, case_of(), REPORTED + NEAR + MINUTE, obligation=law)
    undated = Waiting(Awaited.OBLIGATION, case_of(), None, obligation=law)
    right = (page, passed, near, overdue, later, undated)
    assert by_urgency(reversed(right), REPORTED) == right
