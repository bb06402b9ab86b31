"""The same form sent twice (a double click, a retry, a redelivery) is taken once, and answered alike."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

REMEMBERED = 200  # forms


class Twins:
    """Forms taken a moment ago, by view and what was entered. A form that was not taken may be sent again."""

    def __init__(self) -> None:
        self._taken: OrderedDict[str, asyncio.Future[Any]] = OrderedDict()

    async def once(self, view: dict[str, Any], take: Callable[[], Awaitable[Any]]) -> Any:
        """What `take` gives; a twin gets the answer of the first. Raises what `take` raises."""
        form = json.dumps([view["id"], view.get("state")], sort_keys=True)
        if form not in self._taken:
            self._taken[form] = asyncio.ensure_future(take())
            while len(self._taken) > REMEMBERED:
                self._taken.popitem(last=False)
        try:
            return await asyncio.shield(self._taken[form])
        except Exception:
            self._taken.pop(form, None)
            raise
