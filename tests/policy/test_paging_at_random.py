"""Two hundred random nights: whatever people do, somebody is being called or has the case, and never both."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.policy.access import check_acknowledge, check_cannot, check_hand_over
from bot.policy.paging import chain_level, level_now, next_attempt, paging
from bot.policy.state import AbsenceState, CaseState, PageState
from tests.policy.situations import REPORTED, a_case

PEOPLE = ("U0MANAGER", "U0DEPUTY", "U0CISO")


def said(case: CaseState, now: datetime) -> CaseState:
    """What is asked for now is said: pages not known yet are sent, hand-overs get their time."""
    for call in paging(case, now).calls:
        for user in call.users:
            key = (call.level, call.attempt, user)
            known = [p for p in case.pages if (p.level, p.attempt, p.user) == key]
            if known and known[0].sent_at:
                continue
            sent = replace(known[0], sent_at=now) if known else PageState(*key, sent_at=now, turn=case.turn)
            case = replace(
                case, pages=(*(sent if p in known else p for p in case.pages), *([] if known else [sent]))
            )
    return case


def hands_over(case: CaseState, person: str, to: str, now: datetime) -> CaseState:
    """The step of the same name, on plain values."""
    check_hand_over(case, person, ())
    called = [p.level for p in case.pages if p.user == person]
    level = called[-1] if called else level_now(case)
    attempt = next_attempt(case, level)
    if case.acknowledged_by:
        case = replace(case, turn=case.turn + 1, turn_level=level, acknowledged_by=None, acknowledged_at=None)
    page = PageState(level, attempt, to, None, turn=case.turn, handed_by=person, handed_at=now)
    return replace(case, pages=(*case.pages, page))


def cannot(case: CaseState, person: str, now: datetime) -> CaseState:
    """The step of the same name, on plain values."""
    check_cannot(case, person, ())
    mine = [p for p in case.pages if p.user == person and p.turn == case.turn]
    return replace(case, pages=tuple(replace(p, cannot_at=now) if p in mine else p for p in case.pages))


@pytest.mark.parametrize("seed", range(200))
def test_somebody_is_called_or_has_the_case_and_never_both(seed: int) -> None:
    night = random.Random(seed)  # noqa: S311 - to repeat a night, not to guard anything
    away = AbsenceState(1, night.choice(PEOPLE), REPORTED, REPORTED + timedelta(minutes=25), None)
    case = a_case(reporter=night.choice(["U0REPORTER", *PEOPLE]), absences=night.choice([(), (away,)]))
    now = REPORTED
    for _ in range(60):
        case = said(case, now)
        asked = paging(case, now)
        keys = [(p.level, p.attempt, p.user) for p in case.pages]
        assert len(keys) == len(set(keys)), "no page is sent twice"
        rooms = {(c.level, c.attempt): c.users for c in asked.calls}
        assert len(rooms) == len(asked.calls), "each call has a number of its own"
        if case.acknowledged_by:
            assert asked.calls == (), "nobody is called about a case that somebody has"
        else:
            assert asked.calls, "somebody is being called"
            assert asked.next_at, "and if they stay silent, it goes on"
            assert asked.next_at > now
        called = sorted({p.user for p in case.pages if p.turn == case.turn and p.sent_at})
        match night.randrange(6):
            case 0 if not case.acknowledged_by and called:
                person = night.choice(called)
                check_acknowledge(case, person, ())
                case = replace(case, acknowledged_by=person, acknowledged_at=now)
            case 1 if not case.acknowledged_by and called:
                case = cannot(case, night.choice(called), now)
            case 2 if case.acknowledged_by or called:
                person = case.acknowledged_by or night.choice(called)
                assert chain_level(case, person) is not None or person.startswith("U0X")
                case = hands_over(case, person, f"U0X{night.randrange(3)}", now)
            case _:
                now += timedelta(minutes=night.randrange(1, 16))
