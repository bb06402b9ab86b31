"""The workspace's own time: real time plus an offset that a demo or a test may move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class WorkspaceClock:
    """Keeps ticking with real time, shifted by `offset`; can be frozen for tests.

    In: `adjustable=False` makes every move raise `ValueError` (a workspace that must follow the wall clock).
    Out: aware UTC datetimes, and message timestamps that never repeat nor go back.
    """

    def __init__(self, adjustable: bool = True) -> None:
        self.adjustable = adjustable
        self._offset = timedelta()
        self._frozen: datetime | None = None
        self._listeners: list[Callable[[], None]] = []
        self._last_ts_us = 0

    def now(self) -> datetime:
        """The workspace's present moment, aware, UTC."""
        return self._frozen if self._frozen is not None else datetime.now(UTC) + self._offset

    @property
    def offset(self) -> timedelta:
        """How far the workspace's time is ahead of real time."""
        return self.now() - datetime.now(UTC) if self._frozen is not None else self._offset

    def set(self, moment: datetime) -> None:
        """Jump to an aware datetime; a frozen clock stays frozen there."""
        self._movable(moment)
        if self._frozen is not None:
            self._frozen = moment.astimezone(UTC)
        else:
            self._offset = moment.astimezone(UTC) - datetime.now(UTC)
        self._tell()

    def advance(self, by: timedelta) -> None:
        """Jump ahead (or back, for a negative difference)."""
        self.set(self.now() + by)

    def freeze(self, moment: datetime | None = None) -> None:
        """Stop at an aware datetime (default: now) until `set`, `advance` or `reset`."""
        frozen_at = moment or self.now()
        self._movable(frozen_at)
        self._frozen = frozen_at.astimezone(UTC)
        self._tell()

    def reset(self) -> None:
        """Back to real time, ticking."""
        self._movable(self.now())
        self._frozen, self._offset = None, timedelta()
        self._tell()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener()` called on every jump. Returns the function that ends the subscription."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def next_ts(self) -> str:
        """A new message timestamp, `"<unix seconds>.<6 digits>"`: a message's identity in its channel."""
        microseconds = int(self.now().timestamp() * 1_000_000)
        self._last_ts_us = max(microseconds, self._last_ts_us + 1)
        return f"{self._last_ts_us // 1_000_000}.{self._last_ts_us % 1_000_000:06d}"

    def _movable(self, moment: datetime) -> None:
        if not self.adjustable:
            raise ValueError("this workspace's clock is fixed to real time")
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
