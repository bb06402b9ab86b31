"""The App Home: the button to report, what waits for this person, the open cases, what they reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.policy.state import AbsenceState, CaseState
from bot.policy.waiting import Awaited, Waiting
from bot.rendering import escape, label
from bot.slack.screens import blocks as b
from bot.slack.screens.absence import absence_lines
from bot.slack.screens.case_line import case_line
from bot.slack.screens.message import written
from bot.slack.screens.obligations import is_guide
from bot.slack.screens.receipt import AS_REPORTER
from bot.vocabulary import Action, Locale

#: As many as fit on a telephone; a home holds 100 blocks.
MOST_WAITING: Final = 10
MOST_CASES: Final = 15
MOST_REPORTS: Final = 5
#: What is pressed to do what waits.
BUTTONS: Final = {
    Awaited.PAGE: Action.PAGE_ACKNOWLEDGE,
    Awaited.DECISION: Action.CASE_ASSESS,
    Awaited.OBLIGATION: Action.CASE_RECORD_SUBMISSION,
    Awaited.APPROVAL: Action.CASE_DOCUMENTS,
    Awaited.INQUIRIES: Action.CASE_INQUIRIES,
    Awaited.TASKS: Action.CASE_CHECKLIST,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is for one person, as they may see it.

    `waiting` most urgent first; `cases` open ones they work on, by the next deadline; `reports` those they
    only reported, newest first; `absences` those they may end. `leads`: somebody whom cases may wait for;
    `office`: of the privacy office, which has the register. `or_more`: there are so many cases that not all
    were looked at.
    """

    waiting: Sequence[Waiting] = ()
    cases: Sequence[CaseState] = ()
    reports: Sequence[CaseState] = ()
    absences: Sequence[AbsenceState] = ()
    leads: bool = False
    office: bool = False
    or_more: bool = False


def home(locale: Locale, tz: ZoneInfo, shown: Shown, now: datetime, person: str) -> b.View:
    """The home of `person` (a user id)."""
    report = _button(locale, Action.HOME_REPORT, Action.HOME_REPORT, primary=True)
    register = [_button(locale, Action.HOME_REGISTER, Action.HOME_REGISTER)] if shown.office else []
    works = bool(shown.leads or shown.waiting or shown.cases)
    blocks = [
        {"type": "header", "text": b.plain(label("home.title", locale), 150)},
        b.section(written("home", locale).parts[0]),
        b.actions(report, *register),
        *(_waiting(locale, tz, shown, now) if works else []),
        *(_cases(locale, tz, shown, now) if works else []),
        *(_reports(locale, tz, shown.reports) if shown.reports or not works else []),
        *absence_lines(locale, tz, shown.absences, person),
    ]
    return {"type": "home", "blocks": blocks}


def _waiting(locale: Locale, tz: ZoneInfo, shown: Shown, now: datetime) -> list[b.Block]:
    waiting = shown.waiting
    heading = written("home_waiting", locale, any=bool(waiting)).parts[0]
    lines = [waiting_line(locale, tz, each, now) for each in waiting[:MOST_WAITING]]
    more = _more(locale, "waiting", len(waiting) - MOST_WAITING, shown.or_more)
    return [b.divider(), b.section(heading), *lines, *more]


def waiting_line(locale: Locale, tz: ZoneInfo, waiting: Waiting, now: datetime) -> b.Block:
    """One thing that waits, with the button that does it."""
    due = waiting.obligation
    line = written(
        "waiting",
        locale,
        tz=tz,
        case=waiting.case,
        now=now,
        w=waiting,
        awaited=waiting.awaited.value,
        o=due,
        guide=due is not None and is_guide(due.kind),
    )
    act, approves = BUTTONS[waiting.awaited], waiting.awaited is Awaited.APPROVAL
    button = b.button(
        label("home.approve" if approves else f"buttons.{act.value}", locale),
        act,
        waiting.case.number,
        "primary" if waiting.awaited is Awaited.PAGE else None,
        about=waiting.case.number,
    )
    return {**b.section(line.parts[0]), "accessory": button}


def _cases(locale: Locale, tz: ZoneInfo, shown: Shown, now: datetime) -> list[b.Block]:
    total = len(shown.cases)
    heading = written("home_cases", locale, total=total, or_more=shown.or_more).parts[0]
    lines = [case_line(locale, tz, case, now) for case in shown.cases[:MOST_CASES]]
    more = _more(locale, "in_register" if shown.office else "cases", total - MOST_CASES, shown.or_more)
    return [b.divider(), b.section(heading), *lines, *more]


def _reports(locale: Locale, tz: ZoneInfo, reports: Sequence[CaseState]) -> list[b.Block]:
    heading = written("home_reports", locale, any=bool(reports)).parts[0]
    lines = [_report(locale, tz, case) for case in reports[:MOST_REPORTS]]
    return [b.divider(), b.section(heading), *lines, *_more(locale, "cases", len(reports) - MOST_REPORTS)]


def _report(locale: Locale, tz: ZoneInfo, case: CaseState) -> b.Block:
    """What became of a report, in everyday words; while it is open, the way to add to it."""
    line = b.section(written("home_report", locale, tz=tz, case=case).parts[0])
    if case.closed_at is not None:
        return line
    # The name of the block: whoever reported without their name adds to it without their name.
    block_id = f"{AS_REPORTER}:{case.number}"
    text = label(f"buttons.{Action.CASE_ADD_FACTS.value}", locale)
    add = b.button(text, Action.CASE_ADD_FACTS, case.number, about=case.number)
    return {**line, "block_id": block_id, "accessory": add}


def _more(locale: Locale, what: str, count: int, or_more: bool = False) -> list[b.Block]:
    if count <= 0:
        return []
    words = "at_least" if or_more else "more"
    return [b.context(escape(label(f"home.{words}.{what}", locale, count=count)))]


def _button(locale: Locale, act: Action, value: str, *, primary: bool = False) -> b.Block:
    return b.button(label(f"buttons.{act.value}", locale), act, value, style="primary" if primary else None)
