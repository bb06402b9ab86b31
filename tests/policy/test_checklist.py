"""Tasks and criteria as pure values: what fits which case, by when, whose it is, and when it is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.cases.rules import criteria_of, rules_row, task_rules_of
from bot.cases.task_rows import texts
from bot.errors import Refused
from bot.organisation import AddedTask, Criteria, Criterion, TaskRules
from bot.policy import criteria
from bot.policy.access import check_close, check_declare, check_do_task
from bot.policy.checklist import CHECKLIST, checklist, circumstances
from bot.policy.need import Say
from bot.policy.needs import needs
from bot.policy.state import CaseState, EventState, MemberState, ReportState, TaskState
from bot.policy.tasks import NO_LONGER_FITS, Growth, growth, ordered, overdue, owners, progress
from bot.vocabulary import (
    CriterionKind,
    Indicator,
    Locale,
    LogKind,
    Medium,
    ObligationKind,
    Role,
    TaskName,
    TaskPhase,
    TaskStatus,
)
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, TOKYO, a_case, due, with_room

OFFICE = frozenset({"U0PRIVACY"})
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTICE = due(REPORTED, ObligationKind.INDIVIDUAL_NOTICE, due_at=None)
#: A case that must probably be reported.
REPORTABLE = (due(REPORTED), NOTICE)


def names(case: CaseState) -> set[str]:
    return {each.key for each in checklist(case, REPORTED)}


def reported(sign: Indicator, medium: str | None = None, **facts: Any) -> CaseState:
    report = ReportState(summary="x", medium=medium)
    return a_case(indicator=sign, report=report, facts=facts, obligations=REPORTABLE)


def some_tasks(*tasks: TaskState, **changes: Any) -> CaseState:
    return with_room(a_case(tasks=tasks, **changes))


def task(key: str = "stop_damage", after: timedelta = HOUR, **changes: Any) -> TaskState:
    known = {entry.name: entry.phase for entry in CHECKLIST}
    phase = known.get(TaskName(key), TaskPhase.REPORT) if key in set(TaskName) else TaskPhase.REPORT
    made = TaskState(key=key, phase=phase, owner=Role.MANAGER, due_at=REPORTED + after)
    return replace(made, **changes)


# --- the checklist --------------------------------------------------------------------------------


def test_every_task_stands_in_the_checklist_once() -> None:
    assert {entry.name for entry in CHECKLIST} == set(TaskName)
    assert len(CHECKLIST) == len(TaskName)


def test_what_prepares_a_report_falls_away_once_that_report_is_filed() -> None:
    case = reported(Indicator.MEDIA_LOST)
    assert {"collect_items", "prepare_notice"} <= names(case)
    preliminary, notice = case.obligations
    case = replace(case, obligations=(replace(preliminary, submitted_at=REPORTED), notice))
    assert "collect_items" not in names(case), "nobody asks for what has been submitted"
    assert "prepare_notice" in names(case)
    number = replace(preliminary, kind=ObligationKind.MN_PRELIMINARY)
    both = replace(case, obligations=(replace(preliminary, submitted_at=REPORTED), number, notice))
    assert "collect_items" in names(both), "the other one still has to be filed"
    case = replace(
        case,
        obligations=(replace(preliminary, submitted_at=REPORTED), replace(notice, submitted_at=REPORTED)),
    )
    assert "prepare_notice" not in names(case)
    assert {"consult_counsel", "open_desk"} <= names(case)


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_task_says_what_why_and_where_it_is_from(locale: Locale) -> None:
    found = texts(locale)
    assert set(found["tasks"]) == set(TaskName)
    for name, entry in found["tasks"].items():
        assert set(entry) - {"place", "also"} == {"title", "why", "source"}, name
        assert len(entry["title"]) <= 90, name
        assert {entry["source"], entry.get("also", entry["source"])} <= set(found["sources"]), name
    for source in found["sources"].values():
        assert source["address"].startswith("https://")
    used = {e["source"] for e in found["tasks"].values()} | {e.get("also") for e in found["tasks"].values()}
    assert set(found["sources"]) <= used, "a source that nothing names is a mistake"


@pytest.mark.parametrize("words", [TaskPhase, TaskStatus, CriterionKind])
def test_every_word_of_tasks_has_both_labels(words: Any) -> None:
    assert all(word.ja.strip() and word.en.isascii() for word in words)


@pytest.mark.parametrize("sign", Indicator)
def test_every_sign_has_a_first_move_and_what_always_fits(sign: Indicator) -> None:
    found = checklist(reported(sign), REPORTED)
    first = [each for each in found if each.phase is TaskPhase.FIRST_HOUR]
    assert 2 <= len(first) <= 5, [each.key for each in first]
    assert {"stop_damage", "preserve_evidence", "confirm_facts", "recurrence_prevention"} <= names(
        reported(sign)
    )
    assert len(found) <= 24, "a case that is small stays small"


@pytest.mark.parametrize(
    ("sign", "medium", "facts", "theft", "cyber"),
    [
        (Indicator.MEDIA_STOLEN, None, {}, True, False),
        (Indicator.MEDIA_STOLEN, "computer", {"malicious": "false"}, False, False),
        (Indicator.MEDIA_LOST, "computer", {}, False, False),
        (Indicator.MEDIA_LOST, "computer", {"malicious": "true"}, True, False),
        (Indicator.MEDIA_LOST, None, {"malicious": True}, False, False),
        (Indicator.INTERNAL_TIP, "system", {}, False, False),
        (Indicator.INTERNAL_TIP, "system", {"malicious": True}, False, True),
        (Indicator.INTERNAL_TIP, "mail", {"malicious": True}, False, True),
        (Indicator.INTERNAL_TIP, None, {"malicious": True}, False, False),
        (Indicator.EXTERNAL_INQUIRY, None, {"malicious": True}, False, True),
        (Indicator.EXTERNAL_INQUIRY, "paper", {"malicious": True}, True, False),
        (Indicator.DATA_TRADED, "paper", {"malicious": True}, True, False),
        (Indicator.SYSTEM_INTRUSION, None, {}, False, True),
        (Indicator.SYSTEM_INTRUSION, "system", {"malicious": False}, False, False),
    ],
)
def test_theft_and_cybercrime_are_told_apart(
    sign: Indicator, medium: str | None, facts: dict[str, Any], theft: bool, cyber: bool
) -> None:
    seen = circumstances(reported(sign, medium, **facts))
    assert (seen.sign, seen.medium, seen.theft, seen.cyber) == (sign, Medium.named(medium), theft, cyber)


@pytest.mark.parametrize("name", ["financial", "authority", "processor"])
def test_what_is_known_speaks_and_what_is_not_does_not(name: str) -> None:
    fact, yes, no = {
        "financial": ("financial_harm", (True, "true"), (False, "false", "unknown", None)),
        "authority": ("delegated_to_authority", ("fsa",), ("none", "", None)),
        "processor": ("role", ("processor",), ("controller", "unknown", None)),
    }[name]
    for values, expected in ((yes, True), (no, False)):
        for value in values:
            stated: dict[str, Any] = {fact: value}
            seen = circumstances(reported(Indicator.MEDIA_LOST, **stated))
            assert getattr(seen, name) is expected, value
    assert not getattr(circumstances(reported(Indicator.MEDIA_LOST)), name)


def test_police_for_theft_and_not_for_what_was_only_lost() -> None:
    assert "report_police" in names(reported(Indicator.MEDIA_STOLEN))
    assert "report_police" not in names(reported(Indicator.MEDIA_LOST))
    assert "report_police" in names(reported(Indicator.MEDIA_LOST, "computer", malicious=True))
    assert "report_police" not in names(reported(Indicator.MEDIA_STOLEN, malicious=False))


def test_jpcert_and_ipa_for_cybercrime_only() -> None:
    assert {"report_jpcert_ipa", "report_police", "isolate_systems"} <= names(
        reported(Indicator.SYSTEM_INTRUSION)
    )
    assert "report_jpcert_ipa" not in names(reported(Indicator.MEDIA_STOLEN, "computer"))
    assert "report_jpcert_ipa" in names(reported(Indicator.DATA_TRADED, malicious=True))
    assert "report_jpcert_ipa" not in names(reported(Indicator.SYSTEM_INTRUSION, malicious=False))


def test_the_processor_is_reviewed_where_there_is_one() -> None:
    review = {"ask_partner", "processor_check", "processor_supervision_review"}
    assert review <= names(reported(Indicator.PARTNER_REPORT))
    assert review <= names(reported(Indicator.MEDIA_LOST, role="processor"))
    assert not review & names(reported(Indicator.MEDIA_LOST))


def test_the_press_when_company_wide_or_to_be_published() -> None:
    press = {"press_conference_faq", "press_inquiries", "publish_on_site", "inform_employees"}
    small = reported(Indicator.MEDIA_LOST, persons={"exact": 30})
    assert not press & names(small)
    wide = names(replace(small, company_wide_at=REPORTED))
    assert press | {"open_committee", "apology_notice", "condolence_payment", "handle_claims"} <= wide
    published = replace(small, criteria=Criteria(publish=Criterion(persons=30)))
    assert press <= names(published)
    assert "apology_notice" not in names(published)


def test_what_no_law_asks_for_any_more_falls_away() -> None:
    free = a_case(indicator=Indicator.OTHER)
    assert not {"collect_items", "prepare_notice", "consult_counsel"} & names(free)
    told = replace(
        free, criteria=Criteria(notify_individuals=Criterion(sensitive=True)), facts={"sensitive": True}
    )
    assert "tell_persons" in names(told)
    assert "tell_persons" not in names(replace(told, obligations=REPORTABLE)), (
        "the obligation says it already"
    )


def test_the_organisation_leaves_out_moves_and_adds() -> None:
    own = AddedTask("tell_insurer", TaskPhase.REPORT, "保険会社に連絡する", Role.PRIVACY_OFFICE, DAY, "約款")
    rules = TaskRules(("near_miss_review",), {"preserve_evidence": 2 * HOUR}, (own,))
    found = {each.key: each for each in checklist(a_case(task_rules=rules), REPORTED)}
    assert "near_miss_review" not in found
    assert found["preserve_evidence"].due_at == REPORTED + 2 * HOUR
    assert (found["tell_insurer"].title, found["tell_insurer"].due_at) == (own.title, REPORTED + DAY)
    limits = Criteria(company_wide=Criterion(persons=1000), publish=Criterion(financial_harm=True))
    kept = rules_row(limits, rules)
    assert (criteria_of(kept), task_rules_of(kept)) == (limits, rules)
    assert (criteria_of({}), task_rules_of({})) == (Criteria(), TaskRules())


def test_days_that_the_law_counts_begin_with_knowing_and_the_others_with_coming_up() -> None:
    case = a_case(aware_at=REPORTED - DAY, obligations=REPORTABLE)
    found = {each.key: each.due_at for each in checklist(case, REPORTED)}
    assert found["collect_items"] == REPORTED + DAY
    assert found["confirm_facts"] == REPORTED + DAY
    late = {each.key: each.due_at for each in checklist(case, REPORTED + 9 * DAY)}
    assert late["collect_items"] == REPORTED + 9 * DAY + HOUR, "never past its time when it comes up"
    assert late["confirm_facts"] == REPORTED + 10 * DAY


# --- growing --------------------------------------------------------------------------------------


def grown(case: CaseState, now: datetime = REPORTED) -> CaseState:
    """The case after its tasks were brought up to its facts."""
    found = growth(case, now)
    new = [TaskState(each.key, each.phase, each.owner, each.due_at) for each in found.new]
    kept = [
        replace(t, status=TaskStatus.NOT_APPLICABLE, reason=NO_LONGER_FITS, by="leakbot")
        if t.key in found.dropped
        else replace(t, status=TaskStatus.OPEN, reason=None)
        if t.key in found.back
        else t
        for t in case.tasks
    ]
    return replace(case, tasks=tuple(ordered([*kept, *new])))


def test_growing_once_is_enough() -> None:
    case = grown(reported(Indicator.MEDIA_STOLEN, "computer"))
    assert not growth(case, REPORTED)
    phases = [t.phase for t in case.tasks]
    assert phases == sorted(phases, key=list(TaskPhase).index)


def test_what_fits_no_more_is_set_aside_unless_somebody_touched_it() -> None:
    stolen = grown(reported(Indicator.MEDIA_STOLEN, "computer"))
    touched = tuple(
        replace(t, status=TaskStatus.DONE, by="U0LEGAL") if t.key == "report_police" else t
        for t in stolen.tasks
    )
    found = replace(stolen, tasks=touched, facts={"malicious": False})
    assert growth(stolen, REPORTED).dropped == ()
    assert growth(replace(stolen, facts={"malicious": False}), REPORTED).dropped == ("report_police",)
    assert growth(found, REPORTED).dropped == (), "what is done stays done"
    given = tuple(replace(t, user="U0LEGAL") if t.key == "report_police" else t for t in stolen.tasks)
    assert growth(replace(stolen, tasks=given, facts={"malicious": False}), REPORTED).dropped == ()


def test_what_leakbot_set_aside_comes_back_and_what_a_person_set_aside_does_not() -> None:
    stolen = grown(reported(Indicator.MEDIA_STOLEN, "computer"))
    harmless = grown(replace(stolen, facts={"malicious": False}))
    assert harmless.task("report_police").status is TaskStatus.NOT_APPLICABLE  # type: ignore[union-attr]
    assert growth(replace(harmless, facts={}), REPORTED).back == ("report_police",)
    by_hand = tuple(
        replace(t, reason="紙だけのため", by="U0LEGAL") if t.key == "report_police" else t
        for t in harmless.tasks
    )
    assert growth(replace(harmless, facts={}, tasks=by_hand), REPORTED).back == ()
    same_words = tuple(replace(t, reason=NO_LONGER_FITS) for t in by_hand)
    assert growth(replace(harmless, facts={}, tasks=same_words), REPORTED).back == ()


def test_a_task_in_somebodys_own_words_never_falls_away() -> None:
    own = task("own-1", title="保守会社に頼む")
    assert growth(a_case(tasks=(own,)), REPORTED).dropped == ()


# --- whose, how far -------------------------------------------------------------------------------


def test_progress_counts_what_applies() -> None:
    case = some_tasks(
        task("stop_damage", status=TaskStatus.DONE),
        task("confirm_facts", 2 * HOUR),
        task("preserve_evidence", 5 * HOUR),
        task("report_police", status=TaskStatus.NOT_APPLICABLE),
    )
    assert (progress(case, REPORTED + 3 * HOUR).done, progress(case, REPORTED).total) == (1, 3)
    assert [progress(case, REPORTED + n * HOUR).overdue for n in (1, 3, 6)] == [0, 1, 2]


def test_the_owner_is_whoever_was_named_else_those_with_the_role_in_the_room() -> None:
    case = some_tasks(task(owner=Role.RESPONSE_TEAM), acknowledged_by="U0DEPUTY")
    people = {
        "U0LEGAL": MemberState("U0LEGAL", Role.RESPONSE_TEAM, invited_at=REPORTED),
        "U0GONE": MemberState("U0GONE", Role.RESPONSE_TEAM, invited_at=REPORTED, left_at=REPORTED),
        "U0PRIVACY": MemberState("U0PRIVACY", Role.PRIVACY_OFFICE, invited_at=REPORTED),
        "U0MANAGER": MemberState("U0MANAGER", Role.MANAGER, invited_at=REPORTED),
    }
    case = replace(case, members=people)
    assert owners(case, task(owner=Role.RESPONSE_TEAM)) == ("U0LEGAL",)
    assert owners(case, task(owner=Role.RESPONSE_TEAM, user="U0MANAGER")) == ("U0MANAGER",)
    assert owners(case, task(owner=Role.RESPONSE_TEAM, user="U0GONE")) == ("U0LEGAL",), "no longer there"
    assert owners(case, task()) == ("U0DEPUTY",), "whoever has the case"
    assert owners(replace(case, acknowledged_by=None), task()) == ("U0MANAGER",)
    assert owners(case, task(owner=Role.CRISIS_TEAM)) == ("U0PRIVACY",), "nobody there yet: the office"


# --- what is forgotten ----------------------------------------------------------------------------


def told(case: CaseState, moment: datetime, *keys: str) -> CaseState:
    """The case after the room was told of these tasks."""
    data = {"moment": moment.isoformat(), "tasks": list(keys), "fresh": list(keys)}
    event = EventState(90, moment, "leakbot", LogKind.TASKS_REMINDED, data)
    return replace(case, events=(*case.events, event))


def words(case: CaseState, now: datetime) -> Iterable[tuple[str, list[str]]]:
    return [
        (need.key.split("/")[-1], need.data["tasks"])
        for need in needs(case, ORGANISATION, now).wanted
        if need.say is Say.TASKS_OVERDUE
    ]


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def test_a_task_of_the_first_hour_is_asked_after_at_night_too() -> None:
    case = some_tasks(task(), acknowledged_at=REPORTED)
    assert words(case, REPORTED + HOUR - MINUTE) == []
    assert needs(case, ORGANISATION, REPORTED).next_at == REPORTED + HOUR
    assert words(case, REPORTED + HOUR) == [((REPORTED + HOUR).isoformat(), ["stop_damage"])]


def test_one_that_comes_up_nights_later_waits_for_the_morning() -> None:
    case = some_tasks(task(after=2 * DAY + 2 * HOUR), acknowledged_at=REPORTED)
    assert words(case, tokyo(24, 23, 30)) == []
    assert words(case, tokyo(25, 7)) == [(tokyo(25, 7).isoformat(), ["stop_damage"])]


def test_other_tasks_wait_for_the_morning_and_come_as_one_word() -> None:
    case = some_tasks(
        task("preserve_evidence", 4 * HOUR), task("confirm_facts", 5 * HOUR), acknowledged_at=REPORTED
    )
    assert words(case, REPORTED + 6 * HOUR) == []
    assert needs(case, ORGANISATION, REPORTED).next_at == tokyo(23, 7)
    assert words(case, tokyo(23, 7)) == [(tokyo(23, 7).isoformat(), ["preserve_evidence", "confirm_facts"])]


def test_what_falls_due_within_one_hour_is_one_word_on_the_hour() -> None:
    case = some_tasks(
        task("preserve_evidence", 16 * HOUR), task("confirm_facts", 16 * HOUR - 8 * MINUTE),
        acknowledged_at=REPORTED,
    )  # fmt: skip
    assert words(case, tokyo(23, 13, 59)) == []
    assert needs(case, ORGANISATION, tokyo(23, 13, 30)).next_at == tokyo(23, 14)
    both = ["preserve_evidence", "confirm_facts"]
    assert [keys for _, keys in words(case, tokyo(23, 14))] == [both]


def test_said_once_then_each_morning_all_together() -> None:
    case = some_tasks(task(), task("convene_experts", 2 * HOUR), acknowledged_at=REPORTED)
    case = told(case, REPORTED + HOUR, "stop_damage")
    assert words(case, REPORTED + HOUR + MINUTE) == []
    assert words(case, REPORTED + 2 * HOUR) == [((REPORTED + 2 * HOUR).isoformat(), ["convene_experts"])]
    case = told(case, REPORTED + 2 * HOUR, "convene_experts")
    assert words(case, tokyo(23, 6, 59)) == []
    assert needs(case, ORGANISATION, REPORTED + 3 * HOUR).next_at == tokyo(23, 7)
    assert words(case, tokyo(23, 7)) == [(tokyo(23, 7).isoformat(), ["stop_damage", "convene_experts"])]
    case = told(case, tokyo(23, 7), "stop_damage", "convene_experts")
    assert words(case, tokyo(23, 20)) == []
    assert needs(case, ORGANISATION, tokyo(23, 20)).next_at == tokyo(24, 7)


def test_after_days_of_downtime_it_is_one_word() -> None:
    case = some_tasks(
        task(), task("confirm_facts", DAY), task("scope_identification", 2 * DAY), acknowledged_at=REPORTED
    )
    ((_, keys),) = words(case, tokyo(26, 12))
    assert keys == ["stop_damage", "confirm_facts", "scope_identification"]


def test_nobody_is_asked_for_what_is_done_or_given_up() -> None:
    late = REPORTED + 3 * DAY
    for status in (TaskStatus.DONE, TaskStatus.NOT_APPLICABLE):
        case = some_tasks(task(status=status), acknowledged_at=REPORTED)
        assert overdue(case, ORGANISATION, late) == (None, None)


def test_prevention_goes_on_after_the_case_is_closed_and_nothing_else_does() -> None:
    case = some_tasks(
        task(), task("staff_retraining", 60 * DAY), acknowledged_at=REPORTED, closed_at=REPORTED + DAY
    )
    assert words(case, REPORTED + 2 * DAY) == []
    assert needs(case, ORGANISATION, REPORTED + 2 * DAY).next_at is not None
    ((_, keys),) = words(case, REPORTED + 61 * DAY)
    assert keys == ["staff_retraining"]
    joined = replace(case, joined_into="2026-0009")
    assert words(joined, REPORTED + 61 * DAY) == []
    check_do_task(case, case.tasks[1], "U0PRIVACY", OFFICE)
    with pytest.raises(Refused, match="already_closed"):
        check_do_task(case, case.tasks[0], "U0PRIVACY", OFFICE)


def test_after_the_end_once_a_week_is_enough() -> None:
    case = some_tasks(task("root_cause", 14 * DAY), acknowledged_at=REPORTED, closed_at=REPORTED + DAY)
    first = tokyo(23, 7) + 14 * DAY  # due in the evening, on the hour it is quiet already
    ((moment, _),) = words(case, first)
    assert moment == first.isoformat()
    case = told(case, first, "root_cause")
    week = first + 7 * DAY
    assert [words(case, first + n * DAY) for n in range(7)] == [[]] * 7
    assert needs(case, ORGANISATION, first + HOUR).next_at == week
    assert words(case, week) == [(week.isoformat(), ["root_cause"])]
    case = told(case, week, "root_cause")
    assert needs(case, ORGANISATION, week + HOUR).next_at == week + 7 * DAY
    assert words(case, week + 6 * DAY) == []
    assert len(list(words(case, week + 7 * DAY))) == 1


def test_whoever_works_off_tasks_works_on_the_case() -> None:
    taken = EventState(10, REPORTED, "U0MANAGER", LogKind.ACKNOWLEDGED, {})
    done = EventState(11, REPORTED + 3 * HOUR, "U0LEGAL", LogKind.TASK_DONE, {"task": "stop_damage"})
    case = with_room(a_case(acknowledged_at=REPORTED, acknowledged_by="U0MANAGER", events=(taken,)))
    later = REPORTED + 5 * HOUR
    assert any(n.say is Say.ASK_ROOM for n in needs(case, ORGANISATION, later).wanted)
    case = replace(case, events=(*case.events, done))
    assert not any(n.say is Say.ASK_ROOM for n in needs(case, ORGANISATION, later).wanted)


# --- criteria -------------------------------------------------------------------------------------

WIDE = Criteria(company_wide=Criterion(persons=1000, financial_harm=True))


@pytest.mark.parametrize(
    ("facts", "met", "possible"),
    [
        ({"persons": {"exact": 1000}}, ("persons",), ("financial_harm",)),
        ({"persons": {"exact": 999}, "financial_harm": False}, (), ()),
        ({"persons": {"min": 800, "max": 1200}}, ("persons",), ("financial_harm",)),
        ({"persons": {"max": 500}, "financial_harm": "unknown"}, (), ("financial_harm",)),
        ({"persons": {"min": 500}, "financial_harm": False}, (), ("persons",)),
        ({"persons": {"min": 1000}, "financial_harm": False}, ("persons",), ()),
        ({"persons": "unknown", "financial_harm": True}, ("financial_harm",), ("persons",)),
        ({}, (), ("persons", "financial_harm")),
    ],
)
def test_the_highest_possible_number_decides_and_unknown_stays_open(
    facts: dict[str, Any], met: tuple[str, ...], possible: tuple[str, ...]
) -> None:
    case = a_case(criteria=WIDE, facts=facts)
    assert criteria.why_met(case, CriterionKind.COMPANY_WIDE) == met
    assert criteria.why_possible(case, CriterionKind.COMPANY_WIDE) == possible
    assert criteria.met(case) == ((CriterionKind.COMPANY_WIDE,) if met else ())
    assert criteria.possible(case) == ((CriterionKind.COMPANY_WIDE,) if possible and not met else ())


def test_each_part_of_a_criterion_is_judged_by_itself() -> None:
    sensitive = a_case(criteria=Criteria(publish=Criterion(sensitive=True)))
    many = replace(sensitive, facts={"persons": {"exact": 100_000}, "sensitive": "unknown"})
    assert criteria.met(many) == (), "it asks for no number"
    assert criteria.why_possible(many, CriterionKind.PUBLISH) == ("sensitive",)
    for yes in (True, "true"):
        assert criteria.met(replace(sensitive, facts={"sensitive": yes})) == (CriterionKind.PUBLISH,)
    for other in (False, "false", "unknown", None):
        assert criteria.met(replace(sensitive, facts={"sensitive": other})) == ()


def test_without_criteria_nothing_is_met() -> None:
    case = a_case(facts={"persons": {"exact": 9_000_000}, "financial_harm": True})
    assert (criteria.met(case), criteria.possible(case)) == ((), ())


def test_what_is_met_and_not_followed_needs_a_reason_before_the_end() -> None:
    all_of_them = Criteria(Criterion(persons=10), Criterion(persons=10), Criterion(persons=10))
    case = a_case(criteria=all_of_them, facts={"persons": {"exact": 10}})
    with pytest.raises(Refused, match="deviation_needs_reason") as no:
        check_close(case, "U0PRIVACY", OFFICE)
    assert no.value.values["criteria"] == list(CriterionKind)
    case = replace(
        case,
        company_wide_at=REPORTED,
        tasks=(task("publish_on_site", status=TaskStatus.DONE),),
        deviations={"notify_individuals": {"reason": "x"}},
    )
    assert criteria.not_followed(case) == (CriterionKind.NOTIFY_INDIVIDUALS,)
    check_close(case, "U0PRIVACY", OFFICE)
    notified = replace(case, deviations={}, obligations=(replace(NOTICE, submitted_at=REPORTED),))
    check_close(notified, "U0PRIVACY", OFFICE)
    published = replace(case, tasks=(task("publish_on_site"),))
    with pytest.raises(Refused, match="deviation_needs_reason"):
        check_close(published, "U0PRIVACY", OFFICE)


def test_a_criterion_is_told_once_whatever_becomes_of_the_number() -> None:
    met = [
        EventState(n, REPORTED, "leakbot", LogKind.CRITERION_MET, {"criterion": "publish"}) for n in (20, 30)
    ]
    case = replace(with_room(a_case(acknowledged_at=REPORTED)), events=tuple(met))
    keys = [n.key for n in needs(case, ORGANISATION, REPORTED).wanted if n.say is Say.NOTICE]
    assert keys == ["2026-0001/criterion_met/publish"]


def test_a_company_wide_response_is_declared_once_and_told_when_its_people_are_in() -> None:
    case = with_room(a_case(acknowledged_at=REPORTED))
    check_declare(case, "U0PRIVACY", OFFICE)
    event = EventState(20, REPORTED, "U0PRIVACY", LogKind.COMPANY_WIDE, {"crisis_team": ["U0PR"]})
    case = replace(case, events=(*case.events, event), company_wide_at=REPORTED, company_wide_by="U0PRIVACY")
    with pytest.raises(Refused, match="already_declared"):
        check_declare(case, "U0PRIVACY", OFFICE)

    def notices(invited: MemberState) -> list[str]:
        here = replace(case, members={**case.members, "U0PR": invited})
        return [n.key for n in needs(here, ORGANISATION, REPORTED).wanted if n.say is Say.NOTICE]

    called = MemberState("U0PR", Role.CRISIS_TEAM)
    assert notices(called) == []
    assert notices(replace(called, invited_at=REPORTED)) == ["2026-0001/company_wide/20"]
    assert notices(replace(called, error="user_is_restricted")) == ["2026-0001/company_wide/20"]


def test_taking_a_task_oneself_is_not_told() -> None:
    def notices(to: str) -> int:
        event = EventState(20, REPORTED, "U0LEGAL", LogKind.TASK_ASSIGNED, {"task": "stop_damage", "to": to})
        case = with_room(a_case(acknowledged_at=REPORTED))
        case = replace(case, events=(*case.events, event))
        return sum(n.say is Say.NOTICE for n in needs(case, ORGANISATION, REPORTED).wanted)

    assert (notices("U0LEGAL"), notices("U0DEPUTY")) == (0, 1)


def test_any_change_of_the_tasks_is_one() -> None:
    [wanted, *_] = checklist(a_case(), REPORTED)
    nothing = Growth((), (), ())
    assert not nothing
    assert replace(nothing, new=(wanted,))
    assert replace(nothing, dropped=("stop_damage",))
    assert replace(nothing, back=("stop_damage",))
