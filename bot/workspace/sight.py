"""Who sees what: visibility, unread marks and calls by name, and the side bar of each person."""

import json
from functools import partial

from bot.workspace.core import Core
from bot.workspace.model import Conversation, ts_value
from bot.workspace.records import Json
from bot.workspace.results import Conversation as SeenConversation

# Announcements of the room itself; they make nothing unread.
QUIET_SUBTYPES = frozenset(
    {
        "channel_join",
        "channel_leave",
        "channel_topic",
        "channel_purpose",
        "channel_name",
        "channel_archive",
        "channel_unarchive",
        "pinned_item",
    }
)


def visible(room: Conversation, user: str) -> bool:
    """Whether a person sees the conversation at all."""
    return room.kind == "public" or user in room.members


def viewers(core: Core, room: Conversation) -> list[str]:
    """Everyone who sees the conversation."""
    if room.kind != "public":
        return list(room.members)
    return [user.id for user in core.people.values() if not user.deleted]


def unread_counts(core: Core, room: Conversation, user: str) -> tuple[int, int]:
    """How many messages a member has not read, and how many of them call that member by name.

    In a direct message every message counts as a call, as the red badge does in Slack.
    """
    if user not in room.members:
        return 0, 0
    read_until = ts_value(room.last_read.get(user, "0"))
    unread = mentions = 0
    for message in reversed(room.messages):
        if ts_value(message["ts"]) <= read_until:
            break
        is_reply = "thread_ts" in message and message["thread_ts"] != message["ts"]
        if message.get("user") == user or message.get("subtype") in QUIET_SUBTYPES or is_reply:
            continue
        unread += 1
        mentions += room.kind == "im" or calls(core, message, room, user)
    return unread, mentions


def seen_by(core: Core, room: Conversation, user: str) -> SeenConversation:
    """The conversation as one person's side bar shows it."""
    unread, mentions = unread_counts(core, room, user)
    partner = next((member for member in room.members if member != user), None) if room.kind == "im" else None
    kind = "dm" if room.kind == "im" else "channel" if room.kind == "public" else "private"
    name = core.people[partner].shown_name if partner else room.name
    return SeenConversation(
        id=room.id,
        kind=kind,
        name=name,
        topic=room.topic["value"],
        members=list(room.members),
        archived=room.archived,
        unread=unread,
        mentions=mentions,
        last_ts=room.messages[-1]["ts"] if room.messages else "",
        partner=partner,
        pinned=list(room.pins),
    )


def changed(core: Core, room: Conversation) -> None:
    """Tell everyone who sees the conversation that something about it changed."""
    for user in viewers(core, room):
        core.feed.tell(user, partial(_conversation, core, room, user))


def _conversation(core: Core, room: Conversation, user: str) -> Json:
    return {"type": "conversation", "conversation": seen_by(core, room, user).as_json()}


def calls(core: Core, message: Json, room: Conversation, user: str) -> bool:
    """Whether a message calls the person: by name, by group, or by calling everybody.

    With blocks, Slack shows and reads the blocks; `text` is only the notification's fallback.
    """
    source = _source(room, message)
    if f"<@{user}>" in source or f"<@{user}|" in source:
        return True
    if any(f"<!{word}" in source for word in ("channel", "here", "everyone")) and user in room.members:
        return True
    if f'"user_id": "{user}"' in source and '"type": "user"' in source:
        return True
    return any(
        user in group.members
        and (f"<!subteam^{group.id}" in source or f'"usergroup_id": "{group.id}"' in source)
        for group in core.groups.values()
    )


def _source(room: Conversation, message: Json) -> str:
    """What is searched for names. Blocks are never changed in place: whoever edits brings new ones."""
    blocks = message.get("blocks")
    if not blocks:
        return str(message.get("text", ""))
    known = room.searched.get(message["ts"])
    if known is None or known[0] is not blocks:
        known = room.searched[message["ts"]] = (blocks, json.dumps(blocks))
    return known[1]


def tell_unread(core: Core, room: Conversation, user: str) -> None:
    """Tell a person's clients the new counts, and everyone's switcher the new badges."""
    core.feed.tell(user, partial(_unread, core, room, user))


def _unread(core: Core, room: Conversation, user: str) -> Json:
    unread, mentions = unread_counts(core, room, user)
    return {"type": "unread", "channel": room.id, "unread": unread, "mentions": mentions}


def tell_badges(core: Core) -> None:
    """Tell every open page how many messages wait for each person."""
    if core.feed.watched:
        core.feed.push_to_all({"type": "others", "unread": everyones_unread(core)})


def everyones_unread(core: Core) -> Json:
    """For each person, the sum of unread messages and calls over all conversations."""
    sums: Json = {}
    for user in core.humans():
        counts = [
            unread_counts(core, room, user.id)
            for room in core.conversations.values()
            if user.id in room.members
        ]
        sums[user.id] = {
            "unread": sum(count[0] for count in counts),
            "mentions": sum(count[1] for count in counts),
        }
    return sums
