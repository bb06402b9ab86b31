"""Which open case a new report looks like."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.similar import MOST_OFFERS, WITHIN, similar
from bot.policy.state import CaseState
from bot.vocabulary import Indicator
from tests.policy.situations import REPORTED, a_case

NEW = a_case(number="2026-0009")


def older(number: int, by: timedelta = timedelta(hours=2), **changes: Any) -> CaseState:
    return a_case(number=f"2026-{number:04}", reported_at=REPORTED - by, **changes)


def test_the_same_department_and_kind_within_a_day() -> None:
    other = older(1)
    assert similar(NEW, [other]) is other
    assert similar(NEW, [older(1, WITHIN)]) is not None
    assert similar(NEW, [older(1, WITHIN + timedelta(seconds=1))]) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"department": "hr"},
        {"indicator": Indicator.MEDIA_STOLEN},
        {"drill": True},
        {"closed_at": REPORTED},
    ],
)
def test_anything_else_is_another_matter(changes: dict[str, Any]) -> None:
    assert similar(NEW, [older(1, **changes)]) is None


def test_no_case_looks_like_itself() -> None:
    assert similar(NEW, [NEW]) is None


def test_of_several_the_first_reported_gathers_the_others() -> None:
    first = older(2, timedelta(hours=5))
    assert similar(NEW, [older(3), first, older(4, timedelta(hours=1))]) is first


def test_a_flood_is_not_made_larger_by_offers() -> None:
    flood = [older(n) for n in range(1, MOST_OFFERS + 2)]
    assert similar(NEW, flood) is None
    assert similar(NEW, flood[:-1]) is flood[0]


@given(
    drill=st.booleans(),
    department=st.sampled_from(["sales", "hr"]),
    indicator=st.sampled_from([Indicator.MEDIA_LOST, Indicator.OTHER]),
    by=st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_looking_alike_goes_both_ways(
    drill: bool, department: str, indicator: Indicator, by: timedelta
) -> None:
    other = replace(older(1, by), drill=drill, department=department, indicator=indicator)
    assert (similar(NEW, [other]) is None) == (similar(other, [NEW]) is None)
