"""What the room reads of the assessment: on the card, when it is confirmed, and when new facts change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import InvalidField
from bot.policy.state import CaseState, EventState
from bot.rendering import label, short_day
from bot.slack.screens import blocks as b
from bot.slack.screens.answer import (
    Answer,
    answer_blocks,
    decided,
    open_names,
    proposed,
    reason_lines,
    recipients,
    trigger_names,
)
from bot.slack.screens.message import Message, message, simple, written
from bot.slack.screens.obligations import LAW_ZONE
from bot.vocabulary import Action, Locale
from bot.workflow.assessing import judge

#: A remark as it is repeated in the room.
REMARK = 2000


def card_assessment(locale: Locale, tz: ZoneInfo, case: CaseState) -> list[b.Block]:
    """The decision as it stands: confirmed with who and when, else what the facts suggest."""
    confirmed = case.assessment
    pending = confirmed["pending"] if confirmed else None
    if confirmed:
        answer: Answer = confirmed
    else:
        try:
            answer = judge(case, {}).answer
        except InvalidField:
            return []
    part = written(
        "card_assessment",
        locale,
        tz=tz,
        case=case,
        confirmed=confirmed,
        confirmed_at=datetime.fromisoformat(confirmed["confirmed_at"]) if confirmed else None,
        headline=decided(answer, locale) if confirmed else proposed(answer, locale),
        triggers=trigger_names(answer, locale),
        open=open_names(answer, locale),
        pending=label(f"assessment.short.{pending['decision']}", locale) if pending else "",
        told_by_processor="controller_told_by_processor" in answer["reasons"],
    ).parts[0]
    return [b.section(part)]


def assessment_confirmed(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """What was decided by whom, with triggers, reasons and sources, recipients and dates."""
    answer: Answer = event.data["answer"]
    previous, notice = event.data.get("previous"), event.data.get("notice")
    rendered = written(
        "assessment_confirmed",
        locale,
        tz=tz,
        case=case,
        event=event,
        headline=decided(answer, locale),
        previous=previous,
        previous_headline=decided(previous, locale) if previous else "",
        previous_at=datetime.fromisoformat(previous["confirmed_at"]) if previous else None,
        notice=notice,
        notified_at=datetime.fromisoformat(notice["submitted_at"]) if notice else None,
        rules_on=date.fromisoformat(answer["rules_on"]),
        rules_as_of=date.fromisoformat(answer["rules_as_of"]),
    )
    head, foot = rendered.parts
    blocks = [b.section(head), *answer_blocks(answer, locale)]
    if remark := str(event.data.get("remark") or "").strip():
        no_duty = answer["decision"] in ("no_report", "exempt")
        name = label(f"assessment.reason.{'no_duty' if no_duty else 'duty'}.label", locale)
        blocks.append(b.section(written("card_heading", locale, case=case, name=name).parts[0]))
        blocks.append(b.words(b.clip(remark, REMARK)))
    return message(case, locale, rendered.text, [*blocks, b.context(foot)])


def reassessed(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """What new facts change and why; who is asked to confirm again where a decision stands."""
    before, after, confirmed = event.data["before"], event.data["after"], event.data.get("confirmed")
    told = {each["code"] for each in before["why"]}
    news = {**after, "why": [each for each in after["why"] if each["code"] not in told]}
    button = b.button(
        label(f"buttons.{Action.CASE_ASSESS.value}", locale), Action.CASE_ASSESS, case.number, style="primary"
    )
    return simple(
        "reassessed",
        locale,
        case,
        *([] if event.data["agrees"] else [b.actions(button)]),
        tz=tz,
        event=event,
        agrees=event.data["agrees"],
        ask=event.data["ask"],
        confirmed=confirmed,
        confirmed_headline=decided(confirmed, locale) if confirmed else "",
        changes=_changes(before, after, locale),
        reasons=reason_lines(news, locale),
    )


def _changes(before: Answer, after: Answer, locale: Locale) -> list[tuple[str, str, str]]:
    """What is different, as name, was and is."""
    pairs = {name: (_told(before, name, locale), _told(after, name, locale)) for name in _TOLD}
    return [
        (label(f"assessment.changes.{name}", locale), was, now)
        for name, (was, now) in pairs.items()
        if was != now
    ]


_TOLD = ("decision", "triggers", "recipients", "preliminary", "final")


def _told(answer: Mapping[str, Any], name: str, locale: Locale) -> str:
    nothing = label("assessment.changes.nothing", locale)
    comma = "、" if locale == "ja" else ", "
    match name:
        case "decision":
            return label(f"assessment.short.{answer['decision']}", locale)
        case "triggers":
            return comma.join(trigger_names(answer, locale)) or nothing
        case "recipients":
            return comma.join(recipients(answer, locale)) or nothing
        case "preliminary":
            return _day(answer, "preliminary_due", locale) or nothing
    if answer["final_due"] is None:
        return nothing
    days = label("assessment.changes.days", locale, days=answer["final_days"])
    return f"{_day(answer, 'final_due', locale)}{days}"


def _day(answer: Answer, name: str, locale: Locale) -> str:
    """The day, with its year where that is another than the one of day 1."""
    if answer[name] is None:
        return ""
    start = date.fromisoformat(answer["clock_start"])
    return short_day(date.fromisoformat(answer[name]), locale, LAW_ZONE, start)
