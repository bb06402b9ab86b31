"""Notices and publication on card, in register, forms and messages: within the limits, whatever was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.organisation import Criteria, Criterion
from bot.policy.notice_state import NoticeEntry, NoticesState, PublicationState
from bot.policy.state import CaseState, MemberState
from bot.slack.screens import card, notifying
from bot.slack.screens.message import Message
from bot.vocabulary import (
    Action,
    Locale,
    LogKind,
    NoticeWay,
    Publication,
    PublicationWay,
    Role,
)
from tests.screens import situations as s
from tests.screens.limits import check_message, check_view, texts

LOCALES: tuple[Locale, ...] = ("ja", "en")
OURS = re.compile(r"<@(U[A-Z]+)>")
W = NoticeWay


def entry(number: int, way: NoticeWay, persons: int | None, **changes: Any) -> NoticeEntry:
    """A record of the second day."""
    at = s.NOW + timedelta(days=2, minutes=number)
    return replace(NoticeEntry(number, way, persons, at, "UPRIVACY", at), **changes)


def put_off(reason: str | None = "調査の結果を待つため") -> PublicationState:
    """Decided to decide later."""
    return PublicationState(Publication.LATER, reason, "UPRIVACY", s.NOW, review_on=date(2026, 12, 1))


def told(case: CaseState, words: str = "退会した方の宛先がない", more: int = 0) -> CaseState:
    """The case with every kind of record, and with a decision that was put off."""
    records = (
        entry(1, W.MAIL, 600, why=words[:1000]),
        entry(2, W.MAIL, 580, corrects=1),
        entry(3, W.LETTER, 200),
        entry(4, W.SUBSTITUTE_INQUIRY_DESK, 20, why=words[:1000]),
        *(entry(5 + n, W.PHONE, 1, why=words[:1000]) for n in range(more)),
    )
    office = {"UPRIVACY": MemberState("UPRIVACY", Role.PRIVACY_OFFICE, invited_at=s.NOW)}
    return replace(
        case,
        members=office,
        facts={"persons": {"exact": 1200}},
        criteria=Criteria(publish=Criterion(persons=1000)),
        notices=NoticesState(records),
        publication=put_off(words[:1000]),
    )


DECISIONS = (
    None,
    PublicationState(
        Publication.PUBLISH, "x", "UPRIVACY", s.NOW, tuple(PublicationWay), s.NOW + timedelta(days=1)
    ),
    PublicationState(Publication.DO_NOT_PUBLISH, "x", "UPRIVACY", s.NOW),
    put_off(None),
)
CASES = {
    "nothing": s.in_hand(),
    "just reported": s.reported(),
    "told": told(s.in_hand()),
    "no duty": replace(told(s.in_hand()), obligations=()),
    "many": told(s.in_hand(), more=80),
    "closed": told(s.closed()),
    "drill": told(replace(s.in_hand(), number="D2026-0001", drill=True)),
    "blanked": replace(told(s.closed()), blanked_at=s.NOW, publication=put_off(None)),
    **{f"decided {n}": replace(told(s.in_hand()), publication=each) for n, each in enumerate(DECISIONS)},
    **{f"hostile {n}": told(s.hostile(text), text) for n, text in enumerate(s.HOSTILE)},
}


def messages(locale: Locale, case: CaseState, words: str) -> Iterator[tuple[str, Message]]:
    yield "card", card.card(locale, s.TOKYO, case, s.NOW)
    yield "due", notifying.publication_due(locale, s.TOKYO, case)
    for decision in Publication:
        event = s.event(
            LogKind.PUBLICATION_DECIDED,
            publication=decision.value,
            reason=words[:1000],
            ways=[way.value for way in PublicationWay],
            publish_at=s.NOW.isoformat(),
            review_on="2026-12-01",
            deviates=True,
        )
        yield decision, notifying.publication_decided(locale, s.TOKYO, case, event)


def views(locale: Locale, case: CaseState) -> Iterator[tuple[str, dict[str, Any]]]:
    for may in (True, False):
        yield "register", notifying.register(locale, s.TOKYO, case, notifies=may, decides=may)
        yield "record", notifying.record_form(locale, case, s.NOW, decides=may)
    for each in case.notices.entries[:5]:
        yield "correct", notifying.record_form(locale, case, s.NOW, decides=True, corrects=each)
    yield "publication", notifying.publication_form(locale, s.TOKYO, case)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", CASES)
def test_everything_fits_and_mentions_only_whom_we_mean(name: str, locale: Locale) -> None:
    case = CASES[name]
    for what, said in messages(locale, case, case.report.summary):
        check_message(said.text, said.blocks)
        assert case.number in said.text, what
        assert "evil" not in said.text, what
        assert said.text.startswith("【訓練】") == case.drill, what
        shown = [said.text, *(t["text"] for t in texts(said.blocks) if t["type"] == "mrkdwn")]
        assert what == "card" or not [text for text in shown if "<" in OURS.sub("", text)], what
    for what, view in views(locale, case):
        check_view(view)
        shown = [t["text"] for t in texts(view) if t["type"] == "mrkdwn"]
        assert not [text for text in shown if "<" in OURS.sub("", text)], what


def said(node: object) -> str:
    """Everything that is shown, one text a line."""
    return "\n".join(text["text"] for text in texts(node))


def offered(view: dict[str, Any]) -> list[str]:
    """The buttons, in their order."""
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    beside = [[block["accessory"]] for block in view["blocks"] if "accessory" in block]
    return [element["action_id"] for row in [*rows, *beside] for element in row]


def register(case: CaseState, locale: Locale = "ja", *, may: bool = True) -> dict[str, Any]:
    return notifying.register(locale, s.TOKYO, case, notifies=may, decides=may)


def test_the_card_says_how_many_were_told_and_what_was_decided() -> None:
    text = said(card.card("ja", s.TOKYO, CASES["told"], s.NOW).blocks)
    assert "⬜ *本人通知* （暫定）  決まった日数はありません。状況に応じて速やかに行います。\n" in text
    assert "▓▓▓▓▓▓▓░░░ 通知済み 780人／対象 1,200人" in text
    assert "*公表*  あとで判断する（12月1日（火）に改めて判断）" in text
    english = said(card.card("en", s.TOKYO, CASES["told"], s.NOW).blocks)
    assert "told 780 of 1,200" in english
    assert "*Publication*  Decide later (to be decided on Tue 1 Dec)" in english


def test_the_card_says_nothing_of_what_nobody_did() -> None:
    text = said(card.card("ja", s.TOKYO, CASES["nothing"], s.NOW).blocks)
    assert "通知済み 0" not in text
    assert "*公表*" not in text


def test_without_a_duty_the_card_still_says_how_many_were_told() -> None:
    text = said(card.card("ja", s.TOKYO, CASES["no duty"], s.NOW).blocks)
    assert "*本人通知*  ▓▓▓▓▓▓▓░░░ 通知済み 780人／対象 1,200人" in text


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("decided 1", "*公表*  公表する（実施予定、自社のウェブサイト、記者会見、"),
        ("decided 2", "*公表*  公表しない"),
    ],
)
def test_the_card_says_each_decision(name: str, line: str) -> None:
    assert line in said(card.card("ja", s.TOKYO, CASES[name], s.NOW).blocks)


def test_the_register_shows_corrections_beside_what_they_correct() -> None:
    text = said(register(CASES["told"]))
    assert "~1  電子メール 600人　11月24日（火）21:21~（訂正済み）" in text
    assert "*2*  電子メール 580人　11月24日（火）21:22（1番の訂正）" in text
    assert "内訳　電子メール 580人、郵送 200人、代替措置（問い合わせ窓口の公表） 20人" in text
    back = replace(
        CASES["told"], notices=NoticesState((entry(1, W.MAIL, 600), entry(2, W.MAIL, 0, corrects=1)))
    )
    assert "*2*  電子メール 取り消し" in said(register(back))


def test_the_register_offers_what_each_may_do() -> None:
    case = CASES["told"]
    assert offered(register(case)) == [
        Action.NOTICE_RECORD,
        Action.PUBLICATION_DECIDE,
        *[Action.NOTICE_CORRECT] * 3,  # not beside the one that was corrected
    ]
    assert offered(register(case, may=False)) == []
    assert offered(register(CASES["closed"])) == []
    everybody = replace(case, notices=NoticesState((entry(1, W.MAIL, 1200),)))
    assert Action.NOTICES_COMPLETE in offered(register(everybody))
    worker = notifying.register("ja", s.TOKYO, everybody, notifies=True, decides=False)
    assert Action.NOTICES_COMPLETE not in offered(worker)
    assert "全員への対応が記録されました" in said(worker)


def test_only_the_newest_records_are_listed_and_the_rest_is_counted() -> None:
    view = register(CASES["many"])
    assert "これより前に54件の記録があります" in said(view)
    assert len(view["blocks"]) <= 100


def test_the_form_offers_completion_only_to_whoever_decides_and_while_it_is_open() -> None:
    def asked(case: CaseState, *, decides: bool) -> list[str]:
        view = notifying.record_form("ja", case, s.NOW, decides=decides)
        return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]

    usual = ["way", "persons", "told_at", "why", "total"]
    assert asked(CASES["told"], decides=True) == [*usual, "complete"]
    assert asked(CASES["told"], decides=False) == usual
    assert asked(CASES["no duty"], decides=True) == usual


def test_a_correction_begins_with_what_stands_there() -> None:
    case = CASES["told"]
    view = notifying.record_form("ja", case, s.NOW, decides=True, corrects=case.notices.entries[2])
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert elements["way"]["initial_option"]["value"] == "letter"
    assert elements["persons"]["initial_value"] == "200"
    assert "3番の記録を訂正します" in said(view)


def test_deciding_says_that_the_criterion_is_met() -> None:
    view = notifying.publication_form("ja", s.TOKYO, CASES["told"])
    assert "社内基準「公表」を満たしています（本人の数 1,200人、基準 1,000人以上）" in said(view)
    assert "社内基準" not in said(notifying.publication_form("ja", s.TOKYO, CASES["nothing"]))


def test_what_was_put_off_asks_the_office_by_name() -> None:
    message = notifying.publication_due("ja", s.TOKYO, CASES["told"])
    assert message.text == "公表を判断する日です 事案 2026-0001"
    assert "<@UPRIVACY>" in said(message.blocks)
    assert "12月1日（火）に改めて判断すると決めました" in said(message.blocks)
