"""What "promptly" (速やかに) is taken to mean, as dated rows: the guide for the preliminary report.

The rules set no number of days for it, the guideline does. The processor's notice to its controller has the
same guide (GL 3-5-3-5). A lighter or stricter guide is a new row, with a last day for the one it replaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.law.dated import FIRST_DAY, holding
from bot.law.sources import Citation


@dataclass(frozen=True, slots=True)
class Guide:
    """「概ね3～5日以内」: the day to aim at and the last one, counted with the day of knowing as day 1."""

    aim_day: int
    limit_day: int
    source: Citation
    since: date
    until: date | None = None


GUIDES: Final = (Guide(aim_day=3, limit_day=5, source=Citation("GL", "3-5-3-3", "3-5-3-3"), since=FIRST_DAY),)


def guide(on: date) -> Guide:
    """The guide in force on `on` (a date in Japan); KeyError where there was none yet."""
    for row in holding(GUIDES, on):
        return row
    raise KeyError(on.isoformat())
