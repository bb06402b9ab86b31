"""What Slack tells by itself: somebody opened App Home, somebody wrote to the bot."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from bot.slack import home
from bot.slack.desk import Desk
from bot.slack.screens.replies import direct_message_hint

Listener = Callable[..., Awaitable[None]]

REMEMBERED = 1000  # event ids kept to recognise a redelivery


class Seen:
    """Events are delivered at least once; `first` says whether this is the first time."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def first(self, event_id: str) -> bool:
        """Remember the event. Out: whether it is new."""
        if event_id in self._ids:
            return False
        self._ids[event_id] = None
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        return True


def home_opened(desk: Desk) -> Listener:
    """Draw App Home for the person who opened it; drawing it twice is harmless."""

    async def listener(event: dict[str, Any]) -> None:
        if event.get("tab") != "home":
            return
        await home.opened(desk, event["user"])

    return listener


def joined(desk: Desk) -> Listener:
    """Somebody came into a channel: a room remembers who is in it, and says so of people from outside."""

    async def listener(event: dict[str, Any]) -> None:
        await desk.came(event["channel"], event["user"])

    return listener


def left(desk: Desk) -> Listener:
    """Somebody left a channel: with the room goes what they might see and do."""

    async def listener(event: dict[str, Any]) -> None:
        await desk.went(event["channel"], event["user"])

    return listener


def direct_message(desk: Desk) -> Listener:
    """Somebody wrote to the bot: show them the way to report. Everything else needs no answer."""
    seen = Seen()

    async def listener(event: dict[str, Any], body: dict[str, Any]) -> None:
        from_a_person = event.get("user") and not event.get("bot_id") and not event.get("subtype")
        if event.get("channel_type") != "im" or not from_a_person or not seen.first(body["event_id"]):
            return
        hint = direct_message_hint(desk.locale(event["user"]))
        await desk.client.chat_postMessage(channel=event["channel"], text=hint.text, blocks=hint.blocks)

    return listener
