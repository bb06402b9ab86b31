"""The law's answer as people read it: duty, reasons with sources, recipients, dates. From its JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.law.authorities import PPC, is_settled, recipient_name
from bot.law.fact_labels import fact_label
from bot.law.reasons import BASIS, Reason, reason
from bot.law.triggers import trigger
from bot.law.wording import explain, explain_trigger, source_of
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import written
from bot.slack.screens.obligations import LAW_ZONE, why_rolled
from bot.vocabulary import Locale

Answer = Mapping[str, Any]


def proposed(answer: Answer, locale: Locale) -> str:
    """The answer while nobody has confirmed it: it seems so, please check."""
    return label(f"assessment.proposed.{answer['decision']}", locale)


def decided(answer: Answer, locale: Locale) -> str:
    """The answer once somebody has confirmed it."""
    return label(f"assessment.decided.{answer['decision']}", locale)


def trigger_names(answer: Answer, locale: Locale) -> list[str]:
    """The classes of reportable situation that are met, each with its article."""
    on = date.fromisoformat(answer["rules_on"])
    return [explain_trigger(trigger(name, on), locale) for name in answer["triggers"]]


def open_names(answer: Answer, locale: Locale) -> list[str]:
    """The facts that are not known and could make it reportable."""
    return [fact_label(name, locale) for name in answer["undetermined"]]


def reason_lines(answer: Answer, locale: Locale) -> list[tuple[str, str]]:
    """Each reason with its source; empty where it is this product's own careful reading, which says so.

    A code that this release no longer has is left away.
    """
    reasons = [
        reason(each["code"], cautious=each["cautious"], **each["params"])
        for each in answer["why"]
        if each["code"] in BASIS
    ]
    return [(explain(each, locale), source_of(each, locale) if _is_law(each) else "") for each in reasons]


def _is_law(each: Reason) -> bool:
    return bool(each.source.source.address)


def dates(answer: Answer, locale: Locale) -> dict[str, Any] | None:
    """The dates of the clock, None where none runs.

    Out: `start`, `aim`, `limit`, `nominal` and `due`, the number of `days`, and `closed`, the closed days
    between `nominal` and `due` by name, empty where the last day is an open one.
    """
    if answer["final_due"] is None:
        return None
    names = {
        "start": "clock_start",
        "aim": "preliminary_guideline_start",
        "limit": "preliminary_due",
        "nominal": "final_nominal",
        "due": "final_due",
    }
    days = {name: date.fromisoformat(answer[key]) for name, key in names.items()}
    closed = why_rolled(days["nominal"], days["due"], locale)
    return {**days, "days": answer["final_days"], "closed": closed}


def recipients(answer: Answer, locale: Locale) -> list[str]:
    """Whom the reports go to. My Number always goes to the PPC, also where another receives the first."""
    names = []
    for place, each in enumerate(answer["report_to"]):
        name = recipient_name(each, locale)
        if place and each == PPC:
            name = label("assessment.for_my_number", locale, recipient=name)
        elif not is_settled(each):
            name = label("assessment.unsettled", locale, recipient=name)
        names.append(name)
    return names


def answer_blocks(answer: Answer, locale: Locale) -> list[b.Block]:
    """Everything but the headline, one section a paragraph."""
    rendered = written(
        "assessment_answer",
        locale,
        tz=LAW_ZONE,
        answer=answer,
        triggers=trigger_names(answer, locale),
        open=open_names(answer, locale),
        recipients=recipients(answer, locale),
        dates=dates(answer, locale),
        reasons=reason_lines(answer, locale),
    )
    return [b.section(part) for part in rendered.parts]
