"""One case in a list: number, status, and what is due next. Never what leaked."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.state import CaseState
from bot.slack.screens import blocks as b
from bot.slack.screens.message import written
from bot.slack.screens.obligations import is_guide
from bot.vocabulary import Locale


def case_line(locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime) -> b.Block:
    """The case as one section."""
    due = next(iter(case.open_obligations), None) if case.closed_at is None else None
    line = written(
        "case_line", locale, tz=tz, case=case, now=now, next=due, guide=due is not None and is_guide(due.kind)
    )
    return b.section(line.parts[0])
