"""Finding what the browser page talks about, as far as the person it speaks for may see it."""

from collections.abc import Sequence

from bot.workspace import messages, rooms, sight, texts
from bot.workspace.core import Core
from bot.workspace.modals import OpenView
from bot.workspace.model import Conversation, User
from bot.workspace.records import Json


class ClientError(Exception):
    """An `{"ok": false}` answer to the page."""


class Finding:
    """Looks things up for one request of the page."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def user(self, values: Json) -> User:
        """Who the page says it is. Like all here, raises `ClientError` when there is no such thing."""
        user = self._core.find_user(str(values.get("user", "")))
        if user is None or user.deleted:
            raise ClientError("user_not_found")
        return user

    def room(self, user: User, values: Json, name: str = "channel") -> Conversation:
        """A conversation that person sees; `bot` is the direct message with the app."""
        if values[name] == "bot":
            return rooms.bot_direct(self._core, user.id)
        room = self._core.conversations.get(values[name])
        if room is None or not sight.visible(room, user.id):
            raise ClientError("channel_not_found")
        return room

    def message(self, user: User, room: Conversation, ts: str) -> Json:
        """A message of a conversation, or one only that person sees."""
        message = room.by_ts.get(ts) or messages.ephemeral(self._core, user.id, room.id, ts)
        if message is None:
            raise ClientError("message_not_found")
        return message

    def view(self, user: User, view_id: str) -> OpenView:
        """A view that person has open."""
        opened = self._core.modals.by_id(view_id)
        if opened is None or opened.user != user.id:
            raise ClientError("view_not_found")
        return opened

    def container_view(self, user: User, container: Json) -> OpenView:
        """The modal, or the App Home, something was pressed in."""
        if container["type"] == "view":
            return self.view(user, container["view_id"])
        home = self._core.modals.home(user.id)
        if home is None:
            raise ClientError("view_not_found")
        return home


def say(
    core: Core,
    room: Conversation,
    user: User,
    text: str,
    thread_ts: str | None = None,
    files: Sequence[str] = (),
) -> Json:
    """A person's own message, with files (their ids) where given.

    Raises `ClientError` where the person cannot write, and where a file is not theirs to share.
    """
    shared = [core.files[id_] for id_ in files if id_ in core.files and core.files[id_].user == user.id]
    if len(shared) != len(files):
        raise ClientError("file_not_found")
    if room.archived:
        raise ClientError("is_archived")
    if user.id not in room.members:
        raise ClientError("not_in_channel")
    stored, blocks = texts.typed(core, text)
    content: Json = {"user": user.id, "text": stored, "blocks": blocks, "client_msg_id": core.new_id("m")}
    if thread_ts:
        content["thread_ts"] = thread_ts
    if shared:
        if not text:
            del content["blocks"]  # a file alone says nothing
        return messages.share(core, room, content, shared)
    return messages.post(core, room, content)
