"""Joining two reports of one thing (まとめる): the offer, the form, and what both rooms read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.policy.state import CaseState, EventState
from bot.rendering import Mrkdwn, label, short
from bot.slack.screens import blocks as b
from bot.slack.screens.knowledge import fact_text
from bot.slack.screens.message import Message, marks, message, simple, written
from bot.vocabulary import Action, Callback, Locale

#: The field of the case that it goes on as.
INTO: Final = "into"
MOST_CASES: Final = 50
#: The other report's words as they are repeated in the room.
FREE_TEXT: Final = 2500


def offer(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Asks somebody who leads both cases whether they are the same. Number, kind and time only."""
    return simple(
        "similar",
        locale,
        case,
        b.actions(join_button(locale, case.number)),
        tz=tz,
        other=str(event.data["other"]),
        reported_at=datetime.fromisoformat(event.data["reported_at"]),
    )


def join_button(locale: Locale, number: str) -> b.Block:
    """「ほかの事案とまとめる」."""
    return b.button(label(f"buttons.{Action.CASE_JOIN.value}", locale), Action.CASE_JOIN, number)


def join(
    locale: Locale, tz: ZoneInfo, case: CaseState, others: Sequence[CaseState], chosen: str | None
) -> b.View:
    """Which case it goes on as, and what follows. `private_metadata` is the number of the case that ends.

    In: `others`, the open cases that it may be joined to; `chosen`, the number of the one it looks like. With
    none the view only says so.
    """
    mark, title_mark = marks(locale, case.drill)
    title = title_mark + label("join.title", locale)
    rendered = written("join_intro", locale, case=case, any=bool(others))
    intro = [b.section(Mrkdwn(mark + rendered.parts[0])), *(b.section(part) for part in rendered.parts[1:])]
    if not others:
        return b.modal(title, intro, close=label("common.close", locale))
    options = [
        b.option(other.number, f"{other.number}  {other.indicator.label(locale)}", _which(other, locale, tz))
        for other in others[:MOST_CASES]
    ]
    menu = b.select(options, label("common.choose", locale), chosen)
    return b.modal(
        title,
        [*intro, b.field(INTO, label("join.into", locale), menu)],
        close=label("common.cancel", locale),
        submit=label("join.submit", locale),
        callback_id=Callback.JOIN,
        private_metadata=case.number,
    )


def _which(case: CaseState, locale: Locale, tz: ZoneInfo) -> str:
    return f"{case.department_name}  {short(case.reported_at, locale, tz)}"


def joined(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """The room that stays reads the other report, and why the time of noticing moved where it did."""
    data = event.data
    moved_from = data.get("moved_from")
    rendered = written(
        "joined",
        locale,
        case=case,
        tz=tz,
        event=event,
        other=str(data["other"]),
        reporter=str(data.get("reporter") or ""),
        room=data.get("channel"),
        reported_at=datetime.fromisoformat(data["reported_at"]),
        aware_at=datetime.fromisoformat(data["aware_at"]),
        moved_from=datetime.fromisoformat(moved_from) if moved_from else None,
    )
    said, *after = rendered.parts
    words = b.words(b.clip(_words(data.get("words") or {}, locale, tz), FREE_TEXT))
    add = b.button(label("buttons.case_add_facts", locale), Action.CASE_ADD_FACTS, case.number)
    blocks = [b.section(said), words, *(b.section(part) for part in after), b.actions(add)]
    return message(case, locale, rendered.text, blocks)


def _words(words: dict[str, Any], locale: Locale, tz: ZoneInfo) -> str:
    separator = "：" if locale == "ja" else ": "
    lines = [str(words.get("summary") or "")]
    lines += [
        f"{label(f'facts.{name}', locale)}{separator}{fact_text(name, value, locale, tz)}"
        for name, value in words.items()
        if name != "summary"
    ]
    return "\n".join(line for line in lines if line.strip())


def joined_into(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """The room of the case that ended reads where it goes on."""
    return simple(
        "joined_into",
        locale,
        case,
        tz=tz,
        event=event,
        into=str(event.data["into"]),
        room=event.data.get("channel"),
    )
