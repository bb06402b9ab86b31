"""Every document in every language, of much and of nothing known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.documents.composing import Composer, DocumentError
from bot.documents.content import Content, Shape
from bot.policy.items import FIELDS, NOTICE_ITEMS
from bot.vocabulary import DocumentKind, ItemField, Locale
from tests.documents.situations import CASES, COMPANY, KINDS, LOCALES, empty, full, half, marked
from tests.screens import situations as s

COMPOSER = Composer(COMPANY)
OUTSIDE = (
    DocumentKind.NOTICE_TO_PERSONS,
    DocumentKind.PUBLICATION,
    DocumentKind.APOLOGY,
    DocumentKind.PRESS_FAQ,
    DocumentKind.PARTNER_EXPLANATION,
    DocumentKind.MINISTRY_EXPLANATION,
    DocumentKind.EMPLOYEE_INFORMATION,
)


def compose(kind: DocumentKind, locale: Locale, situation: str = "empty") -> Content:
    return COMPOSER.compose(kind, locale, CASES[situation](), s.NOW)


@pytest.mark.parametrize("situation", CASES)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_document_is_whole(kind: DocumentKind, locale: Locale, situation: str) -> None:
    made = compose(kind, locale, situation)
    assert made.title
    for block in made.blocks:
        for text in [block.text, *(x for row in block.rows for x in (row.label, row.value))]:
            if block.shape is not Shape.ROWS or text:
                assert text.strip() or block.shape is Shape.ROWS
            assert not re.search(r"\bNone\b|Undefined|<bot\.", text.replace("None applies", "")), text
        assert all(row.label.strip() and row.value.strip() for row in block.rows)
    if situation != "hostile":
        assert not re.search(r"{{|{%|%}|}}", made.text())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_knows_is_under_investigation(kind: DocumentKind, locale: Locale) -> None:
    text = compose(kind, locale).text()
    assert ("調査中" if locale == "ja" else "Under investigation") in text


@pytest.mark.parametrize("locale", LOCALES)
def test_the_notice_to_the_persons_holds_its_five_items_and_no_other(locale: Locale) -> None:
    text = COMPOSER.compose(DocumentKind.NOTICE_TO_PERSONS, locale, marked(), s.NOW).text()
    shown = {field for field in ItemField if f"〔{field.value}〕" in text}
    five = {field for item in NOTICE_ITEMS for field in FIELDS[item]}
    assert shown <= five, "items 3, 6, 7 and 8 are for the commission"
    needed = {ItemField.OUTLINE, ItemField.DATA_ITEMS, ItemField.CAUSE, ItemField.SECONDARY_HARM}
    assert needed | {ItemField.ADVICE, ItemField.CONTACT} <= shown
    internal = {ItemField.COURSE, ItemField.RULES, ItemField.ENTRUSTMENT, ItemField.DISCOVERER}
    assert not internal & shown


@pytest.mark.parametrize("kind", [DocumentKind.PRELIMINARY_SHEET, DocumentKind.FINAL_SHEET])
@pytest.mark.parametrize("locale", LOCALES)
def test_the_sheets_hold_the_nine_items_in_their_order(kind: DocumentKind, locale: Locale) -> None:
    text = COMPOSER.compose(kind, locale, marked(), s.NOW).text()
    asked = [f for fields in FIELDS.values() for f in fields]
    places = [text.find(f"〔{f.value}〕") for f in asked if f not in (ItemField.ADVICE, ItemField.CONTACT)]
    assert -1 not in places
    assert places == sorted(places)
    warning = "このまま提出することはできません" if locale == "ja" else "cannot itself be filed"
    assert warning in text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", OUTSIDE)
def test_the_words_of_the_first_report_never_go_out(kind: DocumentKind, locale: Locale) -> None:
    case = half()
    text = COMPOSER.compose(kind, locale, case, s.NOW).text()
    assert case.report.summary not in text
    assert str(case.report.immediate_actions) not in text
    assert case.number not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_suspicion_stays_one(kind: DocumentKind) -> None:
    text = COMPOSER.compose(kind, "ja", half(), s.NOW).text()
    assert "が発生した事案" not in text
    certain = replace(half(), facts={"kind": "leak", "certainty": "confirmed"})
    if kind in OUTSIDE and kind is not DocumentKind.PRESS_FAQ:
        assert "漏えいが発生した事案" in COMPOSER.compose(kind, "ja", certain, s.NOW).text()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_case_on_the_same_day_is_the_same_document(kind: DocumentKind, locale: Locale) -> None:
    one = COMPOSER.compose(kind, locale, full(), s.NOW)
    later = Composer(COMPANY).compose(kind, locale, full(), s.NOW + timedelta(hours=2))
    assert one.hash == later.hash
    other = replace(full(), number="2026-0002", occurred_at=s.NOW - timedelta(days=3), items={})
    assert COMPOSER.compose(kind, locale, other, s.NOW).hash != one.hash


def test_the_final_sheet_says_what_is_missing_and_takes_a_follow_up_for_it() -> None:
    text = COMPOSER.compose(DocumentKind.FINAL_SHEET, "ja", empty(), s.NOW).text()
    assert "確報は、すべての項目の報告が必要です" in text
    done = COMPOSER.compose(DocumentKind.FINAL_SHEET, "ja", full(), s.NOW).text()
    assert "すべての項目について" in done
    assert "follow_up_causeに書いた文です。" in done


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("# a\n{{ nobody }}\n", ":2: 'nobody' is undefined."),
        ("# a\n\n{{ f.cause.nothing }}\n", ":3:"),
        ("# a\n{% if %}\n", ":2:"),
        ("# a\n| b | {{ case.occurred_at }}\n", ":2: ValueError: a value is None."),
        ("no title\n", "one line is the title"),
        ("# a\n| b |  \n", "nothing stands there"),
        ("# a\n{{ ''.__class__.__mro__ }}\n", "unsafe"),
    ],
)
def test_a_broken_text_template_names_file_and_line(tmp_path: Path, template: str, told: str) -> None:
    (tmp_path / "ja").mkdir()
    path = tmp_path / "ja" / "press_faq.md"
    path.write_text(template, encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        Composer(replace(COMPANY, templates=tmp_path)).compose(DocumentKind.PRESS_FAQ, "ja", empty(), s.NOW)
    assert str(error.value).startswith(str(path))
    assert told in str(error.value)
