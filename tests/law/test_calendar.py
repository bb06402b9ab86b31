"""The closed days, against a computation of our own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.law.calendar import (
    LAST_YEAR,
    ClosedDay,
    closed,
    closed_days_from,
    rests_on_computed_equinox,
)
from tests.law.holidays_by_hand import holidays_by_hand

YEARS = range(2022, 2036)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_a_day_is_closed_exactly_when_the_acts_say_so(year: int) -> None:
    national = holidays_by_hand(year)
    for day in days_of(year):
        year_end = (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}
        expected = day.weekday() >= 5 or day in national or year_end
        assert (closed(day) is not None) == expected, day


@pytest.mark.parametrize("year", YEARS)
def test_every_national_holiday_is_named_in_both_languages(year: int) -> None:
    for day in holidays_by_hand(year):
        found = closed(day)
        assert found is not None
        assert found.ja not in ("土曜日", "日曜日", "年末年始の閉庁日")
        assert found.en.isascii()
        assert found.ja != found.en


@pytest.mark.parametrize(
    ("day", "ja", "en"),
    [
        (date(2026, 11, 28), "土曜日", "Saturday"),
        (date(2026, 11, 29), "日曜日", "Sunday"),
        (date(2026, 9, 22), "国民の休日", "citizens' holiday"),
        (date(2026, 5, 6), "振替休日", "substitute holiday"),
        (date(2026, 5, 3), "憲法記念日", "Constitution Day"),
        (date(2026, 12, 29), "年末年始の閉庁日", "year-end and New Year closing"),
        (date(2027, 1, 1), "元日", "New Year's Day"),
    ],
)
def test_a_closed_day_says_why(day: date, ja: str, en: str) -> None:
    assert closed(day) == ClosedDay(day, ja, en)


def test_the_longest_runs_end_on_the_days_the_guide_names() -> None:
    runs = {
        date(2026, 5, 2): date(2026, 5, 7),
        date(2026, 9, 19): date(2026, 9, 24),
        date(2025, 12, 27): date(2026, 1, 5),
    }
    for first, open_again in runs.items():
        assert first + timedelta(days=len(list(closed_days_from(first)))) == open_again
        assert closed(open_again) is None


def test_an_equinox_not_announced_yet_is_marked_as_computed() -> None:
    announced, to_come = closed(date(2027, 3, 21)), closed(date(2028, 3, 20))
    assert announced is not None
    assert to_come is not None
    assert not announced.computed
    assert to_come.computed
    autumn, sports = closed(date(2028, 9, 22)), closed(date(2028, 10, 9))
    assert autumn is not None
    assert sports is not None
    assert (autumn.ja, autumn.computed, sports.computed) == ("秋分の日", True, False)
    assert to_come.reason("ja") == "春分の日（計算による見込み）"
    assert to_come.reason("en") == "Vernal Equinox Day (computed)"


def test_respect_for_the_aged_day_never_rests_on_an_equinox() -> None:
    found = closed(date(2031, 9, 15))
    assert found is not None
    assert not found.computed


def test_beyond_the_table_of_holidays_no_day_is_called_open() -> None:
    with pytest.raises(ValueError, match="2099"):
        closed(date(2100, 1, 4))


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2028, 3, 19), date(2028, 3, 22)), (date(2028, 9, 21), date(2028, 9, 25))],
)
def test_the_days_beside_an_equinox_to_come_may_still_be_closed_or_opened(first: date, last: date) -> None:
    """In spring the day itself and a Monday after it; in autumn the days between two holidays too."""
    day = timedelta(days=1)
    assert [rests_on_computed_equinox(each) for each in (first - day, first, last, last + day)] == [
        False,
        True,
        True,
        False,
    ]
    assert not rests_on_computed_equinox(first.replace(year=2027)), "announced already"


def test_beyond_the_table_nothing_is_said() -> None:
    assert closed(date(LAST_YEAR, 12, 31)) is not None
    with pytest.raises(ValueError, match=str(LAST_YEAR)):
        closed(date(LAST_YEAR + 1, 1, 4))
