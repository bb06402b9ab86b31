"""Day 3, day 5, day 30, day 60, and the end of a day in Japan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.errors import InvalidField
from bot.law.deadlines import day_in_japan, deadlines, end_of


def test_the_day_of_knowing_is_day_one() -> None:
    clock = deadlines(date(2026, 11, 2), 30)
    assert clock.aim_on == date(2026, 11, 4)
    assert clock.limit_on == date(2026, 11, 6)
    assert clock.nominal_on == clock.due_on == date(2026, 12, 1)
    assert clock.rolled == ()


def test_day_five_stays_on_a_holiday() -> None:
    assert deadlines(date(2026, 4, 30), 30).limit_on == date(2026, 5, 4)


def test_the_final_report_rolls_over_every_closed_day_and_names_each() -> None:
    clock = deadlines(date(2026, 7, 24), 60)
    assert clock.nominal_on == date(2026, 9, 21)
    assert clock.due_on == date(2026, 9, 24)
    assert [(day.on.day, day.ja) for day in clock.rolled] == [
        (21, "敬老の日"),
        (22, "国民の休日"),
        (23, "秋分の日"),
    ]


def test_the_end_of_a_day_is_its_last_second_in_japan() -> None:
    assert end_of(date(2026, 11, 28)) == datetime(2026, 11, 28, 14, 59, 59, tzinfo=UTC)
    assert end_of(date(2026, 11, 28)).tzinfo is UTC


def test_the_day_is_taken_in_japan_whatever_the_zone() -> None:
    assert day_in_japan(datetime(2026, 11, 5, 15, 30, tzinfo=UTC)) == date(2026, 11, 6)
    assert day_in_japan(datetime(2026, 11, 5, 4, 0, tzinfo=timezone(timedelta(hours=-11)))) == date(
        2026, 11, 6
    )


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(InvalidField, match="time_without_offset"):
        day_in_japan(datetime(2026, 11, 5, 15, 30))  # noqa: DTZ001 - the mistake under test


def test_a_deadline_beyond_the_known_holidays_is_refused() -> None:
    with pytest.raises(InvalidField, match="too_far_ahead"):
        deadlines(date(2099, 1, 1), 30)
    assert deadlines(date(2098, 12, 31), 60).due_on.year == 2099


def test_a_date_that_rests_on_an_equinox_to_come_says_so() -> None:
    assert deadlines(date(2028, 2, 20), 30).computed
    assert not deadlines(date(2027, 2, 20), 30).computed
    beside, within = deadlines(date(2028, 2, 21), 30), deadlines(date(2033, 8, 25), 30)
    assert (beside.due_on, beside.rolled, beside.computed) == (date(2028, 3, 21), (), True), (
        "it may be closed"
    )
    assert (within.nominal_on, within.due_on, within.computed) == (
        date(2033, 9, 23),
        date(2033, 9, 26),
        True,
    ), "the run of closed days may end earlier"
