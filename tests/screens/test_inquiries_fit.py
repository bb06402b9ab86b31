"""Inquiries on card, in list, forms and messages: within the limits, with hostile words and many of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.policy.inquiries import FOR_THE_FAQ, ONE_VOICE
from bot.policy.state import CaseState, InquiryState, MemberState
from bot.slack.screens import card, inquiries_said
from bot.slack.screens import inquiries as screens
from bot.slack.screens.inquiries import PAGE, Contact, inquiry_list
from bot.slack.screens.message import Message
from bot.vocabulary import Action, InquiryChannel, InquirySource, InquiryStatus, Locale, LogKind, Role
from tests.screens import situations as s
from tests.screens.limits import check_message, check_view, texts

LOCALES: tuple[Locale, ...] = ("ja", "en")
LATER = s.NOW + timedelta(hours=5)
OURS = re.compile(r"<@(U[A-Z]+)>|<https://[\w./?=-]+\|[^<>|]+>")
CONTACTS = (Contact("営業部", ("UMANAGER",)), Contact("人事部", ("UHR", "UDEPUTY")), Contact("総務部", ()))


def an_inquiry(number: int, words: str = "何人分ですか", **changes: Any) -> InquiryState:
    sources, channels = list(InquirySource), list(InquiryChannel)
    inquiry = InquiryState(
        number=number,
        source=sources[number % len(sources)],
        channel=channels[number % len(channels)],
        received_at=s.NOW,
        due_at=s.NOW + timedelta(hours=number),
        recorded_by="ULEGAL",
        owner="UMANAGER" if number % 2 else None,
        who=words[:200],
        question=words[:3000],
        by="ULEGAL",
        at=s.NOW,
    )
    return replace(inquiry, **changes)


def with_inquiries(case: CaseState, words: str = "何人分ですか", many: int = 6) -> CaseState:
    """The case with every kind of inquiry in every state."""
    waiting = [an_inquiry(number, words) for number in range(1, many)]
    answer = {"status": InquiryStatus.ANSWERED, "answer": words[:3000], "answered_at": s.NOW, "faq": True}
    settled = [
        an_inquiry(many, words, **answer),
        an_inquiry(many + 1, words, status=InquiryStatus.CLOSED, reason=words[:1000]),
        an_inquiry(many + 2, words, who=None, question=None),
    ]
    members = {
        "UPRIVACY": MemberState("UPRIVACY", Role.PRIVACY_OFFICE, invited_at=s.NOW),
        "UMANAGER": MemberState("UMANAGER", Role.MANAGER, invited_at=s.NOW),
    }
    return replace(case, inquiries=(*waiting, *settled), members=members)


CASES = {
    "in hand": with_inquiries(s.in_hand()),
    "many": with_inquiries(s.in_hand(), many=60),
    "closed": with_inquiries(s.closed()),
    "drill": with_inquiries(replace(s.in_hand(), number="D2026-0001", drill=True)),
    **{f"hostile {n}": with_inquiries(s.hostile(text), text) for n, text in enumerate(s.HOSTILE)},
}


def messages(locale: Locale, case: CaseState, words: str) -> Iterator[tuple[str, Message]]:
    tz = s.TOKYO
    yield "card", card.card(locale, tz, case, LATER)
    numbers = [each.number for each in case.inquiries]
    yield "due", inquiries_said.inquiries_due(locale, tz, case, numbers, LATER)
    for each in case.inquiries:
        data = {"inquiry": each.number, "source": each.source.value, "to": "UMANAGER"}
        event = s.event(LogKind.INQUIRY_RECORDED, **data)
        yield f"recorded {each.number}", inquiries_said.inquiry_recorded(locale, tz, case, event)
        event = s.event(LogKind.INQUIRY_ASSIGNED, **data)
        yield f"assigned {each.number}", inquiries_said.inquiry_assigned(locale, tz, case, event)
        for corrected in (False, True):
            event = s.event(LogKind.INQUIRY_ANSWERED, **data, answer=words[:3000], corrected=corrected)
            yield f"answered {each.number}", inquiries_said.inquiry_answered(locale, tz, case, event)


def views(locale: Locale, case: CaseState) -> Iterator[tuple[str, dict[str, Any]]]:
    for page in range(1 + len(case.inquiries) // PAGE):
        yield f"list {page}", inquiry_list(locale, s.TOKYO, case, CONTACTS, LATER, page)
    yield "empty", inquiry_list(locale, s.TOKYO, replace(case, inquiries=()), (), LATER)
    yield "record", screens.record_form(locale, case, "UMANAGER", s.NOW)
    yield "record for nobody", screens.record_form(locale, case, None, s.NOW)
    for each in case.inquiries[:9]:
        yield f"answer {each.number}", screens.answer_form(locale, s.TOKYO, case, each, LATER)
        yield f"close {each.number}", screens.close_form(locale, s.TOKYO, case, each)
        yield f"assign {each.number}", screens.assign_form(locale, s.TOKYO, case, each)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", CASES)
def test_everything_about_inquiries_fits_and_mentions_only_whom_we_mean(name: str, locale: Locale) -> None:
    case = CASES[name]
    for what, said in messages(locale, case, case.report.summary):
        check_message(said.text, said.blocks)
        assert case.number in said.text, what
        assert "evil" not in said.text, what
        assert "何人分" not in said.text, f"{what}: a locked telephone shows what was asked"
        assert said.text.startswith("【訓練】") == case.drill, what
        shown = [said.text, *(t["text"] for t in texts(said.blocks) if t["type"] == "mrkdwn")]
        assert not [text for text in shown if "<" in OURS.sub("", text)], what
    for what, view in views(locale, case):
        check_view(view)
        shown = [t["text"] for t in texts(view) if t["type"] == "mrkdwn"]
        assert not [text for text in shown if "<" in OURS.sub("", text)], what
        assert case.report.summary not in view.get("private_metadata", ""), what


def said_by(view: dict[str, Any]) -> str:
    return "\n".join(text["text"] for text in texts(view))


def buttons(view: dict[str, Any]) -> dict[str, list[str]]:
    """The buttons by the names of their blocks."""
    rows = [block for block in view["blocks"] if block["type"] == "actions"]
    return {row.get("block_id", ""): [each["action_id"] for each in row["elements"]] for row in rows}


def test_the_list_begins_with_who_speaks_and_with_what_is_due_next() -> None:
    view = inquiry_list("ja", s.TOKYO, CASES["in hand"], CONTACTS, LATER)
    assert "窓口　営業部 <@UMANAGER>" in view["blocks"][0]["text"]["text"]
    assert "未回答 6件・*期限超過 5件*、回答済み 1件（全8件）" in view["blocks"][0]["text"]["text"]
    other = view["blocks"][1]["elements"][0]["text"]
    assert other.startswith("ほかの部署の窓口　人事部 <@UHR> <@UDEPUTY>")
    assert "総務部" not in other, "nobody is named there"
    assert list(buttons(view)) == ["", *(f"inquiry:{n}" for n in (1, 2, 3, 4, 5, 8, 7, 6))]
    without = inquiry_list("ja", s.TOKYO, CASES["in hand"], [Contact("営業部", ())], LATER)
    assert "営業部は決まっていません。個人情報保護担当に" in said_by(without)


def test_each_state_offers_what_can_be_done() -> None:
    shown = buttons(inquiry_list("ja", s.TOKYO, CASES["in hand"], CONTACTS, LATER))
    assert shown["inquiry:1"] == [Action.INQUIRY_ANSWER, Action.INQUIRY_ASSIGN, Action.INQUIRY_CLOSE]
    assert shown["inquiry:6"] == [Action.INQUIRY_ANSWER, Action.INQUIRY_REOPEN]
    assert shown["inquiry:7"] == [Action.INQUIRY_REOPEN]


def test_many_are_turned_page_by_page_and_none_is_lost() -> None:
    case = CASES["many"]
    seen: list[str] = []
    for page in range(20):
        view = inquiry_list("ja", s.TOKYO, case, CONTACTS, LATER, page)
        names = buttons(view)
        kept = json.loads(view["private_metadata"])["page"]
        if kept != page:
            break
        assert (Action.INQUIRIES_BACK in names[""]) is (page > 0)
        seen += [name for name in names if name]
        assert f"*{page + 1}/8ページ*" in said_by(view)
        assert (Action.INQUIRIES_ON in names[""]) is (page < 7)
    assert len(seen) == len(set(seen)) == len(case.inquiries) == 62


@pytest.mark.parametrize("source", InquirySource)
def test_the_answer_form_asks_for_the_faq_where_it_may_stand_there(source: InquirySource) -> None:
    inquiry = an_inquiry(1, source=source, faq=True, answer="800人です", answered_at=s.NOW)
    view = screens.answer_form("ja", s.TOKYO, s.in_hand(), inquiry, LATER)
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert (screens.FAQ in inputs) is (source in FOR_THE_FAQ)
    assert inputs["answer"]["initial_value"] == "800人です"
    assert inputs["answered_at"]["initial_date_time"] == int(s.NOW.timestamp())
    if source in FOR_THE_FAQ:
        assert inputs[screens.FAQ]["initial_options"] == inputs[screens.FAQ]["options"]


@pytest.mark.parametrize("source", InquirySource)
def test_the_room_is_asked_not_to_answer_the_press_and_not_told_who_a_person_is(
    source: InquirySource,
) -> None:
    case = replace(CASES["in hand"], inquiries=(an_inquiry(1, source=source, who="山の手新聞"),))
    said = inquiries_said.inquiry_recorded("ja", s.TOKYO, case, s.event(LogKind.INQUIRY_RECORDED, inquiry=1))
    shown = said_by({"blocks": said.blocks})
    assert ("直接答えず" in shown) is (source in ONE_VOICE)
    assert ("山の手新聞" in shown) is (source is not InquirySource.PERSON)
    assert "山の手新聞" not in said.text


def test_a_single_one_can_be_answered_from_the_message_that_asks_for_it() -> None:
    def shown(numbers: list[int]) -> dict[str, list[str]]:
        said = inquiries_said.inquiries_due("ja", s.TOKYO, CASES["in hand"], numbers, LATER)
        return buttons({"blocks": said.blocks})

    assert shown([2]) == {"inquiry:2": [Action.INQUIRY_ANSWER, Action.CASE_INQUIRIES]}
    assert shown([2, 3]) == {"": [Action.CASE_INQUIRIES]}


def test_the_card_says_nothing_while_nobody_asked() -> None:
    assert inquiries_said.card_inquiries("ja", s.in_hand(), LATER) == []
    (block,) = inquiries_said.card_inquiries("ja", CASES["in hand"], LATER)
    assert block["text"]["text"] == "*問い合わせ*  8件（未回答 6件・*期限超過 5件*）"
