"""Where everything Slack sends arrives: its outline is looked at, then whoever takes it is found by name.

One look into a table, where Bolt would ask each of a hundred listeners in turn; and Slack has its answer the
moment there is one, where Bolt would look for it every ten milliseconds. Who is being served at this moment
is known here, so that a bot that stops lets go of nobody half way.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from types import FunctionType
from typing import Any, Final, cast

import structlog
from slack_bolt.async_app import AsyncAck
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.answers import NO, failure
from bot.slack.payloads import trouble

logger = structlog.get_logger(__name__)

Listener = Callable[..., Awaitable[None]]
#: What a listener may ask for by the name of its argument.
_GIVEN: Final[Mapping[str, Callable[[AsyncBoltRequest], Any]]] = {
    "body": lambda request: request.body,
    "command": lambda request: request.body,
    "shortcut": lambda request: request.body,
    "view": lambda request: request.body["view"],
    "action": lambda request: request.body["actions"][0],
    "event": lambda request: request.body["event"],
    "respond": lambda request: request.context.respond,
}

ACK_WITHIN = 3.0  # seconds; then Slack has told the person that the app did not answer
_KINDS: Final = {"block_actions": "action", "view_submission": "view", "event_callback": "event"}
_ANSWERED, _REFUSED, _TOO_LATE, _FAILED = 200, 400, 503, 500


class Reception(AsyncMiddleware):
    """Bolt's last middleware: nothing that has a listener goes past it."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[str, str], Callable[[AsyncBoltRequest, AsyncAck], Awaitable[None]]] = {}
        self._at_leisure: set[str] = set()
        self._at_work: set[asyncio.Task[bool]] = set()
        self._forms: set[asyncio.Task[bool]] = set()
        self._ended = False

    def command(self, name: str) -> Callable[[Listener], None]:
        """Wire a slash command."""
        return self._wire("command", name)

    def shortcut(self, callback_id: str) -> Callable[[Listener], None]:
        """Wire a shortcut, of a message or from anywhere."""
        return self._wire("shortcut", callback_id)

    def action(self, action_id: str) -> Callable[[Listener], None]:
        """Wire a button or menu."""
        return self._wire("action", action_id)

    def field(self, block_id: str) -> Callable[[Listener], None]:
        """Wire a field of a form that redraws it when it changes."""
        return self._wire("action", _field(block_id))

    def view(self, callback_id: str) -> Callable[[Listener], None]:
        """Wire a form that is sent."""
        return self._wire("view", callback_id)

    def event(self, name: str, *, at_leisure: bool = False) -> Callable[[Listener], None]:
        """Wire an event. It is acknowledged when it is taken: acknowledged, it never comes again.

        `at_leisure`: acknowledged at once, where nothing is to be stored and the answer may take its time.
        """
        if at_leisure:
            self._at_leisure.add(name)
        return self._wire("event", name)

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """Have a payload taken. Out: Slack's answer; what nobody takes is left to Bolt."""
        if (place := trouble(req.body)) is not None:
            logger.warning("payload_refused", place=place)
            return BoltResponse(status=_REFUSED, body="no payload of Slack's")
        kind, name = _about(req.body)
        listener = self._listeners.get((kind, name))
        if listener is None:
            return await next()
        if self._ended:
            return BoltResponse(status=_TOO_LATE)  # unacknowledged: Slack tells whoever asked
        ack = _Ack()
        task = asyncio.create_task(self._serve(listener, req, ack))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        if kind == "view":
            self._forms.add(task)
            task.add_done_callback(self._forms.discard)
        if kind == "event":
            if name in self._at_leisure:
                return BoltResponse(status=_ANSWERED)
            await asyncio.wait([task], timeout=ACK_WITHIN)
            return BoltResponse(status=_outcome(task))
        return await ack.answer()

    async def settle(self, patience: float) -> None:
        """Wait until nobody is being served, `patience` seconds at most."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=patience)

    async def forms_taken(self, patience: float) -> None:
        """Wait until no form is being taken, `patience` seconds at most: its sender waits for a receipt."""
        if self._forms:
            await asyncio.wait(self._forms, timeout=patience)

    async def end(self, patience: float) -> None:
        """Serve nobody more; finish within `patience` seconds, and call off what takes longer."""
        self._ended = True
        await self.settle(patience)
        late = list(self._at_work)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _wire(self, kind: str, name: str) -> Callable[[Listener], None]:
        def wire(listener: Listener) -> None:
            if (kind, name) in self._listeners:
                raise ValueError(f"{kind} {name} has a listener already")
            # Its signature would say the same; working out a hundred of them is a third of a start.
            asked = inspect.getargs(cast(FunctionType, listener).__code__).args

            async def serve(request: AsyncBoltRequest, ack: AsyncAck) -> None:
                given = {each: ack if each == "ack" else _GIVEN[each](request) for each in asked}
                await listener(**given)

            self._listeners[kind, name] = serve

        return wire

    async def _serve(
        self,
        listener: Callable[[AsyncBoltRequest, AsyncAck], Awaitable[None]],
        request: AsyncBoltRequest,
        ack: _Ack,
    ) -> bool:
        """Out: whether the listener came to its end."""
        try:
            await listener(request, ack)
        except NO as error:
            logger.warning("slack_said_no", error=failure(error).error)
            return False
        except Exception as error:
            logger.exception("listener_failed", error=type(error).__name__)
            return False
        finally:
            ack.nothing_more_comes()
        return True


class _Ack(AsyncAck):
    """Bolt's ack, which tells whoever waits for it."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._ready = asyncio.Event()

    async def __call__(self, *args: Any, **kwargs: Any) -> BoltResponse:
        response = await super().__call__(*args, **kwargs)
        self._ready.set()
        return response

    def nothing_more_comes(self) -> None:
        """The listener has ended."""
        self._ready.set()

    async def answer(self) -> BoltResponse:
        """What the listener answered. Over a socket only a 200 is told."""
        try:
            async with asyncio.timeout(ACK_WITHIN):
                await self._ready.wait()
        except TimeoutError:
            logger.warning("not_acknowledged_in_time")
            return BoltResponse(status=_TOO_LATE)
        return self.response or BoltResponse(status=_FAILED)


def _about(body: Mapping[str, Any]) -> tuple[str, str]:
    """The kind of a payload, and the name by which it is wired."""
    if "command" in body:
        return "command", body["command"]
    kind = _KINDS.get(body["type"], body["type"])
    match kind:
        case "action":
            action = body["actions"][0]
            field = action["action_id"] == "value"
            return kind, _field(action.get("block_id", "")) if field else action["action_id"]
        case "view":
            return kind, body["view"].get("callback_id", "")
        case "event":
            return kind, body["event"]["type"]
        case "shortcut" | "message_action":
            return "shortcut", body["callback_id"]
    return kind, ""


def _field(block_id: str) -> str:
    """Every field of a form has the same action id, `value`; its block tells it apart."""
    return f"field:{block_id}"


def _outcome(task: asyncio.Task[bool]) -> int:
    if not task.done() or task.cancelled():
        return _TOO_LATE
    return _ANSWERED if task.result() else _FAILED
