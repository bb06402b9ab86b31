"""The nine items: what is known of each, from where, and what is missing for which report."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import items as vocabulary
from bot.policy.items import (
    FIELDS,
    FOR_PERSONS,
    KEYS,
    Course,
    Line,
    People,
    Promised,
    Rules,
    Step,
    follow_up_key,
    items,
    key_label,
    line_of,
    missing_for_final,
    open_for_preliminary,
)
from bot.policy.state import CaseState, EventState, ReportState, TaskState
from bot.vocabulary import (
    Discoverer,
    Entrustment,
    FollowUp,
    HarmRisk,
    Incident,
    Indicator,
    ItemField,
    LogKind,
    Medium,
    ObligationKind,
    Origin,
    ReportItem,
    Role,
    Stage,
    TaskPhase,
    TaskStatus,
    Word,
)
from tests.policy.situations import REPORTED, a_case, due


def edited(**texts: str) -> dict[str, Any]:
    return {
        name: {"text": text, "by": "U0PRIVACY", "at": REPORTED.isoformat()} for name, text in texts.items()
    }


def line(case: CaseState, field: ItemField) -> Line:
    return line_of(items(case), field)


def test_the_nine_items_stand_in_the_order_of_the_rule() -> None:
    assert [item.item for item in items(a_case())] == list(ReportItem)
    assert len(ReportItem) == 9
    every = [field for fields in FIELDS.values() for field in fields]
    assert sorted(every) == sorted(ItemField)


def test_every_word_has_both_labels() -> None:
    words = [w for w in vars(vocabulary).values() if isinstance(w, type) and issubclass(w, Word)]
    for word in [each for kind in words if kind is not Word for each in kind]:
        assert word.ja.strip()
        assert word.en.strip()


def test_a_first_report_tells_what_it_tells_and_no_more() -> None:
    case = a_case(report=ReportState("USBを忘れた", medium="portable_media", data_items="氏名"))
    assert line(case, ItemField.DISCOVERED_ON).value == case.aware_at
    assert line(case, ItemField.OUTLINE).value == "USBを忘れた"
    assert line(case, ItemField.MEDIUM).value is Medium.PORTABLE_MEDIA
    assert line(case, ItemField.DATA_ITEMS).origin is Origin.REPORT
    assert line(case, ItemField.DISCOVERER).value is Discoverer.OWN
    unknown = {ItemField.OCCURRED_ON, ItemField.INCIDENT, ItemField.PERSONS, ItemField.CAUSE, ItemField.RULES}
    for field in unknown:
        assert line(case, field).value is None
        assert line(case, field).origin is Origin.NOBODY


@pytest.mark.parametrize("text", ["", "  ", None])
def test_nothing_typed_is_not_known(text: str | None) -> None:
    assert not line(a_case(report=ReportState("x", data_items=text)), ItemField.DATA_ITEMS).known


@pytest.mark.parametrize(
    ("facts", "incident"),
    [
        ({"kind": "leak", "certainty": "confirmed"}, Incident.LEAK),
        ({"kind": "leak", "certainty": "suspected"}, Incident.LEAK_SUSPECTED),
        ({"kind": "loss"}, Incident.LOSS_SUSPECTED),
        ({"kind": "damage", "certainty": "unknown"}, Incident.DAMAGE_SUSPECTED),
        ({"certainty": "ruled_out"}, Incident.NONE),
        ({"kind": "unknown", "certainty": "confirmed"}, None),
        ({}, None),
    ],
)
def test_a_suspicion_stays_one_until_it_is_confirmed(
    facts: dict[str, str], incident: Incident | None
) -> None:
    assert line(a_case(facts=facts), ItemField.INCIDENT).value is incident


@pytest.mark.parametrize(
    ("sign", "who"),
    [
        (Indicator.PARTNER_REPORT, Discoverer.PARTNER),
        (Indicator.EXTERNAL_INQUIRY, Discoverer.OUTSIDE),
        (Indicator.ONLINE_RUMOR, None),
        (Indicator.OTHER, None),
    ],
)
def test_who_found_it_follows_from_the_sign_where_it_tells(sign: Indicator, who: Discoverer | None) -> None:
    assert line(a_case(indicator=sign), ItemField.DISCOVERER).value is who


def test_numbers_come_from_the_facts_and_unknown_is_not_knowing() -> None:
    assert line(a_case(facts={"persons": {"exact": 3}}), ItemField.PERSONS).value == People({"exact": 3})
    assert not line(a_case(facts={"persons": "unknown"}), ItemField.PERSONS).known


def test_only_a_confirmed_decision_names_the_rules() -> None:
    decided = {"decision": "report", "triggers": ["appi_7_1_sensitive"]}
    assert line(a_case(assessment=decided), ItemField.RULES).value == Rules(("appi_7_1_sensitive",))
    none = {"decision": "no_report", "triggers": []}
    assert line(a_case(assessment=none), ItemField.RULES).value == Rules(())
    open_ = {"decision": "undetermined", "triggers": []}
    assert not line(a_case(assessment=open_), ItemField.RULES).known


def test_the_course_is_what_happened_in_its_order() -> None:
    filed = {"obligation": "preliminary", "submitted_at": (REPORTED + timedelta(days=2)).isoformat()}
    case = a_case(
        occurred_at=REPORTED - timedelta(hours=3),
        events=(
            EventState(5, REPORTED + timedelta(days=3), "U0PRIVACY", LogKind.SUBMISSION_RECORDED, filed),
            EventState(2, REPORTED + timedelta(minutes=4), "U0MANAGER", LogKind.ACKNOWLEDGED, {}),
        ),
    )
    course = line(case, ItemField.COURSE).value
    assert isinstance(course, Course)
    assert [step.stage for step in course.steps] == [
        *(Stage.OCCURRED, Stage.NOTICED, Stage.REPORTED, Stage.ACKNOWLEDGED, Stage.SUBMITTED)
    ]
    assert course.steps[-1].of is ObligationKind.PRELIMINARY
    more = (
        EventState(6, REPORTED + timedelta(days=4), "U0PRIVACY", LogKind.ASSESSMENT_CONFIRMED, {}),
        EventState(7, REPORTED + timedelta(days=5), "U0MANAGER", LogKind.ACKNOWLEDGED, {}),
        EventState(8, REPORTED + timedelta(days=9), "U0PRIVACY", LogKind.CLOSED, {}),
    )
    whole = line(replace(case, events=(*case.events, *more)), ItemField.COURSE).value
    assert isinstance(whole, Course)
    assert whole.steps[len(course.steps) :] == (
        Step(REPORTED + timedelta(days=4), Stage.DECIDED),
        Step(REPORTED + timedelta(days=9), Stage.CLOSED),
    )


def test_what_the_office_wrote_stands_first_and_says_who_wrote_it() -> None:
    case = a_case(items=edited(outline="紛失しました"))
    found = line(case, ItemField.OUTLINE)
    assert (found.value, found.origin, found.by) == ("紛失しました", Origin.OFFICE, "U0PRIVACY")
    assert found.at == REPORTED


def test_the_closure_fills_cause_and_prevention() -> None:
    closure = {"root_cause": "手順がない", "prevention": "手順を定めた", "outcome": "recovered"}
    case = a_case(events=(EventState(9, REPORTED, "U0PRIVACY", LogKind.CLOSED, closure),))
    assert line(case, ItemField.CAUSE).value == "手順がない"
    assert line(case, ItemField.PREVENTION_DONE).origin is Origin.CLOSURE
    assert line(case, ItemField.PREVENTION_PLANNED).known


def test_measures_are_told_as_done_or_promised() -> None:
    later = REPORTED + timedelta(days=40)
    open_, done, dateless, aside = (
        TaskState(f"measure-{n}", TaskPhase.AFTERCARE, Role.PRIVACY_OFFICE, later, status, title=title, at=at)
        for n, status, title, at in (
            (1, TaskStatus.OPEN, "研修", None),
            (2, TaskStatus.DONE, "暗号化", REPORTED),
            (3, TaskStatus.DONE, None, None),
            (4, TaskStatus.NOT_APPLICABLE, "廃止", None),
        )
    )
    case = a_case(tasks=(open_, done, dateless, aside))
    told, promised = line(case, ItemField.PREVENTION_DONE), line(case, ItemField.PREVENTION_PLANNED)
    assert told.value == Promised(None, True, (("暗号化", REPORTED), ("", later)))
    assert promised.value == Promised(None, False, (("研修", later),))
    assert told.origin is promised.origin is Origin.MEASURES
    closure = EventState(9, REPORTED, "U0PRIVACY", LogKind.CLOSED, {"prevention": "手順を定めた"})
    closed = line(replace(case, events=(closure,)), ItemField.PREVENTION_DONE)
    assert closed.value == Promised("手順を定めた", True, (("暗号化", REPORTED), ("", later)))
    assert closed.origin is Origin.CLOSURE
    none = a_case(tasks=(aside,))
    assert not line(none, ItemField.PREVENTION_DONE).known
    assert not line(none, ItemField.PREVENTION_PLANNED).known


@pytest.mark.parametrize(
    ("facts", "field", "value"),
    [
        ({"role": "processor"}, ItemField.ENTRUSTMENT, Entrustment.ENTRUSTED),
        ({"role": "controller"}, ItemField.ENTRUSTMENT, Entrustment.OWN_DATA),
        ({"role": "unknown"}, ItemField.ENTRUSTMENT, None),
        ({}, ItemField.ENTRUSTMENT, None),
        ({"financial_harm": True}, ItemField.SECONDARY_HARM, HarmRisk.PROPERTY),
        ({"financial_harm": False}, ItemField.SECONDARY_HARM, None),
        ({"financial_harm": "unknown"}, ItemField.SECONDARY_HARM, None),
        ({}, ItemField.SECONDARY_HARM, None),
    ],
)
def test_only_what_is_known_follows_from_the_facts(
    facts: dict[str, Any], field: ItemField, value: Word
) -> None:
    assert line(a_case(facts=facts), field).value == value


def test_a_medium_in_somebodys_own_words_stays_as_typed() -> None:
    for typed, value in (
        ("portable_media", Medium.PORTABLE_MEDIA),
        ("社用の箱", "社用の箱"),
        ("unknown", None),
    ):
        report = ReportState(summary="x", medium=typed)
        assert line(a_case(report=report), ItemField.MEDIUM).value == value


def test_a_notice_given_is_the_response_to_the_persons() -> None:
    notice = replace(due(REPORTED, ObligationKind.INDIVIDUAL_NOTICE), submitted_at=REPORTED)
    given = line(a_case(obligations=(notice,)), ItemField.RESPONSE)
    assert given.origin is Origin.OBLIGATION
    assert given.value == Course((Step(REPORTED, Stage.SUBMITTED, ObligationKind.INDIVIDUAL_NOTICE),))
    still = replace(notice, submitted_at=None)
    assert not line(a_case(obligations=(still,)), ItemField.RESPONSE).known


def test_the_final_report_needs_every_item_or_a_reason_and_a_follow_up() -> None:
    case = a_case()
    assert missing_for_final(items(case)) == open_for_preliminary(items(case)) != ()
    assert not FOR_PERSONS & set(missing_for_final(items(case)))
    with_reason = a_case(
        items=edited(**{follow_up_key(ReportItem.CAUSE): "調査会社の報告待ち、12月中に追完"})
    )
    left = missing_for_final(items(with_reason))
    assert ItemField.CAUSE not in left
    assert ItemField.CAUSE in open_for_preliminary(items(with_reason))
    everything = a_case(items=edited(**{field.value: "x" for field in ItemField}))
    assert missing_for_final(items(everything)) == ()


@given(st.sets(st.sampled_from(sorted(KEYS))))
def test_writing_more_never_makes_more_missing(keys: set[str]) -> None:
    before = set(missing_for_final(items(a_case())))
    after = set(missing_for_final(items(a_case(items=edited(**dict.fromkeys(keys, "x"))))))
    assert after <= before
    assert after == {f for f in before if f.value not in keys and not _followed(f, keys)}


def _followed(field: ItemField, keys: set[str]) -> bool:
    return any(field in fields and follow_up_key(item) in keys for item, fields in FIELDS.items())


def test_every_key_has_a_label() -> None:
    assert all(key_label(key, "ja") != key for key in KEYS)
    assert "追完" in key_label("follow_up_cause", "ja")
    assert key_label("outline", "ja") == ItemField.OUTLINE.ja
    assert key_label("outline", "en") == ItemField.OUTLINE.en
    assert key_label("follow_up_cause", "en") == ReportItem.CAUSE.en + FollowUp.FOLLOW_UP.en
    assert key_label("from_another_release", "ja") == "from_another_release"
