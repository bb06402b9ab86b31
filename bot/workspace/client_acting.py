"""What people do on the browser page."""

from bot.workspace import forms, interactions, messages, rooms
from bot.workspace.client_finding import ClientError, Finding, say
from bot.workspace.client_looking import person
from bot.workspace.core import Core
from bot.workspace.model import User
from bot.workspace.records import Json

_LOCALES = ("ja-JP", "en-US")


class Acting:
    """One method for each `POST /client/…` that is somebody's act; answers without `ok` went well."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.find = Finding(core)

    async def command(self, user: User, values: Json) -> Json:
        """A slash command."""
        room = self.find.room(user, values)
        reply = await interactions.command(
            self._core, user, room, values["command"], str(values.get("text", "")).strip()
        )
        answer: Json = {"ok": reply.ok}
        if reply.error:
            answer["error"] = reply.error
        if reply.message:
            answer["message"] = messages.shown_message(room, reply.message, ephemeral=True)
        return answer

    async def action(self, user: User, values: Json) -> Json:
        """A click or choice in a message, a modal or on the App Home."""
        container = values["container"]
        value = {
            key: part
            for key, part in (values.get("element") or {}).items()
            if key.startswith(("selected", "value", "rich", "files"))
        }
        if container["type"] == "message":
            room = self.find.room(user, container)
            message = self.find.message(user, room, container["ts"])
            block, element = self._element(message.get("blocks", []), values)
            kept = self._core.message_state.setdefault((user.id, room.id, message["ts"]), {})
            interactions.keep_state(self._core, kept, _state(values))
            press = await interactions.press_in_message(
                self._core, user, room, message, block, element, value
            )
        else:
            opened = self.find.container_view(user, container)
            interactions.keep_state(self._core, opened.kept, _state(values))
            block, element = self._element(opened.view["blocks"], values)
            press = await interactions.press_in_view(self._core, user, opened, block, element, value)
        return {"ok": press.ok} | ({"error": press.error} if press.error else {})

    def _element(self, blocks: list[Json], values: Json) -> tuple[Json, Json]:
        found = interactions.element_in(blocks, values["block_id"], values["action_id"])
        if found is None:
            raise ClientError("element_not_found")
        return found

    async def submit(self, user: User, values: Json) -> Json:
        """A modal is submitted with the state the page holds."""
        opened = self.find.view(user, values["view_id"])
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

    async def close(self, user: User, values: Json) -> Json:
        """A modal is cancelled, or (`all`) the whole stack closed."""
        opened = self.find.view(user, values["view_id"])
        self._core.delivery.background(forms.close(self._core, user, opened, bool(values.get("all"))))
        return {}

    async def shortcut(self, user: User, values: Json) -> Json:
        """A global shortcut."""
        reply = await interactions.shortcut(self._core, user, values["callback_id"])
        return {"ok": reply.ok} | ({"error": reply.error} if reply.error else {})

    async def message_shortcut(self, user: User, values: Json) -> Json:
        """A shortcut on a message."""
        room = self.find.room(user, values)
        message = self.find.message(user, room, values["ts"])
        reply = await interactions.message_shortcut(self._core, user, values["callback_id"], room, message)
        return {"ok": reply.ok} | ({"error": reply.error} if reply.error else {})

    async def home(self, user: User, values: Json) -> Json:
        """The app's Home (or its messages) is opened."""
        await interactions.open_home(self._core, user, values.get("tab", "home"))
        home = self._core.modals.home(user.id)
        return {"view": self._core.modals.payload(home) if home else None}

    async def post(self, user: User, values: Json) -> Json:
        """A message of one's own, with files (ids from `/client/upload`) or without."""
        room = self.find.room(user, values)
        text, files = str(values.get("text", "")), list(values.get("files") or [])
        if not text.strip() and not files:
            raise ClientError("no_text")
        message = say(self._core, room, user, text, values.get("thread_ts"), files)
        return {"message": messages.shown_message(room, message)}

    async def read(self, user: User, values: Json) -> Json:
        """A conversation is read to its end."""
        rooms.mark_read(self._core, self.find.room(user, values), user.id)
        return {}

    async def react(self, user: User, values: Json) -> Json:
        """A reaction is put on a message, or taken away."""
        room = self.find.room(user, values)
        message = self.find.message(user, room, values["ts"])
        messages.react(self._core, room, message, values["name"], user.id, bool(values.get("remove")))
        return {}

    async def suggest(self, user: User, values: Json) -> Json:
        """Something is typed into an external_select."""
        container = values.get("container") or {"type": "view", "view_id": values["view_id"]}
        if container["type"] == "message":
            room = self.find.room(user, container)
            message = self.find.message(user, room, container["ts"])
            blocks = message.get("blocks", [])
            channel = {"id": room.id, "name": interactions.channel_name(room)}
            surface: Json = {
                "container": {"type": "message", "message_ts": message["ts"], "channel_id": room.id},
                "channel": channel,
                "message": message,
            }
        else:
            opened = self.find.container_view(user, container)
            blocks = opened.view["blocks"]
            surface = {
                "container": {"type": "view", "view_id": opened.view["id"]},
                "view": self._core.modals.payload(opened),
            }
        block, element = self._element(blocks, values)
        return await interactions.suggest(
            self._core, user, surface, block, element, str(values.get("value", ""))
        )

    async def locale(self, user: User, values: Json) -> Json:
        """The person chooses a language; the app hears of it, as of every change of a profile."""
        if values["locale"] not in _LOCALES:
            raise ClientError("invalid_locale")
        user.locale = values["locale"]
        self._core.tell_of(user)
        people = [person(each) for each in self._core.people.values() if not each.deleted]
        self._core.feed.push_to_all({"type": "people", "people": people})
        return {}


def _state(values: Json) -> Json:
    state = values.get("state") or {}
    inner = state.get("values", state)
    return inner if isinstance(inner, dict) else {}
