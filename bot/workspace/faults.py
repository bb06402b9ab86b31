"""Troubles a test can ask for: latency, refusals, lost connections, a process that dies at a chosen call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal


@dataclass
class Fault:
    """One trouble, struck at chosen calls of a method (or of all, `*`).

    `nth` counts the matching calls from the moment the fault was added (None: from the next on); it strikes
    `times` calls in a row (None: until cleared). `latency` is in seconds. `status` is an HTTP status, `error`
    a Slack error code in an ordinary answer. `when` says whether the effect of the call has happened already.
    `drop` cuts the connection without an answer, `stall` leaves it open and never answers. `run` is awaited
    at exactly that point; when it kills the caller before the effect, the effect does not happen.
    """

    method: str = "*"
    nth: int | None = None
    times: int | None = 1
    latency: float = 0.0
    status: int | None = None
    retry_after: int | None = None
    error: str | None = None
    when: Literal["before", "after"] = "before"
    drop: bool = False
    stall: bool = False
    run: Callable[[], Awaitable[None]] | None = None
    seen: int = 0
    struck: int = 0

    def strikes(self, method: str) -> bool:
        """Count this call; say whether the fault hits it."""
        if self.method not in ("*", method):
            return False
        self.seen += 1
        if self.seen < (self.nth or 1):
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        self.struck += 1
        return True

    @property
    def answers(self) -> bool:
        """Whether the fault replaces the true answer."""
        return self.drop or self.stall or self.status is not None or self.error is not None


class Faults:
    """All troubles in force. `latency` (seconds) delays every call."""

    def __init__(self) -> None:
        self.latency = 0.0
        self._faults: list[Fault] = []

    def add(
        self,
        method: str = "*",
        nth: int | None = None,
        times: int | None = 1,
        latency: float = 0.0,
        status: int | None = None,
        retry_after: int | None = None,
        when: Literal["before", "after"] = "before",
        drop: bool = False,
        stall: bool = False,
        run: Callable[[], Awaitable[None]] | None = None,
        error: str | None = None,
    ) -> Fault:
        """Put a trouble in the way (see `Fault`); returns it, so that a test can see how often it struck."""
        fault = Fault(method, nth, times, latency, status, retry_after, error, when, drop, stall, run)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """End all troubles, the general latency too."""
        self._faults.clear()
        self.latency = 0.0

    def striking(self, method: str) -> list[Fault]:
        """The troubles that hit this call of `method`; counts it."""
        return [fault for fault in self._faults if fault.strikes(method)]
