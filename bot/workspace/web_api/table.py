"""The table of Web API methods, and what several families share."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.model import Conversation, User
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal

TokenKind = Literal["bot", "app", "none"]
Item = TypeVar("Item")


Run = Callable[[Core, Arguments], Json]


@dataclass(frozen=True)
class Method:
    """One method: its name, how to run it, which scopes (any one) and which kind of token it wants."""

    name: str
    run: Run
    scopes: tuple[str, ...]
    token: TokenKind
    required: tuple[str, ...]
    json: bool


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scopes: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    token: TokenKind = "bot",  # noqa: S107 - a kind, not a secret
    json: bool = False,
) -> Callable[[Run], Run]:
    """Put a function into the table. `json` says whether the method reads JSON bodies."""

    def add(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, token, required, json)
        return run

    return add


def family_scopes(what: str) -> tuple[str, ...]:
    """One kind of scope over all families of conversations: `channels:history`, `groups:history` …"""
    return tuple(f"{family}:{what}" for family in ("channels", "groups", "mpim", "im"))


def need_scope(core: Core, *scopes: str) -> None:
    """One of these scopes, or `missing_scope`."""
    if not core.scopes.intersection(scopes):
        raise SlackRefusal(
            "missing_scope", ",".join(scopes), needed=",".join(scopes), provided=",".join(sorted(core.scopes))
        )


def find_channel(core: Core, args: Arguments, name: str = "channel") -> Conversation:
    """The conversation the call names, if the app may know of it; else `channel_not_found`."""
    given = args.text(name)
    room = core.conversations.get(given)
    if room is None:
        raise SlackRefusal("channel_not_found", given, breach=given not in core.deleted_channels)
    if room.is_private and core.bot_id not in room.members:
        # A person took the app out, or archived the room under it: bad luck, not a mistake.
        raise SlackRefusal("channel_not_found", given, breach=not room.bot_was_removed)
    return room


def joined_channel(core: Core, args: Arguments) -> Conversation:
    """The same, and the app is a member of it."""
    room = find_channel(core, args)
    if core.bot_id not in room.members:
        raise SlackRefusal("not_in_channel", room.id, breach=not room.bot_was_removed)
    return room


def find_user(core: Core, id_: str) -> User:
    """A person by id, deactivated ones too; else `user_not_found`."""
    user = core.user(id_)
    if user is None:
        raise SlackRefusal("user_not_found", id_)
    return user


def page(items: list[Item], args: Arguments, default: int, most: int) -> tuple[list[Item], str]:
    """One page of a list. Out: its items and the cursor of the next page, empty at the end."""
    limit = args.number("limit", default, 1, most)
    start = 0
    cursor = args.optional("cursor")
    if cursor is not None:
        try:
            start = int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("next:"))
        except ValueError:
            raise SlackRefusal("invalid_cursor", cursor) from None
    end = start + limit
    following = base64.urlsafe_b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], following
