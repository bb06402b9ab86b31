"""Messages: posting, editing, deleting, reacting, whispering, and reading them again."""

from bot.workspace import company, sight
from bot.workspace.core import Core
from bot.workspace.model import Conversation, File, ts_value
from bot.workspace.records import Json

TEXT_LIMIT = 40_000


def by_bot(core: Core) -> Json:
    """The keys that mark a message as the app's own."""
    return {
        "user": core.bot_id,
        "bot_id": company.BOT_ID,
        "app_id": company.APP_ID,
        "bot_profile": {
            "id": company.BOT_ID,
            "app_id": company.APP_ID,
            "name": core.manifest.bot_name,
            "deleted": False,
            "team_id": company.TEAM_ID,
            "user_id": core.bot_id,
        },
    }


def post(core: Core, room: Conversation, content: Json) -> Json:
    """Store a message and tell everyone. `content` holds everything but `type`, `ts` and `team`."""
    message: Json = {"type": "message", "ts": core.clock.next_ts(), "team": company.TEAM_ID, **content}
    room.messages.append(message)
    room.by_ts[message["ts"]] = message
    if message.get("user"):
        # Whoever writes has read what stands above.
        room.last_read[message["user"]] = message["ts"]
    _tell_viewers(core, room, "message", message)
    parent_ts = message.get("thread_ts")
    if parent_ts and parent_ts != message["ts"] and parent_ts in room.by_ts:
        _count_reply(room.by_ts[parent_ts], message)
        _tell_viewers(core, room, "message_changed", room.by_ts[parent_ts])
    for user in room.members:
        if user != message.get("user"):
            sight.tell_unread(core, room, user)
    sight.tell_badges(core)
    _tell_app(core, room, message)
    return message


def share(core: Core, room: Conversation, content: Json, files: list[File]) -> Json:
    """Store a message that shares files; the app is told of each of them too (`file_shared`)."""
    for file in files:
        if room.id not in file.channels:
            file.channels.append(room.id)
    shown = [file.as_slack(core.base_url) for file in files]
    message = post(core, room, content | {"subtype": "file_share", "files": shown, "upload": True})
    for file in files:
        event = {
            "type": "file_shared",
            "channel_id": room.id,
            "file_id": file.id,
            "user_id": message["user"],
            "file": {"id": file.id},
        }
        core.delivery.tell_about(room, event)
    return message


def announce(core: Core, room: Conversation, content: Json) -> None:
    """A line the room itself says (somebody joined, a new topic …)."""
    post(core, room, content)


def edit(core: Core, room: Conversation, message: Json, changes: Json, editor: str) -> None:
    """Change a message in place; a change to None removes the key."""
    before = dict(message)
    for key, value in changes.items():
        if value is None:
            message.pop(key, None)
        else:
            message[key] = value
    message["edited"] = {"user": editor, "ts": core.clock.next_ts()}
    _tell_viewers(core, room, "message_changed", message)
    event = {"subtype": "message_changed", "message": message, "previous_message": before, "hidden": True}
    _tell_app(core, room, event | {"ts": core.clock.next_ts()})


def delete(core: Core, room: Conversation, message: Json) -> None:
    """Take a message away."""
    room.messages.remove(message)
    del room.by_ts[message["ts"]]
    if message["ts"] in room.pins:
        room.pins.remove(message["ts"])
    for user in sight.viewers(core, room):
        core.feed.push(user, {"type": "message_deleted", "channel": room.id, "ts": message["ts"]})
    sight.changed(core, room)
    event = {"subtype": "message_deleted", "deleted_ts": message["ts"], "previous_message": message}
    _tell_app(core, room, event | {"hidden": True, "ts": core.clock.next_ts()})


def redraw(core: Core, room: Conversation, ts: str) -> None:
    """Tell the clients that a message looks different (pinned, reactions)."""
    _tell_viewers(core, room, "message_changed", room.by_ts[ts])


