"""Every code, fact and mistake has its words in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from string import Formatter

import pytest

from bot.errors import InvalidField
from bot.law.assessment import assess
from bot.law.fact_labels import FACT_LABELS
from bot.law.facts import FACT_NAMES, Answer, Facts
from bot.law.field_errors import field_error
from bot.law.reason_texts import TEXTS
from bot.law.reasons import BASIS, Reason, reason
from bot.law.triggers import TRIGGERS
from bot.law.wording import explain, explain_trigger, source_of


@pytest.mark.parametrize("code", sorted(BASIS))
def test_every_reason_is_explained_in_both_languages_with_its_source(code: str) -> None:
    japanese, english = TEXTS[code]["ja"], TEXTS[code]["en"]
    assert japanese.endswith("。")
    assert english.endswith(".")
    named = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (japanese, english)]
    assert named[0] == named[1]
    assert source_of(reason(code), "ja") != source_of(reason(code), "en")


def test_where_a_reason_stands_is_said_in_both_languages() -> None:
    rule, silent = BASIS["encrypted"], BASIS["kind_unknown"]
    assert (rule.source.key, rule.source.ja, rule.source.en) == ("RULE", "第7条第1号", "Art. 7 item 1")
    assert (rule.cautious, silent.cautious, BASIS["calendar_computed"].cautious) == (False, True, True)


def test_every_place_is_the_same_in_both_languages() -> None:
    cited = [*(basis.source for basis in BASIS.values()), *(row.source for row in TRIGGERS)]
    for place in cited:
        numbers = [re.findall("[0-9]+", each) for each in (place.ja, place.en)]
        assert numbers[0] == numbers[1], place
        assert bool(numbers[0]) == (place.key not in ("LEAKBOT", "LEAK")), place


def test_no_explanation_is_left_over() -> None:
    assert set(TEXTS) == set(BASIS)


def test_a_cautious_reading_is_shown_as_one() -> None:
    cautious = explain(reason("malicious_unknown_short_clock"), "ja")
    settled = explain(reason("suspected_counts"), "ja")
    assert cautious.endswith("（法令に明文がなく、慎重に解釈しています）")
    assert "慎重" not in settled


def test_a_recipient_nobody_confirmed_is_not_shown_as_settled() -> None:
    assert "未確認" in explain(reason("delegated_authority", authority="mic"), "ja")
    assert "unconfirmed" in explain(reason("delegated_authority", authority="own_label"), "en")
    assert "未確認" not in explain(reason("delegated_authority", authority="fsa"), "ja")


@pytest.mark.parametrize(
    ("authority", "code", "words"),
    [
        ("none", "my_number_same_form_unconfirmed", "一つの報告が両方を兼ねるかは未確認です"),
        ("fsa", "my_number_reported_apart", "慎重に解釈しています"),
    ],
)
def test_whether_one_report_serves_both_acts_is_never_shown_as_settled(
    authority: str, code: str, words: str
) -> None:
    both = {"sensitive": True, "my_number": True, "my_number_persons": {"exact": 101}}
    facts = Facts.from_mapping({**both, "delegated_to_authority": authority})
    given = {each.code: each for each in assess(facts, datetime(2026, 11, 22, 12, tzinfo=UTC)).reasons}
    assert words in explain(given[code], "ja")
    only_one = replace(facts, sensitive=Answer.NO, my_number=Answer.NO, malicious=Answer.YES)
    codes = {each.code for each in assess(only_one, datetime(2026, 11, 22, 12, tzinfo=UTC)).reasons}
    assert not {"my_number_same_form_unconfirmed", "my_number_reported_apart"} & codes


def test_the_closed_days_are_named_with_their_reason() -> None:
    rolled = reason("final_rolled", nominal="2026-11-03", due="2026-11-04", closed=["2026-11-03"])
    assert explain(rolled, "ja") == (
        "2026年11月3日（火）は閉庁日のため、確報の期限は次の開庁日（2026年11月4日（水））になります。"
        "閉庁日: 11月3日（文化の日）。"
    )
    assert "3 Nov (Culture Day)" in explain(rolled, "en")


@pytest.mark.parametrize(
    ("given", "japanese", "english"),
    [
        (reason("over_1000", persons={"exact": 1200}), "1,200人", "1,200 people"),
        (reason("delegated_authority", authority="fsa"), "金融庁", "Financial Services Agency"),
        (
            reason("protection_unknown", facts=["encrypted", "backup_exists"]),
            "、".join(FACT_LABELS[name]["ja"] for name in ("encrypted", "backup_exists")),
            ", ".join(FACT_LABELS[name]["en"] for name in ("encrypted", "backup_exists")),
        ),
    ],
)
def test_what_a_reason_speaks_of_stands_in_the_readers_language(
    given: Reason, japanese: str, english: str
) -> None:
    assert japanese in explain(given, "ja")
    assert english in explain(given, "en")


def test_a_class_is_named_with_its_article() -> None:
    over = next(row for row in TRIGGERS if row.id == "appi_7_4_over_1000")
    assert explain_trigger(over, "ja") == "本人の数が1,000人を超える（個人情報保護法施行規則 第7条第4号）"
    assert explain_trigger(over, "en") == (
        "More than 1,000 persons are concerned "
        "(Enforcement Rules of the Act on the Protection of Personal Information Art. 7 item 4)"
    )


def test_every_fact_has_a_name_for_people() -> None:
    assert set(FACT_LABELS) == set(FACT_NAMES)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"sensitive": "perhaps"}, "選べません"),
        ({"persons": {"min": 2, "max": 1}}, "上回っています"),
        ({"trigger_known_at": "2026-11-24T10:00"}, "時差"),
        ({"delegated_to_authority": 5}, "提出先"),
        ({"colour": "red"}, "ありません"),
    ],
)
def test_a_mistake_is_explained_in_japanese_too(facts: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidField) as refused:
        Facts.from_mapping(facts)
    assert words in " ".join(field_error(refused.value, "ja"))
