"""A person at the client: everything a human can do, for tests; each act gives what the client shows."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.workspace import forms, interactions, messages, rooms, sight, texts
from bot.workspace.client_finding import say
from bot.workspace.core import Core
from bot.workspace.elements import STATE_KEY, elements_of, find, put_in
from bot.workspace.messages_seen import Message
from bot.workspace.modals import OpenView
from bot.workspace.model import Conversation as Room
from bot.workspace.model import User
from bot.workspace.records import Json
from bot.workspace.results import Conversation, Press, Reply, Submission
from bot.workspace.uploads import receive_upload

Found = TypeVar("Found")
Wanted = str | Callable[[Message], Any]


class Person:
    """One person of the company. Channels are given by id, by name (`general`, `#general`) or as `"bot"`."""

    def __init__(self, core: Core, user: User) -> None:
        self._core = core
        self._user = user

    def __repr__(self) -> str:
        return f"<Person {self._user.name}>"

    @property
    def id(self) -> str:
        """Slack user id."""
        return self._user.id

    @property
    def handle(self) -> str:
        """The role's handle, e.g. `reporter`."""
        return self._user.name

    @property
    def user(self) -> User:
        """The record itself; a test may change locale, presence or status on it."""
        return self._user

    # asking the app for something

    async def command(self, command: str, text: str = "", channel: str | None = None) -> Reply:
        """Type a slash command, in #general unless said otherwise."""
        room = self._room(channel or "general")
        return await interactions.command(self._core, self._user, room, command, text)

    async def shortcut(self, callback_id: str) -> Reply:
        """Choose a global shortcut."""
        self._defined("global", callback_id)
        return await interactions.shortcut(self._core, self._user, callback_id)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Reply:
        """Choose a shortcut on a message."""
        self._defined("message", callback_id)
        room = self._room(channel)
        return await interactions.message_shortcut(
            self._core, self._user, callback_id, room, self._message(room, ts)
        )

    async def click(
        self, where: Message | Json, action_id: str, value: Any = None, block_id: str | None = None
    ) -> Press:
        """Press a button, or choose in a menu of a message or view.

        In: a message as seen before (also an old look at it: another may have changed it meanwhile) or a
        view; for menus and pickers a friendly value as in `submit`; for buttons a value picks the button;
        the block id, where several elements share their action_id.
        Raises `AssertionError` when there is no such element.
        """
        blocks = where.blocks if isinstance(where, Message) else where["blocks"]
        block, element = self._element(blocks, action_id, value, block_id)
        state = put_in(element, value) if element["type"] in STATE_KEY else {}
        if element["type"] == "overflow":
            chosen = next(option for option in element["options"] if option["value"] == value)
            state = {"selected_option": chosen}
        if isinstance(where, Message):
            room = self._room(where.channel)
            current = room.by_ts.get(where.ts) or messages.ephemeral(
                self._core, self.id, where.channel, where.ts
            )
            return await interactions.press_in_message(
                self._core, self._user, room, current or where.raw, block, element, state
            )
        opened = self._core.modals.by_id(where["id"])
        if opened is None:
            raise AssertionError("this view is not open any more")
        return await interactions.press_in_view(self._core, self._user, opened, block, element, state)

    async def submit(self, values: Mapping[str, Any] | None = None, view: Json | None = None) -> Submission:
        """Fill in fields by block id and submit the modal (the top one unless given).

        Friendly values: str for text, number, date and time, an option by its value, int for a
        datetimepicker (unix seconds), lists where several go (file ids for a file_input); None empties a
        field. Fields not mentioned keep what they hold.
        """
        opened = self._opened(view)
        state: Json = {}
        for block_id, value in (values or {}).items():
            block = next((each for each in opened.view["blocks"] if each["block_id"] == block_id), None)
            element = next(iter(elements_of(block)), None) if block else None
            there = [each["block_id"] for each in opened.view["blocks"] if each["type"] == "input"]
            if element is None:
                raise AssertionError(f"no field {block_id!r}; the form has: {', '.join(there)}")
            state[block_id] = {element["action_id"]: self._put_in(element, value)}
        return await forms.submit(self._core, self._user, opened, state)

    async def close_view(self, all_of_them: bool = False) -> None:
        """Cancel the top modal, or close the whole stack."""
        await forms.close(self._core, self._user, self._opened(None), all_of_them)

    async def open_home(self, timeout: float = 5) -> Json | None:  # noqa: ASYNC109
        """Open the app's Home, wait until it is published anew. Out: the view, None if there was none."""
        before = self._core.modals.published.get(self.id, 0)
        waker = self._core.feed.waker(self.id)
        try:
            await interactions.open_home(self._core, self._user)
            async with asyncio.timeout(timeout):
                while self._core.modals.published.get(self.id, 0) == before:
                    await self._core.feed.next_change(self.id, waker)
        except TimeoutError:
            pass
        finally:
            self._core.feed.dismiss(self.id, waker)
        return self.home

    async def suggestions(self, view: Json, block_id: str, action_id: str, typed: str) -> Json:
        """Type into an external_select. Out: the app's options, or `{"ok": false}`."""
        opened = self._opened(view)
        block, element = self._element(opened.view["blocks"], action_id, None, block_id)
        surface = {
            "container": {"type": "view", "view_id": opened.view["id"]},
            "view": self._core.modals.payload(opened),
        }
        return await interactions.suggest(self._core, self._user, surface, block, element, typed)

    # talking

    async def post(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Write a message. Out: its ts."""
        return str(say(self._core, self._room(channel), self._user, text, thread_ts)["ts"])

    async def share(
        self,
        channel: str,
        name: str,
        content: bytes,
        mimetype: str | None = None,
        text: str = "",
        thread_ts: str | None = None,
    ) -> str:
        """Share a file in a conversation. Out: its id."""
        file = receive_upload(self._core, self.id, name, content, mimetype)
        say(self._core, self._room(channel), self._user, text, thread_ts, [file.id])
        return file.id

    async def edit(self, channel: str, ts: str, text: str) -> None:
        """Edit a message of one's own."""
        room = self._room(channel)
        stored, blocks = texts.typed(self._core, text)
        message = self._message(room, ts)
        if message.get("user") != self.id:
            raise AssertionError(f"{self.handle} did not write {ts}")
        messages.edit(self._core, room, message, {"text": stored, "blocks": blocks}, self.id)

    async def react(self, channel: str, ts: str, name: str, remove: bool = False) -> None:
        """Put a reaction on a message (or take it away)."""
        room = self._room(channel)
        messages.react(self._core, room, self._message(room, ts), name, self.id, remove)

    async def delete_message(self, channel: str, ts: str) -> None:
        """Delete a message, as an administrator may."""
        room = self._room(channel)
        messages.delete(self._core, room, self._message(room, ts))

    async def upload(self, name: str, content: bytes, mimetype: str | None = None) -> str:
        """Choose a file for a form. Out: its id, the value for a file_input."""
        return receive_upload(self._core, self.id, name, content, mimetype).id

    async def read(self, channel: str) -> None:
        """Read a conversation to its end."""
        rooms.mark_read(self._core, self._room(channel), self.id)

    async def invite(self, channel: str, *users: str) -> None:
        """Bring people (ids or handles; the bot by its id) into a channel."""
        room = self._room(channel)
        for who in users:
            user = self._core.find_user(who)
            if user is None:
                raise AssertionError(f"nobody called {who}")
            if user.id not in room.members:
                rooms.join(self._core, room, user.id, self.id)

    async def remove(self, channel: str, who: str) -> None:
        """Take somebody (id or handle) out of a channel."""
        user = self._core.find_user(who)
        if user is None:
            raise AssertionError(f"nobody called {who}")
        rooms.leave(self._core, self._room(channel), user.id, self.id)

    async def leave(self, channel: str) -> None:
        """Leave a channel."""
        rooms.leave(self._core, self._room(channel), self.id)

    async def archive(self, channel: str) -> None:
        """Archive a channel; the app loses its membership."""
        rooms.archive(self._core, self._room(channel), self.id)

    async def delete_channel(self, channel: str) -> None:
        """Delete a private channel for good, as an administrator may."""
        rooms.delete(self._core, self._room(channel))

    async def unarchive(self, channel: str) -> None:
        """Bring an archived channel back."""
        rooms.unarchive(self._core, self._room(channel), self.id)

    # looking

    @property
    def modal(self) -> Json | None:
        """The modal in front of the person, with what is typed into it in `state`."""
        top = self._core.modals.top(self.id)
        return self._core.modals.payload(top) if top else None

    @property
    def home(self) -> Json | None:
        """The App Home as last published."""
        home = self._core.modals.home(self.id)
        return self._core.modals.payload(home) if home else None

    def conversations(self) -> list[Conversation]:
        """The side bar: every conversation the person sees."""
        return [
            sight.seen_by(self._core, room, self.id)
            for room in self._core.conversations.values()
            if sight.visible(room, self.id)
        ]

    def conversation(self, channel: str) -> Conversation:
        """One line of the side bar. Raises `AssertionError` where the person sees no such conversation."""
        return sight.seen_by(self._core, self._room(channel), self.id)

    def messages(self, channel: str) -> list[Message]:
        """All messages of a conversation, oldest first, thread replies and own ephemerals among them.

        Empty where the person cannot see the conversation.
        """
        room = self._find_room(channel)
        if room is None or not sight.visible(room, self.id):
            return []
        found = [Message(room.id, dict(message)) for message in room.messages]
        hidden = self._core.ephemerals.get((self.id, room.id), [])
        found += [Message(room.id, dict(message), ephemeral=True) for message in hidden]
        return sorted(found, key=lambda message: message.ts)

    def everything(self) -> list[Message]:
        """All messages of all conversations the person sees, in the order they were said."""
        found = [message for line in self.conversations() for message in self.messages(line.id)]
        return sorted(found, key=lambda message: message.ts)

    async def sees(self, wanted: Wanted, channel: str | None = None, timeout: float = 5) -> Message:  # noqa: ASYNC109
        """Wait until a message is there: by metadata `event_type`, or for which `wanted(message)` holds.

        Out: the first such message. Raises `AssertionError`, listing what is there instead, after `timeout`
        real seconds.
        """
        matches = _by_event_type(wanted) if isinstance(wanted, str) else wanted

        def look() -> Message | None:
            there = self.everything() if channel is None else self.messages(channel)
            return next((message for message in there if matches(message)), None)

        found = await self._until(look, timeout)
        if found is None:
            there = self.everything() if channel is None else self.messages(channel)
            heard = "\n".join(f"  [{message.channel}] {message.plain[:160]!r}" for message in there[-15:])
            raise AssertionError(
                f"{self.handle} sees no {wanted} after {timeout} s, but:\n{heard}{self._breaches()}"
            )
        return found

    async def opens_modal(self, callback_id: str, timeout: float = 5) -> Json:  # noqa: ASYNC109
        """Wait until a modal with this callback_id is on top. Raises `AssertionError` after `timeout` s."""

        def look() -> Json | None:
            modal = self.modal
            return modal if modal is not None and modal["callback_id"] == callback_id else None

        found = await self._until(look, timeout)
        if found is None:
            there = self.modal["callback_id"] if self.modal else "no modal"
            raise AssertionError(f"{self.handle} sees {there}, not {callback_id}{self._breaches()}")
        return found

    async def _until(self, look: Callable[[], Found | None], timeout: float) -> Found | None:  # noqa: ASYNC109
        waker = self._core.feed.waker(self.id)
        try:
            async with asyncio.timeout(timeout):
                while (found := look()) is None:
                    await self._core.feed.next_change(self.id, waker)
                return found
        except TimeoutError:
            return None
        finally:
            self._core.feed.dismiss(self.id, waker)

    def _breaches(self) -> str:
        listed = "\n".join(f"  {violation}" for violation in self._core.records.violations[-10:])
        return f"\nviolations:\n{listed}" if listed else ""

    # finding

    def _find_room(self, channel: str) -> Room | None:
        if channel == "bot":
            return rooms.bot_direct(self._core, self.id)
        return self._core.conversations.get(channel) or self._core.conversation_named(channel)

    def _room(self, channel: str) -> Room:
        room = self._find_room(channel)
        if room is None or not sight.visible(room, self.id):
            raise AssertionError(f"{self.handle} sees no conversation {channel}")
        return room

    def _message(self, room: Room, ts: str) -> Json:
        message = room.by_ts.get(ts) or messages.ephemeral(self._core, self.id, room.id, ts)
        if message is None:
            raise AssertionError(f"no message {ts} in {room.name or room.id}")
        return message

    def _opened(self, view: Json | None) -> OpenView:
        opened = self._core.modals.by_id(view["id"]) if view else self._core.modals.top(self.id)
        if opened is None:
            raise AssertionError(f"{self.handle} has no modal open{self._breaches()}")
        return opened

    def _element(
        self, blocks: list[Json], action_id: str, value: Any, block_id: str | None = None
    ) -> tuple[Json, Json]:
        found = list(find(blocks, action_id, block_id))
        there = [str(element.get("action_id")) for block in blocks for element in elements_of(block)]
        if not found:
            raise AssertionError(f"nothing called {action_id!r} to press; there is: {', '.join(there)}")
        for block, element in found:
            if element["type"] == "button" and element.get("value") == value:
                return block, element
        return found[0]

    def _put_in(self, element: Json, value: Any) -> Json:
        if element["type"] == "file_input" and value:
            return {"type": "file_input", "files": [{"id": each} for each in value]}
        return put_in(element, value)

    def _defined(self, kind: str, callback_id: str) -> None:
        known = [each["callback_id"] for each in self._core.manifest.shortcuts if each["type"] == kind]
        if callback_id not in known:
            raise AssertionError(f"the manifest has no {kind} shortcut {callback_id}")


def _by_event_type(event_type: str) -> Callable[[Message], bool]:
    return lambda message: (message.metadata or {}).get("event_type") == event_type
