"""What the room hears of inquiries (問い合わせ), and what its card shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.inquiries import ONE_VOICE, asked, count
from bot.policy.state import CaseState, EventState, InquiryState
from bot.rendering import label, short
from bot.slack.screens import blocks as b
from bot.slack.screens.inquiries import BLOCK, question
from bot.slack.screens.message import Message, message, simple, written
from bot.vocabulary import Action, InquirySource, InquiryStatus, Locale

MOST_LISTED = 12
#: Slack refuses a message whose blocks hold about 13,000 characters together.
WORDS = 2500


def card_inquiries(locale: Locale, case: CaseState, now: datetime) -> list[b.Block]:
    """How many there are and how far they are; nothing while nobody asked anything."""
    if not case.inquiries:
        return []
    return [b.section(written("card_inquiries", locale, case=case, count=count(case, now)).parts[0])]


def inquiry_recorded(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Somebody asks: what, by when an answer is due, and who is asked for it."""
    inquiry = _of(case, event)
    rendered = written(
        "inquiry_recorded",
        locale,
        case=case,
        tz=tz,
        event=event,
        inquiry=inquiry,
        named=inquiry.source is not InquirySource.PERSON,
        one_voice=inquiry.source in ONE_VOICE,
        ask=asked(case, inquiry),
    )
    first, *rest = (b.section(part) for part in rendered.parts)
    said = b.words(b.clip(question(locale, inquiry), WORDS))
    return message(case, locale, rendered.text, [first, said, *rest, _buttons(locale, case, inquiry)])


def inquiry_assigned(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Whoever is to answer is asked by name."""
    inquiry = _of(case, event)
    to = str(event.data.get("to"))
    rendered = written("inquiry_assigned", locale, case=case, tz=tz, event=event, inquiry=inquiry, to=to)
    said = b.words(b.clip(question(locale, inquiry), WORDS))
    blocks = [*(b.section(part) for part in rendered.parts), said, _buttons(locale, case, inquiry)]
    return message(case, locale, rendered.text, blocks)


def inquiry_answered(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """What the company answered, so that everybody says the same."""
    inquiry = _of(case, event)
    corrected = bool(event.data.get("corrected"))
    rendered = written(
        "inquiry_answered", locale, case=case, tz=tz, event=event, inquiry=inquiry, corrected=corrected
    )
    head, between = (b.section(part) for part in rendered.parts)
    asked_for = b.words(b.clip(question(locale, inquiry), WORDS))
    said = b.words(b.clip(str(event.data.get("answer") or "—"), WORDS))
    return message(case, locale, rendered.text, [head, asked_for, between, said])


def inquiries_due(
    locale: Locale, tz: ZoneInfo, case: CaseState, numbers: Sequence[int], now: datetime
) -> Message:
    """Whose answer is due or late, each with whoever is asked for it; one message for all of them."""
    due = sorted((each for each in case.inquiries if each.number in numbers), key=lambda each: each.due_at)
    lines = [
        (
            each,
            question(locale, each),
            short(each.due_at, locale, tz),
            each.due_at <= now,
            asked(case, each),
        )
        for each in due[:MOST_LISTED]
    ]
    late = sum(each.due_at <= now for each in due)
    return simple(
        "inquiries_due",
        locale,
        case,
        _buttons(locale, case, due[0]) if len(due) == 1 else b.actions(_open(locale, case, primary=True)),
        tz=tz,
        lines=lines,
        count=len(due),
        late=late,
        soon=len(due) - late,
        more=len(due) - len(lines),
    )


def _of(case: CaseState, event: EventState) -> InquiryState:
    """The inquiry that an entry tells of. Raises LookupError where there is none."""
    inquiry = case.inquiry(event.data.get("inquiry"))
    if inquiry is None:
        raise LookupError(f"{case.number}/{event.seq}: no such inquiry")
    return inquiry


def _buttons(locale: Locale, case: CaseState, inquiry: InquiryState) -> b.Block:
    buttons = [_open(locale, case)]
    if inquiry.status is InquiryStatus.OPEN:
        text = label("buttons.inquiry_answer", locale)
        buttons.insert(0, b.button(text, Action.INQUIRY_ANSWER, case.number, style="primary"))
    return {**b.actions(*buttons), "block_id": f"{BLOCK}{inquiry.number}"}


def _open(locale: Locale, case: CaseState, primary: bool = False) -> b.Block:
    text = label("buttons.case_inquiries", locale)
    return b.button(text, Action.CASE_INQUIRIES, case.number, style="primary" if primary else None)
