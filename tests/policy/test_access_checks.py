"""Each check by its name: who gets through, what of a case that is over, and the words of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.errors import Refused
from bot.organisation import Criteria, Criterion
from bot.policy import access
from bot.policy.access import MAY, Act, check_absence, check_register, may_answer, may_take_case_file
from bot.policy.notice_state import NoticeEntry, NoticesState, PublicationState
from bot.policy.standing import Kind, Standing, standings
from bot.policy.state import CaseState, TaskState
from bot.vocabulary import (
    CriterionKind,
    InquirySource,
    NoticeWay,
    ObligationKind,
    Publication,
    Role,
    SkipReason,
    TaskPhase,
)
from tests.policy.situations import MINUTE, REPORTED, a_case, due, paged
from tests.policy.test_access import OFFICE, SOMEBODY

Check = Callable[..., None]
CLOSED, BLANKED = "already_closed", "case_blanked"
OVER: dict[str, Any] = {"closed_at": REPORTED}
LONG_OVER: dict[str, Any] = {"closed_at": REPORTED, "blanked_at": REPORTED + timedelta(days=1000)}

#: Each check, the act it stands for, and what is said of a closed case, and of one without its words.
CHECKS: tuple[tuple[Check, Act, str | None, str | None], ...] = (
    (access.check_acknowledge, Act.ACKNOWLEDGE, None, None),
    (access.check_hand_over, Act.HAND_OVER, CLOSED, CLOSED),
    (access.check_cannot, Act.CANNOT, CLOSED, CLOSED),
    (access.check_go_on, Act.GO_ON, CLOSED, CLOSED),
    (access.check_add_facts, Act.ADD_FACTS, CLOSED, CLOSED),
    (access.check_decide, Act.RECORD, CLOSED, CLOSED),
    (access.check_close, Act.CLOSE, CLOSED, CLOSED),
    (access.check_export, Act.EXPORT, None, None),
    (access.check_may_join, Act.JOIN, CLOSED, CLOSED),
    (access.check_edit_items, Act.EDIT_ITEMS, None, BLANKED),
    (access.check_draft_document, Act.DRAFT_DOCUMENT, None, BLANKED),
    (access.check_circulate, Act.CIRCULATE, None, BLANKED),
    (access.check_approve, Act.APPROVE, None, BLANKED),
    (access.check_record_sent, Act.RECORD_SENT, None, BLANKED),
    (access.check_add_to_timeline, Act.ADD_TO_TIMELINE, None, BLANKED),
    (access.check_inquiries, Act.DO_INQUIRIES, None, BLANKED),
    (access.check_see_tasks, Act.DO_TASKS, None, BLANKED),
    (access.check_add_measure, Act.ADD_MEASURE, None, BLANKED),
    (access.check_declare, Act.DECLARE, CLOSED, CLOSED),
    (access.check_deviate, Act.DEVIATE, CLOSED, CLOSED),
    (access.check_see_notices, Act.SEE, None, None),
    (access.check_notify, Act.NOTIFY, CLOSED, CLOSED),
    (access.check_decide_publication, Act.DECIDE_PUBLICATION, CLOSED, CLOSED),
)
MEMBERS = [standing for standing, (_, _, kind) in SOMEBODY.items() if kind is Kind.MEMBER]


def refused(act: Callable[[], object]) -> tuple[str, dict[str, object]] | None:
    """The reason and the values of the refusal, None where it is allowed."""
    try:
        act()
    except Refused as no:
        return no.reason, no.values
    return None


@pytest.mark.parametrize("standing", MEMBERS)
@pytest.mark.parametrize(("check", "act"), [each[:2] for each in CHECKS])
def test_a_check_lets_through_whom_the_table_names(check: Check, act: Act, standing: Standing) -> None:
    case, person, _ = SOMEBODY[standing]
    said = refused(lambda: check(case, person, OFFICE))
    if standings(case, person, OFFICE) & MAY[act]:
        assert said is None
    else:
        assert said is not None
        assert said[0] in ("not_found", "not_in_chain", "not_paged", "not_allowed", "not_leading")


@pytest.mark.parametrize(("check", "act", "closed", "blanked"), CHECKS)
def test_what_still_goes_when_a_case_is_over(
    check: Check, act: Act, closed: str | None, blanked: str | None
) -> None:
    case = a_case(pages=(paged(2, "U0CISO", MINUTE),))
    person = "U0MANAGER" if act is Act.JOIN else "U0CISO"
    case = replace(case, pages=(*case.pages, paged(0, "U0MANAGER", MINUTE)))
    assert refused(lambda: check(case, person, OFFICE)) is None
    for changes, word in ((OVER, closed), (LONG_OVER, blanked)):
        over = replace(case, **changes)
        assert refused(lambda: check(over, person, OFFICE)) == (word and (word, {}))  # noqa: B023


@pytest.mark.parametrize("phase", TaskPhase)
def test_of_a_closed_case_the_aftercare_is_done(phase: TaskPhase) -> None:
    case = a_case(pages=(paged(0, "U0MANAGER", MINUTE),))
    task = TaskState("t", phase, Role.MANAGER, REPORTED)
    do = partial(access.check_do_task, task=task, person="U0MANAGER", privacy_office=OFFICE)
    assert refused(lambda: do(case)) is None
    aftercare = phase is TaskPhase.AFTERCARE
    assert refused(lambda: do(replace(case, **OVER))) == (None if aftercare else (CLOSED, {}))
    assert refused(lambda: do(replace(case, **LONG_OVER))) == (BLANKED, {})
    assert refused(lambda: access.check_do_task(case, task, "U0HR", OFFICE)) == ("not_found", {})


CALLED = (paged(0, "U0MANAGER", 0 * MINUTE), paged(1, "U0DEPUTY", 10 * MINUTE), paged(2, "U0CISO", MINUTE))
OPEN = a_case(pages=CALLED)
TAKEN = replace(OPEN, acknowledged_at=REPORTED, acknowledged_by="U0MANAGER")
BY_MANAGER = {"by": "U0MANAGER", "at": REPORTED}
ROOM: CaseState = SOMEBODY[Standing.RESPONSE_TEAM][0]
OTHER = a_case(number="2026-0002", pages=CALLED)
NOTICE = NoticeEntry(1, NoticeWay.MAIL, 5, REPORTED, "U0PRIVACY", REPORTED)
DECIDED = PublicationState(Publication.LATER, None, "U0PRIVACY", REPORTED)
LARGE: dict[str, Any] = {
    "criteria": Criteria(publish=Criterion(persons=100)),
    "facts": {"persons": {"exact": 100}},
}


def joined(
    case: CaseState = OPEN, into: CaseState = OTHER, person: str = "U0PRIVACY"
) -> Callable[[], object]:
    return lambda: access.check_join(case, into, person, OFFICE)


def asked(check: Check, case: CaseState, person: str = "U0PRIVACY") -> Callable[[], object]:
    return lambda: check(case, person, OFFICE)


#: What goes, and what is refused with which word and which values for its template.
ANSWERS: dict[str, tuple[Callable[[], object], tuple[str, dict[str, object]] | None]] = {
    "handing over what another has": (
        asked(access.check_hand_over, TAKEN, "U0DEPUTY"),
        ("already_acknowledged", BY_MANAGER),
    ),
    "handing over one's own": (asked(access.check_hand_over, TAKEN, "U0MANAGER"), None),
    "handing over as the office": (asked(access.check_hand_over, TAKEN), None),
    "being unable once one has it": (
        asked(access.check_cannot, TAKEN, "U0MANAGER"),
        ("already_acknowledged", BY_MANAGER),
    ),
    "being unable to answer a page of an earlier walk": (
        asked(access.check_cannot, replace(OPEN, turn=1), "U0MANAGER"),
        ("not_paged", {}),
    ),
    "being unable to answer a page that was never sent": (
        asked(
            access.check_cannot,
            a_case(
                pages=(
                    paged(0, "U0MANAGER", MINUTE, attempt=1),
                    replace(paged(0, "U0MANAGER", MINUTE), turn=1, skipped=SkipReason.UNREACHABLE),
                ),
                turn=1,
            ),
            "U0MANAGER",
        ),
        ("not_paged", {}),
    ),
    "closing with something due": (
        asked(access.check_close, replace(OPEN, obligations=(due(REPORTED),))),
        ("obligations_open", {"obligations": [ObligationKind.PRELIMINARY]}),
    ),
    "closing against the organisation's own criterion": (
        asked(access.check_close, replace(OPEN, **LARGE)),
        ("deviation_needs_reason", {"criteria": [CriterionKind.PUBLISH]}),
    ),
    "reopening what is open": (asked(access.check_reopen, OPEN), ("not_closed", {})),
    "reopening": (asked(access.check_reopen, replace(OPEN, **OVER)), None),
    "reopening what goes on elsewhere": (
        asked(access.check_reopen, replace(OPEN, **OVER, joined_into="2026-0002")),
        ("reopen_joined", {"number": "2026-0002"}),
    ),
    "reopening what has no words left": (
        asked(access.check_reopen, replace(OPEN, **LONG_OVER)),
        (BLANKED, {}),
    ),
    "reopening as somebody else": (
        asked(access.check_reopen, replace(OPEN, **OVER), "U0MANAGER"),
        ("not_allowed", {}),
    ),
    "adding a measure to what goes on elsewhere": (
        asked(access.check_add_measure, replace(OPEN, **OVER, joined_into="2026-0002")),
        (CLOSED, {}),
    ),
    "declaring twice": (
        asked(access.check_declare, replace(OPEN, company_wide_at=REPORTED, company_wide_by="U0CISO")),
        ("already_declared", {"by": "U0CISO"}),
    ),
    "the file of a confidential report": (
        asked(access.check_export, replace(OPEN, confidential=True), "U0CISO"),
        ("confidential_file", {}),
    ),
    "the file of a confidential report for the office": (
        asked(access.check_export, replace(OPEN, confidential=True)),
        None,
    ),
    "adding to the timeline as somebody of another organisation": (
        lambda: access.check_add_to_timeline(ROOM, "U0LEGAL", OFFICE, Kind.EXTERNAL),
        ("not_found", {}),
    ),
    "reporting as somebody of another organisation": (
        lambda: access.check_report(Kind.EXTERNAL),
        ("not_of_the_company", {}),
    ),
    "acknowledging without being called": (
        asked(access.check_acknowledge, ROOM, "U0LEGAL"),
        ("not_in_chain", {}),
    ),
    "handing over without being called": (
        asked(access.check_hand_over, ROOM, "U0LEGAL"),
        ("not_in_chain", {}),
    ),
    "being unable without being called": (asked(access.check_cannot, ROOM, "U0LEGAL"), ("not_paged", {})),
    "joining without leading": (asked(access.check_may_join, ROOM, "U0LEGAL"), ("not_leading", {})),
    "deciding without being asked to": (asked(access.check_decide, ROOM, "U0LEGAL"), ("not_allowed", {})),
    "joining": (joined(), None),
    "joining what one does not lead": (joined(person="U0HR"), ("not_found", {})),
    "joining to what one does not lead": (
        joined(into=a_case(number="2026-0002", chain=()), person="U0MANAGER"),
        ("not_found", {}),
    ),
    "joining what is over": (joined(replace(OPEN, **OVER)), (CLOSED, {})),
    "joining to what is over": (
        joined(into=replace(OTHER, **OVER)),
        ("join_closed", {"number": "2026-0002"}),
    ),
    "joining to itself": (joined(into=OPEN), ("join_itself", {})),
    "joining a drill": (joined(replace(OPEN, drill=True)), ("join_drill", {})),
    "joining what was decided": (
        joined(replace(OPEN, assessment={"decision": "report"})),
        ("join_decided", {"number": "2026-0001"}),
    ),
    "joining what was filed": (
        joined(replace(OPEN, obligations=(due(REPORTED), due(REPORTED, submitted_at=REPORTED)))),
        ("join_decided", {"number": "2026-0001"}),
    ),
    "joining what is only due": (joined(replace(OPEN, obligations=(due(REPORTED),))), None),
    "joining when persons were told": (
        joined(replace(OPEN, notices=NoticesState(entries=(NOTICE,)))),
        ("join_decided", {"number": "2026-0001"}),
    ),
    "joining when publication was decided": (
        joined(replace(OPEN, publication=DECIDED)),
        ("join_decided", {"number": "2026-0001"}),
    ),
    "speaking to the press without being asked to": (
        lambda: access.check_answer(ROOM, InquirySource.PRESS, "U0LEGAL", OFFICE),
        ("one_voice", {}),
    ),
    "speaking to the press for the department": (
        lambda: access.check_answer(ROOM, InquirySource.PRESS, "U0LEGAL", OFFICE, ("U0LEGAL",)),
        None,
    ),
    "speaking for the department without belonging to the room": (
        lambda: access.check_answer(ROOM, InquirySource.PRESS, "U0HR", OFFICE, ("U0HR",)),
        ("not_found", {}),
    ),
    "answering as somebody of another organisation": (
        lambda: access.check_answer(
            ROOM, InquirySource.PERSON, "U0LEGAL", OFFICE, ("U0LEGAL",), Kind.EXTERNAL
        ),
        ("not_found", {}),
    ),
    "the register of the office": (lambda: check_register("U0PRIVACY", OFFICE), None),
    "the register of somebody else": (lambda: check_register("U0CISO", OFFICE), ("not_of_the_office", {})),
    "the register of somebody who left": (
        lambda: check_register("U0PRIVACY", OFFICE, Kind.DEACTIVATED),
        ("not_of_the_office", {}),
    ),
    "one's own absence": (lambda: check_absence("U0HR", "U0HR", OFFICE), None),
    "anybody's absence, by the office": (lambda: check_absence("U0HR", "U0PRIVACY", OFFICE), None),
    "somebody else's absence": (
        lambda: check_absence("U0HR", "U0MANAGER", OFFICE),
        ("absence_not_yours", {}),
    ),
}


@pytest.mark.parametrize("attempt", ANSWERS)
def test_what_is_refused_says_why_and_with_what(attempt: str) -> None:
    act, answer = ANSWERS[attempt]
    assert refused(act) == answer


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("changes", "office", "last_resort"),
    [
        ({}, True, True),
        ({"confidential": True}, True, False),
        ({"informants": ("U0HR",)}, True, False),
    ],
)
def test_the_case_file_of_an_unnamed_reporter_is_for_the_office_alone(
    changes: dict[str, Any], office: bool, last_resort: bool, kind: Kind
) -> None:
    case = replace(OPEN, **changes)
    for person, allowed in (("U0PRIVACY", office), ("U0CISO", last_resort), ("U0MANAGER", False)):
        assert may_take_case_file(case, person, OFFICE, kind) is (allowed and kind is Kind.MEMBER), person


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("source", InquirySource)
def test_nobody_of_outside_answers_whoever_asks(source: InquirySource, kind: Kind) -> None:
    may = may_answer(ROOM, source, "U0LEGAL", OFFICE, ("U0LEGAL",), kind)
    assert may is (kind is Kind.MEMBER)
