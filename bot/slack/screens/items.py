"""The nine items of the report: where each stands, and the form in which the privacy office writes one."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from bot.documents.wording import line_text
from bot.policy.items import (
    FOR_PERSONS,
    Item,
    Line,
    follow_up_key,
    items,
    missing_for_final,
    open_for_preliminary,
)
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import marks, written
from bot.vocabulary import Action, Callback, ItemField, Locale, Origin, ReportItem

FREE_TEXT = 3000
HINT_LIMIT = 300
#: Fields of one line; everything else is written at length.
_SHORT = frozenset(
    {
        ItemField.OCCURRED_ON,
        ItemField.DISCOVERED_ON,
        ItemField.INCIDENT,
        ItemField.DISCOVERER,
        ItemField.MEDIUM,
        ItemField.PERSONS,
        ItemField.CAUSE_PARTY,
    }
)


def nine_items(locale: Locale, tz: ZoneInfo, case: CaseState, contact: str | None = None) -> b.View:
    """Every item with what is known, where it comes from, and a button. `private_metadata`: case number.

    In: `contact`, whom people outside may ask by the organisation file.
    """
    mark, title_mark = marks(locale, case.drill)
    found = items(case, contact)
    intro = written(
        "items_intro",
        locale,
        case=case,
        unknown=len(open_for_preliminary(found)),
        missing=[field.label(locale) for field in missing_for_final(found)],
    ).parts
    return b.modal(
        title_mark + label("items_form.title", locale),
        [
            b.section(Mrkdwn(mark + intro[0])),
            *(b.context(part) for part in intro[1:]),
            b.divider(),
            *(_item(locale, tz, case, number, item) for number, item in enumerate(found, start=1)),
        ],
        close=label("common.close", locale),
        private_metadata=case.number,
    )


def _item(locale: Locale, tz: ZoneInfo, case: CaseState, number: int, item: Item) -> b.Block:
    lines = [
        (line.field.label(locale), _in_a_row(line, locale, tz), line.origin.label(locale), line.known)
        for line in item.lines
    ]
    part = written(
        "item_lines",
        locale,
        case=case,
        number=number,
        name=item.item.label(locale),
        lines=lines,
        follow_up=item.follow_up,
    ).parts[0]
    edit = b.button(
        label("buttons.item_edit", locale), Action.ITEM_EDIT, case.number, about=item.item.label(locale)
    )
    return {**b.section(part), "block_id": item.item.value, "accessory": edit}


def item_form(
    locale: Locale, tz: ZoneInfo, case: CaseState, item: ReportItem, contact: str | None = None
) -> b.View:
    """The fields of one item. What follows from the case stands in the hint; written words replace it."""
    mark, title_mark = marks(locale, case.drill)
    found = next(each for each in items(case, contact) if each.item is item)
    intro = written("item_intro", locale, case=case, name=item.label(locale)).parts[0]
    fields = [_field(locale, tz, line) for line in found.lines]
    follow_up = b.field(
        follow_up_key(item),
        label("items_form.follow_up.label", locale),
        b.text_input(FREE_TEXT, initial=found.follow_up, multiline=True),
        label("items_form.follow_up.hint", locale),
        optional=True,
    )
    return b.modal(
        title_mark + label("items_form.edit_title", locale),
        [b.section(Mrkdwn(mark + intro)), *fields, follow_up],
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=Callback.ITEM,
        private_metadata=json.dumps({"case": case.number, "item": item.value}),
    )


def _field(locale: Locale, tz: ZoneInfo, line: Line) -> b.Block:
    """The words of the first report stand ready to be put right: they go out only once the office did so."""
    ours = line.origin is Origin.OFFICE
    ready = ours or line.field is ItemField.OUTLINE
    initial = line_text(line, locale, tz) if ready and line.known else None
    if ours or not line.known:
        hint = label("items_form.for_persons", locale) if line.field in FOR_PERSONS else ""
    else:
        now = b.clip(_in_a_row(line, locale, tz), HINT_LIMIT)
        hint = label("items_form.now", locale, value=now, origin=line.origin.label(locale))
    element = b.text_input(FREE_TEXT, initial=initial, multiline=line.field not in _SHORT)
    return b.field(line.field.value, line.field.label(locale), element, hint, optional=True)


def _in_a_row(line: Line, locale: Locale, tz: ZoneInfo) -> str:
    """The field on one line."""
    return line_text(line, locale, tz).replace("\n", " ／ " if locale == "ja" else " / ")