def react(core: Core, room: Conversation, message: Json, name: str, user: str, remove: bool = False) -> bool:
    """Add or take away a reaction. Out: whether anything changed."""
    reactions: list[Json] = message.setdefault("reactions", [])
    entry = next((reaction for reaction in reactions if reaction["name"] == name), None)
    present = entry is not None and user in entry["users"]
    if present != remove:
        return False
    if remove and entry is not None:
        entry["users"].remove(user)
        entry["count"] -= 1
        if not entry["users"]:
            reactions.remove(entry)
    elif entry is None:
        reactions.append({"name": name, "users": [user], "count": 1})
    else:
        entry["users"].append(user)
        entry["count"] += 1
    if not reactions:
        del message["reactions"]
    _tell_viewers(core, room, "reaction", message)
    event = {
        "type": "reaction_removed" if remove else "reaction_added",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": room.id, "ts": message["ts"]},
        "item_user": message.get("user"),
    }
    core.delivery.tell_about(room, event)
    return True


def whisper(core: Core, room: Conversation, user: str, content: Json) -> Json:
    """A message only one person sees; it appears in no history of the API."""
    message: Json = {"type": "message", "ts": core.clock.next_ts(), "team": company.TEAM_ID, **content}
    core.ephemerals.setdefault((user, room.id), []).append(message)
    shown = shown_message(room, message, ephemeral=True)
    core.feed.push(user, {"type": "ephemeral", "channel": room.id, "message": shown})
    return message


def ephemeral(core: Core, user: str, channel: str, ts: str) -> Json | None:
    """An ephemeral message of this person, by its ts."""
    return next(
        (message for message in core.ephemerals.get((user, channel), []) if message["ts"] == ts), None
    )


def forget_ephemeral(core: Core, user: str, channel: str, message: Json) -> None:
    """Take an ephemeral message away."""
    core.ephemerals[(user, channel)].remove(message)
    core.feed.push(user, {"type": "message_deleted", "channel": channel, "ts": message["ts"]})


def redraw_ephemeral(core: Core, user: str, room: Conversation, message: Json) -> None:
    """Show a replaced ephemeral message anew."""
    shown = shown_message(room, message, ephemeral=True)
    core.feed.push(user, {"type": "message_changed", "channel": room.id, "message": shown})


def shown_message(room: Conversation, message: Json, ephemeral: bool = False) -> Json:
    """A message as clients of people get it."""
    return message | {"ephemeral": ephemeral, "pinned": message["ts"] in room.pins}


def permalink(room: Conversation, message: Json) -> str:
    """The web address of a message, as Slack makes it."""
    address = f"https://{company.TEAM_DOMAIN}.slack.com/archives/{room.id}/p{message['ts'].replace('.', '')}"
    thread = message.get("thread_ts")
    return f"{address}?thread_ts={thread}&cid={room.id}" if thread and thread != message["ts"] else address


def history(
    room: Conversation,
    oldest: str = "0",
    latest: str = "",
    inclusive: bool = False,
    thread: str | None = None,
) -> list[Json]:
    """Messages between two timestamps, oldest first: thread parents (and broadcasts), or one thread."""
    low, high = ts_value(oldest or "0"), ts_value(latest) if latest else None
    chosen = []
    for message in room.messages:
        parent = message.get("thread_ts", message["ts"])
        if thread is None:
            if parent != message["ts"] and message.get("subtype") != "thread_broadcast":
                continue
        elif parent != thread:
            continue
        value = ts_value(message["ts"])
        above = value >= low if inclusive else value > low
        below = high is None or (value <= high if inclusive else value < high)
        # The parent of a thread is always part of its replies.
        if (above and below) or (thread is not None and message["ts"] == thread):
            chosen.append(message)
    return chosen


def _count_reply(parent: Json, reply: Json) -> None:
    parent["thread_ts"] = parent["ts"]
    parent["reply_count"] = parent.get("reply_count", 0) + 1
    parent["latest_reply"] = reply["ts"]
    repliers = parent.setdefault("reply_users", [])
    if reply.get("user") and reply["user"] not in repliers:
        repliers.append(reply["user"])
    parent["reply_users_count"] = len(repliers)


def _tell_viewers(core: Core, room: Conversation, kind: str, message: Json) -> None:
    shown = shown_message(room, message)
    for user in sight.viewers(core, room):
        core.feed.push(user, {"type": kind, "channel": room.id, "message": shown})


def _tell_app(core: Core, room: Conversation, message: Json) -> None:
    event = {"type": "message", **message, "channel": room.id, "channel_type": room.channel_type}
    if "event_ts" not in event:
        event["event_ts"] = message["ts"]
    if "metadata" in event:
        event["metadata"] = {"event_type": event["metadata"]["event_type"]}
    core.delivery.tell_about(room, event)
