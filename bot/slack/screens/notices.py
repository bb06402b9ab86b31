"""The short notices of the room: somebody answered, was skipped, added facts, recorded, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.policy.approval import PREFIX
from bot.policy.state import CaseState, EventState
from bot.rendering import label
from bot.slack.screens import approval, inquiries_said, task
from bot.slack.screens import blocks as b
from bot.slack.screens.assessed import assessment_confirmed, reassessed
from bot.slack.screens.chain import next_role, role
from bot.slack.screens.closure import closed
from bot.slack.screens.join import joined, joined_into
from bot.slack.screens.knowledge import fact_text, word_text
from bot.slack.screens.message import Message, message, simple, written
from bot.slack.screens.notifying import publication_decided
from bot.slack.screens.obligations import GIVEN
from bot.slack.screens.reopening import reopened, room_moved
from bot.vocabulary import Locale, LogKind, ObligationKind, ReportKind, SkipReason

#: A long answer of a form as it is repeated in the room.
FREE_TEXT = 2500


def acknowledged(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Who answered, and what they are to the case. Without a level it was the privacy office."""
    level = event.data.get("level")
    if event.data.get("handed"):
        who = label("roles.handed_to", locale)
        return simple("acknowledged", locale, case, tz=tz, event=event, role=who)
    who = role(case, level, locale) if isinstance(level, int) else label("roles.privacy_office", locale)
    return simple("acknowledged", locale, case, tz=tz, event=event, role=who)


