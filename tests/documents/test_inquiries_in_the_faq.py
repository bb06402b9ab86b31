"""The questions and answers for the press grow from what was asked and answered, and never name the asker."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.documents.composing import Composer
from bot.documents.content import Shape
from bot.policy.state import CaseState, InquiryState
from bot.vocabulary import DocumentKind, InquiryChannel, InquirySource, InquiryStatus, Locale
from tests.documents.situations import COMPANY, HOSTILE, LOCALES, half
from tests.screens import situations as s


def answered(number: int, **changes: Any) -> InquiryState:
    inquiry = InquiryState(
        number=number,
        source=InquirySource.PRESS,
        channel=InquiryChannel.PHONE,
        received_at=s.NOW,
        due_at=s.NOW + timedelta(hours=3),
        recorded_by="ULEGAL",
        status=InquiryStatus.ANSWERED,
        who="山の手新聞",
        question=f"第{number}の問い",
        answer=f"第{number}の答え",
        faq=True,
        answered_at=s.NOW,
    )
    return replace(inquiry, **changes)


def faq(case: CaseState, locale: Locale) -> list[tuple[Shape, str]]:
    content = Composer(COMPANY).compose(DocumentKind.PRESS_FAQ, locale, case, s.NOW)
    return [(block.shape, block.text) for block in content.blocks]


@pytest.mark.parametrize("locale", LOCALES)
def test_what_was_ticked_follows_what_is_always_asked(locale: Locale) -> None:
    before = faq(half(), locale)
    inquiries = (answered(1), answered(2, faq=False), answered(3, source=InquirySource.PERSON))
    after = faq(replace(half(), inquiries=inquiries), locale)
    assert after[: len(before)] == before
    ja, en = ("問15　第1の問い", "問16　第3の問い"), ("15. 第1の問い", "16. 第3の問い")
    first, second = ja if locale == "ja" else en
    assert after[len(before) :] == [
        (Shape.HEADING, first),
        (Shape.PARAGRAPH, "第1の答え"),
        (Shape.HEADING, second),
        (Shape.PARAGRAPH, "第3の答え"),
    ]
    assert "山の手新聞" not in str(after)


@pytest.mark.parametrize("locale", LOCALES)
def test_hostile_words_stay_words(locale: Locale) -> None:
    inquiries = (answered(1, question=HOSTILE, answer=HOSTILE), answered(2, answer="\x00"), answered(3))
    added = faq(replace(half(), inquiries=inquiries), locale)[len(faq(half(), locale)) :]
    assert [shape for shape, _ in added] == [Shape.HEADING, Shape.PARAGRAPH] * 2
    assert "{{ 7*7 }} {% raw %} # x" in added[1][1]
    assert "49" not in added[0][1]
