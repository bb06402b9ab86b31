"""Numbers of people as people write them."""

from __future__ import annotations

from contextlib import suppress
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InvalidField
from bot.law.persons import MOST_PERSONS, Persons, format_persons, parse_persons, write_persons

WRITTEN: dict[str, dict[str, int] | str] = {
    "1200": {"exact": 1200},
    "1,200": {"exact": 1200},
    "１２００人": {"exact": 1200},
    "１，２００名": {"exact": 1200},
    "約1,200人": {"exact": 1200},
    " およそ 1200 人 ": {"exact": 1200},
    "1200件": {"exact": 1200},
    "1200名様": {"exact": 1200},
    "1200人分": {"exact": 1200},
    "1200人程度": {"exact": 1200},
    "0": {"exact": 0},
    "1万2千": {"exact": 12000},
    "1万2千人": {"exact": 12000},
    "1.5万人": {"exact": 15000},
    "1万2,500": {"exact": 12500},
    "3千": {"exact": 3000},
    "一万": {"exact": 10000},
    "一万二千三百四十五人": {"exact": 12345},
    "二十人": {"exact": 20},
    "千人": {"exact": 1000},
    "一〇〇一": {"exact": 1001},
    "2億": {"exact": 200_000_000},
    "3千万人": {"exact": 30_000_000},
    "1千2百万": {"exact": 12_000_000},
    "1億2千万": {"exact": 120_000_000},
    "10000000000": {"exact": 10_000_000_000},
    "1200人。": {"exact": 1200},
    "0" * 59 + "1": {"exact": 1},
    "800-1200": {"min": 800, "max": 1200},
    "800〜1200人": {"min": 800, "max": 1200},
    "800～1,200人": {"min": 800, "max": 1200},
    "８００人ー１２００人": {"min": 800, "max": 1200},
    "約800〜約1200名": {"min": 800, "max": 1200},
    "800人から1200人まで": {"min": 800, "max": 1200},
    "800人以上1200人以下": {"min": 800, "max": 1200},
    "1〜2万人": {"min": 10000, "max": 20000},
    "800〜1万人": {"min": 800, "max": 10000},
    "1〜1万人": {"min": 1, "max": 10000},
    "800 – 1200 people": {"min": 800, "max": 1200},
    "500-500": {"exact": 500},
    "1000以上": {"min": 1000},
    "1000人以上": {"min": 1000},
    "1000-": {"min": 1000},
    "1000〜": {"min": 1000},
    "1000+": {"min": 1000},
    "少なくとも1000人": {"min": 1000},
    "at least 1000": {"min": 1000},
    "1000人超": {"min": 1001},
    "1000人を超える": {"min": 1001},
    "-500": {"max": 500},
    "〜500人": {"max": 500},
    "500以下": {"max": 500},
    "500人以内": {"max": 500},
    "最大500人": {"max": 500},
    "up to 500": {"max": 500},
    "500人未満": {"max": 499},
    "不明": "unknown",
    "調査中": "unknown",
    "unknown": "unknown",
    "Unknown": "unknown",
    "": "unknown",
    "　": "unknown",
}

NO_NUMBER = [
    "たくさん",
    "数百人",
    "1200円",
    "12a",
    "1,20",
    "1.5人",
    "--5",
    "1-2-3",
    "1200 1300人と少し",
    "万",
    "1万2万",
    "2千3千",
    "3百5千",
    "人",
    "約",
    "1e3",
    "²²²x",
    "0x10",
    "0人未満",
    "99999999999999999999",
    "10000000001",
    "9" * 5000,
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN.items())
def test_what_people_write_is_understood(text: str, expected: Any) -> None:
    assert parse_persons(text).to_json() == expected


@pytest.mark.parametrize("text", NO_NUMBER, ids=lambda text: text[:20])
def test_anything_else_is_an_error_at_the_field(text: str) -> None:
    with pytest.raises(InvalidField) as refused:
        parse_persons(text, "my_number_persons")
    assert refused.value.field == "my_number_persons"
    assert refused.value.reason == "not_a_number_of_people"


