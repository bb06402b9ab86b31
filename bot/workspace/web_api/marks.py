"""pins.* and reactions.*: marks on messages."""

from bot.workspace import messages, rooms
from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.model import Conversation
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.web_api.table import joined_channel, method

MOST_PINS = 100


def _message(core: Core, args: Arguments) -> tuple[Conversation, Json]:
    room = joined_channel(core, args)
    ts = args.optional("timestamp")
    if ts is None:
        raise SlackRefusal("no_item_specified")
    message = room.by_ts.get(ts)
    if message is None:
        raise SlackRefusal("message_not_found", ts)
    return room, message


@method("pins.add", scopes=("pins:write",), required=("channel",), json=True)
def add_pin(core: Core, args: Arguments) -> Json:
    """Pin a message."""
    room, message = _message(core, args)
    if room.archived:
        raise SlackRefusal("is_archived", room.id)
    if message["ts"] in room.pins:
        raise SlackRefusal("already_pinned", message["ts"])
    if len(room.pins) >= MOST_PINS:
        raise SlackRefusal("too_many_pins")
    rooms.pin(core, room, message["ts"], core.bot_id)
    return {}


@method("pins.remove", scopes=("pins:write",), required=("channel",), json=True)
def remove_pin(core: Core, args: Arguments) -> Json:
    """Take a pin away."""
    room, message = _message(core, args)
    if message["ts"] not in room.pins:
        raise SlackRefusal("not_pinned", message["ts"])
    rooms.unpin(core, room, message["ts"])
    return {}


@method("pins.list", scopes=("pins:read",), required=("channel",))
def list_pins(core: Core, args: Arguments) -> Json:
    """The pinned messages of a conversation."""
    room = joined_channel(core, args)
    items = [{"type": "message", "channel": room.id, "message": room.by_ts[ts]} for ts in room.pins]
    return {"items": items}


def _emoji_name(args: Arguments) -> str:
    name = args.text("name")
    if not name or ":" in name.replace("::skin-tone-", "") or " " in name:
        raise SlackRefusal("invalid_name", name)
    return name


@method("reactions.add", scopes=("reactions:write",), required=("channel", "name"), json=True)
def add_reaction(core: Core, args: Arguments) -> Json:
    """Put a reaction on a message."""
    room, message = _message(core, args)
    if room.archived:
        raise SlackRefusal("is_archived", room.id)
    if not messages.react(core, room, message, _emoji_name(args), core.bot_id):
        raise SlackRefusal("already_reacted")
    return {}


@method("reactions.remove", scopes=("reactions:write",), required=("name",), json=True)
def remove_reaction(core: Core, args: Arguments) -> Json:
    """Take an own reaction away."""
    room, message = _message(core, args)
    if not messages.react(core, room, message, _emoji_name(args), core.bot_id, remove=True):
        raise SlackRefusal("no_reaction")
    return {}
