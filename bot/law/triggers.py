"""The reportable situations (報告対象事態) as a table: one dated row each, with its source.

An amendment is a new row with its own first day, and a last day for the row it replaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.law.dated import FIRST_DAY, holding
from bot.law.deadlines import FinalDays
from bot.law.facts import DataStatus
from bot.law.sources import Citation
from bot.vocabulary import Locale


class Act(StrEnum):
    """Which law asks for the report."""

    APPI = "appi"
    MY_NUMBER = "my_number"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One class of leak that must be reported.

    `fact` decides it: answered with yes or, where `over` is given, a number of people above it.
    `reaches` says which information it covers. In force from `since` to `until`, the last day included.
    """

    id: str
    act: Act
    fact: str
    ja: str
    en: str
    source: Citation
    since: date
    until: date | None = None
    over: int | None = None
    days: FinalDays = 30
    reaches: frozenset[DataStatus] = frozenset({DataStatus.PERSONAL_DATA})

    def label(self, locale: Locale) -> str:
        """What the class is called, in `locale`."""
        return self.ja if locale == "ja" else self.en


_SKIMMING_REACHED: Final = date(2024, 4, 1)
_ANY_DATA: Final = frozenset(DataStatus)


def _rule(item: int) -> Citation:
    return Citation("RULE", f"第7条第{item}号", f"Art. 7 item {item}")


def _my_number_rule(item: int) -> Citation:
    return Citation("MNRULE", f"第2条第{item}号", f"Art. 2 item {item}")


TRIGGERS: Final = (
    Trigger(
        id="appi_7_1_sensitive",
        act=Act.APPI,
        fact="sensitive",
        ja="要配慮個人情報が含まれる",
        en="Special care-required personal information is included",
        source=_rule(1),
        since=FIRST_DAY,
    ),
    Trigger(
        id="appi_7_2_financial",
        act=Act.APPI,
        fact="financial_harm",
        ja="不正に利用されると財産的被害が生じるおそれがある",
        en="Misuse may cause property damage",
        source=_rule(2),
        since=FIRST_DAY,
    ),
    Trigger(
        id="appi_7_3_malicious",
        act=Act.APPI,
        fact="malicious",
        ja="不正の目的をもって行われたおそれがある",
        en="An improper purpose is suspected",
        source=_rule(3),
        since=FIRST_DAY,
        until=date(2024, 3, 31),
        days=60,
    ),
    Trigger(
        id="appi_7_3_malicious",
        act=Act.APPI,
        fact="malicious",
        ja="自社に対する行為が不正の目的をもって行われたおそれがある",
        en="An act against the company with an improper purpose is suspected",
        source=_rule(3),
        since=_SKIMMING_REACHED,
        days=60,
        # What is typed into an altered page counts although the company does not hold it yet.
        reaches=frozenset({DataStatus.PERSONAL_DATA, DataStatus.PLANNED}),
    ),
    Trigger(
        id="appi_7_4_over_1000",
        act=Act.APPI,
        fact="persons",
        ja="本人の数が1,000人を超える",
        en="More than 1,000 persons are concerned",
        source=_rule(4),
        since=FIRST_DAY,
        over=1000,
    ),
    Trigger(
        id="mn_2_1_system",
        act=Act.MY_NUMBER,
        fact="my_number_system",
        ja="情報提供ネットワークシステムや個人番号利用事務のシステム等の特定個人情報",
        en="My Number data of the information network system or a benefit-office or public-body system",
        source=_my_number_rule(1),
        since=FIRST_DAY,
        reaches=_ANY_DATA,
    ),
    Trigger(
        id="mn_2_2_malicious",
        act=Act.MY_NUMBER,
        fact="malicious",
        ja="特定個人情報について不正の目的をもって行われたおそれがある",
        en="An improper purpose is suspected, and My Number data is concerned",
        source=_my_number_rule(2),
        since=FIRST_DAY,
        days=60,
        reaches=_ANY_DATA,
    ),
    Trigger(
        id="mn_2_3_public_exposure",
        act=Act.MY_NUMBER,
        fact="my_number_public_exposure",
        ja="特定個人情報が電磁的方法により不特定多数に閲覧されるおそれがある",
        en="My Number data may be read by the public by electronic means",
        source=_my_number_rule(3),
        since=FIRST_DAY,
        reaches=_ANY_DATA,
    ),
    Trigger(
        id="mn_2_4_over_100",
        act=Act.MY_NUMBER,
        fact="my_number_persons",
        ja="特定個人情報に係る本人の数が100人を超える",
        en="My Number data of more than 100 persons is concerned",
        source=_my_number_rule(4),
        since=FIRST_DAY,
        over=100,
        reaches=_ANY_DATA,
    ),
)


def in_force(on: date) -> tuple[Trigger, ...]:
    """The rows in force on `on` (a date in Japan), in the order of the rules."""
    return holding(TRIGGERS, on)


def trigger(identifier: str, on: date) -> Trigger:
    """The row called `identifier` as in force on `on`; KeyError where there is none."""
    for row in in_force(on):
        if row.id == identifier:
            return row
    raise KeyError(identifier)
