"""auth.*, apps.*, team.*, blocks.validate: who the app is, and where."""

from bot.workspace import blockkit, company
from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.web_api.table import method


@method("auth.test", json=True)
def auth_test(core: Core, args: Arguments) -> Json:
    """Whom the token belongs to."""
    return {
        "url": f"https://{company.TEAM_DOMAIN}.slack.com/",
        "team": company.TEAM_NAME,
        "user": core.manifest.bot_name,
        "team_id": company.TEAM_ID,
        "user_id": core.bot_id,
        "bot_id": company.BOT_ID,
        "is_enterprise_install": False,
    }


@method("api.test", token="none", json=True)  # noqa: S106 - a kind, not a secret
def api_test(core: Core, args: Arguments) -> Json:
    """An echo; `error` makes it fail."""
    if "error" in args:
        raise SlackRefusal(args.text("error"), breach=False)
    return {"args": args.values}


@method("apps.connections.open", token="app", scopes=("connections:write",), json=True)  # noqa: S106
def connections_open(core: Core, args: Arguments) -> Json:
    """A WebSocket address for one Socket Mode connection."""
    if not core.delivery.sockets.enabled:
        raise SlackRefusal("forbidden_team", "Socket Mode is switched off", breach=False)
    ticket = core.delivery.sockets.new_ticket()
    address = core.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link?ticket={ticket}&app_id={company.APP_ID}"}


@method("team.info", scopes=("team:read",))
def team_info(core: Core, args: Arguments) -> Json:
    """The workspace."""
    if args.text("team", company.TEAM_ID) != company.TEAM_ID:
        raise SlackRefusal("team_not_found")
    team = {
        "id": company.TEAM_ID,
        "name": company.TEAM_NAME,
        "domain": company.TEAM_DOMAIN,
        "email_domain": company.MAIL_DOMAIN,
        "icon": {"image_default": True},
    }
    return {"team": team}


@method("blocks.validate", token="none", json=True)  # noqa: S106 - a kind, not a secret
def blocks_validate(core: Core, args: Arguments) -> Json:
    """Check blocks, a view or a message without posting anything."""
    if "view" in args:
        view = args.structure("view")
        surface = view.get("type") if isinstance(view, dict) else None
        problems = blockkit.view_problems(view, surface if surface in ("modal", "home") else "modal")
    elif "message" in args:
        message = args.structure("message")
        blocks = message.get("blocks", []) if isinstance(message, dict) else message
        problems = blockkit.block_problems(blocks, pointer="/message/blocks")
    else:
        problems = blockkit.block_problems(args.structure("blocks") or [])
    if problems:
        errors = [
            {
                "code": "invalid",
                "message": problem.message,
                "field": problem.pointer.rsplit("/", 1)[-1],
                "pointer": problem.pointer,
            }
            for problem in problems
        ]
        raise SlackRefusal("invalid_blocks", "; ".join(map(str, problems)), breach=False, errors=errors)
    return {}
