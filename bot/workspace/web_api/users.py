"""users.*, usergroups.*, dnd.*: the people."""

from bot.workspace import company
from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.model import User
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.web_api.table import find_user, method, page

MOST_IN_DND_QUESTION = 50


def _as_app_sees(core: Core, user: User, args: Arguments) -> Json:
    return user.as_slack(
        company.TEAM_ID,
        core.clock.now(),
        with_email="users:read.email" in core.scopes,
        with_locale=args.flag("include_locale"),
    )


@method("users.info", scopes=("users:read",), required=("user",))
def info(core: Core, args: Arguments) -> Json:
    """One person, deactivated ones too."""
    return {"user": _as_app_sees(core, find_user(core, args.text("user")), args)}


@method("users.lookupByEmail", scopes=("users:read.email",), required=("email",))
def lookup_by_email(core: Core, args: Arguments) -> Json:
    """An active person by address."""
    user = core.user_by_email(args.text("email"))
    if user is None:
        raise SlackRefusal("users_not_found", args.text("email"))
    return {"user": _as_app_sees(core, user, args)}


@method("users.list", scopes=("users:read",))
def list_users(core: Core, args: Arguments) -> Json:
    """Everybody."""
    items, cursor = page(list(core.people.values()), args, 1000, 1000)
    members = [_as_app_sees(core, user, args) for user in items]
    return {"members": members, "cache_ts": core.unix(), "response_metadata": {"next_cursor": cursor}}


@method("users.getPresence", scopes=("users:read",))
def get_presence(core: Core, args: Arguments) -> Json:
    """active or away; more about the app itself."""
    user = find_user(core, args.text("user", core.bot_id))
    if user.id != core.bot_id:
        return {"presence": user.presence}
    online = core.delivery.sockets.count > 0
    return {
        "presence": "active",
        "online": online,
        "auto_away": False,
        "manual_away": False,
        "connection_count": core.delivery.sockets.count,
    }


@method("users.profile.get", scopes=("users.profile:read",))
def profile_get(core: Core, args: Arguments) -> Json:
    """The profile alone."""
    return {"profile": _as_app_sees(core, find_user(core, args.text("user", core.bot_id)), args)["profile"]}


@method("usergroups.list", scopes=("usergroups:read",))
def list_groups(core: Core, args: Arguments) -> Json:
    """The user groups."""
    groups = [
        group.as_slack(company.TEAM_ID, args.flag("include_users"), args.flag("include_count"))
        for group in core.groups.values()
        if args.flag("include_disabled") or not group.disabled
    ]
    return {"usergroups": groups}


@method("usergroups.users.list", scopes=("usergroups:read",), required=("usergroup",))
def list_group_users(core: Core, args: Arguments) -> Json:
    """The members of a user group."""
    group = core.groups.get(args.text("usergroup"))
    if group is None or (group.disabled and not args.flag("include_disabled")):
        raise SlackRefusal("no_such_subteam", args.text("usergroup"))
    return {"users": list(group.members)}


def _dnd(core: Core, user: User) -> Json:
    start, end = user.dnd or (1, 1)
    return {"dnd_enabled": user.dnd is not None, "next_dnd_start_ts": start, "next_dnd_end_ts": end}


@method("dnd.info", scopes=("dnd:read",))
def dnd_info(core: Core, args: Arguments) -> Json:
    """When a person does not want to be disturbed."""
    return _dnd(core, find_user(core, args.text("user", core.bot_id)))


@method("dnd.teamInfo", scopes=("dnd:read",))
def dnd_team_info(core: Core, args: Arguments) -> Json:
    """The same for up to fifty people."""
    users = args.names("users")
    if not users or len(users) > MOST_IN_DND_QUESTION:
        raise SlackRefusal("no_users_provided" if not users else "too_many_users")
    return {"users": {id_: _dnd(core, find_user(core, id_)) for id_ in users}}
