"""A small language for describing JSON the way Slack checks it: shapes, lengths, choices, with pointers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.workspace.records import Json


@dataclass(frozen=True)
class Problem:
    """One thing Slack would refuse: its message and where it is."""

    message: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Problems = list[Problem]
Check = Callable[[Any, str, Problems], None]
Rule = Callable[[Json, str, Problems], None]


def length(value: str) -> int:
    """Length in UTF-16 units, the stricter of the two ways Slack may count."""
    if not value or max(value) <= "\uffff":
        return len(value)
    return len(value) + sum(character > "\uffff" for character in value)


def string(longest: int, shortest: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.append(Problem("must be a string", pointer))
        elif length(value) > longest:
            problems.append(Problem(f"must be less than {longest + 1} characters", pointer))
        elif length(value) < shortest:
            problems.append(Problem(f"must be more than {shortest - 1} characters", pointer))

    return check


def matching(pattern: str, what: str) -> Check:
    """A string of a certain form."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            problems.append(Problem(f"must be {what}", pointer))

    return check


def integer(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            problems.append(Problem("must be an integer", pointer))
        elif not least <= value <= most:
            problems.append(Problem(f"must be between {least} and {most}", pointer))

    return check


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    """true or false."""
    if not isinstance(value, bool):
        problems.append(Problem("must be a boolean", pointer))


def anything(value: Any, pointer: str, problems: Problems) -> None:
    """No condition."""


def one_of(*choices: Any) -> Check:
    """One of these values."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if value not in choices or isinstance(value, bool):
            allowed = ", ".join(str(choice) for choice in choices)
            problems.append(Problem(f"must be one of: {allowed}", pointer))

    return check


def array(item: Check, most: int, least: int = 1) -> Check:
    """A list of so many items."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.append(Problem("must provide an array", pointer))
            return
        if len(value) > most:
            problems.append(Problem(f"no more than {most} items allowed", pointer))
        if len(value) < least:
            problems.append(Problem(f"no fewer than {least} items allowed", pointer))
        for position, each in enumerate(value):
            item(each, f"{pointer}/{position}", problems)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule) -> Check:
    """An object with these properties and no others; `rules` look at the whole once its parts are sound."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append(Problem("must provide an object", pointer))
            return
        before = len(problems)
        for name in required:
            if name not in value:
                problems.append(Problem(f"missing required field: {name}", pointer))
        for name, part in value.items():
            known = required.get(name) or optional.get(name)
            if known is None:
                problems.append(Problem(f"invalid additional property: {name}", pointer))
            else:
                known(part, f"{pointer}/{name}", problems)
        if len(problems) == before:
            for rule in rules:
                rule(value, pointer, problems)

    return check


def typed(table: Mapping[str, Check]) -> Check:
    """An object whose `type` chooses its check."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.append(Problem("must provide an object", pointer))
        elif "type" not in value:
            problems.append(Problem("missing required field: type", pointer))
        elif not isinstance(value["type"], str) or value["type"] not in table:
            problems.append(Problem(f"unsupported type: {value['type']}", f"{pointer}/type"))
        else:
            table[value["type"]](value, pointer, problems)

    return check


def either(*names: str) -> Rule:
    """Exactly one of these properties."""

    def rule(value: Json, pointer: str, problems: Problems) -> None:
        given = [name for name in names if name in value]
        if len(given) != 1:
            problems.append(Problem(f"exactly one of {', '.join(names)} is required", pointer))

    return rule


def at_least_one(*names: str) -> Rule:
    """One of these properties or several."""

    def rule(value: Json, pointer: str, problems: Problems) -> None:
        if not any(name in value for name in names):
            problems.append(Problem(f"missing required field: {' or '.join(names)}", pointer))

    return rule
