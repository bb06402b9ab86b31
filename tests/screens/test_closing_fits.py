"""The forms of closure and measures, and what is said of them: within the limits, with hostile words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.policy.checklist import checklist
from bot.policy.prevention import end_of
from bot.policy.state import CaseState, InquiryState, MemberState, TaskState
from bot.slack.screens import card, closure, prevention, replies, task
from bot.slack.screens.message import Message
from bot.vocabulary import (
    InquiryChannel,
    InquirySource,
    Locale,
    LogKind,
    Outcome,
    Role,
    TaskPhase,
    TaskStatus,
)
from tests.screens import situations as s
from tests.screens.limits import check_message, check_view, texts

LOCALES: tuple[Locale, ...] = ("ja", "en")
LATE = s.NOW + timedelta(days=40)
OURS = re.compile(r"<@(U[A-Z]+)>|<#CROOM>")


def left_open(case: CaseState, words: str = "x", many: int = 3) -> CaseState:
    """The case with much on its list, inquiries without an answer, and measures promised and done."""
    found = [TaskState(t.key, t.phase, t.owner, t.due_at) for t in checklist(case, s.NOW)]
    found += [
        TaskState(f"own-{n}", TaskPhase.REPORT, Role.RESPONSE_TEAM, s.NOW, user="ULEGAL", title=words[:150])
        for n in range(many)
    ]
    for n in range(many):
        done: dict[str, Any] = {"status": TaskStatus.DONE, "at": LATE} if n % 3 == 1 else {}
        due_at = end_of(date(2026, 12, 20 + n % 9), s.TOKYO)
        at = TaskState(f"measure-{n}", TaskPhase.AFTERCARE, Role.PRIVACY_OFFICE, due_at, user="ULEGAL")
        found.append(replace(at, title=words[:150], **done))
    asked = [
        InquiryState(n, InquirySource.PRESS, InquiryChannel.PHONE, s.NOW, s.NOW, "ULEGAL", question=words)
        for n in range(1, many + 1)
    ]
    members = {"ULEGAL": MemberState("ULEGAL", Role.RESPONSE_TEAM, invited_at=s.NOW)}
    return replace(case, tasks=tuple(found), inquiries=tuple(asked), members={**case.members, **members})


def undecided(case: CaseState) -> CaseState:
    """Nobody has decided on it, and nothing was filed."""
    return replace(
        case, closed_at=None, assessment=None, obligations=(s.PRELIMINARY, s.FINAL, s.INDIVIDUAL_NOTICE)
    )


def ended(case: CaseState, outcome: Outcome) -> CaseState:
    """The case after it was closed with this outcome."""
    end = s.event(LogKind.CLOSED, outcome=outcome.value, root_cause="x", prevention="x")
    return replace(case, closed_at=s.NOW, events=(end,))


CASES = {
    "in hand": left_open(s.in_hand()),
    "nobody has decided": left_open(undecided(s.in_hand())),
    "nothing left": undecided(s.in_hand()),
    "decided": left_open(replace(s.decided(s.in_hand()), obligations=())),
    "much": left_open(undecided(s.in_hand()), "あ" * 150, many=60),
    "drill": left_open(undecided(replace(s.in_hand(), number="D2026-0001", drill=True))),
    "near miss": ended(left_open(s.in_hand()), Outcome.NEAR_MISS),
    **{f"hostile {n}": left_open(undecided(s.hostile(text)), text) for n, text in enumerate(s.HOSTILE)},
    **{
        f"hostile end {n}": ended(left_open(s.hostile(t), t, 8), Outcome.RECOVERED)
        for n, t in enumerate(s.HOSTILE)
    },
}


def messages(locale: Locale, case: CaseState, words: str) -> Iterator[tuple[str, Message]]:
    tz = s.TOKYO
    yield "card", card.card(locale, tz, case, LATE)
    yield "status", replies.status(locale, tz, case, LATE)
    yield "overdue", task.tasks_overdue(locale, tz, case, [t.key for t in case.tasks], LATE)
    yield "early", task.tasks_overdue(locale, tz, case, ["measure-0"], s.NOW)
    yield "done", task.task_done_reply(locale, case, case.tasks[0] if case.tasks else task_of(words))
    yield "refused", closure.obligations_stand(locale, case, "x")
    for outcome in Outcome:
        end = s.event(
            LogKind.CLOSED,
            outcome=outcome.value,
            root_cause=words,
            prevention=words,
            left_reason=words,
            tasks=["a", "b"],
            inquiries=[1],
        )
        yield f"closed {outcome}", closure.closed(locale, tz, case, end)


def task_of(words: str) -> TaskState:
    return TaskState("own-1", TaskPhase.REPORT, Role.MANAGER, s.NOW, title=words[:150])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", CASES)
def test_everything_about_the_end_fits_and_mentions_only_whom_we_mean(name: str, locale: Locale) -> None:
    case = CASES[name]
    for said_as, said in messages(locale, case, case.report.summary):
        check_message(said.text, said.blocks)
        for text in [said.text, *(t["text"] for t in texts(said.blocks) if t["type"] == "mrkdwn")]:
            assert "<" not in OURS.sub("", text), (said_as, text)
    for way in ("ordinary", "no_leak"):
        view = closure.closure(locale, s.TOKYO, undecided(case) if way == "no_leak" else case, way)
        check_view(view)
        for text in (t["text"] for t in texts(view) if t["type"] == "mrkdwn"):
            assert "<" not in OURS.sub("", text), text
    check_view(prevention.prevention_form(locale, case, "ULEGAL", date(2026, 12, 25), "no_leak"))


def inputs(view: dict[str, Any]) -> list[str]:
    """The fields of a form."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def options(view: dict[str, Any]) -> list[str]:
    """The outcomes that can be chosen."""
    (field,) = (block for block in view["blocks"] if block.get("block_id") == "outcome")
    return [each["value"] for each in field["element"]["options"]]


