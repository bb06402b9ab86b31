"""Reopening a case (再開), and going on in another room: the form and what is said of them."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from bot.policy.rooms import is_without_room
from bot.policy.state import CaseState, EventState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import Message, marks, message, simple, written
from bot.vocabulary import Callback, Locale, ObligationKind

REASON_LIMIT: Final = 1000


def reopening(locale: Locale, case: CaseState) -> b.View:
    """Why, and what follows from it. `private_metadata` is the case number."""
    mark, title_mark = marks(locale, case.drill)
    intro = written("reopen_intro", locale, case=case, new_room=is_without_room(case)).parts[0]
    placeholder = label("reopen.reason.placeholder", locale)
    reason = b.text_input(REASON_LIMIT, placeholder, multiline=True)
    hint = label("reopen.reason.hint", locale)
    return b.modal(
        title_mark + label("reopen.title", locale),
        [
            b.section(Mrkdwn(mark + intro)),
            b.field("reason", label("reopen.reason.label", locale), reason, hint),
        ],
        close=label("common.cancel", locale),
        submit=label("reopen.submit", locale),
        callback_id=Callback.REOPEN,
        private_metadata=case.number,
    )


def reopened(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Who reopened it and why, in their own words, as plain text; who has it, and what is due."""
    rendered = written(
        "reopened",
        locale,
        case=case,
        tz=tz,
        event=event,
        holder=event.data.get("holder"),
        tasks=len(event.data.get("tasks") or ()),
        inquiries=len(event.data.get("inquiries") or ()),
        withdrawn=bool(event.data.get("withdrawn")),
        due=[ObligationKind.of(o.kind) for o in case.open_obligations],
    )
    said, after = rendered.parts
    reason = b.words(b.clip(str(event.data.get("reason") or "—"), REASON_LIMIT))
    return message(case, locale, rendered.text, [b.section(said), reason, b.section(after)])


def room_moved(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Why the case goes on here, and where it was before. It rings for whoever has it."""
    return simple(
        "room_moved",
        locale,
        case,
        tz=tz,
        event=event,
        old=str(event.data["channel"]),
        holder=case.acknowledged_by,
    )
