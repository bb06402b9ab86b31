"""Paging where it is tight: the last of the chain, pages still under way, people who fall out meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.policy.paging import (
    Call,
    Skip,
    absence_of,
    chain_level,
    is_out,
    level_now,
    next_attempt,
    paging,
    reachable_at,
    why_not,
)
from bot.policy.state import AbsenceState, CaseState, ChainLevel, ChainPerson, PageState
from bot.vocabulary import Role, SkipReason
from tests.policy.situations import CHAIN, MINUTE, REPORTED, a_case, paged, person

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MANAGER, DEPUTY, CISO = (Call(0, 1, ("U0MANAGER",)), Call(1, 1, ("U0DEPUTY",)), Call(2, 1, ("U0CISO",)))


def handed(level: int, user: str, by: str, at: timedelta, **changes: Any) -> PageState:
    """A page handed on so long after the report, and sent at once."""
    page = PageState(level, 2, user, REPORTED + at, handed_by=by, handed_at=REPORTED + at)
    return replace(page, **changes)


def away(user: str, deputy: str | None = None, until: timedelta = DAY) -> AbsenceState:
    return AbsenceState(1, user, REPORTED - DAY, REPORTED + until, deputy)


def unreachable(level: int, user: str) -> PageState:
    return PageState(level, 1, user, sent_at=None, skipped=SkipReason.UNREACHABLE)


#: Everybody was called; the last resort was called ten minutes ago.
TO_THE_END = (
    paged(0, "U0MANAGER", 0 * MINUTE),
    paged(1, "U0DEPUTY", 10 * MINUTE),
    paged(2, "U0CISO", 20 * MINUTE),
)


def test_who_is_passed_over_is_named_with_their_place_in_the_chain() -> None:
    gone = ChainPerson("boss@sample.example", "U0MANAGER", active=False)
    nobody = ChainPerson("deputy@sample.example", None)
    guest = ChainPerson("ciso@sample.example", "U0CISO", guest=True)
    roles = (Role.MANAGER, Role.DEPUTY, Role.LAST_RESORT)
    chain = tuple(ChainLevel(role, (who,)) for role, who in zip(roles, (gone, nobody, guest), strict=True))
    assert paging(a_case(chain=chain), REPORTED).skips == (
        Skip(0, "boss@sample.example", "U0MANAGER", SkipReason.DEACTIVATED),
        Skip(1, "deputy@sample.example", None, SkipReason.NO_SUCH_USER),
        Skip(2, "ciso@sample.example", "U0CISO", SkipReason.IS_GUEST),
    )


def test_who_is_absent_is_named_with_whoever_stands_in() -> None:
    chain = (ChainLevel(Role.MANAGER, (ChainPerson("boss@sample.example", "U0MANAGER"),)), *CHAIN[1:])
    absent = paging(a_case(chain=chain, absences=(away("U0MANAGER", "U0X"),)), REPORTED)
    assert absent.skips == (Skip(0, "boss@sample.example", "U0MANAGER", SkipReason.ABSENT, "U0X"),)


def test_whoever_stands_in_is_called_beside_the_others_of_the_level() -> None:
    chain = (ChainLevel(Role.LAST_RESORT, (person("U0CISO"), person("U0LEGAL"))),)
    asked = paging(a_case(chain=chain, absences=(away("U0LEGAL", "U0X"),)), REPORTED)
    assert asked.calls == (Call(0, 1, ("U0CISO", "U0X")),)


def test_an_absence_begins_and_ends_on_its_moment() -> None:
    case = a_case(absences=(away("U0MANAGER", until=MINUTE),))
    assert absence_of(case, "U0MANAGER", REPORTED - DAY - SECOND) is None
    assert absence_of(case, "U0MANAGER", REPORTED - DAY) == case.absences[0]
    assert absence_of(case, "U0MANAGER", REPORTED + MINUTE - SECOND) == case.absences[0]
    assert absence_of(case, "U0MANAGER", REPORTED + MINUTE) is None
    assert paging(case, REPORTED + MINUTE).calls == (MANAGER,), "back at their desk, and called themselves"


def test_somebody_who_stands_in_and_cannot_be_reached_is_not_waited_for() -> None:
    case = a_case(absences=(away("U0MANAGER", "U0X"),), pages=(unreachable(0, "U0X"),))
    asked = paging(case, REPORTED)
    assert asked.calls == (DEPUTY,)
    assert [(skip.user, skip.instead) for skip in asked.skips] == [("U0MANAGER", None)]


def test_a_last_resort_that_is_away_and_cannot_be_reached_is_not_called_without_end() -> None:
    chain = (ChainLevel(Role.LAST_RESORT, (person("U0CISO"), person("U0LEGAL"))),)
    absences = (away("U0CISO"), away("U0LEGAL"))
    both = a_case(chain=chain, absences=absences)
    assert paging(both, REPORTED).calls == (Call(0, 1, ("U0CISO", "U0LEGAL")),)
    one = replace(both, pages=(unreachable(0, "U0CISO"),))
    assert paging(one, REPORTED).calls == (Call(0, 1, ("U0LEGAL",)),)
    none = replace(both, pages=(unreachable(0, "U0CISO"), unreachable(0, "U0LEGAL")))
    assert paging(none, REPORTED).calls == ()


def test_a_last_page_that_is_still_on_its_way_is_asked_for_until_it_is_there() -> None:
    waiting = (*TO_THE_END[:2], replace(TO_THE_END[2], sent_at=None))
    asked = paging(a_case(pages=waiting), REPORTED + 90 * MINUTE)
    assert asked.calls == (MANAGER, DEPUTY, CISO), "the same page, and no other one beside it"
    assert asked.next_at is None
    again = (*TO_THE_END, PageState(2, 2, "U0CISO", sent_at=None))
    asked = paging(a_case(pages=again), REPORTED + 90 * MINUTE)
    assert asked.calls == (MANAGER, DEPUTY, CISO, Call(2, 2, ("U0CISO",)))
    assert asked.next_at is None


@pytest.mark.parametrize(
    ("page", "ends"),
    [
        (handed(0, "U0X", "U0MANAGER", 5 * MINUTE), 15 * MINUTE),
        (handed(0, "U0X", "U0MANAGER", 5 * MINUTE, sent_at=REPORTED + 7 * MINUTE), 17 * MINUTE),
        (handed(0, "U0X", "U0MANAGER", 5 * MINUTE, sent_at=None), 15 * MINUTE),
    ],
    ids=["sent at once", "sent later", "not sent"],
)
def test_a_page_handed_on_is_waited_for_from_the_moment_it_rang(page: PageState, ends: timedelta) -> None:
    case = a_case(pages=(paged(0, "U0MANAGER", 0 * MINUTE), page))
    asked = paging(case, REPORTED + ends - SECOND)
    assert (asked.calls, asked.next_at) == ((MANAGER, Call(0, 2, ("U0X",))), REPORTED + ends)
    assert paging(case, REPORTED + ends).calls[-1] == DEPUTY


@pytest.mark.parametrize(
    ("page", "rings"),
    [
        (handed(2, "U0X", "U0CISO", 25 * MINUTE), 45 * MINUTE),
        (handed(2, "U0X", "U0CISO", 25 * MINUTE, sent_at=REPORTED + 27 * MINUTE), 47 * MINUTE),
        (handed(2, "U0X", "U0CISO", 25 * MINUTE, sent_at=None), 45 * MINUTE),
    ],
    ids=["sent at once", "sent later", "not sent"],
)
def test_after_the_last_resort_handed_it_on_everybody_there_is_called_again(
    page: PageState, rings: timedelta
) -> None:
    case = a_case(pages=(*TO_THE_END, page), repeat_every=20 * MINUTE)
    assert paging(case, REPORTED + rings - SECOND).next_at == REPORTED + rings
    assert paging(case, REPORTED + rings).calls[-1] == Call(2, 3, ("U0CISO",))


def test_a_last_resort_that_cannot_waits_for_the_next_call_and_no_longer() -> None:
    cannot = replace(TO_THE_END[2], cannot_at=REPORTED + 21 * MINUTE)
    again = paged(2, "U0CISO", 50 * MINUTE, attempt=2)
    case = a_case(pages=(*TO_THE_END[:2], cannot, again), repeat_every=30 * MINUTE)
    assert paging(case, REPORTED + 55 * MINUTE).next_at == REPORTED + 80 * MINUTE


def test_whom_it_was_given_up_to_is_called_again_where_nobody_else_is_left() -> None:
    """The manager took it, gave it up, and left the company; there is nobody else in the chain."""
    chain = (ChainLevel(Role.MANAGER, (person("U0MANAGER", active=False),)),)
    pages = (paged(0, "U0MANAGER", 0 * MINUTE), handed(0, "U0X", "U0MANAGER", 60 * MINUTE, turn=1))
    case = a_case(chain=chain, pages=pages, turn=1, turn_level=0)
    assert paging(case, REPORTED + 65 * MINUTE).calls == (Call(0, 2, ("U0X",)),)
    assert paging(case, REPORTED + 70 * MINUTE).calls[-1] == Call(0, 3, ("U0X",))


def test_whoever_handed_it_on_and_is_called_again_is_in_again() -> None:
    called = (
        *TO_THE_END,
        handed(2, "U0X", "U0CISO", 25 * MINUTE),
        paged(2, "U0CISO", 35 * MINUTE, attempt=3),
    )
    case = a_case(pages=called)
    assert [is_out(case, page) for page in called] == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("case", "level"),
    [
        (a_case(), 0),
        (a_case(pages=TO_THE_END[:2]), 1),
        (a_case(pages=(*TO_THE_END[:1], unreachable(1, "U0DEPUTY"))), 0),
        (a_case(pages=TO_THE_END, turn=1, turn_level=1), 1),
        (a_case(pages=(*TO_THE_END, replace(TO_THE_END[1], turn=1)), turn=1, turn_level=0), 1),
    ],
)
def test_how_far_the_present_walk_has_come(case: CaseState, level: int) -> None:
    assert level_now(case) == level


def test_who_of_a_level_can_be_called_at_a_moment() -> None:
    level = ChainLevel(
        Role.LAST_RESORT,
        (person("U0A"), person("U0B", active=False), person(None), person("U0REPORTER"), person("U0C")),
    )
    case = a_case(chain=(level,), absences=(away("U0C"),))
    assert reachable_at(case, 0, REPORTED) == ("U0A",)
    assert reachable_at(case, 0, REPORTED + DAY) == ("U0A", "U0C")
    assert [why_not(case, who) for who in level.people] == [
        None,
        SkipReason.DEACTIVATED,
        SkipReason.NO_SUCH_USER,
        SkipReason.IS_REPORTER,
        None,
    ]


def test_where_somebody_stands_in_the_chain() -> None:
    assert [chain_level(a_case(), user) for user in ("U0MANAGER", "U0CISO", "U0HR")] == [0, 2, None]


def test_one_more_call_has_a_number_that_no_other_call_has() -> None:
    assert next_attempt(a_case(), 0) == 2, "the first belongs to the walk itself"
    assert next_attempt(a_case(pages=TO_THE_END), 2) == 2
    assert next_attempt(a_case(pages=(*TO_THE_END, paged(2, "U0CISO", DAY, attempt=7))), 2) == 8
    assert next_attempt(a_case(pages=TO_THE_END, turn=1), 2) == 3
