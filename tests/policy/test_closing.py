"""May a case be closed, what is put aside with it, and when the closure itself may decide on the duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.organisation import Criteria, Criterion
from bot.policy.approval import Ref
from bot.policy.checklist import checklist
from bot.policy.closing import (
    SETTLES,
    came_up_since,
    may_be_settled,
    outcome_of,
    outcomes,
    still_open,
)
from bot.policy.state import CaseState, EventState, InquiryState, TaskState
from bot.vocabulary import (
    CriterionKind,
    DocumentKind,
    InquiryChannel,
    InquirySource,
    InquiryStatus,
    LogKind,
    ObligationKind,
    Outcome,
    Role,
    TaskName,
    TaskPhase,
    TaskStatus,
)
from tests.policy.situations import REPORTED, a_case, due

DAY = timedelta(days=1)


def with_tasks(case: CaseState, **named: str) -> CaseState:
    """The case with every task that fits it; `named` says who was named for which."""
    tasks = [TaskState(t.key, t.phase, t.owner, t.due_at) for t in checklist(case, REPORTED)]
    return replace(case, tasks=tuple(replace(t, user=named.get(t.key)) for t in tasks))


def event(kind: LogKind, seq: int = 9, /, **data: Any) -> EventState:
    return EventState(seq, REPORTED, "U0PRIVACY", kind, data)


def test_what_is_open_is_listed_and_prevention_goes_on() -> None:
    criteria = Criteria(None, Criterion(persons=100), None)
    obligations = (due(REPORTED + 4 * DAY), due(REPORTED + 9 * DAY, ObligationKind.FINAL))
    case = with_tasks(a_case(criteria=criteria, facts={"persons": {"exact": 200}}, obligations=obligations))
    found = still_open(case)
    assert found.obligations == (ObligationKind.PRELIMINARY, ObligationKind.FINAL)
    assert found.criteria == (CriterionKind.PUBLISH,)
    phases = {task.phase for task in found.tasks}
    assert TaskPhase.AFTERCARE not in phases
    assert {TaskPhase.FIRST_HOUR, TaskPhase.INVESTIGATE} <= phases


def test_inquiries_and_documents_that_wait_are_open_too() -> None:
    asked = InquiryState(1, InquirySource.PRESS, InquiryChannel.PHONE, REPORTED, REPORTED, "U0LEGAL")
    answered = replace(asked, number=2, status=InquiryStatus.ANSWERED)
    about = {"kind": "apology", "locale": "ja", "version": 1, "hash": "f" * 64}
    drafted = event(LogKind.DOCUMENT_DRAFTED, 4, **about)
    circulated = event(LogKind.DOCUMENT_CIRCULATED, 5, **about, route=["manager"])
    case = a_case(inquiries=(asked, answered), events=(drafted, circulated))
    found = still_open(case)
    assert found.inquiries == (asked,)
    assert [str(ref) for ref in found.documents] == [str(Ref(DocumentKind.APOLOGY, "ja", 1))]
    assert found.is_left
    assert not still_open(replace(case, inquiries=(answered,))).is_left, "documents go on after the end"
    assert still_open(replace(case, events=(drafted,))).documents == ()


def test_what_is_done_or_set_aside_is_not_open() -> None:
    case = with_tasks(a_case())
    first, second, *rest = case.tasks
    done, aside = replace(first, status=TaskStatus.DONE), replace(second, status=TaskStatus.NOT_APPLICABLE)
    keys = {task.key for task in still_open(replace(case, tasks=(done, aside, *rest))).tasks}
    assert keys == {task.key for task in rest if task.phase is not TaskPhase.AFTERCARE}


def test_after_a_near_miss_only_what_somebody_took_on_and_its_review_go_on() -> None:
    case = with_tasks(a_case(), staff_retraining="U0MANAGER")
    measure = TaskState("measure-1", TaskPhase.AFTERCARE, Role.PRIVACY_OFFICE, REPORTED, title="x")
    ours = TaskState("our-own-rule", TaskPhase.AFTERCARE, Role.MANAGER, REPORTED, title="x")
    case = replace(case, tasks=(*case.tasks, measure, ours))
    everything = {task.key for task in case.tasks}
    left = {task.key for task in still_open(case, Outcome.NEAR_MISS).tasks}
    assert everything - left == {
        TaskName.STAFF_RETRAINING,
        TaskName.NEAR_MISS_REVIEW,
        "measure-1",
        "our-own-rule",
    }
    assert TaskName.ROOT_CAUSE in everything - {t.key for t in still_open(case, Outcome.RECOVERED).tasks}


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"assessment": {"decision": "undetermined"}}, True),
        ({"assessment": {"decision": "report"}}, False),
        ({"assessment": {"decision": "no_report"}}, False),
        ({"assessment": {"decision": "exempt"}}, False),
        ({"obligations": (due(REPORTED, submitted_at=REPORTED),)}, False),
        ({"closed_at": REPORTED}, False),
    ],
)
def test_the_closure_decides_only_where_nobody_has_decided_or_filed(
    changes: dict[str, Any], may: bool
) -> None:
    assert may_be_settled(a_case(**{"obligations": (due(REPORTED + DAY),), **changes})) is may


def test_a_near_miss_contradicts_a_report() -> None:
    assert Outcome.NEAR_MISS in outcomes(a_case())
    assert Outcome.NEAR_MISS in outcomes(a_case(assessment={"decision": "no_report"}))
    assert Outcome.NEAR_MISS not in outcomes(a_case(assessment={"decision": "report"}))
    assert Outcome.NEAR_MISS not in outcomes(a_case(obligations=(due(REPORTED, submitted_at=REPORTED),)))
    assert set(Outcome) - {Outcome.NEAR_MISS} <= set(outcomes(a_case(assessment={"decision": "report"})))


def test_a_leak_that_happened_or_may_have_happened_is_never_settled_by_its_closure() -> None:
    assert not {Outcome.LEAK_CONFIRMED, Outcome.UNRESOLVED} & set(SETTLES)


def test_how_it_ended_is_told_only_of_what_has_ended() -> None:
    before, after = (
        event(LogKind.CLOSED, 5, outcome="recovered"),
        event(LogKind.CLOSED, 9, outcome="near_miss"),
    )
    assert outcome_of(a_case(events=(before,))) is None, "it was reopened"
    assert outcome_of(a_case(events=(before, after), closed_at=REPORTED)) is Outcome.NEAR_MISS
    assert outcome_of(a_case(closed_at=REPORTED)) is None
    blanked = event(LogKind.CLOSED, 9, blanked=True)
    assert outcome_of(a_case(events=(blanked,), closed_at=REPORTED)) is None
    assert outcome_of(a_case(events=(event(LogKind.CLOSED, outcome="?"),), closed_at=REPORTED)) is None


@pytest.mark.parametrize(
    ("newer", "came"),
    [
        (event(LogKind.TASKS_GROWN, new=["report_police"]), True),
        (event(LogKind.TASKS_GROWN, back=["report_police"]), True),
        (event(LogKind.TASKS_GROWN, dropped=["report_police"]), False),
        (event(LogKind.TASK_REOPENED, task="stop_damage"), True),
        (event(LogKind.TASK_ADDED, task="own-1", phase="notify"), True),
        (event(LogKind.TASK_ADDED, task="measure-1", phase="aftercare"), False),
        (event(LogKind.TASK_DONE, task="stop_damage"), False),
    ],
)
def test_nothing_is_put_aside_unseen(newer: EventState, came: bool) -> None:
    case = a_case(events=(newer,))
    assert came_up_since(case, 8) is came
    assert came_up_since(case, 9) is False
