"""Who is paged next: silence goes down the chain, an answer ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.policy.paging import Call, paging
from bot.policy.state import AbsenceState, ChainLevel, PageState
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


def handed(level: int, user: str, by: str, at: timedelta, **changes: object) -> PageState:
    """A page handed on so long after the report, and sent at once."""
    page = PageState(level, 2, user, REPORTED + at, handed_by=by, handed_at=REPORTED + at)
    return replace(page, **changes)  # type: ignore[arg-type]


def test_whoever_it_is_handed_to_has_a_clock_of_their_own_and_then_the_chain_goes_on() -> None:
    pages = (paged(0, "U0MANAGER", 0 * MINUTE), handed(0, "U0X", "U0MANAGER", 8 * MINUTE))
    case = a_case(pages=pages)
    asked = paging(case, REPORTED + 10 * MINUTE)
    assert asked.calls == (MANAGER, Call(0, 2, ("U0X",)))
    assert asked.next_at == REPORTED + 18 * MINUTE
    assert paging(case, REPORTED + 18 * MINUTE).calls[-1] == DEPUTY


def test_handing_on_a_page_never_takes_back_a_call_that_went_further_already() -> None:
    pages = (
        paged(0, "U0MANAGER", 0 * MINUTE),
        paged(1, "U0DEPUTY", 10 * MINUTE),
        handed(0, "U0X", "U0MANAGER", 12 * MINUTE),
    )
    asked = paging(a_case(pages=pages), REPORTED + 19 * MINUTE)
    assert asked.calls == (MANAGER, Call(0, 2, ("U0X",)), DEPUTY)
    assert asked.next_at == REPORTED + 20 * MINUTE


def test_a_page_that_was_handed_on_and_cannot_be_sent_holds_nobody_up() -> None:
    pages = (paged(0, "U0MANAGER", 0 * MINUTE), handed(0, "U0X", "U0MANAGER", 5 * MINUTE, sent_at=None))
    assert paging(a_case(pages=pages), REPORTED + 5 * MINUTE).calls[-1] == Call(0, 2, ("U0X",))
    assert paging(a_case(pages=pages), REPORTED + 15 * MINUTE).calls[-1] == DEPUTY
    refused = (pages[0], replace(pages[1], skipped=SkipReason.UNREACHABLE))
    assert paging(a_case(pages=refused), REPORTED + 5 * MINUTE).calls == (MANAGER, DEPUTY)


def test_somebody_who_cannot_sends_the_call_on_at_once() -> None:
    manager = replace(paged(0, "U0MANAGER", 0 * MINUTE), cannot_at=REPORTED + MINUTE)
    assert paging(a_case(pages=(manager,)), REPORTED + MINUTE).calls == (MANAGER, DEPUTY)
    both = (manager, handed(0, "U0X", "U0MANAGER", 2 * MINUTE))
    assert paging(a_case(pages=both), REPORTED + 2 * MINUTE).calls == (MANAGER, Call(0, 2, ("U0X",)))


def test_a_last_resort_that_cannot_is_called_again_all_the_same() -> None:
    pages = (
        paged(0, "U0MANAGER", 0 * MINUTE),
        paged(1, "U0DEPUTY", 10 * MINUTE),
        replace(paged(2, "U0CISO", 20 * MINUTE), cannot_at=REPORTED + 21 * MINUTE),
    )
    case = a_case(pages=pages)
    assert paging(case, REPORTED + 22 * MINUTE).next_at == REPORTED + 30 * MINUTE
    assert paging(case, REPORTED + 30 * MINUTE).calls[-1] == Call(2, 2, ("U0CISO",))


def test_a_case_given_up_after_it_was_taken_is_called_from_there_with_new_pages() -> None:
    pages = (
        paged(0, "U0MANAGER", 0 * MINUTE),
        paged(1, "U0DEPUTY", 10 * MINUTE),
        handed(0, "U0X", "U0MANAGER", 60 * MINUTE, turn=1),
    )
    case = a_case(pages=pages, turn=1, turn_level=0)
    first = paging(case, REPORTED + 69 * MINUTE)
    assert first.calls == (Call(0, 2, ("U0X",)),), "neither the manager nor, yet, anybody else"
    assert first.next_at == REPORTED + 70 * MINUTE
    again = paging(case, REPORTED + 70 * MINUTE)
    assert again.calls[-1] == Call(1, 2, ("U0DEPUTY",)), "a page of its own, not the old one"
    case = replace(case, pages=(*pages, replace(paged(1, "U0DEPUTY", 70 * MINUTE, attempt=2), turn=1)))
    assert paging(case, REPORTED + 80 * MINUTE).calls[-1] == CISO


def test_a_case_the_last_resort_gave_up_comes_back_to_the_last_resort() -> None:
    pages = (paged(2, "U0CISO", 0 * MINUTE), handed(2, "U0X", "U0CISO", 60 * MINUTE, turn=1))
    case = a_case(pages=pages, turn=1, turn_level=2)
    assert paging(case, REPORTED + 65 * MINUTE).calls == (Call(2, 2, ("U0X",)),)
    assert paging(case, REPORTED + 70 * MINUTE).calls[-1] == Call(2, 3, ("U0CISO",))


def away(user: str, since: timedelta, until: timedelta, deputy: str | None = None) -> AbsenceState:
    """An absence, counted from the report."""
    return AbsenceState(1, user, REPORTED + since, REPORTED + until, deputy)


DAY = timedelta(days=1)


def test_somebody_declared_absent_is_passed_over_at_once() -> None:
    asked = paging(a_case(absences=(away("U0MANAGER", -DAY, DAY),)), REPORTED)
    assert asked.calls == (DEPUTY,)
    assert [(s.user, s.reason, s.instead) for s in asked.skips] == [("U0MANAGER", SkipReason.ABSENT, None)]
    for over in (away("U0MANAGER", -2 * DAY, -DAY), away("U0MANAGER", DAY, 2 * DAY)):
        assert paging(a_case(absences=(over,)), REPORTED).calls == (MANAGER,)


def test_whom_an_absent_person_named_is_called_at_the_same_level() -> None:
    asked = paging(a_case(absences=(away("U0MANAGER", -DAY, DAY, "U0X"),)), REPORTED)
    assert asked.calls == (Call(0, 1, ("U0X",)),)
    assert [s.instead for s in asked.skips] == ["U0X"]
    for deputy in ("U0REPORTER", "U0DEPUTY"):
        absences = (away("U0MANAGER", -DAY, DAY, deputy), away("U0DEPUTY", -DAY, DAY))
        assert paging(a_case(absences=absences), REPORTED).calls == (CISO,), deputy


def test_an_absence_that_begins_or_ends_meanwhile_changes_nothing_for_whoever_was_called() -> None:
    begins = a_case(
        pages=(paged(0, "U0MANAGER", 0 * MINUTE),), absences=(away("U0MANAGER", 5 * MINUTE, DAY),)
    )
    assert paging(begins, REPORTED + 6 * MINUTE).calls == (MANAGER,)
    ends = a_case(
        pages=(
            PageState(0, 1, "U0MANAGER", sent_at=None, skipped=SkipReason.ABSENT),
            paged(0, "U0X", 0 * MINUTE),
        ),
        absences=(away("U0MANAGER", -DAY, 5 * MINUTE, "U0X"),),
    )
    assert paging(ends, REPORTED + 6 * MINUTE).calls == (Call(0, 1, ("U0X",)),)
    assert paging(ends, REPORTED + 10 * MINUTE).calls[-1] == DEPUTY


def test_the_last_level_is_called_even_where_everybody_is_absent() -> None:
    absences = tuple(away(user, -DAY, DAY) for user in ("U0MANAGER", "U0DEPUTY", "U0CISO"))
    asked = paging(a_case(absences=absences), REPORTED)
    assert asked.calls == (CISO,), "somebody must hear of it"
    assert [s.user for s in asked.skips] == ["U0MANAGER", "U0DEPUTY"]


def test_do_not_disturb_halves_the_wait_and_never_stops_a_page() -> None:
    quiet = replace(paged(0, "U0MANAGER", 0 * MINUTE), dnd=True)
    case = a_case(pages=(quiet,))
    assert paging(case, REPORTED + 5 * MINUTE - timedelta(seconds=1)).calls == (MANAGER,)
    assert paging(case, REPORTED).next_at == REPORTED + 5 * MINUTE
    assert paging(case, REPORTED + 5 * MINUTE).calls == (MANAGER, DEPUTY)


def test_of_several_people_on_a_level_the_one_who_may_be_disturbed_is_waited_for() -> None:
    both = ChainLevel(Role.MANAGER, (person("U0MANAGER"), person("U0OTHER")))
    pages = (replace(paged(0, "U0MANAGER", 0 * MINUTE), dnd=True), paged(0, "U0OTHER", 0 * MINUTE))
    assert paging(a_case(chain=(both, *CHAIN[1:]), pages=pages), REPORTED).next_at == REPORTED + 10 * MINUTE
    quiet = replace(paged(2, "U0CISO", 0 * MINUTE), dnd=True)
    handed = replace(paged(0, "U0HRMGR", 0 * MINUTE, attempt=2), handed_by="U0MANAGER", handed_at=REPORTED)
    called = paged(0, "U0MANAGER", 0 * MINUTE)
    resting = a_case(pages=(called, replace(handed, dnd=True)))
    assert paging(resting, REPORTED).next_at == REPORTED + 5 * MINUTE
    assert paging(a_case(pages=(called, handed)), REPORTED).next_at == REPORTED + 10 * MINUTE
    last = paging(a_case(pages=(quiet,), turn_level=2), REPORTED + 9 * MINUTE)
    assert last.next_at == REPORTED + 10 * MINUTE, "the last resort is repeated at its own pace"
