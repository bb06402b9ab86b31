"""The national holidays of Japan from the text of the Act, computed independently of any package.

国民の祝日に関する法律 as in force since 2022: Art. 2 lists the days, 3(2) the substitute holiday, 3(3) the
day between two holidays. The equinoxes follow the usual astronomical approximation for 1980 to 2099.
"""

from __future__ import annotations

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
MONDAY, SUNDAY = 0, 6


def named_holidays(year: int) -> set[date]:
    fixed = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
    mondays = ((1, 2), (7, 3), (9, 3), (10, 2))
    return {
        *(date(year, month, day) for month, day in fixed),
        *(nth_monday(year, month, number) for month, number in mondays),
        date(year, 3, equinox(year, 20.8431)),
        date(year, 9, equinox(year, 23.2488)),
    }


def holidays_by_hand(year: int) -> set[date]:
    named = named_holidays(year)
    return named | substitutes(named) | between_two(named)


def nth_monday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(MONDAY - first.weekday()) % 7 + 7 * (number - 1))


def equinox(year: int, base: float) -> int:
    passed = year - 1980
    return int(base + 0.242194 * passed - passed // 4)


def substitutes(named: set[date]) -> set[date]:
    found = set()
    for day in named:
        if day.weekday() == SUNDAY:
            following = day + ONE_DAY
            while following in named:
                following += ONE_DAY
            found.add(following)
    return found


def between_two(named: set[date]) -> set[date]:
    found = {day + ONE_DAY for day in named if day + 2 * ONE_DAY in named}
    return {day for day in found if day not in named and day.weekday() != SUNDAY} - substitutes(named)
