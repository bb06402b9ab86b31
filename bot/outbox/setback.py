"""A machine's clock can be set back, by hand or by the network: what counted on it must not stand still.

Waiting goes by the clock that only runs (`time.monotonic`); this looks whether the other one kept pace.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Self

import structlog

logger = structlog.get_logger(__name__)

EVERY: Final = 2.0  # seconds between two looks
TOLERANCE: Final = 5.0  # seconds; less than that is the network's everyday correction


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one moment, in seconds: the one people set, and the one that only runs."""

    wall: float
    steady: float

    @classmethod
    def now(cls) -> Self:
        """Both clocks of this machine."""
        return cls(time.time(), time.monotonic())

    def set_back_since(self, before: Reading) -> float:
        """By how many seconds the wall clock was set back since then; 0 where it was not."""
        back = (self.steady - before.steady) - (self.wall - before.wall)
        return back if back > TOLERANCE else 0.0


async def watch(
    on_set_back: Callable[[], Awaitable[None]],
    read: Callable[[], Reading] = Reading.now,
    every: float = EVERY,
) -> None:
    """Look until cancelled, and call `on_set_back` whenever the clock was set back."""
    before = read()
    while True:
        await asyncio.sleep(every)
        now = read()
        if back := now.set_back_since(before):
            logger.warning("clock_set_back", seconds=round(back))
            try:
                await on_set_back()
            except Exception as error:
                logger.error("clock_set_back_not_answered", error=type(error).__name__)
                continue  # from the same reading: it is tried again
        before = now
