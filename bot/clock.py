"""The clock that the two outermost edges read; everything below them is told `now`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is. The local workspace's adjustable clock fits this shape too."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        ...

    def subscribe(self, callback: Callable[[], None], /) -> object:
        """Have `callback` called whenever the clock jumps, so that whoever sleeps can look again."""
        ...


class SystemClock:
    """The machine's own clock. It runs, it does not jump, so subscribers are never called."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        return datetime.now(UTC)

    def subscribe(self, callback: Callable[[], None], /) -> None:
        """Accepts the subscription; there is never anything to tell."""
