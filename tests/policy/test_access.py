"""The full table of who may do what, and what somebody is to a case at a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.errors import Refused
from bot.policy.access import (
    MAY,
    Act,
    check,
    check_acknowledge,
    check_add_facts,
    check_cannot,
    check_close,
    check_decide,
    check_hand_over,
    check_report,
    may,
    may_see,
)
from bot.policy.standing import Kind, Standing, standings
from bot.policy.state import CaseState, MemberState, PageState
from bot.vocabulary import Role, SkipReason
from tests.policy.situations import MINUTE, REPORTED, a_case, due, paged

OFFICE = frozenset({"U0PRIVACY"})

#: One line a standing, one column an act: x may, . may not.
TABLE = """
                 report see acknowledge hand_over cannot go_on add_facts assess record close export edit_items draft_document join see_reporter add_to_timeline do_tasks declare deviate see_register reopen notify decide_publication do_inquiries speak circulate approve record_sent add_measure
reporter         x      x   .           .         .      .     x         .      .      .      .     .          .              .    .            x               x        .       .        .           .      .      .                  x            .     .         .       .       .
informant        x      x   .           .         .      .     x         .      .      .     .      .          .              .    .            x               .        .       .        .           .      .      .                  .            .     .         .       .       .
manager          x      x   x           x         x      x     x         .      .      .      .     .          x              x    .            x               x        .       .        .           .      x      .                  x            x     x         x       x       .
deputy           x      x   x           x         x      x     x         .      .      .      .     .          x              x    .            x               x        .       .        .           .      x      .                  x            x     x         x       x       .
last_resort      x      x   x           x         x      x     x         x      x      x      x     x          x              x    .            x               x        x       x        .           x      x      x                  x            x     x         x       x       x
waiting          x      .   x           .         .      .     .         .      .      .      .     .          .              .    .            .               .        .       .        .           .      .      .                  .            .     .         .       .       .
handed_to        x      x   x           x         x      x     x         .      .      .      .     .          x              .    .            x               x        .       .        .           .      x      .                  x            x     x         x       x       .
privacy_office   x      x   x           x         .      x     x         x      x      x      x     x          x              x    x            x               x        x       x        x           x      x      x                  x            x     x         x       x       x
response_team    x      x   .           .         .      x     x         .      .      .      .     .          x              .    .            x               x        .       .        .           .      x      .                  x            .     x         x       x       .
visitor          x      x   .           .         .      x     x         .      .      .      .     .          .              .    .            x               x        .       .        .           .      .      .                  x            .     .         .       .       .
former           x      .   .           .         .      .     .         .      .      .      .     .          .              .    .            .               .        .       .        .           .      .      .                  .            .     .         .       .       .
outsider         x      .   .           .         .      .     .         .      .      .      .     .          .              .    .            .               .        .       .        .           .      .      .                  .            .     .         .       .       .
guest            x      .   .           .         .      .     .         .      .      .      .     .          .              .    .            .               .        .       .        .           .      .      .                  .            .     .         .       .       .
external         .      .   .           .         .      .     .         .      .      .      .     .          .              .    .            .               .        .       .        .           .      .      .                  .            .     .         .       .       .
deactivated      .      .   .           .         .      .     .         .      .      .      .     .          .              .    .            .               .        .       .        .           .      .      .                  .            .     .         .       .       .
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
PAIRS = [
    (Standing(name), Act(act), mark == "x")
    for name, *marks in LINES
    for act, mark in zip(HEAD, marks, strict=True)
]


def test_the_table_names_every_act_and_every_standing() -> None:
    assert {(standing, act) for standing, act, _ in PAIRS} == {(s, a) for s in Standing for a in Act}
    assert set(MAY) == set(Act)


@pytest.mark.parametrize(("standing", "act", "allowed"), PAIRS)
def test_every_standing_and_every_act(standing: Standing, act: Act, allowed: bool) -> None:
    assert may(act, {standing}) is allowed


