"""What is known of a case, and what the report still lacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.errors import InvalidField
from bot.law.persons import Persons, format_persons
from bot.policy.items import items, line_of
from bot.policy.state import CaseState
from bot.rendering import label, moment
from bot.vocabulary import ItemField, Locale, Medium, Protection, Word


class Item(StrEnum):
    """What a report asks for (RULE 8(1), items 1 to 8), the day it happened counted by itself."""

    SUMMARY = "summary"
    OCCURRED_AT = "occurred_at"
    DATA_ITEMS = "data_items"
    PERSONS = "persons"
    CAUSE = "cause"
    SECONDARY_HARM = "secondary_harm"
    RESPONSE_TO_PERSONS = "response_to_persons"
    PUBLICATION = "publication"
    PREVENTION = "prevention"


def persons_text(case: CaseState, locale: Locale) -> str:
    """The number of people as known: the fact where there is one, else as it was typed, else empty."""
    if (fact := case.facts.get("persons")) is not None:
        try:
            persons = Persons.from_json("persons", fact)
        except InvalidField:
            return str(fact)
        return "" if persons.is_unknown else format_persons(persons, locale)
    return case.report.persons or ""


#: Where the nine items (`policy/items.py`) hold it; one of these fields is enough.
_FIELDS: Final = {
    Item.OCCURRED_AT: (ItemField.OCCURRED_ON,),
    Item.DATA_ITEMS: (ItemField.DATA_ITEMS,),
    Item.PERSONS: (ItemField.PERSONS,),
    Item.CAUSE: (ItemField.CAUSE,),
    Item.SECONDARY_HARM: (ItemField.SECONDARY_HARM,),
    Item.RESPONSE_TO_PERSONS: (ItemField.RESPONSE,),
    Item.PUBLICATION: (ItemField.PUBLICATION,),
    Item.PREVENTION: (ItemField.PREVENTION_DONE, ItemField.PREVENTION_PLANNED),
}


def missing(case: CaseState) -> list[Item]:
    """What the report still lacks, in the order of its items: nobody entered it, nor does it follow.

    `unknown` is not knowing.
    """
    found = items(case)
    entered = {item for item in Item if case.facts.get(item.value) not in (None, "", "unknown")}
    entered |= {item for item, lines in _FIELDS.items() if any(line_of(found, each).known for each in lines)}
    return [item for item in Item if item not in entered and item is not Item.SUMMARY]


def item_names(items: list[Item], locale: Locale) -> list[str]:
    """The items as people call them."""
    return [label(f"items.{item.value}", locale) for item in items]


def short_facts(case: CaseState, locale: Locale, tz: ZoneInfo) -> list[tuple[str, str]]:
    """The facts that fit on a line, as name and value; what nobody entered is left away."""
    values = {
        "occurred_at": moment(case.occurred_at, locale, tz) if case.occurred_at else "",
        "persons": persons_text(case, locale),
        "medium": word_text(Medium, case.report.medium, locale),
        "protection": word_text(Protection, case.report.protection, locale),
    }
    return [(label(f"facts.{name}", locale), value) for name, value in values.items() if value]


def word_text(kind: type[Word], value: str | None, locale: Locale) -> str:
    """A stored word by its label, or as it stands where the vocabulary no longer has it; empty for none."""
    if not value:
        return ""
    word = kind.named(value)
    return word.label(locale) if word else value


def fact_text(name: str, value: Any, locale: Locale, tz: ZoneInfo) -> str:
    """One fact's value as people read it, whatever its kind."""
    if value is None or value in ("", "unknown"):
        return label("values.unknown", locale)
    if name in ("persons", "my_number_persons") and isinstance(value, Mapping):
        try:
            return format_persons(Persons.from_json(name, value), locale)
        except InvalidField:
            return str(value)
    if name in ("medium", "protection"):
        return word_text(Medium if name == "medium" else Protection, str(value), locale)
    if name.endswith("_at"):
        when = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment(when, locale, tz)
    return str(value)
