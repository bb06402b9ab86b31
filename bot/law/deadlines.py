"""From the day of knowing to the dates of the preliminary and the final report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.errors import InvalidField
from bot.law.calendar import LAST_YEAR, ONE_DAY, ClosedDay, closed_days_from, rests_on_computed_equinox
from bot.law.dated import FIRST_DAY
from bot.law.guides import guide

TOKYO: Final = ZoneInfo("Asia/Tokyo")

FinalDays = Literal[30, 60]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The dates of one clock, all calendar dates in Japan; the day of knowing is day 1."""

    clock_start: date
    aim_on: date  # day 3, the aim of the preliminary report
    limit_on: date  # day 5, the guide's upper end: never moved, whatever day it is (`guides.py`)
    nominal_on: date  # day 30 or 60 itself
    due_on: date  # the first open day from there
    days: FinalDays
    rolled: tuple[ClosedDay, ...]  # the closed days between the nominal day and the due day
    computed: bool  # an equinox not announced yet may still move `due_on`


def deadlines(start: date, days: FinalDays) -> Deadlines:
    """The dates that follow from knowing on `start` (a date in Japan).

    Rule 8(1) and GL 3-5-3-3 for the preliminary report (guide of 3 to 5 days, no roll-over), Rule 8(2) and
    GL 3-5-3-4 for the final report (day of knowing is day 1; a closed last day moves to the next open one).
    Raises InvalidField("aware_at", "too_far_ahead") where no holidays are known so far ahead, and
    InvalidField("aware_at", "before_rules") where no rule of ours was in force yet.
    """
    check_day(start)
    promptly = guide(start)
    nominal_on = start + (days - 1) * ONE_DAY
    rolled = tuple(closed_days_from(nominal_on))
    due_on = nominal_on + len(rolled) * ONE_DAY
    return Deadlines(
        clock_start=start,
        aim_on=start + (promptly.aim_day - 1) * ONE_DAY,
        limit_on=start + (promptly.limit_day - 1) * ONE_DAY,
        nominal_on=nominal_on,
        due_on=due_on,
        days=days,
        rolled=rolled,
        computed=any(day.computed for day in rolled) or rests_on_computed_equinox(due_on),
    )


def check_day(start: date) -> None:
    """Refuses a day (in Japan) from which nothing can be counted; raises InvalidField as `deadlines` does."""
    if start < FIRST_DAY:
        raise InvalidField("aware_at", "before_rules", earliest=FIRST_DAY.isoformat())
    if start.year >= LAST_YEAR:
        raise InvalidField("aware_at", "too_far_ahead", latest=LAST_YEAR - 1)


def day_in_japan(moment: datetime) -> date:
    """The calendar day in Japan on which `moment` (aware, any zone) falls.

    Raises InvalidField("aware_at", "time_without_offset" | "not_a_time").
    """
    if moment.tzinfo is None:
        raise InvalidField("aware_at", "time_without_offset", value=moment.isoformat())
    try:
        return moment.astimezone(TOKYO).date()
    except OverflowError:
        raise InvalidField("aware_at", "not_a_time", value=moment.isoformat()) from None


def end_of(day: date) -> datetime:
    """The last second of `day` in Japan, as an aware moment in UTC."""
    return datetime.combine(day, time(23, 59, 59), TOKYO).astimezone(UTC)