@pytest.mark.parametrize(("standing", "act", "allowed"), [p for p in PAIRS if p[1] is not Act.REPORT])
def test_every_person_and_every_act(standing: Standing, act: Act, allowed: bool) -> None:
    case, person, kind = SOMEBODY[standing]
    if allowed:
        check(act, case, person, OFFICE, kind)
        return
    with pytest.raises(Refused) as no:
        check(act, case, person, OFFICE, kind)
    if not may_see(case, person, OFFICE, kind):
        assert no.value.reason == "not_found", "whoever may not see the case learns nothing, not even why"
    else:
        assert no.value.reason in ("not_in_chain", "not_paged", "not_allowed", "not_leading")


def in_room(*people: tuple[str, Role], **changes: object) -> CaseState:
    """The case with these people in its room; changes are of every member."""
    members = {
        user: replace(MemberState(user, role, invited_at=REPORTED), **changes)  # type: ignore[arg-type]
        for user, role in people
    }
    return a_case(members=members, pages=(paged(0, "U0MANAGER", 0 * MINUTE),))


HANDED = PageState(0, 2, "U0SALES2", REPORTED, handed_by="U0MANAGER", handed_at=REPORTED)
SOMEBODY: dict[Standing, tuple[CaseState, str, Kind]] = {
    Standing.REPORTER: (in_room(("U0REPORTER", Role.REPORTER)), "U0REPORTER", Kind.MEMBER),
    Standing.INFORMANT: (a_case(confidential=True, members={}), "U0REPORTER", Kind.MEMBER),
    Standing.MANAGER: (in_room(("U0MANAGER", Role.MANAGER)), "U0MANAGER", Kind.MEMBER),
    Standing.DEPUTY: (a_case(pages=(paged(1, "U0DEPUTY", MINUTE),)), "U0DEPUTY", Kind.MEMBER),
    Standing.LAST_RESORT: (a_case(pages=(paged(2, "U0CISO", MINUTE),)), "U0CISO", Kind.MEMBER),
    Standing.WAITING: (a_case(), "U0DEPUTY", Kind.MEMBER),
    Standing.HANDED_TO: (a_case(pages=(HANDED,)), "U0SALES2", Kind.MEMBER),
    Standing.PRIVACY_OFFICE: (a_case(), "U0PRIVACY", Kind.MEMBER),
    Standing.RESPONSE_TEAM: (in_room(("U0LEGAL", Role.RESPONSE_TEAM)), "U0LEGAL", Kind.MEMBER),
    Standing.VISITOR: (in_room(("U0IT", Role.VISITOR)), "U0IT", Kind.MEMBER),
    Standing.FORMER: (in_room(("U0LEGAL", Role.RESPONSE_TEAM), left_at=REPORTED), "U0LEGAL", Kind.MEMBER),
    Standing.OUTSIDER: (a_case(), "U0HR", Kind.MEMBER),
    Standing.GUEST: (in_room(("U0GUEST", Role.VISITOR), outsider=True), "U0GUEST", Kind.MEMBER),
    Standing.EXTERNAL: (in_room(("U0OTHER", Role.RESPONSE_TEAM)), "U0OTHER", Kind.EXTERNAL),
    Standing.DEACTIVATED: (in_room(("U0MANAGER", Role.MANAGER)), "U0MANAGER", Kind.DEACTIVATED),
}


@pytest.mark.parametrize("standing", Standing)
def test_what_somebody_is_to_a_case(standing: Standing) -> None:
    case, person, kind = SOMEBODY[standing]
    assert standing in standings(case, person, OFFICE, kind)


