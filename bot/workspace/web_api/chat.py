"""chat.*: what the app says, changes and takes back."""

from typing import Any

from bot.workspace import company, messages, rooms
from bot.workspace.arguments import Arguments
from bot.workspace.content import checked_content, checked_metadata
from bot.workspace.core import Core
from bot.workspace.model import Conversation
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.web_api.table import find_channel, joined_channel, method

LONGEST_EDIT = 4_000


def _target(core: Core, args: Arguments) -> Conversation:
    """Where to post: a conversation the app is in, a channel by name, or a person's direct message."""
    given = args.text("channel")
    user = core.user(given)
    if user is not None:
        if user.deleted or user.is_bot:
            raise SlackRefusal("channel_not_found", given, breach=user.is_bot)
        room = rooms.bot_direct(core, user.id)
    else:
        named = core.conversation_named(given)
        if named is not None:
            args.values["channel"] = named.id
        room = find_channel(core, args)
    if room.archived:
        raise SlackRefusal("is_archived", room.id)
    if core.bot_id not in room.members and "chat:write.public" not in core.scopes:
        raise SlackRefusal("not_in_channel", room.id, breach=not room.bot_was_removed)
    if room.kind == "im" and not core.manifest.messages_enabled:
        raise SlackRefusal("messages_tab_disabled")
    return room


@method("chat.postMessage", scopes=("chat:write",), required=("channel",), json=True)
def post_message(core: Core, args: Arguments) -> Json:
    """Post a message."""
    if {
        "username",
        "icon_url",
        "icon_emoji",
    } & args.values.keys() and "chat:write.customize" not in core.scopes:
        raise SlackRefusal(
            "missing_scope", needed="chat:write.customize", provided=",".join(sorted(core.scopes))
        )
    room = _target(core, args)
    content = checked_content(core, args, "chat.postMessage")
    thread = args.optional("thread_ts")
    if thread is not None:
        parent = room.by_ts.get(thread)
        if parent is None or parent.get("thread_ts", thread) != thread:
            raise SlackRefusal("cannot_reply_to_message", f"{thread} is no parent message")
        content["thread_ts"] = thread
        if args.flag("reply_broadcast"):
            content["subtype"] = "thread_broadcast"
    metadata = checked_metadata(args)
    if metadata:
        content["metadata"] = metadata
    message = messages.post(core, room, messages.by_bot(core) | content)
    return {"channel": room.id, "ts": message["ts"], "message": message}


@method("chat.postEphemeral", scopes=("chat:write",), required=("channel", "user"), json=True)
def post_ephemeral(core: Core, args: Arguments) -> Json:
    """A message only one member sees; it is kept nowhere."""
    room = _target(core, args)
    user = core.user(args.text("user"))
    if user is None or user.id not in room.members:
        raise SlackRefusal("user_not_in_channel", args.text("user"))
    content = checked_content(core, args, "chat.postEphemeral")
    if args.optional("thread_ts"):
        content["thread_ts"] = args.text("thread_ts")
    message = messages.whisper(core, room, user.id, messages.by_bot(core) | content)
    return {"message_ts": message["ts"]}


def _own_message(core: Core, room: Conversation, ts: str, refusal: str) -> Json:
    message = room.by_ts.get(ts)
    if message is None:
        raise SlackRefusal("message_not_found", ts)
    if message.get("bot_id") != company.BOT_ID:
        raise SlackRefusal(refusal, ts, breach=True)
    return message


@method("chat.update", scopes=("chat:write",), required=("channel", "ts"), json=True)
def update(core: Core, args: Arguments) -> Json:
    """Change an own message. `text` without `blocks` removes the blocks."""
    room = joined_channel(core, args)
    if room.archived:
        raise SlackRefusal("is_inactive", room.id)
    message = _own_message(core, room, args.text("ts"), "cant_update_message")
    changes: Json = {}
    if "text" in args or args.structure("blocks") is not None:
        if len(args.text("text")) > LONGEST_EDIT:
            raise SlackRefusal("msg_too_long", f"{len(args.text('text'))} characters")
        content = checked_content(core, args, "chat.update")
        changes = {"text": content["text"], "blocks": content.get("blocks")}
    metadata: Any = args.structure("metadata")
    if metadata == {}:
        changes["metadata"] = None
    elif metadata is not None:
        changes["metadata"] = checked_metadata(args)
    if not changes:
        raise SlackRefusal("no_text")
    messages.edit(core, room, message, changes, core.bot_id)
    return {"channel": room.id, "ts": message["ts"], "text": message["text"], "message": message}


@method("chat.delete", scopes=("chat:write",), required=("channel", "ts"), json=True)
def delete(core: Core, args: Arguments) -> Json:
    """Take an own message away."""
    room = joined_channel(core, args)
    message = _own_message(core, room, args.text("ts"), "cant_delete_message")
    messages.delete(core, room, message)
    return {"channel": room.id, "ts": message["ts"]}


@method("chat.getPermalink", required=("channel", "message_ts"))
def get_permalink(core: Core, args: Arguments) -> Json:
    """The web address of a message."""
    room = find_channel(core, args)
    ts = args.text("message_ts")
    if ts not in room.by_ts:
        raise SlackRefusal("message_not_found", ts)
    return {"channel": room.id, "permalink": messages.permalink(room, room.by_ts[ts])}
