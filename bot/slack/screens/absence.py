"""Absences (不在): the form, and the lines of App Home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.state import AbsenceState
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import written
from bot.vocabulary import Action, Callback, Locale

MOST_ABSENCES = 10


def absence(locale: Locale, person: str, since: datetime, for_others: bool) -> b.View:
    """The form. The privacy office (`for_others`) may choose whose absence it is, at first `person`'s own."""
    choose = label("common.choose", locale)

    def field(name: str, element: b.Block, *, optional: bool = False) -> b.Block:
        return b.field(name, label(f"absence.{name}", locale), element, optional=optional)

    return b.modal(
        label("absence.title", locale),
        [
            b.section(written("absence_intro", locale).parts[0]),
            *([field("person", b.person_input(choose, person))] if for_others else []),
            field("from", b.moment_input(since)),
            field("until", b.moment_input()),
            field("deputy", b.person_input(choose), optional=True),
        ],
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=Callback.ABSENCE,
    )


def absence_lines(
    locale: Locale, tz: ZoneInfo, absences: Sequence[AbsenceState], person: str
) -> list[b.Block]:
    """The part of App Home: what is declared, each with the button that ends it, and the one to declare."""
    end = label("buttons.absence_end", locale)
    lines = [
        {
            **b.section(written("absence", locale, tz=tz, absence=each, own=each.person == person).parts[0]),
            "accessory": b.button(end, Action.ABSENCE_END, str(each.number)),
        }
        for each in absences[:MOST_ABSENCES]
    ]
    declare = b.button(
        label("buttons.absence_declare", locale), Action.ABSENCE_DECLARE, Action.ABSENCE_DECLARE
    )
    heading = written("absence_heading", locale, any=bool(absences)).parts[0]
    return [b.divider(), b.section(heading), *lines, b.actions(declare)]
