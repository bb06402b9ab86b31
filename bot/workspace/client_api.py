"""The browser page's side: what it asks for and does, as JSON, and the live line of what happens."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import web

from bot.workspace import company, forms, interactions, messages, rooms, sight
from bot.workspace.core import Core
from bot.workspace.modals import OpenView
from bot.workspace.model import Conversation, User
from bot.workspace.records import Json
from bot.workspace.uploads import receive_upload

_MOVES = {"+1h": timedelta(hours=1), "+1d": timedelta(days=1)}
_LOCALES = ("ja-JP", "en-US")


class ClientError(Exception):
    """An `{"ok": false}` answer to the page."""


Answer = Callable[[User, Json], Awaitable[Json]]


class ClientApi:
    """The end points under `/client/`. Whoever the page says it is, it is: the demo has no passwords."""

    def __init__(self, core: Core) -> None:
        self._core = core
        core.clock.subscribe(self._clock_jumped)

    def routes(self) -> list[web.RouteDef]:
        """Everything under `/client/`."""
        posts: dict[str, Answer] = {
            "command": self._command,
            "action": self._action,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "message_shortcut": self._message_shortcut,
            "home": self._home,
            "post": self._post,
            "read": self._read,
            "react": self._react,
            "suggest": self._suggest,
            "locale": self._locale,
        }
        gets: dict[str, Answer] = {"boot": self._boot, "history": self._history}
        return [
            *(web.post(f"/client/{name}", self._json(answer)) for name, answer in posts.items()),
            *(web.get(f"/client/{name}", self._json(answer)) for name, answer in gets.items()),
            web.post("/client/clock", self._clock),
            web.post("/client/upload", self._upload),
            web.get("/client/people_unread", self._people_unread),
            web.get("/client/events", self._events),
        ]

    def _json(self, answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            values: Json = dict(request.query)
            try:
                refuse_strange_origin(request)
                if request.method == "POST":
                    values |= await request.json()
                result = {"ok": True, **await answer(self._user(values), values)}
            except ClientError as error:
                result = {"ok": False, "error": str(error)}
            except (KeyError, ValueError, TypeError) as error:
                result = {"ok": False, "error": "invalid_arguments", "detail": str(error)}
            return web.json_response(result)

        return handle

    # finding what the page talks about

    def _user(self, values: Json) -> User:
        user = self._core.find_user(str(values.get("user", "")))
        if user is None or user.deleted:
            raise ClientError("user_not_found")
        return user

    def _room(self, user: User, values: Json, name: str = "channel") -> Conversation:
        if values[name] == "bot":
            return rooms.bot_direct(self._core, user.id)
        room = self._core.conversations.get(values[name])
        if room is None or not sight.visible(room, user.id):
            raise ClientError("channel_not_found")
        return room

    def _message(self, user: User, room: Conversation, ts: str) -> Json:
        message = room.by_ts.get(ts) or messages.ephemeral(self._core, user.id, room.id, ts)
        if message is None:
            raise ClientError("message_not_found")
        return message

    def _view(self, user: User, view_id: str) -> OpenView:
        opened = self._core.modals.by_id(view_id)
        if opened is None or opened.user != user.id:
            raise ClientError("view_not_found")
        return opened

    def _container_view(self, user: User, container: Json) -> OpenView:
        if container["type"] == "view":
            return self._view(user, container["view_id"])
        home = self._core.modals.home(user.id)
        if home is None:
            raise ClientError("view_not_found")
        return home

    # looking

    async def _boot(self, user: User, values: Json) -> Json:
        core = self._core
        # The app's own conversation is always in the side bar.
        rooms.bot_direct(core, user.id)
        top = core.modals.top(user.id)
        now = core.clock.now()
        people = [each for each in core.people.values() if not each.deleted]
        return {
            "me": {
                "id": user.id,
                "name": user.real_name,
                "name_en": user.english_name,
                "locale": user.locale,
                "tz": user.tz,
            },
            "team": {"id": company.TEAM_ID, "name": company.TEAM_NAME},
            "people": [_person(each) for each in people],
            "bot": {"id": core.bot_id, "name": core.manifest.bot_name},
            "conversations": [
                sight.seen_by(core, room, user.id).as_json()
                for room in core.conversations.values()
                if sight.visible(room, user.id)
            ],
            "command": [
                {
                    "name": each["command"],
                    "description": each.get("description", ""),
                    "usage_hint": each.get("usage_hint", ""),
                }
                for each in core.manifest.commands
            ],
            "shortcuts": core.manifest.shortcuts,
            "clock": {
                "now": now.timestamp(),
                "adjustable": core.clock.adjustable,
                "offset": core.clock.offset.total_seconds(),
                "has_next": core.clock.adjustable and await self._next() is not None,
            },
            "home_enabled": core.manifest.home_enabled,
            "modal": core.modals.payload(top) if top else None,
            "modal_depth": len(core.modals.stack(user.id)),
            "violations": len(core.records.violations),
        }

    async def _history(self, user: User, values: Json) -> Json:
        room = self._room(user, values)
        thread = values.get("thread")
        found = [
            messages.shown_message(room, message) for message in messages.history(room, thread=thread or None)
        ]
        if not thread:
            found += [
                messages.shown_message(room, message, ephemeral=True)
                for message in self._core.ephemerals.get((user.id, room.id), [])
            ]
        return {"messages": sorted(found, key=lambda message: str(message["ts"]))}

    async def _people_unread(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, **sight.everyones_unread(self._core)})

    # doing

    async def _command(self, user: User, values: Json) -> Json:
        room = self._room(user, values)
        reply = await interactions.command(
            self._core, user, room, values["command"], str(values.get("text", "")).strip()
        )
        answer: Json = {"ok": reply.ok}
        if reply.error:
            answer["error"] = reply.error
        if reply.message:
            answer["message"] = messages.shown_message(room, reply.message, ephemeral=True)
        return answer

    async def _action(self, user: User, values: Json) -> Json:
        container = values["container"]
        value = {
            key: part
            for key, part in (values.get("element") or {}).items()
            if key.startswith(("selected", "value", "rich", "files"))
        }
        if container["type"] == "message":
            room = self._room(user, container)
            message = self._message(user, room, container["ts"])
            block, element = self._element(message.get("blocks", []), values)
            kept = self._core.message_state.setdefault((user.id, room.id, message["ts"]), {})
            interactions.keep_state(self._core, kept, _state(values))
            press = await interactions.press_in_message(
                self._core, user, room, message, block, element, value
            )
        else:
            opened = self._container_view(user, container)
            interactions.keep_state(self._core, opened.kept, _state(values))
            block, element = self._element(opened.view["blocks"], values)
            press = await interactions.press_in_view(self._core, user, opened, block, element, value)
        return {"ok": press.ok} | ({"error": press.error} if press.error else {})

    def _element(self, blocks: list[Json], values: Json) -> tuple[Json, Json]:
        found = interactions.element_in(blocks, values["block_id"], values["action_id"])
        if found is None:
            raise ClientError("element_not_found")
        return found

    async def _submit(self, user: User, values: Json) -> Json:
        opened = self._view(user, values["view_id"])
        result = await forms.submit(self._core, user, opened, _state(values))
        answer: Json = {"ok": True, "response": result.response}
        if result.errors:
            answer["errors"] = result.errors
        if result.view is not None:
            answer["view"] = result.view
        if result.trouble is not None:
            # The form stays open; to the page it is like an answer that never came.
            answer |= {"ok": False, "error": result.trouble, "trouble": True}
        return answer

    async def _close(self, user: User, values: Json) -> Json:
        opened = self._view(user, values["view_id"])
        self._core.delivery.background(forms.close(self._core, user, opened, bool(values.get("all"))))
        return {}

    async def _shortcut(self, user: User, values: Json) -> Json:
        reply = await interactions.shortcut(self._core, user, values["callback_id"])
        return {"ok": reply.ok} | ({"error": reply.error} if reply.error else {})

    async def _message_shortcut(self, user: User, values: Json) -> Json:
        room = self._room(user, values)
        message = self._message(user, room, values["ts"])
        reply = await interactions.message_shortcut(self._core, user, values["callback_id"], room, message)
        return {"ok": reply.ok} | ({"error": reply.error} if reply.error else {})

    async def _home(self, user: User, values: Json) -> Json:
        await interactions.open_home(self._core, user, values.get("tab", "home"))
        home = self._core.modals.home(user.id)
        return {"view": self._core.modals.payload(home) if home else None}

    async def _post(self, user: User, values: Json) -> Json:
        room = self._room(user, values)
        if not str(values.get("text", "")).strip():
            raise ClientError("no_text")
        message = say(self._core, room, user, values["text"], values.get("thread_ts"))
        return {"message": messages.shown_message(room, message)}

    async def _read(self, user: User, values: Json) -> Json:
        rooms.mark_read(self._core, self._room(user, values), user.id)
        return {}

    async def _react(self, user: User, values: Json) -> Json:
        room = self._room(user, values)
        message = self._message(user, room, values["ts"])
        messages.react(self._core, room, message, values["name"], user.id, bool(values.get("remove")))
        return {}

    async def _suggest(self, user: User, values: Json) -> Json:
        container = values.get("container") or {"type": "view", "view_id": values["view_id"]}
        if container["type"] == "message":
            room = self._room(user, container)
            message = self._message(user, room, container["ts"])
            blocks = message.get("blocks", [])
            channel = {"id": room.id, "name": interactions.channel_name(room)}
            surface: Json = {
                "container": {"type": "message", "message_ts": message["ts"], "channel_id": room.id},
                "channel": channel,
                "message": message,
            }
        else:
            opened = self._container_view(user, container)
            blocks = opened.view["blocks"]
            surface = {
                "container": {"type": "view", "view_id": opened.view["id"]},
                "view": self._core.modals.payload(opened),
            }
        block, element = self._element(blocks, values)
        return await interactions.suggest(
            self._core, user, surface, block, element, str(values.get("value", ""))
        )

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        refuse_strange_origin(request)
        form = await request.post()
        part = form["file"]
        user = self._core.find_user(str(form["user"]))
        if user is None or not isinstance(part, web.FileField):
            return web.json_response({"ok": False, "error": "invalid_arguments"})
        file = receive_upload(self._core, user.id, part.filename, part.file.read(), part.content_type)
        shown = {key: file.as_slack(self._core.base_url)[key] for key in ("id", "name", "size", "mimetype")}
        return web.json_response({"ok": True, "file": shown})

    async def _locale(self, user: User, values: Json) -> Json:
        if values["locale"] not in _LOCALES:
            raise ClientError("invalid_locale")
        user.locale = values["locale"]
        people = [_person(each) for each in self._core.people.values() if not each.deleted]
        self._core.feed.push_to_all({"type": "people", "people": people})
        return {}

    # the clock

    async def _next(self) -> float | None:
        if self._core.next_reminder is None:
            return None
        moment = await self._core.next_reminder()
        return moment.timestamp() if moment is not None else None

    async def _clock(self, request: web.Request) -> web.StreamResponse:
        refuse_strange_origin(request)
        clock = self._core.clock
        move = (await request.json()).get("move")
        error = None
        if not clock.adjustable:
            error = "fixed"
        elif move == "reset":
            clock.reset()
        elif move == "next":
            moment = await self._core.next_reminder() if self._core.next_reminder else None
            if moment is None:
                error = "nothing_ahead"
            else:
                clock.set(max(moment, clock.now()))
        elif isinstance(move, dict):
            clock.advance(timedelta(seconds=float(move["seconds"])))
        elif move in _MOVES:
            clock.advance(_MOVES[move])
        else:
            error = "invalid_arguments"
        answer = {"ok": error is None, **self._time()} | ({"error": error} if error else {})
        return web.json_response(answer)

    def _time(self) -> Json:
        clock = self._core.clock
        return {"now": clock.now().timestamp(), "offset": clock.offset.total_seconds()}

    def _clock_jumped(self) -> None:
        self._core.feed.push_to_all({"type": "clock", **self._time()})

    # the live line

    async def _events(self, request: web.Request) -> web.StreamResponse:
        refuse_strange_origin(request)
        user = self._user(dict(request.query))
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue()
        # Written down at once: the event must tell what was true when it happened.
        unsubscribe = self._core.feed.subscribe(
            user.id, lambda event: queue.put_nowait(json.dumps(event, ensure_ascii=False))
        )

        async def send() -> None:
            while True:
                await socket.send_str(await queue.get())

        sender = asyncio.get_running_loop().create_task(send())
        try:
            async for _ in socket:
                pass
        finally:
            unsubscribe()
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return socket


def say(core: Core, room: Conversation, user: User, text: str, thread_ts: str | None = None) -> Json:
    """A person's own message. Raises `ClientError` where the person cannot write."""
    if room.archived:
        raise ClientError("is_archived")
    if user.id not in room.members:
        raise ClientError("not_in_channel")
    stored, blocks = messages.typed(core, text)
    content: Json = {"user": user.id, "text": stored, "blocks": blocks, "client_msg_id": core.new_id("m")}
    if thread_ts:
        content["thread_ts"] = thread_ts
    return messages.post(core, room, content)


def refuse_strange_origin(request: web.Request) -> None:
    """Only the workspace's own page may act: another site open in the same browser may not."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="strange origin")


def _state(values: Json) -> Json:
    state = values.get("state") or {}
    inner = state.get("values", state)
    return inner if isinstance(inner, dict) else {}


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "handle": user.name,
        "name": user.real_name,
        "name_en": user.english_name,
        "locale": user.locale,
        "is_bot": user.is_bot,
        "color": user.color,
    }
