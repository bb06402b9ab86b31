"""What the signs suggest, and that a suggestion is only a beginning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.law.assessment import assess
from bot.law.decisions import Decision
from bot.law.facts import Answer, Certainty, Facts
from bot.law.signs import suggested_facts, suggested_protection
from bot.vocabulary import Indicator, Protection

NOTICED = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
ATTACKS = {
    Indicator.MEDIA_STOLEN,
    Indicator.MEDIA_ACCESSED,
    Indicator.SYSTEM_INTRUSION,
    Indicator.DATA_TRADED,
    Indicator.POSSESSION_CLAIM,
}


def facts_of(indicator: Indicator) -> Facts:
    return Facts.from_mapping({name: s.value for name, s in suggested_facts(indicator).items()})


@pytest.mark.parametrize("indicator", Indicator)
def test_every_sign_keeps_the_clock_running_until_somebody_has_assessed(indicator: Indicator) -> None:
    answer = assess(facts_of(indicator), NOTICED)
    expected = Decision.REPORT if indicator in ATTACKS else Decision.UNDETERMINED
    assert answer.decision is expected
    assert answer.deadlines is not None
    assert answer.deadlines.days == (60 if indicator in ATTACKS else 30)


@pytest.mark.parametrize("indicator", Indicator)
def test_every_suggestion_says_why_and_never_claims_certainty(indicator: Indicator) -> None:
    for suggestion in suggested_facts(indicator).values():
        assert suggestion.reason("ja").endswith("。")
        assert suggestion.reason("en").endswith(".")
    assert facts_of(indicator).certainty in (Certainty.SUSPECTED, Certainty.UNKNOWN)


def test_a_lost_key_alone_is_not_yet_taken_for_a_leak() -> None:
    assert facts_of(Indicator.KEY_OR_CREDENTIAL_LOST).certainty is Certainty.UNKNOWN


@pytest.mark.parametrize("protection", Protection)
def test_the_reporters_word_never_counts_as_proof_of_encryption(protection: Protection) -> None:
    suggested = {name: s.value for name, s in suggested_protection(protection).items()}
    assert Facts.from_mapping(suggested).encrypted is not Answer.YES
