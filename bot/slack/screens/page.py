"""The page (呼び出し): what, since when, how much time, one button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.state import CaseState, PageState
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.chain import next_role
from bot.slack.screens.message import Message, simple
from bot.vocabulary import Action, Locale


def page(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    page: PageState,
    now: datetime,
    in_room: bool,
    users: Sequence[str] = (),
) -> Message:
    """The page of somebody. `in_room` mentions `users` (else the person of `page`) so that it rings there."""
    button = b.button(
        label("buttons.page_acknowledge", locale), Action.PAGE_ACKNOWLEDGE, case.number, style="primary"
    )
    return simple(
        "page",
        locale,
        case,
        b.actions(button),
        tz=tz,
        page=page,
        in_room=in_room,
        users=tuple(users) or (page.user,),
        next_role=next_role(case, page.level, locale),
    )


def answered(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    page: PageState,
    in_room: bool,
    users: Sequence[str] = (),
) -> Message:
    """The same message once somebody has answered: who has it, since when, and no button any more."""
    return simple(
        "page_answered",
        locale,
        case,
        tz=tz,
        in_room=in_room,
        by=case.acknowledged_by or page.user,
        since=case.acknowledged_at or page.acknowledged_at or page.sent_at or case.reported_at,
    )
