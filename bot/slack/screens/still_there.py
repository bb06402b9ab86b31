"""The question to whoever has a case that nobody did anything about: is it going on?"""

from __future__ import annotations

from datetime import timedelta

from bot.policy.state import CaseState
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import Message, simple
from bot.vocabulary import Action, Locale


def still_there(locale: Locale, case: CaseState, user: str, within: timedelta, in_room: bool) -> Message:
    """Ask `user`, who has the case; `within` is how long nothing was noted, and how long is waited again."""
    buttons = (
        b.button(
            label(f"buttons.{act.value}", locale),
            act,
            case.number,
            style="primary" if act is Action.STILL_WORKING else None,
        )
        for act in (Action.STILL_WORKING, Action.CASE_ADD_FACTS, Action.PAGE_HAND_OVER)
    )
    return simple("still_there", locale, case, b.actions(*buttons), user=user, within=within, in_room=in_room)
