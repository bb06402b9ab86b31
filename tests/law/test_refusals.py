"""What the law's package refuses: the field, the word and the values its explanation needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.errors import ConfigurationError, InvalidField
from bot.law.assessment import assess
from bot.law.deadlines import day_in_japan, deadlines
from bot.law.facts import Answer, Facts, Kind, read_moment
from bot.law.field_errors import field_error
from bot.law.persons import MOST_PERSONS, Persons, parse_persons
from bot.law.reading import read_items

NAIVE = datetime(2026, 11, 5, 15, 30)  # noqa: DTZ001 - the mistake under test
LAST_OF_ALL = datetime.max.replace(tzinfo=UTC)
TOO_EARLY: dict[str, object] = {"earliest": "2022-04-01"}


def read(**facts: Any) -> Callable[[], object]:
    return lambda: Facts.from_mapping(facts)


def persons(form: object, field: str = "my_number_persons") -> Callable[[], object]:
    return lambda: Persons.from_json(field, form)


REFUSED: dict[str, tuple[Callable[[], object], str, str, dict[str, object]]] = {
    "a second before the rules began": (
        lambda: assess(Facts(), datetime(2022, 3, 31, 14, 59, 59, tzinfo=UTC)),
        "aware_at",
        "before_rules",
        TOO_EARLY,
    ),
    "excluded, but before the rules began": (
        lambda: assess(Facts(encrypted=Answer.YES), datetime(2022, 3, 31, 14, 59, 59, tzinfo=UTC)),
        "aware_at",
        "before_rules",
        TOO_EARLY,
    ),
    "a clock before the rules began": (
        lambda: deadlines(date(2022, 3, 31), 30),
        "aware_at",
        "before_rules",
        TOO_EARLY,
    ),
    "a clock beyond the holidays": (
        lambda: deadlines(date(2099, 1, 1), 30),
        "aware_at",
        "too_far_ahead",
        {"latest": 2098},
    ),
    "a time without offset": (
        lambda: day_in_japan(NAIVE),
        "aware_at",
        "time_without_offset",
        {"value": "2026-11-05T15:30:00"},
    ),
    "the end of time": (
        lambda: day_in_japan(LAST_OF_ALL),
        "aware_at",
        "not_a_time",
        {"value": LAST_OF_ALL.isoformat()},
    ),
    "a moment that is none": (
        lambda: read_moment("occurred_at", "yesterday"),
        "occurred_at",
        "not_a_time",
        {"value": "yesterday"},
    ),
    "a moment of another type": (
        lambda: read_moment("occurred_at", 5),
        "occurred_at",
        "not_a_time",
        {"value": 5},
    ),
    "a moment without offset": (
        lambda: read_moment("occurred_at", "2026-11-05T15:30"),
        "occurred_at",
        "time_without_offset",
        {"value": "2026-11-05T15:30"},
    ),
    "a later day of knowing that is no time": (
        read(trigger_known_at="soon"),
        "trigger_known_at",
        "not_a_time",
        {"value": "soon"},
    ),
    "a fact nobody knows": (read(colour="red"), "colour", "no_such_fact", {"value": "colour"}),
    "a choice that is none": (
        read(sensitive="perhaps"),
        "sensitive",
        "not_a_choice",
        {"value": "perhaps", "choices": tuple(Answer)},
    ),
    "a recipient that is no word": (
        read(delegated_to_authority=5),
        "delegated_to_authority",
        "not_a_label",
        {"value": 5},
    ),
    "a recipient of spaces": (
        read(delegated_to_authority=" "),
        "delegated_to_authority",
        "not_a_label",
        {"value": " "},
    ),
    "numbers of what is not there": (
        read(my_number=False, my_number_persons={"min": 1}),
        "my_number_persons",
        "my_number_denied",
        {"minimum": 1},
    ),
    "more with My Number than there are": (
        read(persons={"max": 100}, my_number_persons={"exact": 101}),
        "my_number_persons",
        "more_than_persons",
        {"minimum": 101, "maximum": 100},
    ),
    "a choice in capitals": (
        read(sensitive="TRUE"),
        "sensitive",
        "not_a_choice",
        {"value": "TRUE", "choices": tuple(Answer)},
    ),
    "a choice in another type": (
        read(kind=True),
        "kind",
        "not_a_choice",
        {"value": True, "choices": tuple(Kind)},
    ),
    "people in a form of their own": (persons([1]), "my_number_persons", "persons_form", {"value": [1]}),
    "more people than there are": (
        persons({"exact": MOST_PERSONS + 1}),
        "my_number_persons",
        "persons_number",
        {"value": MOST_PERSONS + 1},
    ),
    "fewer people than none": (persons({"min": -1}), "my_number_persons", "persons_number", {"value": -1}),
    "a range on its head": (
        persons({"min": 5, "max": 4}),
        "my_number_persons",
        "minimum_above_maximum",
        {"minimum": 5, "maximum": 4},
    ),
    "a typed range on its head": (
        lambda: parse_persons("1200-800", "my_number_persons"),
        "my_number_persons",
        "minimum_above_maximum",
        {"minimum": 1200, "maximum": 800},
    ),
    "no number of people": (
        lambda: parse_persons("たくさん"),
        "persons",
        "not_a_number_of_people",
        {"value": "たくさん"},
    ),
    "a number too long to be one": (
        lambda: parse_persons("0" * 60 + "1"),
        "persons",
        "not_a_number_of_people",
        {"value": "0" * 60 + "1"},
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_stands_at_its_field_with_all_that_explains_it(mistake: str) -> None:
    act, field, word, values = REFUSED[mistake]
    with pytest.raises(InvalidField) as refused:
        act()
    assert (refused.value.field, refused.value.reason, refused.value.values) == (field, word, values)
    assert str(refused.value) == f"{field}: {word}"
    for what, remedy in (field_error(refused.value, "ja"), field_error(refused.value, "en")):
        assert what
        assert remedy


@pytest.mark.parametrize(
    ("mapping", "name", "value"),
    [
        ({"delegated_to_authority": " fsa "}, "delegated_to_authority", "fsa"),
        ({"delegated_to_authority": "ppc"}, "delegated_to_authority", "none"),
        ({"delegated_to_authority": "unknown"}, "delegated_to_authority", "none"),
        ({"delegated_to_authority": None}, "delegated_to_authority", "none"),
        ({"trigger_known_at": "unknown"}, "trigger_known_at", None),
        ({"trigger_known_at": None}, "trigger_known_at", None),
        ({"my_number": False, "my_number_persons": {"exact": 0}}, "my_number_persons", {"exact": 0}),
        (
            {"persons": {"exact": 100}, "my_number_persons": {"exact": 100}},
            "my_number_persons",
            {"exact": 100},
        ),
        ({"persons": {"exact": MOST_PERSONS}}, "persons", {"exact": MOST_PERSONS}),
        ({"persons": {"max": 5}}, "persons", {"max": 5}),
        ({"sensitive": True}, "sensitive", True),
        ({"sensitive": "false"}, "sensitive", False),
        ({"sensitive": "unknown"}, "sensitive", "unknown"),
        ({"kind": "loss"}, "kind", "loss"),
    ],
)
def test_what_lies_just_inside_is_read(mapping: dict[str, Any], name: str, value: object) -> None:
    assert Facts.from_mapping(mapping).to_mapping()[name] == value


GOOD: dict[str, Any] = {"id": "v1", "aware_at": "2026-11-24T10:00:00+09:00", "facts": {}}
GIVE = "Give id, aware_at, facts."


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ([], f"There is no item to assess. {GIVE}"),
        ([GOOD, "x"], f"Item 2 is not a set of keys and values. {GIVE}"),
        ({"id": "v1", "facts": {}}, f"v1: aware_at is missing. {GIVE}"),
        ({"facts": {}}, f"Item 1: id is missing. {GIVE}"),
        ({**GOOD, "colour": 1}, "v1: colour is not known. Keys are id, aware_at, facts."),
        ({**GOOD, "id": True}, "Item 1: id is neither a word nor a number. Give it a short name."),
        ({**GOOD, "id": [1]}, "Item 1: id is neither a word nor a number. Give it a short name."),
        ({**GOOD, "id": " "}, "Item 1: id is neither a word nor a number. Give it a short name."),
        (
            {**GOOD, "aware_at": "soon"},
            'v1: aware_at: "soon" is not a time. Write it like 2026-11-24T10:00:00+09:00.',
        ),
        (
            {**GOOD, "facts": 5},
            "v1: facts: the facts must be names with values. For example sensitive: true.",
        ),
        (
            {**GOOD, "facts": {"trigger_known_at": "2026-11-23T10:00:00+09:00"}},
            'v1: trigger_known_at: "2026-11-23T10:00:00+09:00" is before aware_at. '
            "Write a later time, or correct aware_at.",
        ),
    ],
)
def test_a_mistake_in_a_what_if_is_one_line(data: object, line: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_items(data)
    assert refused.value.line() == line


def test_a_what_if_is_called_as_it_calls_itself() -> None:
    named, number = read_items([{**GOOD, "title": "USBの紛失"}, {**GOOD, "id": 7}])
    assert [(each.id, each.title) for each in (named, number)] == [("v1", "USBの紛失"), ("7", "")]


def test_a_long_value_is_cut_where_it_is_repeated() -> None:
    shown = [field_error(InvalidField("x", "not_a_time", value="v" * n), "en")[0] for n in (40, 41)]
    assert shown == [f'"{"v" * 40}" is not a time.', f'"{"v" * 40}…" is not a time.']
