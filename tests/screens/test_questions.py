"""The questions of the assessment: in everyday words, and none that cannot matter any more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.law.assessment import Assessment, assess
from bot.law.facts import NO_DELEGATION, Facts
from bot.law.obligations import obligations
from bot.rendering import label
from bot.slack.screens.questions import CHOICES, NAMES, asked
from bot.vocabulary import Locale
from tests.law.test_properties import FACTS, MOMENTS

EXAMPLE = {"ja": "例）", "en": "e.g."}


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_question_has_an_example(locale: Locale) -> None:
    for name in NAMES:
        assert EXAMPLE[locale] in label(f"assessment.questions.{name}.hint", locale), name


def as_answers(facts: Facts) -> dict[str, Any]:
    """The facts as the form holds them."""
    return {name: getattr(facts, name).value for name in CHOICES}


def duty(assessment: Assessment) -> object:
    """What people act on."""
    return assessment.decision, assessment.triggers, obligations(assessment, confirmed=True)


@settings(deadline=None, max_examples=500)
@given(st.data(), FACTS, MOMENTS)
def test_a_question_that_is_not_asked_cannot_change_the_duty(data: Any, facts: Facts, moment: Any) -> None:
    hidden = [name for name in NAMES if name not in asked(as_answers(facts))]
    before = duty(assess(facts, moment))
    for name in hidden:
        if name in CHOICES:
            others: list[Any] = list(CHOICES[name])
        elif name == "delegated_to_authority":
            others = [NO_DELEGATION, "fsa"]
        else:
            others = [getattr(data.draw(FACTS), name)]
        for other in others:
            assert duty(assess(replace(facts, **{name: other}), moment)) == before, name
