"""Notices, publication and the contact for inquiries in documents: what goes out, and what stays inside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.documents.composing import Composer
from bot.documents.notified import contact_of
from bot.policy.notice_state import NoticeEntry, NoticesState, PublicationState
from bot.policy.state import CaseState
from bot.slack.screens.items import nine_items
from bot.vocabulary import DocumentKind, Locale, NoticeWay, Publication, PublicationWay
from tests.documents.situations import COMPANY, LOCALES
from tests.screens import situations as s
from tests.screens.limits import texts

INSIDE = "退会した方の宛先が残っていないという社内の理由"
OUTSIDE = (
    DocumentKind.NOTICE_TO_PERSONS,
    DocumentKind.PUBLICATION,
    DocumentKind.APOLOGY,
    DocumentKind.PARTNER_EXPLANATION,
    DocumentKind.MINISTRY_EXPLANATION,
)
SALES = COMPANY.departments[0]
WITH_DESK = replace(COMPANY, departments=(replace(SALES, contact_point="desk@sample.example"),))


def entry(number: int, way: NoticeWay, persons: int | None, why: str | None = None) -> NoticeEntry:
    return NoticeEntry(number, way, persons, s.NOW, "UPRIVACY", s.NOW, why)


def told(**changes: Any) -> CaseState:
    """800 of 1,200 told, a substitute measure for 20, publication planned."""
    records = (
        entry(1, NoticeWay.MAIL, 600),
        entry(2, NoticeWay.LETTER, 200),
        entry(3, NoticeWay.SUBSTITUTE_INQUIRY_DESK, 20, INSIDE),
    )
    planned = PublicationState(
        Publication.PUBLISH,
        INSIDE,
        "UPRIVACY",
        s.NOW,
        (PublicationWay.WEBSITE, PublicationWay.PRESS_RELEASE),
        s.NOW + timedelta(days=2),
    )
    case = replace(s.in_hand(), notices=NoticesState(records), publication=planned)
    return replace(case, **changes)


def text(kind: DocumentKind, case: CaseState, locale: Locale = "ja", company: Any = COMPANY) -> str:
    return Composer(company).compose(kind, locale, case, s.NOW).text()


@pytest.mark.parametrize("kind", [DocumentKind.PRELIMINARY_SHEET, DocumentKind.FINAL_SHEET])
def test_the_sheets_take_items_six_and_seven_from_the_records(kind: DocumentKind) -> None:
    sheet = text(kind, told())
    assert "通知済み 800人／対象 1,200人\n方法　電子メール 600人、郵送 200人、代替措置" in sheet
    assert f"代替措置の理由　{INSIDE}" in sheet
    assert "実施予定（自社のウェブサイト、報道機関への資料配布、2026年11月24日）" in sheet
    english = text(kind, told(), "en")
    assert "told 800 of 1,200" in english
    assert "Planned (Own website, Press release, 24 November 2026)" in english


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", OUTSIDE)
def test_reasons_typed_for_colleagues_never_go_out(kind: DocumentKind, locale: Locale) -> None:
    assert INSIDE not in text(kind, told(), locale)
    later = PublicationState(Publication.LATER, INSIDE, "U", s.NOW, review_on=date(2026, 12, 3))
    waiting = text(kind, told(publication=later), locale)
    assert INSIDE not in waiting
    assert "12月3日" not in waiting
    assert "3 December" not in waiting


def test_outsiders_read_how_the_persons_are_told() -> None:
    public = text(DocumentKind.PUBLICATION, told())
    assert "対象となる方に、電子メール、郵送により、順次個別にお知らせしております。" in public
    assert "お問い合わせ窓口のご案内をもって、お知らせに代えさせていただいております。" in public
    everybody = told(notices=NoticesState((entry(1, NoticeWay.MAIL, 1200),)))
    assert "対象となる方に、電子メールにより、個別にお知らせいたしました。" in text(
        DocumentKind.PUBLICATION, everybody
    )
    ministry = text(DocumentKind.MINISTRY_EXPLANATION, told())
    assert "実施予定（自社のウェブサイト、報道機関への資料配布、2026年11月24日）" in ministry
    nobody = text(DocumentKind.MINISTRY_EXPLANATION, s.in_hand())
    assert "公表\t検討中" in nobody


def test_a_notice_that_is_recorded_as_given_says_since_when() -> None:
    done = tuple(
        replace(o, submitted_at=s.NOW) if o.kind == "individual_notice" else o
        for o in s.in_hand().obligations
    )
    assert "2026年11月22日に完了" in text(DocumentKind.FINAL_SHEET, told(obligations=done))
    assert "に完了" not in text(DocumentKind.FINAL_SHEET, told())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", OUTSIDE)
def test_whom_people_may_ask_stands_in_whatever_goes_out(kind: DocumentKind, locale: Locale) -> None:
    contact = "株式会社サンプル 営業部 desk@sample.example"
    assert contact in text(kind, s.in_hand(), locale, WITH_DESK)
    assert contact not in text(kind, s.in_hand(), locale)
    edit = {"contact": {"text": "お客様窓口 0120-000-000", "by": "U", "at": s.NOW.isoformat()}}
    written = text(kind, replace(s.in_hand(), items=edit), locale, WITH_DESK)
    assert "お客様窓口 0120-000-000" in written
    assert contact not in written, "what the office wrote stands before it"


@pytest.mark.parametrize("point", [None, "U0SALES", "S0SALES", "@sales"])
def test_a_slack_id_is_no_contact_for_people_outside(point: str | None) -> None:
    company = replace(COMPANY, departments=(replace(SALES, contact_point=point),))
    assert contact_of(s.in_hand(), company) is None
    assert "準備中" in text(DocumentKind.PUBLICATION, s.in_hand(), "ja", company)


def test_a_department_that_is_no_longer_in_the_file_has_no_contact() -> None:
    assert contact_of(replace(s.in_hand(), department="gone"), WITH_DESK) is None


def test_the_nine_items_show_where_it_comes_from() -> None:
    view = nine_items("ja", s.TOKYO, told(), contact_of(told(), WITH_DESK))
    shown = "\n".join(each["text"] for each in texts(view))
    assert "営業部 desk@sample.example" in shown
    for origin in ("本人通知の記録", "公表の判断", "組織の設定"):
        assert origin in shown, origin
