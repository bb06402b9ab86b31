"""Reopening and moving on screen: within the limits, with hostile words, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.policy.state import CaseState, MessageRef
from bot.slack.screens import card, receipt, replies
from bot.slack.screens.message import Message
from bot.slack.screens.reopening import REASON_LIMIT, reopened, reopening, room_moved
from bot.vocabulary import Locale, LogKind
from tests.screens import situations as s
from tests.screens.limits import check_message, check_view, texts

LOCALES: tuple[Locale, ...] = ("ja", "en")
OURS = re.compile(r"<@(U[A-Z]+)>|<#(C[A-Z]+)>")


def again(case: CaseState) -> CaseState:
    """The case after it was closed, reopened and moved to another room."""
    back = s.event(LogKind.REOPENED, reason="x", holder="UMANAGER")
    return replace(
        case,
        closed_at=None,
        channel="CSECOND",
        card=MessageRef("CSECOND", "2.000001"),
        former_rooms=("CROOM", "CNEXT", "CNEXT"),
        events=(*case.events, back),
    )


CASES = {
    "in hand": again(s.in_hand()),
    "drill": again(replace(s.in_hand(), drill=True, number="D2026-0001")),
    "confidential": again(s.confidential()),
    **{f"hostile {n}": again(s.hostile(text)) for n, text in enumerate(s.HOSTILE)},
}


def messages(locale: Locale, case: CaseState, words: str) -> dict[str, Message]:
    tz = s.TOKYO
    everything = {
        "reason": words[:REASON_LIMIT],
        "holder": "UMANAGER",
        "tasks": ["a", "b"],
        "inquiries": [1, 4],
        "obligations": ["preliminary"],
        "withdrawn": True,
    }
    full = s.event(LogKind.REOPENED, **everything)
    bare = s.event(LogKind.REOPENED, reason=words[:REASON_LIMIT])
    lost = s.event(LogKind.ROOM_LOST, channel="CROOM", closed=False)
    return {
        "reopened": reopened(locale, tz, case, full),
        "reopened by nobody's": reopened(locale, tz, replace(case, obligations=()), bare),
        "moved": room_moved(locale, tz, case, lost),
        "moved, nobody has it": room_moved(locale, tz, replace(case, acknowledged_by=None), lost),
        "told": receipt.told(locale, tz, case, full, "UREPORTER"),
        "receipt": receipt.receipt(locale, tz, case, s.NOW),
        "card": card.card(locale, tz, case, s.NOW),
        "status": replies.status(locale, tz, replace(case, closed_at=s.NOW), s.NOW, may_reopen=True),
    }


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", CASES)
def test_messages_and_form_are_within_the_limits_and_nothing_typed_is_live(name: str, locale: Locale) -> None:
    case = CASES[name]
    words = s.HOSTILE[int(name.split()[1])] if name.startswith("hostile") else "x" * 5000
    for what, message in messages(locale, case, words).items():
        check_message(message.text, message.blocks)
        for each in texts(message.blocks):
            if each["type"] == "mrkdwn":
                assert not re.search(r"<[!@#h]", OURS.sub("", each["text"])), (what, each)
        if case.drill:
            assert message.text.startswith("【訓練】"), what
    for state in (case, replace(case, closed_at=s.NOW, channel=None, card=None)):
        check_view(reopening(locale, state))


def said(message: Message) -> str:
    return "\n".join(each["text"] for each in texts(message.blocks))


def test_the_card_links_to_the_rooms_before_each_once() -> None:
    text = said(card.card("ja", s.TOKYO, again(s.in_hand()), s.NOW))
    assert "前の対応チャンネル <#CROOM> <#CNEXT>" in text
    assert "再開 " in text
    assert "前の対応チャンネル" not in said(card.card("ja", s.TOKYO, s.in_hand(), s.NOW))


def test_only_a_closed_case_that_was_not_joined_offers_to_be_reopened() -> None:
    def offered(case: CaseState) -> bool:
        return "case_reopen" in str(card.card("ja", s.TOKYO, case, s.NOW).blocks)

    assert offered(s.closed())
    assert not offered(replace(s.closed(), joined_into="2026-0002"))
    assert not offered(replace(s.closed(), blanked_at=s.NOW))
    assert not offered(s.in_hand())


def test_the_form_says_where_it_goes_on() -> None:
    stands, gone = s.closed(), replace(s.closed(), channel=None, card=None, former_rooms=("CROOM",))
    assert "対応チャンネルは、これまでのものを使います" in str(reopening("ja", stands))
    assert "新しい対応チャンネルを開き" in str(reopening("ja", gone))


def test_a_reason_stands_as_plain_text() -> None:
    message = messages("ja", again(s.in_hand()), "<!channel> *急ぎ*")["reopened"]
    assert [t["type"] for t in texts(message.blocks) if "急ぎ" in t["text"]] == ["plain_text"]
    assert "急ぎ" not in message.text


def test_of_a_case_without_room_the_status_offers_what_its_card_did() -> None:
    gone = replace(s.closed(), channel=None, card=None, former_rooms=("CROOM",))
    assert "case_documents" in str(replies.status("ja", s.TOKYO, gone, s.NOW).blocks)
    assert "case_documents" not in str(replies.status("ja", s.TOKYO, s.closed(), s.NOW).blocks)
    assert "case_reopen" not in str(replies.status("ja", s.TOKYO, s.closed(), s.NOW).blocks)
