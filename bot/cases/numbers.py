"""Case numbers without gaps: `2026-0001` for cases, `D2026-0001` for drills, each counted by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

# The row stays locked until the transaction ends: whoever comes next waits, and a rolled back report gives
# its number back. That is what keeps the counter without gaps.
_COUNT: Final = text(
    "INSERT INTO counter (name, value) VALUES (:name, :many) "
    "ON CONFLICT (name) DO UPDATE SET value = counter.value + :many RETURNING value"
)


def next_numbers(session: Session, year: int, drill: bool, many: int) -> Sequence[str]:
    """The next free numbers, taken for good when the transaction commits.

    In: the year in the organisation's time zone. Four digits, more only when a year needs them.
    """
    name = f"D{year}" if drill else f"{year}"
    last: int = session.connection().execute(_COUNT, {"name": name, "many": many}).scalar_one()
    return [f"{name}-{value:04d}" for value in range(last - many + 1, last + 1)]
