"""Dates and remaining time, to the letter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rendering import bar, day, duration, moment, remaining, short, short_day
from bot.slack.screens.obligations import shown
from bot.vocabulary import Locale
from tests.screens import situations as s

TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 11, 28, 14, 59, 59, tzinfo=UTC)


def test_a_moment_has_its_weekday_and_never_stands_in_bare_utc() -> None:
    assert moment(DUE, "ja", TOKYO) == "2026年11月28日（土）23:59"
    assert moment(DUE, "en", TOKYO) == "Sat 28 Nov 2026, 23:59 JST"
    assert moment(DUE, "ja", BERLIN) == "2026年11月28日（土）15:59 CET"
    assert short(DUE, "ja", TOKYO) == "11月28日（土）23:59"
    assert short(DUE, "en", TOKYO) == "Sat 28 Nov, 23:59 JST"


def test_a_day_is_the_day_of_the_zone() -> None:
    assert day(datetime(2026, 11, 5, 15, 30, tzinfo=UTC), "ja", TOKYO) == "2026年11月6日（金）"
    assert day(date(2026, 9, 1), "en", TOKYO) == "Tue 1 Sep 2026"
    assert short_day(date(2026, 11, 24), "ja", TOKYO) == "11月24日（火）"
    assert short_day(date(2026, 11, 24), "en", TOKYO) == "Tue 24 Nov"
    start = date(2026, 11, 22)
    assert short_day(date(2026, 12, 31), "ja", TOKYO, start) == "12月31日（木）"
    assert short_day(date(2027, 1, 20), "ja", TOKYO, start) == "2027年1月20日（水）"
    assert short_day(date(2027, 1, 20), "en", TOKYO, start) == "Wed 20 Jan 2027"


@pytest.mark.parametrize(
    ("left", "ja", "en"),
    [
        (timedelta(days=2, hours=4), "あと2日4時間", "2 days 4 hours left"),
        (timedelta(days=2, hours=4, minutes=59), "あと2日4時間", "2 days 4 hours left"),
        (timedelta(days=1), "あと1日", "1 day left"),
        (timedelta(days=3) - timedelta(seconds=5), "あと3日", "3 days left"),
        (timedelta(hours=12), "あと12時間", "12 hours left"),
        (timedelta(hours=1, minutes=1), "あと1時間1分", "1 hour 1 minute left"),
        (timedelta(minutes=20), "あと20分", "20 minutes left"),
        (timedelta(seconds=10), "まもなく期限です", "due now"),
        (timedelta(seconds=-10), "期限になりました", "due now"),
        (timedelta(hours=-2), "期限を2時間過ぎています", "2 hours overdue"),
        (timedelta(days=-1, hours=-6), "期限を1日6時間過ぎています", "1 day 6 hours overdue"),
    ],
)
def test_the_time_left_reads_as_people_say_it(left: timedelta, ja: str, en: str) -> None:
    assert remaining(DUE, DUE - left, "ja") == ja
    assert remaining(DUE, DUE - left, "en") == en


def test_the_preliminary_report_is_never_said_to_have_a_deadline() -> None:
    late = DUE + timedelta(hours=2)
    assert remaining(DUE, late, "ja", guide=True) == "目安の上限を2時間過ぎています"
    assert remaining(DUE, late, "en", guide=True) == "2 hours past the guide's limit"


@pytest.mark.parametrize(("locale", "said"), [("ja", "10分"), ("en", "10 minutes")])
def test_patience_reads_as_a_length_of_time(locale: Locale, said: str) -> None:
    assert duration(timedelta(minutes=10), locale) == said


@pytest.mark.parametrize(
    ("done", "total", "marks"),
    [(0, 5, "░" * 10), (4, 5, "▓▓▓▓▓▓▓▓░░"), (5, 5, "▓" * 10), (9, 5, "▓" * 10), (1, 0, "▓" * 10)],
)
def test_the_bar_fills_up_and_never_runs_over(done: int, total: int, marks: str) -> None:
    assert bar(done, total) == marks


def test_day_one_is_the_day_of_knowing_and_days_are_counted_in_japan() -> None:
    last_minute = datetime(2026, 11, 22, 14, 59, tzinfo=UTC)
    assert shown(s.PRELIMINARY, "ja", last_minute)["day"] == 1
    assert shown(s.PRELIMINARY, "ja", last_minute + timedelta(minutes=1))["day"] == 2
    assert shown(s.PRELIMINARY, "ja", last_minute)["days"] == 5


def test_a_final_report_moved_off_a_closed_day_counts_on_to_the_open_day() -> None:
    from dataclasses import replace

    moved = replace(s.FINAL, nominal_on=date(2026, 12, 20))
    assert shown(s.FINAL, "ja", s.NOW)["rolled"] is False
    assert shown(moved, "ja", s.NOW)["rolled"] is True
