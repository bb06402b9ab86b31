"""Reads what-if items, the form of the test vectors, and answers them as plain JSON values.

A fact that is not listed has the vectors' default here. The product never uses these defaults: there an
unanswered question is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from bot.errors import ConfigurationError, InvalidField
from bot.law.assessment import Assessment, assess, to_json
from bot.law.deadlines import day_in_japan
from bot.law.facts import Answer, Certainty, DamageType, DataStatus, Facts, HandledAs, Kind, read_moment
from bot.law.field_errors import field_error
from bot.law.persons import Persons

#: What an item leaves out is taken as these; see the head of the vectors.
DEFAULTS: Final = Facts(
    kind=Kind.LEAK,
    damage_type=DamageType.UNUSABLE,
    certainty=Certainty.CONFIRMED,
    data_status=DataStatus.PERSONAL_DATA,
    sensitive=Answer.NO,
    financial_harm=Answer.NO,
    malicious=Answer.NO,
    persons=Persons(1, 1),
    encrypted=Answer.NO,
    pseudonymized=Answer.NO,
    recovered_unread=Answer.NO,
    backup_exists=Answer.NO,
    own_intent=Answer.NO,
    my_number=Answer.NO,
    my_number_persons=Persons(0, 0),
    my_number_public_exposure=Answer.NO,
    my_number_system=Answer.NO,
    role=HandledAs.CONTROLLER,
    controller_notified=Answer.NO,
)

_REQUIRED: Final = ("id", "aware_at", "facts")
_ALLOWED: Final = frozenset((*_REQUIRED, "title", "basis", "expect", "note"))


@dataclass(frozen=True, slots=True)
class Item:
    """One what-if."""

    id: str
    title: str
    aware_at: datetime
    facts: Facts

    @property
    def day(self) -> date:
        """The day in Japan on which the clock starts, if one does."""
        return day_in_japan(self.facts.trigger_known_at or self.aware_at)

    def assess(self) -> Assessment:
        """The law's answer; ConfigurationError naming the item where it lies outside what is encoded."""
        try:
            return assess(self.facts, self.aware_at)
        except InvalidField as wrong:
            raise _at(self.id, wrong) from None


def read_items(data: object) -> tuple[Item, ...]:
    """Read one item or a list of items.

    Raises ConfigurationError, one line naming the item and the fact, for anything unknown, missing or wrong.
    """
    items = data if isinstance(data, list) else [data]
    if not items:
        raise ConfigurationError("There is no item to assess.", f"Give {', '.join(_REQUIRED)}.")
    return tuple(_item(item, place) for place, item in enumerate(items, start=1))


def answer(item: Item) -> dict[str, Any]:
    """The answer to one item: its id, and the keys that the vectors call `expect`."""
    return {"id": item.id, **to_json(item.assess())}


def _item(data: object, place: int) -> Item:
    if not isinstance(data, Mapping):
        raise ConfigurationError(
            f"Item {place} is not a set of keys and values.", f"Give {', '.join(_REQUIRED)}."
        )
    name = _name(data, place)
    for key in _REQUIRED:
        if key not in data:
            raise ConfigurationError(f"{name}: {key} is missing.", f"Give {', '.join(_REQUIRED)}.")
    for key in data:
        if key not in _ALLOWED:
            raise ConfigurationError(f"{name}: {key} is not known.", f"Keys are {', '.join(_REQUIRED)}.")
    try:
        return Item(name, str(data.get("title", "")), *_times_and_facts(data))
    except InvalidField as wrong:
        raise _at(name, wrong) from None


def _name(data: Mapping[Any, Any], place: int) -> str:
    name = data.get("id", f"Item {place}")
    if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
        raise ConfigurationError(f"Item {place}: id is neither a word nor a number.", "Give it a short name.")
    return str(name)


def _times_and_facts(data: Mapping[Any, Any]) -> tuple[datetime, Facts]:
    aware_at = read_moment("aware_at", data["aware_at"])
    if not isinstance(data["facts"], Mapping):
        raise InvalidField("facts", "not_a_mapping")
    stated = Facts.from_mapping(data["facts"])
    if stated.trigger_known_at is not None and stated.trigger_known_at < aware_at:
        raise InvalidField("trigger_known_at", "before_aware_at", value=stated.trigger_known_at.isoformat())
    return aware_at, replace(DEFAULTS, **{name: getattr(stated, name) for name in data["facts"]})


def _at(name: str, wrong: InvalidField) -> ConfigurationError:
    what, remedy = field_error(wrong, "en")
    return ConfigurationError(f"{name}: {wrong.field}: {what}", remedy)
