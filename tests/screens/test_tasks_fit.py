"""Tasks on card, in list, forms and messages: within the limits, with hostile words and many tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.organisation import Criteria, Criterion
from bot.policy.checklist import checklist as fitting
from bot.policy.state import CaseState, MemberState, TaskState
from bot.policy.tasks import NO_LONGER_FITS, ordered
from bot.slack.screens import card, task
from bot.slack.screens.checklist import checklist, first_phase, title
from bot.slack.screens.message import Message
from bot.vocabulary import Action, CriterionKind, Indicator, Locale, LogKind, Role, TaskPhase, TaskStatus
from tests.screens import situations as s
from tests.screens.limits import check_message, check_view, texts

LOCALES: tuple[Locale, ...] = ("ja", "en")
LATE = s.NOW + timedelta(days=9)
CRITERIA = Criteria(Criterion(persons=1000), Criterion(persons=100), Criterion(sensitive=True))
OURS = re.compile(r"<@(U[A-Z]+)>|<https://[\w./?=-]+\|[^<>|]+>")


def with_tasks(case: CaseState, words: str = "x", own: int = 3) -> CaseState:
    """The case with everything on its list: done, dropped, set aside, late, and tasks in somebody's words."""
    case = replace(
        case,
        indicator=Indicator.SYSTEM_INTRUSION,
        facts={"persons": {"min": 800, "max": 1200}},
        criteria=CRITERIA,
        company_wide_at=s.NOW,
        company_wide_by="UPRIVACY",
        deviations={CriterionKind.PUBLISH.value: {"reason": words, "by": "UPRIVACY", "at": "x"}},
        members={"UPRIVACY": MemberState("UPRIVACY", Role.PRIVACY_OFFICE, invited_at=s.NOW)},
    )
    found = [TaskState(t.key, t.phase, t.owner, t.due_at) for t in fitting(case, s.NOW)]
    found[0] = replace(found[0], status=TaskStatus.DONE, by="ULEGAL", at=s.NOW)
    aside: dict[str, Any] = {"status": TaskStatus.NOT_APPLICABLE, "at": s.NOW}
    found[1] = replace(found[1], **aside, by="ULEGAL", reason=words)
    found[2] = replace(found[2], **aside, by="leakbot", reason=NO_LONGER_FITS)
    for number in range(own):
        phase = TaskPhase.FIRST_HOUR
        due = s.NOW + timedelta(hours=number)
        key = f"own-{number}"
        found.append(
            TaskState(key, phase, Role.RESPONSE_TEAM, due, user="ULEGAL", title=words[:150], why=words)
        )
    return replace(case, tasks=tuple(ordered(found)))


CASES = {
    "in hand": with_tasks(s.in_hand()),
    "many": with_tasks(s.in_hand(), own=60),
    "closed": with_tasks(s.closed()),
    "drill": with_tasks(replace(s.in_hand(), number="D2026-0001", drill=True)),
    **{f"hostile {n}": with_tasks(s.hostile(text), text) for n, text in enumerate(s.HOSTILE)},
}


def messages(locale: Locale, case: CaseState, words: str) -> Iterator[tuple[str, Message]]:
    tz = s.TOKYO
    yield "card", card.card(locale, tz, case, LATE)
    yield "overdue", task.tasks_overdue(locale, tz, case, [t.key for t in case.tasks], LATE)
    for key in ("own-1", "stop_damage", "gone"):
        event = s.event(LogKind.TASK_ASSIGNED, task=key, to="ULEGAL")
        yield f"assigned {key}", task.task_assigned(locale, tz, case, event)
    for kind in CriterionKind:
        event = s.event(LogKind.CRITERION_MET, criterion=kind.value, by=["persons"])
        yield f"met {kind}", task.criterion_met(locale, tz, case, event)
        event = s.event(LogKind.DEVIATION_RECORDED, criterion=kind.value, remark=words[:1000])
        yield f"deviation {kind}", task.deviation_recorded(locale, tz, case, event)
    event = s.event(LogKind.COMPANY_WIDE, by=["persons"], remark=words[:1000], crisis_team=["UPR", "UCEO"])
    yield "company-wide", task.company_wide(locale, tz, case, event)


def views(locale: Locale, case: CaseState) -> Iterator[tuple[str, dict[str, Any]]]:
    for phase in TaskPhase:
        for decides in (True, False):
            yield f"list {phase}", checklist(locale, s.TOKYO, case, LATE, phase, decides=decides)
    for each in case.tasks:
        yield f"assign {each.key}", task.assign_form(locale, case, each, "ULEGAL")
        yield f"aside {each.key}", task.aside_form(locale, case, each)
    yield "add", task.add_form(locale, case, TaskPhase.AFTERCARE, "ULEGAL", s.NOW)
    yield "declaration", task.declaration_form(locale, case)
    yield "deviation", task.deviation_form(locale, case)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", CASES)
def test_everything_about_tasks_fits_and_mentions_only_whom_we_mean(name: str, locale: Locale) -> None:
    case = CASES[name]
    words = case.report.summary
    for what, said in messages(locale, case, words):
        check_message(said.text, said.blocks)
        assert case.number in said.text, what
        assert "evil" not in said.text, what
        assert said.text.startswith("【訓練】") == case.drill, what
        shown = [said.text, *(t["text"] for t in texts(said.blocks) if t["type"] == "mrkdwn")]
        assert not [text for text in shown if "<" in OURS.sub("", text)], what
    for what, view in views(locale, case):
        check_view(view)
        shown = [t["text"] for t in texts(view) if t["type"] == "mrkdwn"]
        assert not [text for text in shown if "<" in OURS.sub("", text)], what


@pytest.mark.parametrize("locale", LOCALES)
def test_a_list_that_is_too_long_shows_what_is_open_and_how_much_more_there_is(locale: Locale) -> None:
    view = checklist(locale, s.TOKYO, CASES["many"], LATE, TaskPhase.FIRST_HOUR, decides=True)
    assert len(view["blocks"]) <= 100
    first = CASES["many"].task("own-0")
    assert first
    assert any(title(locale, first) in t["text"] for t in texts(view))
    assert ("ほかに" if locale == "ja" else "more") in view["blocks"][-1]["elements"][0]["text"]


def test_the_list_opens_where_something_is_to_be_done() -> None:
    case = CASES["in hand"]
    assert first_phase(case) is TaskPhase.FIRST_HOUR
    done = tuple(
        replace(t, status=TaskStatus.DONE) if t.phase is TaskPhase.FIRST_HOUR else t for t in case.tasks
    )
    assert first_phase(replace(case, tasks=done)) is TaskPhase.INVESTIGATE
    assert first_phase(replace(case, tasks=())) is TaskPhase.AFTERCARE


def test_a_closed_case_offers_only_what_goes_on() -> None:
    def buttons(phase: TaskPhase) -> set[str]:
        view = checklist("ja", s.TOKYO, CASES["closed"], LATE, phase, decides=True)
        rows = [block for block in view["blocks"] if block["type"] == "actions"]
        return {element["action_id"] for row in rows for element in row["elements"]}

    assert Action.TASK_DONE in buttons(TaskPhase.AFTERCARE)
    assert Action.TASK_DONE not in buttons(TaskPhase.REPORT)
    assert Action.DECLARE_COMPANY_WIDE not in buttons(TaskPhase.AFTERCARE)
