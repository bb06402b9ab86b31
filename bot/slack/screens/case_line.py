"""One case in a list: number, status, and what is due next. Never what leaked."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.state import CaseState
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import written
from bot.slack.screens.obligations import is_guide
from bot.vocabulary import Action, Locale


def case_line(
    locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime, *, in_register: bool = False
) -> b.Block:
    """The case as one section, with the button that shows where it stands.

    `in_register`: with what was noticed and when it was reported.
    """
    due = next(iter(case.open_obligations), None) if case.closed_at is None else None
    line = written(
        "case_line",
        locale,
        tz=tz,
        case=case,
        now=now,
        next=due,
        guide=due is not None and is_guide(due.kind),
        late=due is not None and due.due_at is not None and due.due_at < now,
        in_register=in_register,
    )
    return {**b.section(line.parts[0]), "accessory": status_button(locale, case.number)}


def status_button(locale: Locale, number: str) -> b.Block:
    """「状況を見る」."""
    text = label(f"buttons.{Action.CASE_STATUS.value}", locale)
    return b.button(text, Action.CASE_STATUS, number, about=number)
