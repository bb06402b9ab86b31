"""Every line of every worked case, as a lawyer wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.law.reading import answer, read_items

VECTORS = yaml.safe_load(Path(__file__).with_name("vectors.yaml").read_text(encoding="utf-8"))
LISTS_WITHOUT_ORDER = ("triggers", "undetermined")
KEYS = {
    "decision",
    "reportable",
    "triggers",
    "undetermined",
    "report_to",
    "notify_individuals",
    "voluntary",
    "provisional",
    "clock_start",
    "preliminary_guideline_start",
    "preliminary_due",
    "final_nominal",
    "final_due",
    "final_days",
    "reasons",
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['id']}: {vector['title']}")
def test_the_law_answers_as_the_lawyer_wrote(vector: dict[str, Any]) -> None:
    (item,) = read_items(vector)
    given = answer(item)
    expected = dict(vector["expect"])
    reasons = expected.pop("reasons")
    assert set(vector["expect"]) == KEYS
    assert set(given) == KEYS | {"id"}
    assert set(reasons) <= set(given["reasons"])
    assert len(given["reasons"]) == len(set(given["reasons"]))
    for key, value in expected.items():
        if key in LISTS_WITHOUT_ORDER:
            assert sorted(given[key]) == sorted(value), key
        else:
            assert given[key] == value, key


def test_all_cases_are_there_and_each_once() -> None:
    assert [vector["id"] for vector in VECTORS[:50]] == [f"v{number:02}" for number in range(1, 51)]
    assert len({vector["id"] for vector in VECTORS}) == len(VECTORS)
