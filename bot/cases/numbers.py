"""Case numbers without gaps: `2026-0001` for cases, `D2026-0001` for drills, each counted by year."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# The row stays locked until the transaction ends: whoever comes next waits, and a rolled back report gives
# its number back. That is what keeps the counter without gaps.
_COUNT: Final = text(
    "INSERT INTO counter (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
)


async def next_number(db: AsyncSession, year: int, drill: bool) -> str:
    """The next free number, taken for good when the transaction commits.

    In: the year in the organisation's time zone. Four digits, more only when a year needs them.
    """
    name = f"D{year}" if drill else f"{year}"
    value: int = (await db.execute(_COUNT, {"name": name})).scalar_one()
    return f"{name}-{value:04d}"
