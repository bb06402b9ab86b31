"""Who is paged next: silence goes down the chain, an answer ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.policy.paging import Call, paging
from bot.policy.state import ChainLevel, PageState
from bot.vocabulary import Role, SkipReason
from tests.policy.situations import CHAIN, MINUTE, REPORTED, a_case, paged, person

MANAGER, DEPUTY, CISO = (Call(0, 1, ("U0MANAGER",)), Call(1, 1, ("U0DEPUTY",)), Call(2, 1, ("U0CISO",)))


def test_the_manager_is_paged_at_once_and_nobody_else() -> None:
    asked = paging(a_case(), REPORTED)
    assert asked.calls == (MANAGER,)
    assert asked.next_at is None, "the silence counts from the moment the page is sent"


def test_the_deputy_is_paged_exactly_when_the_silence_is_over() -> None:
    case = a_case(pages=(paged(0, "U0MANAGER", timedelta(seconds=1)),))
    over = REPORTED + 10 * MINUTE + timedelta(seconds=1)
    early = paging(case, over - timedelta(microseconds=1))
    assert early.calls == (MANAGER,)
    assert early.next_at == over
    assert paging(case, over).calls == (MANAGER, DEPUTY)


def test_the_last_resort_is_paged_again_and_again_until_somebody_answers() -> None:
    pages = (
        paged(0, "U0MANAGER", 0 * MINUTE),
        paged(1, "U0DEPUTY", 10 * MINUTE),
        paged(2, "U0CISO", 20 * MINUTE),
    )
    case = a_case(pages=pages)
    assert paging(case, REPORTED + 29 * MINUTE).calls == (MANAGER, DEPUTY, CISO)
    again = paging(case, REPORTED + 30 * MINUTE)
    assert again.calls[-1] == Call(2, 2, ("U0CISO",))
    case = replace(case, pages=(*pages, paged(2, "U0CISO", 30 * MINUTE, attempt=2)))
    third = paging(case, REPORTED + 40 * MINUTE)
    assert third.calls[-1] == Call(2, 3, ("U0CISO",))


def test_after_a_pause_of_the_bot_the_next_in_line_is_paged_not_everybody() -> None:
    case = a_case(pages=(paged(0, "U0MANAGER", 0 * MINUTE),))
    assert paging(case, REPORTED + timedelta(hours=9)).calls == (MANAGER, DEPUTY)


def test_nobody_is_paged_after_somebody_took_the_case() -> None:
    case = a_case(acknowledged_at=REPORTED + MINUTE, acknowledged_by="U0DEPUTY")
    assert paging(case, REPORTED + timedelta(days=1)).calls == ()


def test_a_manager_who_is_the_reporter_is_passed_over_at_once() -> None:
    asked = paging(a_case(reporter="U0MANAGER"), REPORTED)
    assert asked.calls == (DEPUTY,)
    assert [(s.reference, s.reason) for s in asked.skips] == [("U0MANAGER", SkipReason.IS_REPORTER)]


def test_people_who_do_not_exist_or_are_deactivated_are_passed_over_at_once() -> None:
    chain = (
        ChainLevel(Role.MANAGER, (person(None),)),
        ChainLevel(Role.DEPUTY, (person("U0DEPUTY", active=False),)),
        CHAIN[2],
    )
    asked = paging(a_case(chain=chain), REPORTED)
    assert asked.calls == (CISO,)
    assert [s.reason for s in asked.skips] == [SkipReason.NO_SUCH_USER, SkipReason.DEACTIVATED]


def test_somebody_slack_refuses_to_reach_is_passed_over() -> None:
    refused = PageState(0, 1, "U0MANAGER", sent_at=None, skipped=SkipReason.UNREACHABLE)
    assert paging(a_case(pages=(refused,)), REPORTED).calls == (DEPUTY,)


def test_a_page_that_does_not_get_through_holds_nobody_up_but_is_still_tried() -> None:
    delayed = PageState(0, 1, "U0MANAGER", sent_at=None)
    assert paging(a_case(pages=(delayed,)), REPORTED).calls == (MANAGER, DEPUTY)


def test_a_last_resort_of_two_is_paged_together_and_waits_for_the_first_answer() -> None:
    chain = (ChainLevel(Role.LAST_RESORT, (person("U0CISO"), person("U0LEGAL"))),)
    asked = paging(a_case(chain=chain), REPORTED)
    assert asked.calls == (Call(0, 1, ("U0CISO", "U0LEGAL")),)
    both = (paged(0, "U0CISO", 0 * MINUTE), paged(0, "U0LEGAL", MINUTE))
    assert paging(a_case(chain=chain, pages=both), REPORTED + 10 * MINUTE).calls[-1].attempt == 2


def test_a_chain_in_which_nobody_can_be_reached_says_so_and_pages_nobody() -> None:
    asked = paging(a_case(chain=(ChainLevel(Role.MANAGER, (person(None),)),)), REPORTED)
    assert asked.calls == ()
    assert len(asked.skips) == 1
