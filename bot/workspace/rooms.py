"""Conversations: opening, joining, leaving, naming, archiving, pinning, reading."""

from bot.workspace import company, messages, sight, texts
from bot.workspace.core import Core
from bot.workspace.model import Conversation, Kind
from bot.workspace.records import Json


def create(core: Core, name: str, private: bool, creator: str) -> Conversation:
    """A new channel with its creator in it."""
    kind: Kind = "private" if private else "public"
    room = Conversation(core.new_id("C"), name, kind, creator, core.unix(), [])
    core.conversations[room.id] = room
    join(core, room, creator, inviter=None)
    return room


def open_direct(core: Core, members: list[str]) -> tuple[Conversation, bool]:
    """The direct (or group) message between these people. Out: it, and whether it was there already."""
    for room in core.conversations.values():
        if room.kind in ("im", "mpim") and set(room.members) == set(members):
            return room, True
    direct = len(set(members)) <= 2
    id_ = core.new_id("D" if direct else "C")
    name = "" if direct else "mpdm-" + "--".join(core.people[member].name for member in members) + "-1"
    room = Conversation(
        id_, name, "im" if direct else "mpim", members[0], core.unix(), list(dict.fromkeys(members))
    )
    core.conversations[room.id] = room
    sight.changed(core, room)
    return room, False


def bot_direct(core: Core, user: str) -> Conversation:
    """The direct message between a person and the app."""
    return open_direct(core, [core.bot_id, user])[0]


def join(core: Core, room: Conversation, user: str, inviter: str | None) -> None:
    """Let somebody in; the room says so, and the app hears of it where it subscribed."""
    room.members.append(user)
    if user == core.bot_id:
        room.bot_was_removed = False
    said: Json = {"subtype": "channel_join", "user": user, "text": f"<@{user}> has joined the channel"}
    if inviter:
        said["inviter"] = inviter
    messages.announce(core, room, said)
    sight.changed(core, room)
    event: Json = {
        "type": "member_joined_channel",
        "user": user,
        "channel": room.id,
        "channel_type": "C" if room.kind == "public" else "G",
        "team": company.TEAM_ID,
    }
    if inviter:
        event["inviter"] = inviter
    core.delivery.tell_about(room, event)


def leave(core: Core, room: Conversation, user: str, removed_by: str | None = None) -> None:
    """Let somebody go, on their own or removed by somebody."""
    room.members.remove(user)
    if user == core.bot_id:
        room.bot_was_removed = True
    messages.announce(
        core, room, {"subtype": "channel_leave", "user": user, "text": f"<@{user}> has left the channel"}
    )
    if room.kind != "public":
        core.feed.push(user, {"type": "conversation_gone", "id": room.id})
    sight.changed(core, room)
    event: Json = {
        "type": "member_left_channel",
        "user": user,
        "channel": room.id,
        "channel_type": "C" if room.kind == "public" else "G",
        "team": company.TEAM_ID,
    }
    if user == core.bot_id:
        core.delivery.tell({"type": "group_left", "channel": room.id})
    else:
        core.delivery.tell_about(room, event)


def set_topic(core: Core, room: Conversation, topic: str, by: str) -> None:
    """Set the topic; the room says so."""
    room.topic = {"value": texts.escape_stray(topic), "creator": by, "last_set": core.unix()}
    said = {"subtype": "channel_topic", "user": by, "topic": room.topic["value"]}
    messages.announce(core, room, said | {"text": f"set the channel topic: {room.topic['value']}"})
    sight.changed(core, room)


def set_purpose(core: Core, room: Conversation, purpose: str, by: str) -> None:
    """Set the purpose; the room says so."""
    room.purpose = {"value": texts.escape_stray(purpose), "creator": by, "last_set": core.unix()}
    said = {"subtype": "channel_purpose", "user": by, "purpose": room.purpose["value"]}
    messages.announce(core, room, said | {"text": f"set the channel description: {room.purpose['value']}"})
    sight.changed(core, room)


def rename(core: Core, room: Conversation, name: str, by: str) -> None:
    """Give another name; the old one stays reserved."""
    old = room.name
    room.former_names.add(old)
    room.name = name
    said = {"subtype": "channel_name", "user": by, "old_name": old, "name": name}
    messages.announce(core, room, said | {"text": f'has renamed the channel from "{old}" to "{name}"'})
    sight.changed(core, room)
    core.delivery.tell_about(room, {"type": "group_rename", "channel": {"id": room.id, "name": name}})


def archive(core: Core, room: Conversation, by: str) -> None:
    """Archive; the app loses its membership with it, as a bot does in Slack."""
    messages.announce(
        core, room, {"subtype": "channel_archive", "user": by, "text": "archived the channel", "members": []}
    )
    core.delivery.tell_about(room, {"type": "group_archive", "channel": room.id, "user": by})
    room.archived = True
    if core.bot_id in room.members:
        room.members.remove(core.bot_id)
        room.bot_was_removed = True
    sight.changed(core, room)


def delete(core: Core, room: Conversation) -> None:
    """Delete for good, as an administrator may: nobody finds it any more, and its name is free again."""
    core.delivery.tell_about(room, {"type": "group_deleted", "channel": room.id})
    for user in room.members:
        core.feed.push(user, {"type": "conversation_gone", "id": room.id})
    del core.conversations[room.id]
    core.deleted_channels.add(room.id)


def unarchive(core: Core, room: Conversation, by: str) -> None:
    """A person brings an archived channel back."""
    room.archived = False
    messages.announce(
        core, room, {"subtype": "channel_unarchive", "user": by, "text": "un-archived the channel"}
    )
    sight.changed(core, room)


def pin(core: Core, room: Conversation, ts: str, by: str) -> None:
    """Pin a message; the room says so."""
    room.pins.append(ts)
    said = {"subtype": "pinned_item", "user": by, "item_type": "C", "item": {"ts": ts}}
    messages.announce(core, room, said | {"text": f"<@{by}> pinned a message to this channel."})
    messages.redraw(core, room, ts)
    sight.changed(core, room)


def unpin(core: Core, room: Conversation, ts: str) -> None:
    """Take a pin away."""
    room.pins.remove(ts)
    messages.redraw(core, room, ts)
    sight.changed(core, room)


def mark_read(core: Core, room: Conversation, user: str) -> None:
    """The person has seen everything up to now."""
    if room.messages:
        room.last_read[user] = room.messages[-1]["ts"]
    sight.tell_unread(core, room, user)
    sight.tell_badges(core)
