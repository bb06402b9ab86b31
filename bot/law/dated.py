"""Rules are rows that hold from one day on, and some to another. All days are calendar dates in Japan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol, TypeVar

#: Leak reports became a duty in their present form on this day; earlier law is not encoded.
FIRST_DAY: Final = date(2022, 4, 1)


class Dated(Protocol):
    """A rule in force from `since` to `until`, the last day included; None: until further notice."""

    @property
    def since(self) -> date:
        """The first day."""

    @property
    def until(self) -> date | None:
        """The last day."""


_Row = TypeVar("_Row", bound=Dated)


def holding(rows: Iterable[_Row], on: date) -> tuple[_Row, ...]:
    """The rows in force on `on`, in their order."""
    return tuple(row for row in rows if row.since <= on and (row.until is None or on <= row.until))
