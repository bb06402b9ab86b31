"""The law's answer as a case keeps it: JSON values that can be shown and compared years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from bot.law.assessment import Assessment, to_json
from bot.law.deadlines import day_in_japan
from bot.law.obligations import ObligationPlan
from bot.vocabulary import ObligationKind

#: What makes two answers different to the people who act on them.
_TELLING: Final = (
    "decision",
    "triggers",
    "report_to",
    "preliminary_due",
    "final_due",
    "final_days",
)


def answer_json(law: Assessment, facts: Mapping[str, Any], aware_at: datetime) -> dict[str, Any]:
    """The answer with its reasons (`why`: code, params, cautious) and the day whose rules were read."""
    known_at = facts.get("trigger_known_at")
    moment = datetime.fromisoformat(known_at) if isinstance(known_at, str) else known_at or aware_at
    return {
        **to_json(law),
        "exclusions": list(law.exclusions),
        "notify_controller": law.notify_controller,
        "why": [
            {"code": each.code, "params": dict(each.params), "cautious": each.cautious}
            for each in law.reasons
        ],
        "rules_on": day_in_japan(moment).isoformat(),
        "rules_as_of": law.rules_as_of.isoformat(),
    }


def differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two answers ask for different things or dates."""
    return any(one.get(name) != other.get(name) for name in _TELLING)


def plan_json(plan: ObligationPlan) -> dict[str, Any]:
    """A plan as the confirmed decision keeps it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(plan).items()
    }


def plan_of(value: Mapping[str, Any]) -> ObligationPlan:
    """The opposite of `plan_json`."""
    days = {
        name: date.fromisoformat(value[name]) if value[name] else None
        for name in ("aim_on", "nominal_on", "clock_start")
    }
    return ObligationPlan(
        kind=ObligationKind.of(value["kind"]),
        recipient=value["recipient"],
        due_at=datetime.fromisoformat(value["due_at"]) if value["due_at"] else None,
        aim_on=days["aim_on"],
        nominal_on=days["nominal_on"],
        clock_start=days["clock_start"],
        days=value["days"],
        provisional=value["provisional"],
    )
