"""The questions of the assessment: which are asked, in which order, with which choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.errors import InvalidField
from bot.law.facts import Answer, Certainty, DamageType, DataStatus, HandledAs, Kind
from bot.law.persons import Persons, write_persons
from bot.policy.state import CaseState
from bot.vocabulary import Word
from bot.workflow.obligations import suggestions

#: The questions in the order in which they are asked, by the heading they stand under.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "what": ("certainty", "kind", "damage_type", "malicious"),
    "data": ("persons", "data_status", "sensitive", "financial_harm", "pseudonymized"),
    "my_number": ("my_number", "my_number_persons", "my_number_public_exposure", "my_number_system"),
    "protection": ("encrypted", "recovered_unread", "backup_exists", "own_intent"),
    "who": ("role", "controller_notified", "delegated_to_authority", "trigger_known_at"),
}
NAMES: Final = tuple(name for names in GROUPS.values() for name in names)

#: The choices of each question that has some; all others but the numbers and the time are yes or no.
CHOICES: Final[Mapping[str, type[Word]]] = {
    "kind": Kind,
    "damage_type": DamageType,
    "certainty": Certainty,
    "data_status": DataStatus,
    "role": HandledAs,
    **dict.fromkeys(
        (
            *("malicious", "sensitive", "financial_harm", "pseudonymized", "encrypted", "recovered_unread"),
            *("backup_exists", "own_intent", "my_number", "my_number_public_exposure", "my_number_system"),
            "controller_notified",
        ),
        Answer,
    ),
}
NUMBERS: Final = ("persons", "my_number_persons")
AUTHORITY: Final = "delegated_to_authority"
SINCE: Final = "trigger_known_at"

#: Questions whose answer decides whether others can matter: the form is drawn again at once.
STEERING: Final = ("certainty", "kind", "damage_type", "data_status", "pseudonymized", "my_number", "role")


def asked(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions that can still matter, given the answers so far (as the option values of the form)."""
    return tuple(name for name in NAMES if _matters(name, answers))


def _matters(name: str, answers: Mapping[str, Any]) -> bool:
    kind, damage, data = (answers.get(each, "unknown") for each in ("kind", "damage_type", "data_status"))
    if answers.get("certainty") == "ruled_out":
        return name == "certainty"
    no_appi = data == "scattered" or answers.get("pseudonymized") == "true"
    if no_appi and answers.get("my_number") == "false":
        return name in ("certainty", "data_status", "pseudonymized", "my_number")
    match name:
        case "damage_type":
            return bool(kind == "damage")
        case "recovered_unread":
            return kind in ("leak", "unknown")
        case "own_intent":
            return kind in ("leak", "loss", "unknown")
        case "backup_exists":
            return kind in ("loss", "unknown") or (kind == "damage" and damage != "altered")
        case "sensitive" | "financial_harm":
            return data != "planned" and not no_appi
        case "delegated_to_authority":
            return not no_appi
        case "my_number_persons" | "my_number_public_exposure" | "my_number_system":
            return answers.get("my_number") != "false"
        case "controller_notified":
            return answers.get("role") == "processor"
    return True


def known(case: CaseState) -> tuple[dict[str, Any], dict[str, str]]:
    """The form as it is first filled in: the answers, and where each comes from.

    Out: answers as the form holds them (option values, numbers as typed, the time as ISO 8601), and for each
    that does not stand for itself `known` (entered before) or `suggested` (from the first report).
    """
    proposed = suggestions(case.indicator, case.report.protection)
    answers: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in NAMES:
        if (value := case.facts.get(name)) is not None:
            answers[name] = as_typed(name, value)
            sources[name] = "known"
        elif name in proposed:
            answers[name] = as_typed(name, proposed[name].value)
            sources[name] = "suggested"
        elif name in CHOICES:
            answers[name] = "unknown"
        if answers.get(name) in ("", "unknown", "none") and sources.get(name) == "known":
            del sources[name]
    return answers, sources


def as_typed(name: str, value: Any) -> str:
    """A fact's JSON value as the form holds it."""
    if name in NUMBERS:
        try:
            return write_persons(Persons.from_json(name, value))
        except InvalidField:
            return ""  # a number that is none is asked for again
    return str(value).lower() if isinstance(value, bool) else str(value)
