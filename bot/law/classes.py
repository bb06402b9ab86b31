"""Which classes of reportable situation the facts meet, and which they leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.law.facts import Answer, DataStatus, Facts
from bot.law.persons import Persons
from bot.law.triggers import Act, Trigger

#: The order in which open facts are named, the most telling first.
_FACT_ORDER: Final = (
    "sensitive",
    "financial_harm",
    "malicious",
    "persons",
    "my_number",
    "my_number_system",
    "my_number_public_exposure",
    "my_number_persons",
)


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes met, the facts that could add one, and which laws the open facts belong to."""

    met: tuple[Trigger, ...]
    open_facts: tuple[str, ...]
    open_acts: frozenset[Act]

    def met_under(self, act: Act) -> bool:
        """Whether a class of `act` is met."""
        return any(row.act is act for row in self.met)

    def has(self, identifier: str) -> bool:
        """Whether the class called `identifier` is met."""
        return any(row.id == identifier for row in self.met)


def classes(facts: Facts, rows: tuple[Trigger, ...]) -> Classes:
    """Judge each row in force. What is not known never meets a class; it stays open."""
    met: list[Trigger] = []
    open_facts: set[str] = set()
    open_acts: set[Act] = set()
    for row in rows:
        if not concerns(facts, row):
            continue
        match _answer(facts, row):
            case Answer.YES:
                met.append(row)
            case Answer.UNKNOWN:
                open_facts.add(row.fact)
                open_acts.add(row.act)
    if facts.my_number is Answer.UNKNOWN:
        open_facts.add("my_number")
        open_acts.add(Act.MY_NUMBER)
    ordered = tuple(name for name in _FACT_ORDER if name in open_facts)
    return Classes(tuple(met), ordered, frozenset(open_acts))


def concerns(facts: Facts, row: Trigger) -> bool:
    """Whether `row` covers information of this kind at all."""
    if row.act is Act.MY_NUMBER:
        return facts.my_number is Answer.YES
    return facts.pseudonymized is not Answer.YES and data_status(facts) in row.reaches


def data_status(facts: Facts) -> DataStatus:
    """What the information is taken for: personal data, which every class reaches, unless known otherwise."""
    return DataStatus.PERSONAL_DATA if facts.data_status is DataStatus.UNKNOWN else facts.data_status


def exceeds(persons: Persons, over: int) -> Answer:
    """Whether more than `over` people are concerned. Where the number is open, its maximum decides."""
    if persons.minimum > over or (persons.maximum is not None and persons.maximum > over):
        return Answer.YES
    return Answer.UNKNOWN if persons.maximum is None else Answer.NO


def _answer(facts: Facts, row: Trigger) -> Answer:
    value = getattr(facts, row.fact)
    if row.over is not None:
        return exceeds(value, row.over)
    answer: Answer = value
    return answer