def test_a_small_case_is_asked_for_three_things_and_only_then_for_more() -> None:
    nothing = closure.closure("ja", s.TOKYO, replace(CASES["decided"], tasks=(), inquiries=()))
    assert inputs(nothing) == ["outcome", "root_cause", "prevention"]
    assert inputs(closure.closure("ja", s.TOKYO, CASES["decided"])) == [
        "outcome",
        "root_cause",
        "prevention",
        "left_reason",
    ]
    short = closure.closure("ja", s.TOKYO, CASES["nobody has decided"], "no_leak")
    assert inputs(short) == ["outcome", "statement", "root_cause", "prevention", "left_reason"]
    assert options(short) == ["near_miss", "recovered", "no_leak"]
    assert "near_miss" in options(nothing), "it was decided that there is nothing to report"
    assert "near_miss" not in options(closure.closure("ja", s.TOKYO, CASES["in hand"]))


def test_what_is_known_takes_outcomes_out_of_the_short_form() -> None:
    case = replace(CASES["nobody has decided"], facts={"my_number": True, "my_number_public_exposure": True})
    assert options(closure.closure("ja", s.TOKYO, case, "no_leak")) == ["near_miss", "no_leak"]


def test_the_form_lists_what_is_put_aside_and_what_goes_on() -> None:
    text = "\n".join(t["text"] for t in texts(closure.closure("ja", s.TOKYO, CASES["much"], "no_leak")))
    assert "残っているやること" in text
    assert "回答を待っている問い合わせ　60件" in text
    assert "ほかに54件" in text
    assert "終結したあとも期限をお知らせします" in text


def test_the_short_way_is_offered_only_where_nobody_has_decided() -> None:
    def buttons(case: CaseState) -> str:
        return str(closure.obligations_stand("ja", case, "x").blocks)

    assert "case_close_no_leak" in buttons(CASES["nobody has decided"])
    assert "case_close_no_leak" not in buttons(CASES["in hand"])


def test_a_task_of_a_closed_case_has_its_own_button() -> None:
    case = CASES["near miss"]
    said = task.tasks_overdue("ja", s.TOKYO, case, ["measure-0", "measure-2"], LATE)
    done = [b["block_id"] for b in said.blocks if (b.get("accessory") or {}).get("action_id") == "task_done"]
    assert done == ["task:measure-0", "task:measure-2"]
    assert said.text == "期限を過ぎたやること 2件 事案 2026-0001"
    early = task.tasks_overdue("ja", s.TOKYO, case, ["measure-0"], s.NOW)
    assert early.text == "期限が近いやること 1件 事案 2026-0001"
