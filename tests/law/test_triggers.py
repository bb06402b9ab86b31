"""The tables: every row has a source, a name in both languages and a day from which it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.law.authorities import AUTHORITIES, DELEGATIONS, recipient_name
from bot.law.classes import exceeds
from bot.law.dated import FIRST_DAY, holding
from bot.law.exclusions import EXCLUSIONS, Exclusion
from bot.law.facts import FACT_NAMES, Answer, DataStatus
from bot.law.guides import GUIDES, guide
from bot.law.persons import Persons
from bot.law.sources import SOURCES
from bot.law.triggers import TRIGGERS, Trigger, in_force, trigger


@pytest.mark.parametrize("row", TRIGGERS, ids=lambda row: f"{row.id} since {row.since}")
def test_every_class_has_a_source_a_fact_and_a_name(row: Trigger) -> None:
    assert row.source.source.address.startswith("https://")
    assert row.fact in FACT_NAMES
    assert row.ja != row.en


@pytest.mark.parametrize(
    ("identifier", "act", "place", "over", "days"),
    [
        ("appi_7_1_sensitive", "RULE", "第7条第1号", None, 30),
        ("appi_7_2_financial", "RULE", "第7条第2号", None, 30),
        ("appi_7_3_malicious", "RULE", "第7条第3号", None, 60),
        ("appi_7_4_over_1000", "RULE", "第7条第4号", 1000, 30),
        ("mn_2_1_system", "MNRULE", "第2条第1号", None, 30),
        ("mn_2_2_malicious", "MNRULE", "第2条第2号", None, 60),
        ("mn_2_3_public_exposure", "MNRULE", "第2条第3号", None, 30),
        ("mn_2_4_over_100", "MNRULE", "第2条第4号", 100, 30),
    ],
)
def test_each_class_stands_where_the_rules_have_it(
    identifier: str, act: str, place: str, over: int | None, days: int
) -> None:
    row = trigger(identifier, date(2026, 11, 22))
    assert (row.source.key, row.source.ja, row.over, row.days) == (act, place, over, days)
    assert row.source.en == place.replace("第", "Art. ", 1).replace("条第", " item ").removesuffix("号")
    with pytest.raises(KeyError, match=identifier):
        trigger(identifier, date(2022, 3, 31))


def test_every_source_has_a_public_address_or_is_our_own_reading() -> None:
    assert {key for key, source in SOURCES.items() if not source.address} == {"LEAKBOT"}


def test_on_any_day_each_class_is_in_force_at_most_once() -> None:
    for day in (date(2022, 4, 1), date(2024, 3, 31), date(2024, 4, 1), date(2026, 11, 22)):
        rows = [row.id for row in in_force(day)]
        assert len(rows) == len(set(rows)) == 8


@pytest.mark.parametrize("row", EXCLUSIONS, ids=lambda row: row.code)
def test_every_exclusion_has_a_source_a_fact_and_its_reason(row: Exclusion) -> None:
    assert row.source.source.address.startswith("https://")
    assert row.fact in FACT_NAMES
    assert row.ways


def test_there_is_one_guide_on_any_day_since_the_rules_began() -> None:
    for day in (FIRST_DAY, date(2026, 11, 22), date(2060, 1, 1)):
        assert (guide(day).aim_day, guide(day).limit_day) == (3, 5)
        assert len(holding(GUIDES, day)) == 1
    with pytest.raises(KeyError, match="2022-03-31"):
        guide(date(2022, 3, 31))


def test_an_amendment_is_a_row_that_takes_over_on_its_day() -> None:
    [today] = GUIDES
    lighter = replace(today, limit_day=10, since=date(2028, 7, 1))
    rows = (replace(today, until=date(2028, 6, 30)), lighter)
    assert [row.limit_day for row in holding(rows, date(2028, 6, 30))] == [5]
    assert [row.limit_day for row in holding(rows, date(2028, 7, 1))] == [10]


def test_before_the_rules_began_none_is_in_force() -> None:
    assert in_force(date(2022, 3, 31)) == ()


def test_data_still_being_acquired_counts_since_april_2024() -> None:
    assert DataStatus.PLANNED not in trigger("appi_7_3_malicious", date(2024, 3, 31)).reaches
    assert DataStatus.PLANNED in trigger("appi_7_3_malicious", date(2024, 4, 1)).reaches


@pytest.mark.parametrize(
    ("persons", "answer"),
    [
        (Persons(1000, 1000), Answer.NO),
        (Persons(1001, 1001), Answer.YES),
        (Persons(0, 1001), Answer.YES),
        (Persons(1000, None), Answer.UNKNOWN),
        (Persons(1001, None), Answer.YES),
    ],
)
def test_exceeding_means_more_and_the_maximum_decides(persons: Persons, answer: Answer) -> None:
    assert exceeds(persons, 1000) is answer


def test_every_delegation_names_a_recipient_that_exists() -> None:
    assert {row.authority for row in DELEGATIONS} - {None} <= set(AUTHORITIES)
    assert all(authority.address.startswith("https://") for authority in AUTHORITIES.values())


def test_a_recipient_of_the_organisations_own_is_shown_as_it_is() -> None:
    assert recipient_name("fsa", "ja") == "金融庁"
    assert recipient_name("fsa", "en") == "Financial Services Agency"
    assert recipient_name("governor_of_tokyo", "ja") == "governor_of_tokyo"
    assert recipient_name("persons", "en") == "the persons concerned"
