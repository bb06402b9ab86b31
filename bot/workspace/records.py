"""What the workspace writes down about the app: every call, and every breach of Slack's rules."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


def copied(value: Any) -> Any:
    """A copy of what came as JSON, in all its depth: some times as fast as `copy.deepcopy`."""
    if isinstance(value, dict):
        return {name: copied(each) for name, each in value.items()}
    if isinstance(value, list):
        return [copied(each) for each in value]
    return value


@dataclass(frozen=True)
class Violation:
    """A breach: when (workspace time, UTC), where (method or surface), Slack's code for it, the detail."""

    at: datetime
    method_or_surface: str
    error: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.method_or_surface}: {self.error} {self.detail}".strip()


@dataclass
class Call:
    """One call of the Web API (or of a response_url), in the order they came in.

    `answered` is `ok`, Slack's error code, `http <status>` or `dropped`; empty while under way. `effect` says
    whether the call was carried out, whatever the caller was told. Times are `time.monotonic()` seconds.
    """

    index: int
    method: str
    arguments: Json
    token_kind: str
    began_at: float
    answered: str = ""
    effect: bool = False
    ended_at: float | None = None


@dataclass
class Records:
    """The two lists, and who wants to hear of a new violation."""

    violations: list[Violation] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    on_violation: Callable[[Violation], None] | None = None
    _breached: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait_for_violations(self, count: int) -> None:
        """Return as soon as so many violations are listed."""
        while len(self.violations) < count:
            self._breached.clear()
            await self._breached.wait()

    def breach(self, at: datetime, where: str, error: str, detail: str = "") -> Violation:
        """Write down a violation."""
        violation = Violation(at, where, error, detail)
        self.violations.append(violation)
        self._breached.set()
        if self.on_violation is not None:
            self.on_violation(violation)
        return violation
