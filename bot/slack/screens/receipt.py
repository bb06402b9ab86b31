"""The receipt (受付の連絡): the direct message that thanks the reporter and says what to do now."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.state import CaseState
from bot.rendering import Written, renderer
from bot.slack.screens import blocks as b
from bot.slack.screens.chain import called, next_role, role
from bot.slack.screens.message import Message, message, written
from bot.vocabulary import Locale


def receipt_parts(locale: Locale, case: CaseState) -> Written:
    """The receipt's text; once the case is closed the advice has done its work and is left away."""
    level, users = called(case)
    advice = renderer().data("advice.yaml", locale)[case.indicator.value] if case.closed_at is None else None
    return written(
        "receipt",
        locale,
        case=case,
        called=users,
        called_role=role(case, level, locale),
        next_role=next_role(case, level, locale),
        advice=advice,
    )


def receipt(locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime) -> Message:
    """The reporter's direct message. Updated when the room is open and when somebody has answered."""
    rendered = receipt_parts(locale, case)
    return message(case, locale, rendered.text, [b.section(part) for part in rendered.parts])
