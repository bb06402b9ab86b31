"""Inquiries (問い合わせ): the list with who speaks for which department, and the forms about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.policy.inquiries import FOR_THE_FAQ, GOES_ON, count, in_order
from bot.policy.state import CaseState, InquiryState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import marks, written
from bot.vocabulary import Action, Callback, InquiryChannel, InquirySource, InquiryStatus, Locale

WHO_LIMIT = 200
WORDS_LIMIT = 3000
REASON_LIMIT = 1000
PAGE = 8  # at a time: each is a few lines and a row of buttons, and short enough for a phone
MOST_CONTACTS = 10
#: Blocks about one inquiry are named by its number, behind this.
BLOCK = "inquiry:"
#: The box to tick, and its value: the answer goes into the questions and answers for the press.
FAQ = "faq"
_MARKS = {InquiryStatus.OPEN: "⬜", InquiryStatus.ANSWERED: "✅", InquiryStatus.CLOSED: "➖"}


@dataclass(frozen=True, slots=True)
class Contact:
    """Who speaks for a department (組織ファイルの `contact_point`), nobody where none is named."""

    department: str
    users: tuple[str, ...]


def inquiry_list(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    contacts: Sequence[Contact],
    now: datetime,
    page: int = 0,
) -> b.View:
    """One page of the inquiries, open ones first. The first of `contacts` is the case's own department.

    `private_metadata`: case and page as JSON.
    """
    mark, title_mark = marks(locale, case.drill)
    inquiries = in_order(case)
    last = max(0, (len(inquiries) - 1) // PAGE)
    page = min(max(page, 0), last)
    shown = inquiries[page * PAGE : (page + 1) * PAGE]
    own, *others = contacts or [Contact(case.department_name, ())]
    intro = written(
        "inquiries_intro",
        locale,
        case=case,
        count=count(case, now),
        own=own,
        others=[each for each in others if each.users][:MOST_CONTACTS],
        page=page + 1,
        pages=last + 1,
    ).parts
    buttons = [_button(locale, Action.INQUIRY_ADD, case)]
    buttons += [_button(locale, Action.INQUIRIES_BACK, case)] if page > 0 else []
    buttons += [_button(locale, Action.INQUIRIES_ON, case)] if page < last else []
    return b.modal(
        title_mark + label("inquiries.title", locale),
        [
            b.section(Mrkdwn(mark + intro[0])),
            *(b.context(part) for part in intro[1:]),
            b.actions(*buttons),
            b.divider(),
            *(block for each in shown for block in _inquiry(locale, tz, case, each, now)),
        ],
        close=label("common.close", locale),
        private_metadata=json.dumps({"case": case.number, "page": page}),
    )


def _inquiry(
    locale: Locale, tz: ZoneInfo, case: CaseState, inquiry: InquiryState, now: datetime
) -> list[b.Block]:
    is_open = inquiry.status is InquiryStatus.OPEN
    part = written(
        "inquiry_line",
        locale,
        tz=tz,
        case=case,
        inquiry=inquiry,
        mark=_MARKS[inquiry.status],
        question=question(locale, inquiry),
        reason=_text(locale, GOES_ON) if inquiry.reason == GOES_ON else inquiry.reason,
        open=is_open,
        late=is_open and inquiry.due_at <= now,
    ).parts[0]
    acts = {
        InquiryStatus.OPEN: (Action.INQUIRY_ANSWER, Action.INQUIRY_ASSIGN, Action.INQUIRY_CLOSE),
        InquiryStatus.ANSWERED: (Action.INQUIRY_ANSWER, Action.INQUIRY_REOPEN),
        InquiryStatus.CLOSED: (Action.INQUIRY_REOPEN,),
    }[inquiry.status]
    texts = {Action.INQUIRY_ANSWER: "inquiry_answer" if is_open else "inquiry_correct"}
    about = f"No.{inquiry.number}"
    buttons = [_button(locale, act, case, texts.get(act), about) for act in acts]
    return [b.section(part), {**b.actions(*buttons), "block_id": f"{BLOCK}{inquiry.number}"}]


def question(locale: Locale, inquiry: InquiryState) -> str:
    """What was asked, hostile until it is escaped; after the retention period only that it is gone."""
    return inquiry.question or label("values.blanked", locale)


def _button(
    locale: Locale, act: Action, case: CaseState, text: str | None = None, about: str = ""
) -> b.Block:
    return b.button(label(f"buttons.{text or act.value}", locale), act, case.number, about=about)


# --- forms ----------------------------------------------------------------------------------------


def record_form(locale: Locale, case: CaseState, owner: str | None, now: datetime, page: int = 0) -> b.View:
    """What somebody asks. `owner` stands there at first."""
    choose = label("common.choose", locale)
    sources = b.select(b.choices(InquirySource, locale), choose)
    channels = b.select(b.choices(InquiryChannel, locale), choose, InquiryChannel.PHONE.value)
    who = b.text_input(WHO_LIMIT, _text(locale, "who.placeholder"))
    asked = b.text_input(WORDS_LIMIT, _text(locale, "question.placeholder"), multiline=True)
    answer = b.text_input(WORDS_LIMIT, multiline=True)
    fields = [
        b.field("source", _text(locale, "source"), sources),
        b.field("channel", _text(locale, "channel"), channels),
        b.field("who", _text(locale, "who.label"), who, _text(locale, "who.hint"), optional=True),
        b.field("received_at", _text(locale, "received_at"), b.moment_input(now)),
        b.field("question", _text(locale, "question.label"), asked),
        b.field(
            "due_at", _text(locale, "due_at"), b.moment_input(), _text(locale, "due_hint"), optional=True
        ),
        _owner(locale, owner),
        b.field(
            "answer", _text(locale, "answered_already"), answer, _text(locale, "one_voice"), optional=True
        ),
    ]
    return _form(locale, case, "record", Callback.INQUIRY, fields, {"page": page})


def answer_form(
    locale: Locale, tz: ZoneInfo, case: CaseState, inquiry: InquiryState, now: datetime, page: int = 0
) -> b.View:
    """What was answered and when. What was answered before stands in it, to be put right."""
    words = b.text_input(WORDS_LIMIT, _text(locale, "answer.placeholder"), inquiry.answer, multiline=True)
    fields = [
        *_about(locale, tz, case, inquiry),
        b.field("answer", _text(locale, "answer.label"), words),
        b.field("answered_at", _text(locale, "answered_at"), b.moment_input(inquiry.answered_at or now)),
    ]
    if inquiry.source in FOR_THE_FAQ:
        option = b.option(FAQ, _text(locale, "faq.text"))
        boxes = b.boxes([option]) | ({"initial_options": [option]} if inquiry.faq else {})
        hint = _text(locale, "faq.hint")
        fields.append(b.field(FAQ, _text(locale, "faq.label"), boxes, hint, optional=True))
    kept = {"inquiry": inquiry.number, "page": page}
    return _form(locale, case, "answer", Callback.INQUIRY_ANSWER, fields, kept)


def close_form(locale: Locale, tz: ZoneInfo, case: CaseState, inquiry: InquiryState, page: int = 0) -> b.View:
    """Why no answer is needed."""
    words = b.text_input(REASON_LIMIT, _text(locale, "reason.placeholder"), multiline=True)
    fields = [
        *_about(locale, tz, case, inquiry),
        b.field("reason", _text(locale, "reason.label"), words),
    ]
    kept = {"inquiry": inquiry.number, "page": page}
    return _form(locale, case, "close", Callback.INQUIRY_CLOSE, fields, kept)


def assign_form(
    locale: Locale, tz: ZoneInfo, case: CaseState, inquiry: InquiryState, page: int = 0
) -> b.View:
    """Who answers, and by when."""
    fields = [
        *_about(locale, tz, case, inquiry),
        _owner(locale, inquiry.owner),
        b.field("due_at", _text(locale, "due_at"), b.moment_input(inquiry.due_at)),
    ]
    kept = {"inquiry": inquiry.number, "page": page}
    return _form(locale, case, "assign", Callback.INQUIRY_ASSIGN, fields, kept)


def _owner(locale: Locale, owner: str | None) -> b.Block:
    element = b.person_input(label("common.choose", locale), owner)
    return b.field("owner", _text(locale, "owner.label"), element, _text(locale, "owner.hint"), optional=True)


def _about(locale: Locale, tz: ZoneInfo, case: CaseState, inquiry: InquiryState) -> list[b.Block]:
    """Which inquiry it is, and all of what was asked."""
    head = written("inquiry_about", locale, tz=tz, case=case, inquiry=inquiry).parts[0]
    mark, _ = marks(locale, case.drill)
    asked = [b.words(part) for part in b.passages(question(locale, inquiry), 2)]
    return [b.section(Mrkdwn(mark + head)), *asked]


def _form(
    locale: Locale,
    case: CaseState,
    name: str,
    callback: Callback,
    blocks: list[b.Block],
    kept: dict[str, Any],
) -> b.View:
    mark, title_mark = marks(locale, case.drill)
    if mark and blocks[0]["type"] == "input":
        blocks = [b.section(Mrkdwn(mark)), *blocks]
    return b.modal(
        title_mark + label(f"inquiries.titles.{name}", locale),
        blocks,
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=callback,
        private_metadata=json.dumps({"case": case.number, **kept}),
    )


def _text(locale: Locale, key: str) -> str:
    return label(f"inquiries.{key}", locale)
