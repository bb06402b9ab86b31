"""Clients of the Web API that know bad days: answers that are no JSON, dead triggers, methods at rest."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outbox.speaker import DeliveryFailed, Outcome
from bot.slack.answers import ALARM, failure

#: Slack counts this method for each channel, every other one for the whole workspace.
COUNTED_BY_CHANNEL = "chat.postMessage"
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
    nothing of it. The client also remembers which methods the installation does not allow.
    """

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._rests_until: dict[tuple[str, str], float] = {}
        self._refused: dict[str, str] = {}

    def troubles(self) -> list[str]:
        """The methods Slack refuses because of the installation (a scope, the token), with its code."""
        return [f"Slack refuses {method}: {code}" for method, code in sorted(self._refused.items())]

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """One call of a method. Raises as `SlackClient`, and DeliveryFailed while the method rests."""
        counted = (api_method, _channel(arguments) if api_method == COUNTED_BY_CHANNEL else "")
        left = self._rests_until.get(counted, 0.0) - time.monotonic()
        if left > 0:
            raise DeliveryFailed(Outcome.NOT_SAID, "ratelimited", left)
        self._rests_until.pop(counted, None)
        try:
            answer = await super().api_call(api_method, **arguments)
        except SlackApiError as error:
            failed = failure(error)
            if failed.retry_after is not None:
                self._rests_until[counted] = time.monotonic() + failed.retry_after
            if failed.error in ALARM:
                self._refused[api_method] = failed.error
            raise
        self._refused.pop(api_method, None)
        return answer


def _channel(arguments: dict[str, Any]) -> str:
    return str((arguments.get("json") or arguments.get("params") or {}).get("channel", ""))
