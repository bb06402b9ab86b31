"""The days on which government offices are closed (行政機関の休日に関する法律 Art. 1), each with why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

from bot.vocabulary import Locale

#: The equinoxes are fixed each February for the following year; those of later years are computed.
EQUINOX_ANNOUNCED_THROUGH: Final = 2027
#: The table of national holidays ends here; a deadline beyond it is refused.
LAST_YEAR: Final = 2099

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A closed day and why. `computed`: it rests on an equinox that has not been announced yet."""

    on: date
    ja: str
    en: str
    computed: bool = False

    def reason(self, locale: Locale) -> str:
        """Why the offices are closed, in `locale`."""
        if self.computed:
            return f"{self.ja}（計算による見込み）" if locale == "ja" else f"{self.en} (computed)"
        return self.ja if locale == "ja" else self.en


def closed(day: date) -> ClosedDay | None:
    """Why government offices are closed on `day` (a date in Japan), None where they are open.

    A national holiday on a weekend is named as the holiday. Raises ValueError beyond LAST_YEAR.
    """
    if day.year > LAST_YEAR:
        raise ValueError(f"no national holidays are known beyond {LAST_YEAR}")
    if names := _national_holidays(day.year).get(day):
        return ClosedDay(day, *names, computed=_rests_on_computed_equinox(day, names[0]))
    if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        return ClosedDay(day, "年末年始の閉庁日", "year-end and New Year closing")
    if day.weekday() == 5:
        return ClosedDay(day, "土曜日", "Saturday")
    if day.weekday() == 6:
        return ClosedDay(day, "日曜日", "Sunday")
    return None


def closed_days_from(day: date) -> Iterator[ClosedDay]:
    """The unbroken run of closed days that begins on `day`; nothing where `day` is open."""
    while found := closed(day):
        yield found
        day += ONE_DAY


def rests_on_computed_equinox(day: date) -> bool:
    """Whether an announcement still to come may open or close `day`: beside a computed equinox."""
    if day.year <= EQUINOX_ANNOUNCED_THROUGH:
        return False
    return (3, 19) <= (day.month, day.day) <= (3, 22) or (9, 21) <= (day.month, day.day) <= (9, 25)


@lru_cache(maxsize=128)
def _national_holidays(year: int) -> dict[date, tuple[str, str]]:
    """国民の祝日, 振替休日 and 国民の休日 of a year, named in both languages (Art. 2, 3 of their Act)."""
    japanese = holidays.country_holidays("JP", years=year, language="ja")
    return {day: (name, _ENGLISH.get(name, name)) for day, name in japanese.items() if day.year == year}


_ENGLISH: Final = {
    "元日": "New Year's Day",
    "成人の日": "Coming of Age Day",
    "建国記念の日": "National Foundation Day",
    "天皇誕生日": "Emperor's Birthday",
    "春分の日": "Vernal Equinox Day",
    "昭和の日": "Showa Day",
    "憲法記念日": "Constitution Day",
    "みどりの日": "Greenery Day",
    "こどもの日": "Children's Day",
    "海の日": "Marine Day",
    "山の日": "Mountain Day",
    "敬老の日": "Respect for the Aged Day",
    "秋分の日": "Autumnal Equinox Day",
    "スポーツの日": "Sports Day",
    "文化の日": "Culture Day",
    "勤労感謝の日": "Labour Thanksgiving Day",
    "振替休日": "substitute holiday",
    "国民の休日": "citizens' holiday",
}


def _rests_on_computed_equinox(day: date, name: str) -> bool:
    return day.year > EQUINOX_ANNOUNCED_THROUGH and day.month in (3, 9) and name != "敬老の日"
