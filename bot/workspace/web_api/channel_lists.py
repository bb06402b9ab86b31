"""conversations.list/info/members and users.conversations: what the app can look up about conversations."""

from bot.workspace import company
from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.model import Conversation
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.web_api.table import family_scopes, find_channel, find_user, method, need_scope, page

_FAMILY = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
_KIND = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def _of_types(core: Core, args: Arguments) -> list[Conversation]:
    types = args.names("types") or ["public_channel"]
    for each in types:
        if each not in _FAMILY:
            raise SlackRefusal("invalid_types", each)
        need_scope(core, f"{_FAMILY[each]}:read")
    kinds = {_KIND[each] for each in types}
    return [
        room
        for room in core.conversations.values()
        if room.kind in kinds and not (args.flag("exclude_archived") and room.archived)
    ]


@method("conversations.list", scopes=family_scopes("read"))
def list_conversations(core: Core, args: Arguments) -> Json:
    """Public channels, and the private conversations the app is in; by default public ones only."""
    found = [room for room in _of_types(core, args) if not room.is_private or core.bot_id in room.members]
    items, cursor = page(found, args, 100, 1000)
    channels = [room.as_slack(company.TEAM_ID, core.bot_id, with_count=True) for room in items]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


@method("users.conversations", scopes=family_scopes("read"))
def users_conversations(core: Core, args: Arguments) -> Json:
    """The conversations the app (or a person, as far as the app sees) is a member of."""
    member = args.text("user", core.bot_id)
    if member != core.bot_id:
        find_user(core, member)
    found = [
        room
        for room in _of_types(core, args)
        if member in room.members and (not room.is_private or core.bot_id in room.members)
    ]
    items, cursor = page(found, args, 100, 999)
    channels = [room.as_slack(company.TEAM_ID, core.bot_id) for room in items]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


@method("conversations.info", scopes=family_scopes("read"), required=("channel",))
def info(core: Core, args: Arguments) -> Json:
    """One conversation."""
    room = find_channel(core, args)
    need_scope(core, f"{room.scope_family}:read")
    channel = room.as_slack(company.TEAM_ID, core.bot_id, args.flag("include_num_members"))
    if args.flag("include_locale"):
        channel["locale"] = "ja-JP"
    return {"channel": channel}


@method("conversations.members", scopes=family_scopes("read"), required=("channel",))
def members(core: Core, args: Arguments) -> Json:
    """Who is in it."""
    room = find_channel(core, args)
    need_scope(core, f"{room.scope_family}:read")
    items, cursor = page(room.members, args, 100, 1000)
    return {"members": items, "response_metadata": {"next_cursor": cursor}}
