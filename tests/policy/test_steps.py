"""Taken is not forgotten: the question, the call beside, and what ends both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.policy.need import Say
from bot.policy.needs import needs
from bot.policy.paging import Call
from bot.policy.state import AbsenceState, CaseState, EventState
from bot.policy.steps import may_be_taken_over, silence
from bot.vocabulary import LogKind
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, a_case, due, paged, with_room

HOUR = timedelta(hours=1)
WITHIN = 4 * HOUR


def event(seq: int, kind: LogKind, after: timedelta, actor: str = "leakbot", **data: Any) -> EventState:
    """A log entry so long after the report."""
    return EventState(seq, REPORTED + after, actor, kind, data)


TAKEN = event(9, LogKind.ACKNOWLEDGED, 0 * HOUR, "U0MANAGER")
ASKED = event(10, LogKind.ASKED, 4 * HOUR, step=9)
LAPSED = event(11, LogKind.LAPSED, 8 * HOUR, step=9, level=1, attempt=2)


def taken(*events: EventState, **changes: Any) -> CaseState:
    """A case the manager has, in its room, with these entries after it was taken."""
    case = a_case(
        acknowledged_at=REPORTED,
        acknowledged_by="U0MANAGER",
        pages=(paged(0, "U0MANAGER", 0 * MINUTE),),
        events=(TAKEN, *events),
    )
    return with_room(replace(case, **changes))


def said(case: CaseState, after: timedelta) -> set[Say]:
    """What is asked for then, of the kinds that matter here."""
    wanted = {need.say for need in needs(case, ORGANISATION, REPORTED + after).wanted}
    return wanted & {Say.ASK_DIRECT, Say.ASK_ROOM, Say.LAPSE, Say.PAGE_DIRECT}


def test_nothing_is_asked_before_four_hours_and_then_the_one_who_has_it() -> None:
    assert said(taken(), 4 * HOUR - MINUTE) == set()
    assert said(taken(), 4 * HOUR) == {Say.ASK_DIRECT, Say.ASK_ROOM}
    quiet = silence(taken(), WITHIN, REPORTED + HOUR)
    assert quiet
    assert quiet.next_at == REPORTED + 4 * HOUR


def test_after_the_question_the_next_is_called_beside_them_and_then_the_next() -> None:
    assert said(taken(ASKED), 8 * HOUR - MINUTE) == {Say.ASK_DIRECT, Say.ASK_ROOM}
    assert Say.LAPSE in said(taken(ASKED), 8 * HOUR)
    first = silence(taken(ASKED), WITHIN, REPORTED + 8 * HOUR)
    assert first
    assert first.lapse == (1, 2)
    second = silence(taken(ASKED, LAPSED), WITHIN, REPORTED + 12 * HOUR)
    assert second
    assert second.calls == (Call(1, 2, ("U0DEPUTY",)),)
    assert second.lapse == (2, 2)
    assert Say.PAGE_DIRECT in said(taken(ASKED, LAPSED), 8 * HOUR)
    last = event(12, LogKind.LAPSED, 12 * HOUR, step=9, level=2, attempt=2)
    end = silence(taken(ASKED, LAPSED, last), WITHIN, REPORTED + timedelta(days=9))
    assert end
    assert (end.lapse, end.next_at) == (None, None), "everybody was called once; nobody is called all night"


def test_a_bot_that_was_down_asks_before_it_calls() -> None:
    assert Say.LAPSE not in said(taken(), timedelta(days=2))
    late = event(10, LogKind.ASKED, timedelta(days=2), step=9)
    assert Say.LAPSE not in said(taken(late), timedelta(days=2, hours=3))


@pytest.mark.parametrize("kind", [LogKind.STILL_WORKING, LogKind.FACTS_ADDED])
def test_any_step_of_a_person_begins_the_time_anew(kind: LogKind) -> None:
    step = event(12, kind, 9 * HOUR, "U0LEGAL")
    assert said(taken(ASKED, LAPSED, step), 12 * HOUR) == set()
    assert said(taken(ASKED, LAPSED, step), 13 * HOUR) == {Say.ASK_DIRECT, Say.ASK_ROOM}
    assert may_be_taken_over(taken(ASKED, LAPSED))
    assert not may_be_taken_over(taken(ASKED, LAPSED, step))


@pytest.mark.parametrize(
    "ended",
    [
        {"assessment": {"decision": "report"}},
        {"closed_at": REPORTED + HOUR},
        {"acknowledged_at": None, "acknowledged_by": None},
        {"obligations": (due(REPORTED, submitted_at=REPORTED),)},
    ],
)
def test_what_is_decided_closed_or_nobodys_is_not_asked_after(ended: dict[str, Any]) -> None:
    assert silence(taken(**ended), WITHIN, REPORTED + timedelta(days=1)) is None


def test_what_the_program_did_is_no_step() -> None:
    drafted = event(12, LogKind.DOCUMENT_DRAFTED, 9 * HOUR)
    assert silence(taken(ASKED, LAPSED, drafted), WITHIN, REPORTED + 12 * HOUR) == silence(
        taken(ASKED, LAPSED), WITHIN, REPORTED + 12 * HOUR
    )
    assert may_be_taken_over(taken(ASKED, LAPSED, drafted))
    came = event(12, LogKind.OUTSIDER_JOINED, 9 * HOUR, "U0LEGAL")
    assert may_be_taken_over(taken(ASKED, LAPSED, came)), "nor is all that people do"
    still = silence(taken(ASKED, LAPSED, came), WITHIN, REPORTED + 12 * HOUR)
    assert still
    assert still.step == 9
    assert may_be_taken_over(a_case(events=(LAPSED,))), "somebody took it before there was a log of it"


def test_who_is_asked_and_when_to_look_again() -> None:
    def looked(case: CaseState, after: timedelta) -> tuple[Any, ...]:
        found = silence(case, WITHIN, REPORTED + after)
        assert found
        return found.holder, found.step, found.ask, found.lapse, found.next_at

    assert looked(taken(), 4 * HOUR - MINUTE) == ("U0MANAGER", 9, False, None, REPORTED + 4 * HOUR)
    assert looked(taken(), 4 * HOUR) == ("U0MANAGER", 9, True, None, None)
    assert looked(taken(ASKED), 5 * HOUR) == ("U0MANAGER", 9, True, None, REPORTED + 8 * HOUR)
    assert looked(taken(ASKED), 8 * HOUR) == ("U0MANAGER", 9, True, (1, 2), None)
    assert looked(taken(ASKED, LAPSED), 9 * HOUR) == ("U0MANAGER", 9, True, None, REPORTED + 12 * HOUR)


@pytest.mark.parametrize(
    ("holder", "level"),
    [
        ("U0MANAGER", 1),
        ("U0DEPUTY", 2),  # before their turn: whoever stands above them is not called beside them
        ("U0CISO", None),
        ("U0PRIVACY", 1),  # stands nowhere in the chain: it goes on from where the walk has come to
    ],
)
def test_beside_whoever_has_it_the_next_above_them_is_called(holder: str, level: int | None) -> None:
    found = silence(taken(ASKED, acknowledged_by=holder), WITHIN, REPORTED + 8 * HOUR)
    assert found
    assert found.holder == holder
    assert (found.lapse and found.lapse[0]) == level
    before = silence(taken(acknowledged_by=holder), WITHIN, REPORTED + HOUR)
    assert before
    assert before.next_at == REPORTED + 4 * HOUR, "they are asked, whoever else there is"
    if level is None:
        waited = silence(taken(ASKED, acknowledged_by=holder), WITHIN, REPORTED + 5 * HOUR)
        assert waited
        assert waited.next_at is None, "nobody is left to be called"


def test_a_call_beside_has_a_number_of_its_own() -> None:
    pages = (paged(0, "U0MANAGER", 0 * MINUTE), paged(1, "U0DEPUTY", 9 * MINUTE, attempt=2))
    found = silence(taken(ASKED, pages=pages), WITHIN, REPORTED + 8 * HOUR)
    assert found
    assert found.lapse == (1, 3)


def test_somebody_away_is_not_called_beside_them() -> None:
    away = AbsenceState(1, "U0DEPUTY", REPORTED, REPORTED + 9 * HOUR)
    found = silence(taken(ASKED, absences=(away,)), WITHIN, REPORTED + 8 * HOUR)
    assert found
    assert found.lapse == (2, 2)
    back = silence(taken(ASKED, absences=(away,)), WITHIN, REPORTED + 9 * HOUR)
    assert back
    assert back.lapse == (1, 2)
    later = replace(away, since=REPORTED + 9 * HOUR, until=REPORTED + 20 * HOUR)
    called = silence(taken(ASKED, LAPSED, absences=(later,)), WITHIN, REPORTED + 12 * HOUR)
    assert called
    assert called.calls == (Call(1, 2, ("U0DEPUTY",)),), "whoever was called then stays called"
