"""Opening a modal where somebody pressed a button: over the modal they were in, else by itself."""

from __future__ import annotations

from typing import Any, Final

from bot.slack.desk import Desk
from bot.slack.screens.blocks import View

#: Slack stacks no more modals than this (https://docs.slack.dev/surfaces/modals).
DEEPEST: Final = 3


async def show(desk: Desk, body: dict[str, Any], view: View, *, leave: int = 0) -> None:
    """Show `view` to whoever pressed; `body` is what Slack sent.

    In: `leave`, how many more modals `view` itself may open over it. Where the stack has no room for all of
    them, `view` takes the place of the modal it was opened from.
    """
    pressed_in = body.get("view") or {}
    depth = _depth(pressed_in) if pressed_in.get("type") == "modal" else 0
    if depth == 0:
        await desk.client.views_open(trigger_id=body["trigger_id"], view=view)
    elif depth + 1 + leave > DEEPEST:
        await desk.client.views_update(view_id=pressed_in["id"], view=view)
    else:
        await desk.client.views_push(trigger_id=body["trigger_id"], view=view)


def _depth(view: dict[str, Any]) -> int:
    """Which of the stack this modal is, from 1."""
    if not view.get("previous_view_id"):
        return 1
    return 2 if view["previous_view_id"] == view.get("root_view_id") else 3
