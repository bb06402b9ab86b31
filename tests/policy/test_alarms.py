"""When a case waits too long without anybody seeing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.policy.alarms import WITHOUT_ROOM_SINCE, is_unanswered, waits_without_room
from bot.policy.state import EventState, PageState
from bot.vocabulary import LogKind
from tests.policy.situations import REPORTED, a_case

MINUTE = timedelta(minutes=1)


def test_a_case_without_a_room_is_seen_after_ten_minutes() -> None:
    case = replace(a_case(), channel=None)
    assert not waits_without_room(case, REPORTED + 10 * MINUTE)
    assert waits_without_room(case, REPORTED + 11 * MINUTE)
    assert waits_without_room(replace(case, drill=True), REPORTED + 11 * MINUTE)
    for well in (
        replace(case, channel="C0ROOM"),
        replace(case, joined_into="2026-0009"),
        replace(case, closed_at=REPORTED),
    ):
        assert not waits_without_room(well, REPORTED + timedelta(days=3))


def test_nobody_answers_once_the_whole_chain_was_given_its_time() -> None:
    case = replace(a_case(), acknowledged_at=None, pages=(PageState(0, 1, "U0MANAGER", REPORTED + MINUTE),))
    whole = case.acknowledge_within * (len(case.chain) + 1)
    assert not is_unanswered(case, REPORTED + MINUTE + whole)
    assert is_unanswered(case, REPORTED + 2 * MINUTE + whole)
    for well in (
        replace(case, acknowledged_at=REPORTED),
        replace(case, closed_at=REPORTED),
        replace(case, drill=True),
    ):
        assert not is_unanswered(well, REPORTED + timedelta(days=3))


@pytest.mark.parametrize("pages", [(), (PageState(0, 1, "U0MANAGER", None),)], ids=["nobody", "not sent"])
def test_where_nobody_could_be_called_it_counts_from_the_report(pages: tuple[PageState, ...]) -> None:
    case = replace(a_case(), acknowledged_at=None, pages=pages)
    assert is_unanswered(case, REPORTED + timedelta(hours=1))


@pytest.mark.parametrize("kind", sorted(WITHOUT_ROOM_SINCE))
def test_a_room_that_is_lost_is_given_ten_minutes_too(kind: LogKind) -> None:
    """A case of weeks ago has another room within seconds: nobody is alarmed for those."""
    later = REPORTED + timedelta(days=30)
    lost = EventState(9, later, "leakbot", kind, {"channel": "C0ROOM", "closed": False})
    case = a_case(former_rooms=("C0ROOM",), events=(lost,))
    assert not waits_without_room(case, later + 10 * MINUTE)
    assert waits_without_room(case, later + 11 * MINUTE)