def test_a_range_that_stands_on_its_head_is_refused() -> None:
    with pytest.raises(InvalidField, match="minimum_above_maximum"):
        parse_persons("1200-800")


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"min": 5, "max": 4}, "minimum_above_maximum"),
        ({"exact": -1}, "persons_number"),
        ({"exact": True}, "persons_number"),
        ({"exact": 1.5}, "persons_number"),
        ({"exact": "1200"}, "persons_number"),
        ({"min": 1, "max": None}, "persons_number"),
        ({"exact": 1, "max": 2}, "persons_form"),
        ({"about": 1}, "persons_form"),
        ({}, "persons_form"),
        (1200, "persons_form"),
        (None, "persons_form"),
        ("many", "persons_form"),
        ([1], "persons_form"),
    ],
)
def test_only_the_written_forms_are_read_from_json(form: object, reason: str) -> None:
    with pytest.raises(InvalidField) as refused:
        Persons.from_json("persons", form)
    assert refused.value.reason == reason


ENDS = st.integers(0, MOST_PERSONS)
NUMBERS = st.one_of(
    st.tuples(ENDS, ENDS).map(lambda ends: Persons(min(ends), max(ends))),
    ENDS.map(lambda low: Persons(low, None)),
)


@settings(deadline=None)
@given(NUMBERS)
def test_json_and_words_lead_back_to_the_same_number(persons: Persons) -> None:
    assert Persons.from_json("persons", persons.to_json()) == persons
    for shown in (format_persons(persons, "ja"), format_persons(persons, "en")):
        plain = (
            shown.replace("（上限は不明）", "")
            .replace(" (no upper bound)", "")
            .replace("or more people", "+")
        )
        assert parse_persons(plain) == persons


@settings(deadline=None)
@given(st.one_of(st.text(max_size=30), st.text("0123456789,.一万千〜-約人", max_size=60)))
def test_no_text_does_more_than_fail_at_the_field(text: str) -> None:
    with suppress(InvalidField):
        assert parse_persons(text).minimum >= 0


@pytest.mark.parametrize("text", ["1" * 59 + "x", "一" * 59 + "x", "1,111" * 11 + "x", "1万" * 29 + "x"])
def test_no_text_makes_the_reading_slow(text: str) -> None:
    began = process_time()
    with pytest.raises(InvalidField):
        parse_persons(text)
    assert process_time() - began < 0.5


@given(
    st.builds(
        lambda low, more: Persons(low, None if more is None else low + more),
        st.integers(0, 100_000),
        st.one_of(st.none(), st.integers(0, 100_000)),
    )
)
def test_a_number_written_as_people_type_it_is_read_as_the_same(persons: Persons) -> None:
    assert parse_persons(write_persons(persons)) == persons


@pytest.mark.parametrize(
    ("persons", "japanese", "english", "typed"),
    [
        (Persons(), "不明", "not known", ""),
        (Persons(0, 0), "0人", "0 people", "0"),
        (Persons(1, 1), "1人", "1 person", "1"),
        (Persons(1200, 1200), "1,200人", "1,200 people", "1200"),
        (Persons(800, 1200), "800〜1,200人", "800 to 1,200 people", "800-1200"),
        (Persons(1, 1200), "1〜1,200人", "1 to 1,200 people", "1-1200"),
        (Persons(0, 1200), "1,200人以下", "up to 1,200 people", "-1200"),
        (Persons(1200, None), "1,200人以上（上限は不明）", "1,200 or more people (no upper bound)", "1200-"),
    ],
)
def test_a_number_is_shown_in_the_language_of_the_reader(
    persons: Persons, japanese: str, english: str, typed: str
) -> None:
    assert (format_persons(persons, "ja"), format_persons(persons, "en")) == (japanese, english)
    assert write_persons(persons) == typed
