"""conversations.history and .replies: what was said where the app is a member."""

from bot.workspace import messages
from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.model import Conversation, ts_value
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.web_api.table import family_scopes, joined_channel, method, need_scope, page


def _bounds(args: Arguments) -> tuple[str, str]:
    for name in ("oldest", "latest"):
        try:
            ts_value(args.text(name, "0") or "0")
        except ValueError:
            raise SlackRefusal(f"invalid_ts_{name}", args.text(name)) from None
    return args.text("oldest", "0"), args.text("latest")


def _as_app_sees(message: Json, all_metadata: bool) -> Json:
    if "metadata" in message and not all_metadata:
        return message | {"metadata": {"event_type": message["metadata"]["event_type"]}}
    return message


def _readable(core: Core, args: Arguments) -> Conversation:
    room = joined_channel(core, args)
    need_scope(core, f"{room.scope_family}:history")
    return room


@method("conversations.history", scopes=family_scopes("history"), required=("channel",))
def history(core: Core, args: Arguments) -> Json:
    """Messages of a conversation, newest first; replies of threads are not among them."""
    room = _readable(core, args)
    oldest, latest = _bounds(args)
    found = messages.history(room, oldest, latest, args.flag("inclusive"))[::-1]
    items, cursor = page(found, args, 100, 999)
    all_metadata = args.flag("include_all_metadata")
    answer: Json = {
        "messages": [_as_app_sees(message, all_metadata) for message in items],
        "has_more": bool(cursor),
        "pin_count": len(room.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


@method("conversations.replies", scopes=family_scopes("history"), required=("channel", "ts"))
def replies(core: Core, args: Arguments) -> Json:
    """One thread: the parent first, then its replies, oldest first."""
    room = _readable(core, args)
    parent = room.by_ts.get(args.text("ts"))
    if parent is None:
        raise SlackRefusal("thread_not_found", args.text("ts"), breach=False)
    oldest, latest = _bounds(args)
    thread = parent.get("thread_ts", parent["ts"])
    found = messages.history(room, oldest, latest, args.flag("inclusive"), thread)
    items, cursor = page(found, args, 1000, 1000)
    all_metadata = args.flag("include_all_metadata")
    answer: Json = {
        "messages": [_as_app_sees(message, all_metadata) for message in items],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})
