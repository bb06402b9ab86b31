"""The App Home: the button to report, and the cases one is part of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.state import AbsenceState, CaseState
from bot.rendering import escape, label
from bot.slack.screens import blocks as b
from bot.slack.screens.absence import absence_lines
from bot.slack.screens.case_line import case_line
from bot.slack.screens.message import written
from bot.vocabulary import Action, Locale

MOST_CASES = 20


def home(
    locale: Locale,
    tz: ZoneInfo,
    cases: Sequence[CaseState],
    now: datetime,
    person: str,
    absences: Sequence[AbsenceState] = (),
) -> b.View:
    """The home of `person` (a user id). `cases` are those this person may see, the most urgent first;
    `absences` those they may end.
    """
    hello, heading = written("home", locale, cases=bool(cases)).parts
    report = b.button(
        label("buttons.home_report", locale), Action.HOME_REPORT, Action.HOME_REPORT, style="primary"
    )
    blocks = [
        {"type": "header", "text": b.plain(label("home.title", locale), 150)},
        b.section(hello),
        b.actions(report),
        b.divider(),
        b.section(heading),
        *(case_line(locale, tz, case, now) for case in cases[:MOST_CASES]),
    ]
    if len(cases) > MOST_CASES:
        blocks.append(b.context(escape(label("home.more", locale, count=len(cases) - MOST_CASES))))
    blocks += absence_lines(locale, tz, absences, person)
    return {"type": "home", "blocks": blocks}
