"""An obligation as it is shown: whom it is due to, by when, how many of its days are used up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.law.authorities import recipient_name as authority_name
from bot.law.calendar import closed_days_from
from bot.policy.reminders import GUIDED
from bot.policy.state import CaseState, ObligationState
from bot.rendering import bar, label
from bot.slack.screens.approval import ref_label
from bot.vocabulary import Locale, ObligationKind

# The law counts its days in Japan, wherever the organisation sits (law/deadlines.py).
LAW_ZONE = ZoneInfo("Asia/Tokyo")
# What is given rather than filed; only the notice to the persons has neither day nor a recipient to name.
GIVEN = frozenset({ObligationKind.CONTROLLER_NOTICE, ObligationKind.INDIVIDUAL_NOTICE})


def is_guide(kind: ObligationKind) -> bool:
    """Its day is a guide (3 to 5 days) and no fixed date (GL 3-5-3-3, 3-5-3-5): 目安の上限, never 期限."""
    return kind in GUIDED


def recipient_name(obligation: ObligationState, locale: Locale) -> str:
    """Whom the obligation is due to, by name."""
    return authority_name(obligation.recipient, locale) or label("values.recipient_unknown", locale)


def replaces(case: CaseState) -> bool:
    """A processor's notice to its controller is open: once recorded, the reports need not be made."""
    return case.replacing_notice is not None


def undecided(case: CaseState) -> bool:
    """What is provisional is so because nobody has decided yet, and not only because a notice replaces it."""
    notice = case.replacing_notice
    return notice is None or notice.provisional


def why_rolled(nominal_on: date, due_on: date, locale: Locale) -> str:
    """Why the last day is not day 30 or 60 itself, as 「土曜日・日曜日」; empty where it is."""
    if due_on <= nominal_on:
        return ""
    reasons = (day.reason(locale) for day in closed_days_from(nominal_on) if day.on < due_on)
    return ("・" if locale == "ja" else ", ").join(dict.fromkeys(reasons))


def shown(obligation: ObligationState, locale: Locale, now: datetime) -> dict[str, Any]:
    """What the templates of an obligation ask for: the obligation `o`, whom it is due to, its days and bar.

    `notice`: it is given, not filed; `named`: whom it goes to is said.

    Day 1 is the day the clock started. Where the last day was a closed day, `rolled` says so and the count
    goes on to the day it was moved to.
    """
    values: dict[str, Any] = {
        "o": obligation,
        "now": now,
        "guide": is_guide(obligation.kind),
        "notice": obligation.kind in GIVEN,
        "named": obligation.kind is not ObligationKind.INDIVIDUAL_NOTICE,
        "recipient": recipient_name(obligation, locale),
        "document": ref_label(obligation.document, locale),
        "rolled": False,
        "closed_days": "",
        "day": 0,
        "days": obligation.days or 0,
        "bar": "",
    }
    if obligation.due_at and obligation.clock_start:
        last = obligation.due_at.astimezone(LAW_ZONE).date()
        values["rolled"] = obligation.nominal_on is not None and obligation.nominal_on != last
        if obligation.nominal_on is not None:
            values["closed_days"] = why_rolled(obligation.nominal_on, last, locale)
        values["day"] = max(1, (now.astimezone(LAW_ZONE).date() - obligation.clock_start).days + 1)
        values["days"] = (last - obligation.clock_start).days + 1
        values["bar"] = bar(values["day"], values["days"])
    return values
