"""When a case is looked at again: the earliest of all that is to come, and whether people hear of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.policy.need import Need
from bot.policy.needs import needs
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, ObligationKind
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, a_case, due, paged
from tests.policy.test_needs_in_full import ASKED, DAY, HELD, HOUR, LIMIT, TAKEN, event, here

SEVEN = datetime(2026, 11, 22, 22, tzinfo=UTC)  # in the morning of the 23rd in Japan
DECIDED: dict[str, Any] = {**HELD, "assessment": {"decision": "report"}}
LATER = due(datetime(2026, 12, 21, 3, tzinfo=UTC), ObligationKind.FINAL)
UNDATED = replace(LATER, kind=ObligationKind.INDIVIDUAL_NOTICE, due_at=None)
LOST = tuple(
    event(n, LogKind.ROOM_LOST, "leakbot", REPORTED, channel=f"C{n}", closed=False) for n in range(3)
)
GONE: dict[str, Any] = {"former_rooms": ("C0", "C1", "C2")}

#: When to look again at all, and when for something that people hear.
NEXT: dict[str, tuple[CaseState, timedelta, datetime | None, datetime | None]] = {
    "a page that is waited for": (
        here(pages=(paged(0, "U0MANAGER", 0 * MINUTE),)),
        0 * MINUTE,
        REPORTED + 10 * MINUTE,
        REPORTED + 10 * MINUTE,
    ),
    "whoever has it": (here(TAKEN, **HELD), HOUR, REPORTED + 4 * HOUR, REPORTED + 4 * HOUR),
    "whoever has it was asked": (
        here(TAKEN, ASKED, **HELD),
        5 * HOUR,
        REPORTED + 8 * HOUR,
        REPORTED + 8 * HOUR,
    ),
    # The card is drawn again in the morning; the next word is the countdown of three days.
    "a day of the law": (
        here(obligations=(UNDATED, LIMIT), **DECIDED),
        0 * MINUTE,
        SEVEN,
        datetime(2026, 11, 23, 22, tzinfo=UTC),
    ),
    "the nearer of two days of the law": (
        here(obligations=(LATER, LIMIT), **DECIDED),
        4 * DAY,
        datetime(2026, 11, 26, 13, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 26, 13, 59, 59, tzinfo=UTC),
    ),
    "a room that may not be opened yet": (
        a_case(events=LOST, **GONE, **DECIDED),
        0 * MINUTE,
        REPORTED + HOUR,
        REPORTED + HOUR,
    ),
    "a room that may be opened now": (a_case(events=LOST, **GONE, **DECIDED), HOUR, None, None),
    "a room that is there": (here(*LOST, **GONE, **DECIDED), 0 * MINUTE, None, None),
    "nothing": (here(**DECIDED), 0 * MINUTE, None, None),
}


@pytest.mark.parametrize("situation", NEXT)
def test_the_next_moment_to_look_again(situation: str) -> None:
    case, after, at, word_at = NEXT[situation]
    answer = needs(case, ORGANISATION, REPORTED + after)
    assert (answer.next_at, answer.next_word_at) == (at, word_at)
    assert all(isinstance(need, Need) for need in answer.wanted)


def test_of_a_case_without_its_words_nothing_is_said_any_more() -> None:
    over = here(obligations=(LIMIT,), closed_at=REPORTED, blanked_at=REPORTED)
    assert needs(over, ORGANISATION, REPORTED + DAY).wanted == ()
    again = replace(over, closed_at=REPORTED + MINUTE)  # reopened and closed once more: there is more to say
    assert needs(again, ORGANISATION, REPORTED + DAY).wanted != ()
