"""Clients of the Web API that know bad days: answers that are no JSON, dead triggers, methods at rest."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outbox.speaker import DeliveryFailed, Outcome
from bot.slack.answers import ALARM, failure

#: Slack counts this method for each channel, every other one for the whole workspace.
COUNTED_BY_CHANNEL = "chat.postMessage"
#: How often in a minute Slack takes these at least (tier 2). Rooms, topics and pins come in hundreds where
#: hundreds report at once; asking more often would only be refused, and a refusal stops the method for all.
#: (https://docs.slack.dev/apis/web-api/rate-limits)
A_MINUTE: Final = {"conversations.create": 20, "conversations.setTopic": 20, "pins.add": 20}
#: The same (tier 3), kept to once Slack has said no to one: a busy room alone needs many of these in a
#: minute, and only a crowd of cases too many. What is drawn again can wait a minute.
ONCE_REFUSED: Final = {"chat.update": 50, "conversations.invite": 50, "conversations.open": 50}
#: Seconds. One more than Slack's own: of calls that were sent in good time, some arrive closer together.
MINUTE: Final = 61.0
#: Seconds after which a call is of no use any more: a trigger lives for three, and so does the person's wait.
LIVES = {"views.open": 1.8}


class SlackClient(AsyncWebClient):
    """The SDK's client; what goes wrong is an error of Slack's, never one that looks like ours."""

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """One call of a method. Raises what the SDK raises, and DeliveryFailed where it stumbles."""
        try:
            async with asyncio.timeout(LIVES.get(api_method)):
                return await super().api_call(api_method, **arguments)
        except AttributeError as error:
            # Plain text in place of JSON (a proxy's 5xx): the SDK takes it for a dict.
            raise DeliveryFailed(Outcome.UNKNOWN, "no_json") from error


class PacedClient(SlackClient):
    """For what the bot says by itself: a method that Slack asked to rest is not called before its time.

    While it rests, calling it raises DeliveryFailed(NOT_SAID) with the seconds that are left, and Slack hears
    nothing of it. So does a method that was called as often in the last `minute` (seconds) as it may be. The
    client also remembers which methods the installation does not allow.
    """

    def __init__(self, minute: float = MINUTE, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._minute = minute
        self._called: dict[str, deque[float]] = {method: deque(maxlen=n) for method, n in A_MINUTE.items()}
        self._rests_until: dict[tuple[str, str], float] = {}
        self._refused: dict[str, str] = {}

    def troubles(self) -> list[str]:
        """The methods Slack refuses because of the installation (a scope, the token), with its code."""
        return [f"Slack refuses {method}: {code}" for method, code in sorted(self._refused.items())]

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """One call of a method. Raises as `SlackClient`, and DeliveryFailed while the method rests."""
        counted = (api_method, _channel(arguments) if api_method == COUNTED_BY_CHANNEL else "")
        now = time.monotonic()
        left = max(self._rests_until.get(counted, 0.0) - now, self._too_soon(api_method, now))
        if left > 0:
            raise DeliveryFailed(Outcome.NOT_SAID, "ratelimited", left)
        self._rests_until.pop(counted, None)
        if api_method in self._called:
            self._called[api_method].append(now)
        try:
            answer = await super().api_call(api_method, **arguments)
        except SlackApiError as error:
            failed = failure(error)
            if failed.retry_after is not None:
                refused_at = time.monotonic()
                self._rests_until[counted] = refused_at + failed.retry_after
                if (most := ONCE_REFUSED.get(api_method)) is not None:
                    # Slack's own minute is used up, and is whole again in a minute.
                    self._called[api_method] = deque([refused_at] * most, maxlen=most)
            if failed.error in ALARM:
                self._refused[api_method] = failed.error
            raise
        self._refused.pop(api_method, None)
        return answer

    def _too_soon(self, method: str, now: float) -> float:
        """Seconds until the method may be called again by its tier; 0.0 or less: now."""
        called = self._called.get(method)
        if called is None or len(called) < (called.maxlen or 0):
            return 0.0
        return called[0] + self._minute - now


def _channel(arguments: dict[str, Any]) -> str:
    return str((arguments.get("json") or arguments.get("params") or {}).get("channel", ""))
