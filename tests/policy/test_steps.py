"""Taken is not forgotten: the question, the call beside, and what ends both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.policy.need import Say
from bot.policy.needs import needs
from bot.policy.paging import Call
from bot.policy.state import CaseState, EventState
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