def page_skipped(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Who was not paged and why, so that the room knows that nobody is waited for in vain."""
    level = event.data.get("level", 0)
    return simple(
        "page_skipped",
        locale,
        case,
        tz=tz,
        role=role(case, level, locale),
        next_role=next_role(case, level, locale),
        user=event.data.get("user"),
        reference=event.data.get("reference"),
        instead=event.data.get("instead"),
        reason=word_text(SkipReason, event.data["reason"], locale),
    )


def handed_over(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Who handed over to whom, and why in their own words, as plain text."""
    level = int(event.data.get("level") or 0)
    rendered = written(
        "handed_over",
        locale,
        case=case,
        tz=tz,
        event=event,
        to=str(event.data["to"]),
        held=bool(event.data.get("held")),
        next_role=next_role(case, level, locale),
    )
    said, after = rendered.parts
    reason = b.words(b.clip(str(event.data.get("reason") or "—"), FREE_TEXT))
    return message(case, locale, rendered.text, [b.section(said), reason, b.section(after)])


def cannot(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Who cannot now, and who is called instead."""
    level = int(event.data.get("level") or 0)
    return simple("cannot", locale, case, tz=tz, event=event, next_role=next_role(case, level, locale))


def still_working(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Somebody says that they are at work on it."""
    return simple("still_working", locale, case, tz=tz, event=event)


def lapsed(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Who did not answer the question, and who is called beside them."""
    who = role(case, int(event.data["level"]), locale)
    return simple("lapsed", locale, case, tz=tz, user=str(event.data["user"]), role=who)


def channel_failed(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Who could not be called by mail or another service, and why; neither address nor server."""
    name, reason = str(event.data["name"]), str(event.data["reason"])
    return simple(
        "channel_failed",
        locale,
        case,
        tz=tz,
        role=role(case, int(event.data.get("level") or 0), locale),
        user=event.data.get("user"),
        name=label("channels.mail", locale) if name == "mail" else name,
        reason=label(f"channels.{reason}", locale),
    )


def holder_gone(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Whoever had the case has no account any more, so that it is called for again."""
    level = event.data.get("level")
    again = role(case, level, locale) if isinstance(level, int) else ""
    return simple("holder_gone", locale, case, tz=tz, user=str(event.data["user"]), role=again)


def outsider_joined(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Somebody from outside was let into the room by hand: the privacy office is asked to look at it."""
    return simple(
        "outsider_joined",
        locale,
        case,
        tz=tz,
        event=event,
        user=str(event.data["user"]),
        ask=tuple(event.data.get("ask") or ()),
    )


def facts_added(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """What was added, by name and value. Values are plain text."""
    facts: Mapping[str, Any] = event.data.get("facts") or {}
    names = list(event.data.get("added") or facts)
    separator = "：" if locale == "ja" else ": "
    lines = [
        f"{_fact_name(name, locale)}{separator}{fact_text(name, facts[name], locale, tz)}"
        for name in names
        if name in facts
    ]
    rendered = written(
        "facts_added",
        locale,
        case=case,
        tz=tz,
        event=event,
        details=bool(lines),
        names=[_fact_name(name, locale) for name in names],
    )
    blocks = [b.section(part) for part in rendered.parts]
    blocks += [b.words(b.clip(line, FREE_TEXT // max(1, len(lines) // 3))) for line in lines[:20]]
    return message(case, locale, rendered.text, blocks)


def _fact_name(name: str, locale: Locale) -> str:
    """The fact as people call it; one the screens have no word for keeps its identifier."""
    try:
        return label(f"facts.{name}", locale)
    except KeyError:
        return name


def submission_recorded(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """What was filed with whom and when, and who recorded it."""
    obligation = ObligationKind.named(event.data["obligation"])
    return simple(
        "submission_recorded",
        locale,
        case,
        tz=tz,
        event=event,
        obligation=obligation,
        notice=obligation in GIVEN,
        named=obligation is not ObligationKind.INDIVIDUAL_NOTICE,
        reported_instead=bool(event.data.get("reported_instead")),
        report_kind=ReportKind.named(event.data["report_kind"]),
        submitted_at=datetime.fromisoformat(event.data["submitted_at"]),
        recipient=str(event.data.get("recipient") or "—")[:300],
        receipt_no=str(event.data.get("receipt_no") or "")[:300],
        document=_filed(event.data, locale),
        approved=event.data.get("approved") is True,
        prefix=str(event.data.get("hash") or "")[:PREFIX],
    )


def _filed(data: Mapping[str, Any], locale: Locale) -> str:
    """The version that was filed, by name; empty where none was named."""
    if "document" not in data:
        return ""
    return approval.ref_label(f"{data['document']}/{data['locale']}/{data['version']}", locale)


#: The notice of each kind of log entry that the room is told of.
NOTICES: Mapping[LogKind, Callable[[Locale, ZoneInfo, CaseState, EventState], Message]] = {
    LogKind.ACKNOWLEDGED: acknowledged,
    LogKind.PAGE_SKIPPED: page_skipped,
    LogKind.HANDED_OVER: handed_over,
    LogKind.CANNOT: cannot,
    LogKind.STILL_WORKING: still_working,
    LogKind.LAPSED: lapsed,
    LogKind.OUTSIDER_JOINED: outsider_joined,
    LogKind.CHANNEL_FAILED: channel_failed,
    LogKind.HOLDER_GONE: holder_gone,
    LogKind.FACTS_ADDED: facts_added,
    LogKind.ASSESSMENT_CONFIRMED: assessment_confirmed,
    LogKind.REASSESSED: reassessed,
    LogKind.SUBMISSION_RECORDED: submission_recorded,
    LogKind.DOCUMENT_SENT_BACK: approval.sent_back,
    LogKind.DOCUMENT_SENT: approval.sent,
    LogKind.CLOSED: closed,
    LogKind.REOPENED: reopened,
    LogKind.ROOM_LOST: room_moved,
    LogKind.TASK_ASSIGNED: task.task_assigned,
    LogKind.INQUIRY_RECORDED: inquiries_said.inquiry_recorded,
    LogKind.INQUIRY_ASSIGNED: inquiries_said.inquiry_assigned,
    LogKind.INQUIRY_ANSWERED: inquiries_said.inquiry_answered,
    LogKind.CRITERION_MET: task.criterion_met,
    LogKind.COMPANY_WIDE: task.company_wide,
    LogKind.DEVIATION_RECORDED: task.deviation_recorded,
    LogKind.PUBLICATION_DECIDED: publication_decided,
    LogKind.JOINED: joined,
    LogKind.JOINED_INTO: joined_into,
}
