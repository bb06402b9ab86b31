"""Whether a new report may be of something reported already: same department and kind, within a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

#: How far apart two reports of the same thing may be.
WITHIN: Final = timedelta(days=1)
#: With more open cases of the kind than this one more offer is noise; joining stays possible from the status.
MOST_OFFERS: Final = 3


class Reported(Protocol):
    """What is compared; `CaseState` is one, and so is a stored row."""

    @property
    def number(self) -> str: ...
    @property
    def drill(self) -> bool: ...
    @property
    def department(self) -> str: ...
    @property
    def indicator(self) -> str: ...
    @property
    def reported_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...


R = TypeVar("R", bound=Reported)


def similar(case: Reported, others: Iterable[R]) -> R | None:
    """The open case that `case` looks like, the first reported where there are several; None for none.

    Drills look like drills only. None too where more than `MOST_OFFERS` cases look alike.
    """
    alike = [other for other in others if _alike(case, other)]
    if not alike or len(alike) > MOST_OFFERS:
        return None
    return min(alike, key=lambda other: (other.reported_at, other.number))


def _alike(case: Reported, other: Reported) -> bool:
    return (
        other.number != case.number
        and other.closed_at is None
        and (other.drill, other.department, other.indicator) == (case.drill, case.department, case.indicator)
        and abs(case.reported_at - other.reported_at) <= WITHIN
    )
