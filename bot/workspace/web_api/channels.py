"""conversations.*: making and changing channels and direct messages."""

import re

from bot.workspace import company, rooms
from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.model import Conversation
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.web_api.table import find_channel, find_user, joined_channel, method, need_scope

LONGEST_NAME = 80
LONGEST_TOPIC = 250
MOST_INVITED = 100
MOST_IN_GROUP_MESSAGE = 8
_WRITE = ("groups:write", "channels:manage", "channels:write", "im:write", "mpim:write")
_INVITE = (*_WRITE, "groups:write.invites", "channels:write.invites")
_TOPIC = (*_WRITE, "groups:write.topic", "channels:write.topic")


def _may_change(core: Core, room: Conversation, narrower: str = "") -> None:
    wanted = ["groups:write"] if room.kind == "private" else ["channels:manage", "channels:write"]
    if narrower:
        wanted.append(f"{'groups' if room.kind == 'private' else 'channels'}:write.{narrower}")
    need_scope(core, *wanted)


def _channel_only(room: Conversation) -> None:
    if room.kind in ("im", "mpim"):
        raise SlackRefusal("method_not_supported_for_channel_type", room.id)


def _alive(room: Conversation) -> None:
    if room.archived:
        raise SlackRefusal("is_archived", room.id)


def _good_name(core: Core, name: str, present: Conversation | None = None) -> None:
    if not name:
        raise SlackRefusal("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise SlackRefusal("invalid_name_maxlength", name)
    if not re.search(r"[a-z0-9]", name):
        raise SlackRefusal("invalid_name_punctuation", name)
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise SlackRefusal("invalid_name_specials", name)
    for room in core.conversations.values():
        # Archived channels and former names keep their name reserved.
        if room is not present and (room.name == name or name in room.former_names):
            raise SlackRefusal("name_taken", name)


@method("conversations.create", scopes=_WRITE, json=True)
def create(core: Core, args: Arguments) -> Json:
    """A new channel, the app in it."""
    private = args.flag("is_private")
    need_scope(core, *(("groups:write",) if private else ("channels:manage", "channels:write")))
    name = args.text("name")
    _good_name(core, name)
    room = rooms.create(core, name, private, core.bot_id)
    return {"channel": room.as_slack(company.TEAM_ID, core.bot_id)}


@method("conversations.invite", scopes=_INVITE, required=("channel",), json=True)
def invite(core: Core, args: Arguments) -> Json:
    """Let people in: all or none, unless `force`."""
    room = joined_channel(core, args)
    _may_change(core, room, "invites")
    _channel_only(room)
    _alive(room)
    users = list(dict.fromkeys(args.names("users")))
    if not users or len(users) > MOST_INVITED:
        raise SlackRefusal("no_user" if not users else "too_many_users")
    welcome, errors = [], []
    for id_ in users:
        user = core.user(id_)
        error = None
        if id_ == core.bot_id:
            error = "cant_invite_self"
        elif user is None:
            error = "user_not_found"
        elif user.deleted or id_ == company.SLACKBOT_ID:
            error = "cant_invite"
        elif id_ in room.members:
            error = "already_in_channel"
        if error is None:
            welcome.append(id_)
        else:
            errors.append({"user": id_, "ok": False, "error": error})
    if errors and not (args.flag("force") and welcome):
        raise SlackRefusal(
            str(errors[0]["error"]), ",".join(str(each["user"]) for each in errors), errors=errors
        )
    for id_ in welcome:
        rooms.join(core, room, id_, core.bot_id)
    answer: Json = {"channel": room.as_slack(company.TEAM_ID, core.bot_id)}
    return answer | ({"errors": errors} if errors else {})


@method("conversations.kick", scopes=_WRITE, required=("channel", "user"), json=True)
def kick(core: Core, args: Arguments) -> Json:
    """Take somebody out."""
    room = joined_channel(core, args)
    _may_change(core, room)
    _channel_only(room)
    user = find_user(core, args.text("user"))
    if user.id == core.bot_id:
        raise SlackRefusal("cant_kick_self")
    if room.is_general:
        raise SlackRefusal("cant_kick_from_general")
    if user.id not in room.members:
        raise SlackRefusal("not_in_channel", user.id, breach=False)
    rooms.leave(core, room, user.id, core.bot_id)
    return {"errors": {}}


@method("conversations.leave", scopes=_WRITE, required=("channel",), json=True)
def leave(core: Core, args: Arguments) -> Json:
    """The app goes."""
    room = find_channel(core, args)
    _channel_only(room)
    if core.bot_id not in room.members:
        return {"not_in_channel": True}
    rooms.leave(core, room, core.bot_id)
    room.bot_was_removed = False
    return {}


@method("conversations.join", scopes=("channels:join",), required=("channel",), json=True)
def join(core: Core, args: Arguments) -> Json:
    """The app enters a public channel."""
    room = find_channel(core, args)
    if room.kind != "public":
        raise SlackRefusal("method_not_supported_for_channel_type", room.id)
    _alive(room)
    answer: Json = {"channel": room.as_slack(company.TEAM_ID, core.bot_id)}
    if core.bot_id in room.members:
        return answer | {"warning": "already_in_channel"}
    rooms.join(core, room, core.bot_id, None)
    return {"channel": room.as_slack(company.TEAM_ID, core.bot_id)}


@method("conversations.setTopic", scopes=_TOPIC, required=("channel", "topic"), json=True)
def set_topic(core: Core, args: Arguments) -> Json:
    """Set the topic."""
    room = joined_channel(core, args)
    _may_change(core, room, "topic")
    _channel_only(room)
    _alive(room)
    if len(args.text("topic")) > LONGEST_TOPIC:
        raise SlackRefusal("too_long")
    rooms.set_topic(core, room, args.text("topic"), core.bot_id)
    return {"channel": room.as_slack(company.TEAM_ID, core.bot_id)}


@method("conversations.setPurpose", scopes=_TOPIC, required=("channel", "purpose"), json=True)
def set_purpose(core: Core, args: Arguments) -> Json:
    """Set the purpose (Slack's screen calls it description)."""
    room = joined_channel(core, args)
    _may_change(core, room, "topic")
    _channel_only(room)
    _alive(room)
    if len(args.text("purpose")) > LONGEST_TOPIC:
        raise SlackRefusal("too_long")
    rooms.set_purpose(core, room, args.text("purpose"), core.bot_id)
    return {"purpose": room.purpose["value"]}


@method("conversations.rename", scopes=_WRITE, required=("channel",), json=True)
def rename(core: Core, args: Arguments) -> Json:
    """Give another name."""
    room = joined_channel(core, args)
    _may_change(core, room)
    _channel_only(room)
    _alive(room)
    _good_name(core, args.text("name"), room)
    rooms.rename(core, room, args.text("name"), core.bot_id)
    return {"channel": room.as_slack(company.TEAM_ID, core.bot_id)}


@method("conversations.archive", scopes=_WRITE, required=("channel",), json=True)
def archive(core: Core, args: Arguments) -> Json:
    """Archive; a bot cannot undo it, and loses its membership."""
    room = core.conversations.get(args.text("channel"))
    if room is not None and room.archived:
        raise SlackRefusal("already_archived", room.id)
    room = joined_channel(core, args)
    _may_change(core, room)
    _channel_only(room)
    if room.is_general:
        raise SlackRefusal("cant_archive_general")
    rooms.archive(core, room, core.bot_id)
    return {}


@method("conversations.unarchive", scopes=_WRITE, required=("channel",), json=True)
def unarchive(core: Core, args: Arguments) -> Json:
    """Slack refuses it to bots, always: archiving took their membership away."""
    raise SlackRefusal("not_in_channel", "bots cannot unarchive")


@method("conversations.open", scopes=("im:write", "mpim:write"), json=True)
def open_conversation(core: Core, args: Arguments) -> Json:
    """Open a direct message with one person (or a group message with up to eight)."""
    if "channel" in args:
        room = find_channel(core, args)
        there = True
    else:
        users = list(dict.fromkeys(args.names("users")))
        if not users:
            raise SlackRefusal("users_list_not_supplied")
        if len(users) > MOST_IN_GROUP_MESSAGE:
            raise SlackRefusal("too_many_users")
        need_scope(core, "im:write" if len(users) == 1 else "mpim:write")
        for id_ in users:
            user = find_user(core, id_)
            if user.is_bot:
                raise SlackRefusal("cannot_dm_bot", id_)
            if user.deleted:
                raise SlackRefusal("user_disabled", id_)
        room, there = rooms.open_direct(core, [core.bot_id, *users])
    channel = room.as_slack(company.TEAM_ID, core.bot_id) if args.flag("return_im") else {"id": room.id}
    return {"channel": channel} | ({"no_op": True, "already_open": True} if there else {})
