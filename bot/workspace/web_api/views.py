"""views.*: modals and App Homes."""

from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.records import Json
from bot.workspace.refusals import invalid_arguments
from bot.workspace.web_api.table import find_user, method


def _view(args: Arguments) -> Json:
    view = args.structure("view")
    if not isinstance(view, dict):
        raise invalid_arguments("must provide an object [json-pointer:/view]")
    return view


@method("views.open", required=("trigger_id", "view"), json=True)
def open_view(core: Core, args: Arguments) -> Json:
    """Open a modal for whoever caused the trigger."""
    return {"view": core.modals.open(args.text("trigger_id"), _view(args))}


@method("views.push", required=("trigger_id", "view"), json=True)
def push_view(core: Core, args: Arguments) -> Json:
    """Put a modal on top of the one acted in."""
    return {"view": core.modals.push(args.text("trigger_id"), _view(args))}


@method("views.update", required=("view",), json=True)
def update_view(core: Core, args: Arguments) -> Json:
    """Show other content in an open view."""
    ids = args.optional("view_id"), args.optional("external_id")
    return {"view": core.modals.update(*ids, _view(args), args.optional("hash"))}


@method("views.publish", required=("user_id", "view"), json=True)
def publish_view(core: Core, args: Arguments) -> Json:
    """Set a person's App Home."""
    user = find_user(core, args.text("user_id"))
    return {"view": core.modals.publish(user.id, _view(args), args.optional("hash"))}
