"""Everything that goes from the workspace to the app: events with their retries, commands, interactions."""

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import Any

from bot.workspace import company
from bot.workspace.core import Core
from bot.workspace.http_delivery import HttpDelivery
from bot.workspace.model import Conversation
from bot.workspace.records import Json, copied
from bot.workspace.sockets import Ack, Sockets

# Which subscription of the manifest brings an event, where it is not simply the event's own type.
_SUBSCRIPTION = {"message": "message.{family}"}


class Delivery:
    """Chooses the way (Socket Mode, or HTTP when `http_events_url` is set) and minds Slack's clocks.

    `redeliver` sends every event and interaction that many more times, as duplicates an app must bear.
    `event_delay`, where set, gives the real seconds before an event goes out: one may overtake another.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self.sockets = Sockets(core.breach)
        self.http = HttpDelivery()
        #: What was sent to the app, oldest first: how it travels, and the payload.
        self.sent: list[tuple[str, Json]] = []
        self.http_events_url: str | None = None
        self.redeliver = 0
        self.event_delay: Callable[[], float] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    # events

    def tell_about(self, room: Conversation, event: Json) -> None:
        """Send an event about a conversation, if the app is in it and has subscribed."""
        if self._core.bot_id not in room.members:
            return
        name = str(_SUBSCRIPTION.get(event["type"], event["type"])).format(family=room.scope_family)
        if name in self._core.manifest.events:
            self._send(event)

    def tell(self, event: Json) -> None:
        """Send an event that concerns the app itself, if it has subscribed."""
        if event["type"] in self._core.manifest.events:
            self._send(event)

    def _send(self, event: Json) -> None:
        event.setdefault("event_ts", self._core.clock.next_ts())
        body: Json = {
            "token": "verification",
            "team_id": company.TEAM_ID,
            "context_team_id": company.TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": company.APP_ID,
            # A copy: the message may be edited before a retry, the event tells what happened then.
            "event": copied(event),
            "type": "event_callback",
            "event_id": self._core.new_id("Ev"),
            "event_time": self._core.unix(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": company.TEAM_ID,
                    "user_id": self._core.bot_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": "1-" + event["type"],
        }
        self.background(self._deliver_event(body))
        for number in range(self.redeliver):
            self.background(self._deliver_again(body, number + 1))

    async def _deliver_again(self, body: Json, attempt: int) -> None:
        await self._hold_up()
        await self._ask("events_api", body, attempt=attempt)

    async def _hold_up(self) -> None:
        if self.event_delay is not None:
            await asyncio.sleep(self.event_delay())

    async def _deliver_event(self, body: Json) -> None:
        await self._hold_up()
        pauses = (0.0, *self._core.patience.retries)
        for attempt, pause in enumerate(pauses):
            await asyncio.sleep(pause)
            ack = await self._ask("events_api", body, attempt=attempt)
            if ack.outcome == "acked" or ack.final:
                return

    async def verify_url(self) -> bool:
        """Send `url_verification` to the HTTP address, as Slack does when one is entered; was it answered?"""
        challenge = secrets.token_hex(16)
        body = {"token": "verification", "type": "url_verification", "challenge": challenge}
        ack = await self._ask("events_api", body)
        return (ack.payload or {}).get("challenge", (ack.payload or {}).get("text")) == challenge

    # commands and interactions

    async def command(self, payload: Json) -> Ack:
        """Deliver a slash command; its duplicates are the person's own affair."""
        return await self._ask("slash_commands", payload)

    async def interaction(self, payload: Json, twin: Callable[[], Json] | None = None) -> Ack:
        """Deliver an interaction. `twin()` makes the payload of a duplicate (with a trigger of its own)."""
        for _ in range(self.redeliver):
            self.background(self._ask("interactive", twin() if twin else payload))
        return await self._ask("interactive", payload)

    async def _ask(self, kind: str, payload: Json, attempt: int | None = None) -> Ack:
        self.sent.append((kind, payload))
        patience = self._core.patience.ack
        if self.http_events_url is None:
            return await self.sockets.ask(kind, payload, patience, attempt)
        began = time.monotonic()
        ack = await self.http.ask(
            self.http_events_url, self._core.signing_secret, kind, payload, patience, attempt
        )
        if ack.outcome == "operation_timeout":
            detail = f"no answer within {time.monotonic() - began:.1f} s"
            self._core.breach(kind, "not_acknowledged", detail)
        return ack

    # life

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside the rest; it ends with the workspace."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def quiet(self) -> None:
        """Return as soon as nothing is under way to the app any more: all of it acknowledged, or given up."""
        while tasks := list(self._tasks):
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """Stop deliveries under way and close the connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.sockets.close()
        await self.http.close()