def test_leaving_the_room_ends_everything_but_the_way_back() -> None:
    everybody = (("U0REPORTER", Role.REPORTER), ("U0MANAGER", Role.MANAGER), ("U0LEGAL", Role.RESPONSE_TEAM))
    case = in_room(*everybody, left_at=REPORTED)
    assert standings(case, "U0REPORTER", OFFICE) == {Standing.FORMER}
    assert standings(case, "U0LEGAL", OFFICE) == {Standing.FORMER}
    assert standings(case, "U0MANAGER", OFFICE) == {Standing.FORMER, Standing.WAITING}
    check_acknowledge(case, "U0MANAGER", OFFICE)
    assert not may_see(case, "U0MANAGER", OFFICE)


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("U0MANAGER", {Standing.MANAGER}),
        ("U0DEPUTY", {Standing.DEPUTY, Standing.HANDED_TO}),  # it was handed to them out of turn
        ("U0CISO", {Standing.WAITING}),  # others were called, they were not
        ("U0X", {Standing.HANDED_TO}),  # stands in for an absent person
        ("U0HR", {Standing.OUTSIDER}),  # could not be reached, and is not in the chain
    ],
)
def test_only_who_was_called_has_a_part_in_it(person: str, expected: set[Standing]) -> None:
    pages = (
        paged(0, "U0MANAGER", 0 * MINUTE),
        paged(0, "U0X", 0 * MINUTE),
        PageState(0, 1, "U0HR", None, skipped=SkipReason.UNREACHABLE),
        PageState(2, 1, "U0CISO", None, skipped=SkipReason.UNREACHABLE),
        PageState(0, 2, "U0DEPUTY", REPORTED, handed_by="U0MANAGER", handed_at=REPORTED),
    )
    assert standings(a_case(pages=pages), person, OFFICE) == expected


def test_a_guest_who_reported_sees_what_became_of_it_and_no_more() -> None:
    case = in_room(("U0REPORTER", Role.REPORTER))
    assert standings(case, "U0REPORTER", OFFICE, Kind.GUEST) == {Standing.REPORTER, Standing.GUEST}
    case = in_room(("U0MANAGER", Role.MANAGER))
    assert standings(case, "U0MANAGER", OFFICE, Kind.GUEST) == {Standing.GUEST}


def test_an_office_that_changed_hands_does_not_decide_any_more() -> None:
    case = in_room(("U0PRIVACY", Role.PRIVACY_OFFICE))
    assert standings(case, "U0PRIVACY", frozenset()) == {Standing.VISITOR}
    with pytest.raises(Refused, match="not_allowed"):
        check_decide(case, "U0PRIVACY", frozenset())


def test_a_manager_who_reported_is_both() -> None:
    case = replace(in_room(("U0MANAGER", Role.REPORTER)), reporter="U0MANAGER")
    assert standings(case, "U0MANAGER", OFFICE) == {Standing.MANAGER, Standing.REPORTER}


@pytest.mark.parametrize("kind", [Kind.EXTERNAL, Kind.DEACTIVATED, Kind.BOT])
def test_nobody_from_outside_reports(kind: Kind) -> None:
    with pytest.raises(Refused, match="not_of_the_company"):
        check_report(kind)
    check_report(Kind.GUEST)


CHECKS: tuple[Callable[..., None], ...] = (
    check_hand_over,
    check_cannot,
    check_add_facts,
    check_decide,
    check_close,
)


@pytest.mark.parametrize("asked", CHECKS)
def test_nothing_is_done_to_a_closed_case(asked: Callable[..., None]) -> None:
    case = replace(a_case(pages=(paged(2, "U0CISO", MINUTE),)), closed_at=REPORTED)
    with pytest.raises(Refused, match="already_closed"):
        asked(case, "U0CISO", OFFICE)


def test_once_somebody_has_the_case_only_they_and_the_office_hand_it_over() -> None:
    pages = (paged(0, "U0MANAGER", 0 * MINUTE), paged(1, "U0DEPUTY", 10 * MINUTE))
    case = a_case(pages=pages, acknowledged_at=REPORTED, acknowledged_by="U0MANAGER")
    check_hand_over(case, "U0MANAGER", OFFICE)
    check_hand_over(case, "U0PRIVACY", OFFICE)
    with pytest.raises(Refused, match="already_acknowledged"):
        check_hand_over(case, "U0DEPUTY", OFFICE)
    with pytest.raises(Refused, match="already_acknowledged"):
        check_cannot(case, "U0MANAGER", OFFICE)


def test_closing_waits_for_what_is_open() -> None:
    case = a_case(obligations=(due(REPORTED),))
    with pytest.raises(Refused, match="obligations_open"):
        check_close(case, "U0PRIVACY", OFFICE)
