"""The page (呼び出し): what, since when, how much time, one button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.paging import patience
from bot.policy.state import CaseState, PageState
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.chain import next_role
from bot.slack.screens.message import Message, simple
from bot.vocabulary import Action, Locale

_ASKED = (Action.PAGE_ACKNOWLEDGE, Action.PAGE_CANNOT, Action.PAGE_HAND_OVER)
_ASKED_BESIDE = (Action.PAGE_ACKNOWLEDGE,)  # somebody has the case: it is not theirs to pass on


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
    buttons = (
        b.button(
            label(f"buttons.{act.value}", locale),
            act,
            case.number,
            style="primary" if act is Action.PAGE_ACKNOWLEDGE else None,
        )
        for act in (_ASKED_BESIDE if case.acknowledged_by else _ASKED)
    )
    return simple(
        "page",
        locale,
        case,
        b.actions(*buttons),
        tz=tz,
        page=page,
        patience=patience(case, page),
        beside=case.acknowledged_by,
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
    """The same message once somebody has answered: who has it, since when, and how to hand it over."""
    hand_over = b.button(label("buttons.page_hand_over", locale), Action.PAGE_HAND_OVER, case.number)
    return simple(
        "page_answered",
        locale,
        case,
        *([] if case.closed_at else [b.actions(hand_over)]),
        tz=tz,
        in_room=in_room,
        by=case.acknowledged_by or page.user,
        since=case.acknowledged_at or page.acknowledged_at or page.sent_at or case.reported_at,
    )
