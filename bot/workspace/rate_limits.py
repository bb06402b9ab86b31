"""Slack's tiers: how often a method may be called in a minute. Off, until somebody asks for them.

In the demo and in most tests the clock is moved, and weeks of calls come within a minute of the machine.
(https://docs.slack.dev/apis/web-api/rate-limits)
"""

import math
import time
from collections import defaultdict, deque

from bot.workspace.records import Json

#: Calls in a minute, for the whole workspace.
TIERS = {
    "conversations.create": 20,
    "conversations.setTopic": 20,
    "pins.add": 20,
    "conversations.invite": 50,
    "conversations.open": 50,
    "chat.update": 50,
    "conversations.members": 100,
    "users.info": 100,
    "views.open": 100,
    "views.publish": 100,
    "views.push": 100,
    "views.update": 100,
}
#: Messages in a minute, counted for each channel: about one in a second, short bursts tolerated.
POSTS = {"chat.postMessage": 60}


class RateLimits:
    """Counts calls. `minute` is its length in real seconds, which a test may shorten."""

    def __init__(self) -> None:
        self.on = False
        self.minute = 60.0
        self.tiers = dict(TIERS)
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def refuses(self, method: str, arguments: Json) -> int | None:
        """Count this call. Out: the seconds of `Retry-After` where it is one too many, else None."""
        counted = (method, str(arguments.get("channel", "")) if method in POSTS else "")
        most = POSTS.get(method) or self.tiers.get(method)
        if not self.on or most is None:
            return None
        now, calls = time.monotonic(), self._calls[counted]
        while calls and now - calls[0] >= self.minute:
            calls.popleft()
        if len(calls) >= most:
            return max(1, math.ceil(self.minute - (now - calls[0])))
        calls.append(now)
        return None
