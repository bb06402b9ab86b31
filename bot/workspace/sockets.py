"""Socket Mode: tickets, up to ten connections, envelopes and their acknowledgements."""

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import WSMsgType, web

from bot.workspace import company
from bot.workspace.records import Json

MOST_CONNECTIONS = 10
GLANCES = 20  # how often a waiting acknowledgement is looked for
Outcome = Literal["acked", "operation_timeout", "dispatch_failed"]


@dataclass(frozen=True)
class Ack:
    """What came back for an envelope: the outcome, and the acknowledgement's payload where it had one.

    `final` is the app's wish (over HTTP) not to be sent the same event again.
    """

    outcome: Outcome
    payload: Json | None = None
    final: bool = False


@dataclass
class _Connection:
    socket: web.WebSocketResponse
    request: web.Request


class Sockets:
    """The app's connections. `breach(where, error, detail)` is told of late and unknown acknowledgements."""

    def __init__(self, breach: Callable[[str, str, str], None]) -> None:
        self.enabled = True
        self._breach = breach
        self._connections: list[_Connection] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}
        self._given_up: set[str] = set()
        self._sent: set[str] = set()
        self._turn = 0
        self._changed = asyncio.Event()

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def new_ticket(self) -> str:
        """A ticket for one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def wait_for_connections(self, count: int = 1) -> None:
        """Return as soon as at least `count` connections are open."""
        while len(self._connections) < count:
            self._changed.clear()
            await self._changed.wait()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket end point `/link?ticket=…`."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404, text="unknown ticket")
        self._tickets.discard(ticket)
        # aiohttp answers pings with the same data by itself; the SDK's watchdog relies on that.
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = _Connection(socket, request)
        self._connections.append(connection)
        self._changed.set()
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._connections),
                "connection_info": {"app_id": company.APP_ID},
                "debug_info": {
                    "host": "applink-local",
                    "build_number": 1,
                    "approximate_connection_time": 18060,
                },
            }
        )
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(message.data)
        finally:
            self._forget(connection)
        return socket

    async def ask(
        self,
        kind: str,
        payload: Json,
        patience: float,
        attempt: int | None = None,
        envelope_id: str | None = None,
    ) -> Ack:
        """Send an envelope over one of the connections and wait `patience` seconds for its acknowledgement.

        `attempt` (0 for the first delivery) is given for events only. The acknowledgement may come over
        any connection, a newer one too.
        """
        id_ = envelope_id or str(uuid.uuid4())
        envelope: Json = {
            "envelope_id": id_,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if attempt is not None:
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        connection = self._next()
        if connection is None:
            return Ack("dispatch_failed")
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[id_] = future
        self._sent.add(id_)
        try:
            await connection.socket.send_str(json.dumps(envelope, ensure_ascii=False))
            return Ack("acked", await _answered(future, patience))
        except (ConnectionError, RuntimeError):
            return Ack("dispatch_failed")
        except TimeoutError:
            self._given_up.add(id_)
            still_there = connection in self._connections
            # A connection that broke explains the silence; an open one does not.
            if still_there:
                self._breach(kind, "not_acknowledged", f"no acknowledgement within {patience:g} s")
            return Ack("operation_timeout")
        finally:
            self._waiting.pop(id_, None)

    async def drop(self, reason: str) -> None:
        """End all connections: with a `disconnect` frame of that reason, or `abrupt`ly without a word."""
        for connection in list(self._connections):
            self._forget(connection)
            if reason == "abrupt":
                if connection.request.transport is not None:
                    connection.request.transport.abort()
                continue
            await connection.socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}
            )

    async def close(self) -> None:
        """Close everything, for good."""
        self.enabled = False
        for connection in list(self._connections):
            self._forget(connection)
            await connection.socket.close()

    def _next(self) -> _Connection | None:
        # Slack promises no pattern; taking turns makes every process get its share.
        alive = [connection for connection in self._connections if not connection.socket.closed]
        if not alive:
            return None
        self._turn += 1
        return alive[self._turn % len(alive)]

    def _forget(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            self._changed.set()

    def _hear(self, data: str) -> None:
        try:
            frame: Any = json.loads(data)
        except ValueError:
            self._breach("socket", "invalid_json", data[:200])
            return
        id_ = frame.get("envelope_id") if isinstance(frame, dict) else None
        if id_ is None:
            self._breach("socket", "no_envelope_id", data[:200])
            return
        future = self._waiting.get(id_)
        if future is not None and not future.done():
            payload = frame.get("payload")
            future.set_result(payload if isinstance(payload, dict) else None)
        elif id_ not in self._sent:
            self._breach("socket", "unknown_envelope", str(id_))
        elif id_ in self._given_up:
            self._given_up.discard(id_)
            self._breach("socket", "late_acknowledgement", str(id_))


async def _answered(future: asyncio.Future[Json | None], patience: float) -> Json | None:
    """The acknowledgement's payload. Raises `TimeoutError` after `patience` seconds.

    Only time counts in which this process could have heard it: on a busy machine the loop may stand still for
    seconds, with the acknowledgement waiting unread at the door.
    """
    for _ in range(GLANCES):
        done, _ = await asyncio.wait({future}, timeout=patience / GLANCES)
        if done:
            return future.result()
    raise TimeoutError
