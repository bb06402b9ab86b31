"""Who has App Home in front of them, as far as this process knows, and drawing it in order."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

#: How long somebody who opened it is taken to have it in front of them.
OPEN_FOR: Final = timedelta(hours=12)
REMEMBERED: Final = 500  # people


class Homes:
    """Remembers who opened it when; of several drawings for one person the last to begin is the last seen."""

    def __init__(self) -> None:
        self._opened: OrderedDict[str, datetime] = OrderedDict()
        self._again: dict[str, bool] = {}

    def opened(self, user: str, now: datetime) -> None:
        """Somebody opened it, or pressed something in it."""
        self._opened[user] = now
        self._opened.move_to_end(user)
        while len(self._opened) > REMEMBERED:
            self._opened.popitem(last=False)

    def is_open(self, user: str, now: datetime) -> bool:
        """Whether they may still have it in front of them."""
        since = self._opened.get(user)
        return since is not None and now - since < OPEN_FOR

    async def drawn(self, user: str, draw: Callable[[], Awaitable[None]]) -> None:
        """Draw it; where that is under way already, once more when it is done. Raises what `draw` raises."""
        if user in self._again:
            self._again[user] = True
            return
        self._again[user] = True
        try:
            while self._again[user]:
                self._again[user] = False
                await draw()
        finally:
            del self._again[user]
