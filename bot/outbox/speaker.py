"""What the dispatcher asks of whoever speaks to Slack: the seam between the outbox and `slack/`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.alarms import Word
from bot.policy.need import Say
from bot.policy.state import CaseState

Result = dict[str, Any]  # what came of it, as plain data for `note`
Call = Callable[[], Awaitable[Result]]  # everything is drawn: this does nothing but say it


class Outcome(Enum):
    """What a failed attempt means."""

    NOT_SAID = auto()  # surely without effect (rate limit, refused connection): try again
    UNKNOWN = auto()  # may have taken effect (timeout, 5xx): look first, then try again
    REFUSED = auto()  # Slack will never take it; the case is told and the row ends
    NO_ROOM = auto()  # the room is archived or gone; the case is told, and it is tried in the next one
    ALARM = auto()  # the installation is broken (token, scope): nothing can be said until it is mended


class DeliveryFailed(Exception):
    """An attempt failed. `retry_after` is Slack's own word in seconds, where it gave one."""

    def __init__(self, outcome: Outcome, error: str, retry_after: float | None = None) -> None:
        super().__init__(error)
        self.outcome = outcome
        self.error = error
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Saying:
    """One delivery as the speaker sees it."""

    key: str
    say: Say
    data: dict[str, Any]
    may_have_been_said: bool  # an earlier attempt's outcome is unknown: look before speaking
    attempts: int = 1  # how many there were, this one among them


class Speaker(Protocol):
    """Says things in Slack, and notes on the case what came of it."""

    async def prepare_alarm(self, word: Word, key: str, may_have_been_said: bool) -> Call:
        """Draw what one person is told of an alarm. Out: the call that says it. Both raise DeliveryFailed."""
        ...

    async def prepare(self, case: CaseState, saying: Saying, now: datetime) -> Call:
        """Draw it, look up what it needs. Out: the call that says it. Both raise DeliveryFailed."""
        ...

    async def note(
        self, db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
    ) -> None:
        """Tell the case what came of it, in the transaction that ends the delivery."""
        ...

    async def refused(
        self, db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime
    ) -> None:
        """Tell the case that Slack refused it for good."""
        ...

    async def room_gone(self, db: AsyncSession, case: CaseState, saying: Saying, now: datetime) -> None:
        """Tell the case that the room it was to be said in takes nothing any more."""
        ...

    async def delayed(
        self, db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime
    ) -> None:
        """Tell the case that it is still being tried beyond its patience."""
        ...
