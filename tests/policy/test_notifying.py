"""How far the notices are, what was decided on publication, and when that is looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.organisation import Criteria, Criterion
from bot.policy import criteria
from bot.policy.access import check_decide_publication, check_join, check_notify, check_see_notices
from bot.policy.checklist import checklist
from bot.policy.items import Notified, Published, items, line_of, missing_for_final
from bot.policy.need import Say
from bot.policy.needs import needs
from bot.policy.notice_state import NoticeEntry, NoticesState, PublicationState
from bot.policy.notifying import (
    may_be_completed,
    progress,
    publication_is_looked_at_again,
    publication_stage,
    standing_entries,
)
from bot.policy.state import CaseState, MemberState, TaskState
from bot.vocabulary import (
    CriterionKind,
    ItemField,
    NoticeWay,
    ObligationKind,
    Origin,
    Publication,
    PublicationStage,
    PublicationWay,
    Role,
    TaskName,
    TaskPhase,
    TaskStatus,
)
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, TOKYO, a_case, due, paged, with_room

OFFICE = frozenset({"U0PRIVACY"})
NOTICE = replace(due(REPORTED, ObligationKind.INDIVIDUAL_NOTICE), due_at=None, recipient="persons")
W = NoticeWay


def entries(*told: tuple[Any, ...]) -> tuple[NoticeEntry, ...]:
    """Records as (way, persons), with the number of the one corrected and a reason where there is one."""

    def made() -> Iterator[NoticeEntry]:
        for number, (way, persons, *more) in enumerate(told, start=1):
            at = REPORTED + number * MINUTE
            corrects, why = (*more, None, None)[:2]
            yield NoticeEntry(number, way, persons, at, "U0PRIVACY", at, why, corrects)

    return tuple(made())


def told(*records: tuple[Any, ...], total: int | None = None, **changes: Any) -> CaseState:
    """A case with an individual notice to give, 1,200 persons, and these records."""
    case = a_case(obligations=(NOTICE,), facts={"persons": {"exact": 1200}})
    return replace(case, notices=NoticesState(entries(*records), total), **changes)


def decided(decision: Publication, **changes: Any) -> PublicationState:
    """Decided when it was reported."""
    return replace(PublicationState(decision, "理由", "U0PRIVACY", REPORTED), **changes)


def test_before_the_first_record_nothing_is_told_and_nothing_complete() -> None:
    known = progress(told())
    assert (known.told, known.total, known.begun, known.complete) == (0, 1200, False, False)
    assert not progress(told(facts={"persons": {"exact": 0}})).complete, "of nobody nothing is complete"


def test_records_add_up_by_their_ways() -> None:
    known = progress(told((W.LETTER, 200), (W.MAIL, 500), (W.LETTER, 100)))
    assert (known.told, known.replaced, known.total) == (800, 0, 1200)
    assert known.ways == ((W.MAIL, 500), (W.LETTER, 300)), "in the order of the vocabulary"
    assert known.last_at == REPORTED + 3 * MINUTE
    assert not known.complete
    assert progress(told((W.MAIL, 1200))).complete


def test_a_correction_counts_instead_of_what_it_corrects_and_zero_takes_it_back() -> None:
    case = told((W.MAIL, 600), (W.LETTER, 200), (W.MAIL, 580, 1))
    assert [entry.number for entry in standing_entries(case)] == [2, 3]
    assert progress(case).told == 780
    back = told((W.MAIL, 600), (W.LETTER, 200), (W.MAIL, 0, 1))
    assert progress(back).ways == ((W.LETTER, 200),)
    again = told((W.MAIL, 600), (W.MAIL, 0, 1), (W.MAIL, 60, 2))
    assert progress(again).told == 60, "a correction can itself be corrected"
    assert not progress(told((W.MAIL, 600), (W.MAIL, 0, 1))).begun


@pytest.mark.parametrize(
    ("facts", "entered", "total", "at_most"),
    [
        ({"persons": {"exact": 1200}}, None, 1200, False),
        ({"persons": {"min": 800, "max": 1200}}, None, 1200, True),
        ({"persons": {"max": 1200}}, None, 1200, True),
        ({"persons": {"min": 800}}, None, None, False),
        ({"persons": "unknown"}, None, None, False),
        ({}, None, None, False),
        ({"persons": {"exact": 1200}}, 900, 900, False),
        ({}, 900, 900, False),
    ],
)
def test_how_many_are_to_be_told(
    facts: dict[str, Any], entered: int | None, total: int | None, at_most: bool
) -> None:
    known = progress(told(total=entered, facts=facts))
    assert (known.total, known.at_most) == (total, at_most)


def test_a_substitute_measure_stands_for_its_number_or_for_everybody_else() -> None:
    counted = progress(told((W.MAIL, 1150), (W.SUBSTITUTE_PUBLICATION, 50, None, "宛先が古い")))
    assert (counted.told, counted.replaced, counted.complete) == (1150, 50, True)
    rest = progress(told((W.MAIL, 10), (W.SUBSTITUTE_INQUIRY_DESK, None, None, "宛先がない"), facts={}))
    assert (rest.told, rest.everybody_else, rest.total, rest.complete) == (10, True, None, True)
    assert rest.replaced == 0, "nobody entered a number"
    assert rest.ways[-1] == (W.SUBSTITUTE_INQUIRY_DESK, None)
    assert not progress(told((W.MAIL, 10), facts={})).complete, "of an unknown number nobody knows"


def test_only_an_open_obligation_with_everybody_told_can_be_completed() -> None:
    assert may_be_completed(told((W.MAIL, 1200)))
    assert not may_be_completed(told((W.MAIL, 1199)))
    assert not may_be_completed(told((W.MAIL, 1200), obligations=()))
    assert not may_be_completed(told((W.MAIL, 1200), obligations=(replace(NOTICE, submitted_at=REPORTED),)))


def test_the_criterion_to_tell_the_persons_is_followed_when_everybody_was_told() -> None:
    rule = Criteria(notify_individuals=Criterion(persons=10))
    case = told((W.MAIL, 1200), criteria=rule, obligations=())
    assert criteria.not_followed(case) == ()
    assert criteria.not_followed(replace(case, notices=NoticesState())) == (CriterionKind.NOTIFY_INDIVIDUALS,)


def test_the_criterion_to_publish_is_followed_by_deciding_to() -> None:
    case = told(criteria=Criteria(publish=Criterion(persons=10)))
    assert criteria.unexplained(case) == (CriterionKind.PUBLISH,)
    assert criteria.not_followed(replace(case, publication=decided(Publication.PUBLISH))) == ()
    for decision in (Publication.DO_NOT_PUBLISH, Publication.LATER):
        assert criteria.not_followed(replace(case, publication=decided(decision))) == (CriterionKind.PUBLISH,)


def test_what_was_decided_brings_the_tasks_of_publishing_or_takes_them_back() -> None:
    case = told()
    met = replace(case, criteria=Criteria(publish=Criterion(persons=10)))

    def publishes(case: CaseState) -> bool:
        return TaskName.PUBLISH_ON_SITE in {task.key for task in checklist(case, REPORTED)}

    assert not publishes(case)
    assert publishes(replace(case, publication=decided(Publication.PUBLISH)))
    assert publishes(met)
    assert publishes(replace(met, publication=decided(Publication.LATER)))
    assert not publishes(replace(met, publication=decided(Publication.DO_NOT_PUBLISH)))


def test_where_publication_stands_in_the_words_of_the_form() -> None:
    task = TaskState(TaskName.PUBLISH_ON_SITE, TaskPhase.NOTIFY, Role.PRIVACY_OFFICE, REPORTED)
    done = replace(task, status=TaskStatus.DONE)
    planned = decided(Publication.PUBLISH, publish_at=REPORTED + timedelta(days=1))
    assert publication_stage(a_case()) is None
    assert publication_stage(a_case(tasks=(done,))) is PublicationStage.DONE
    assert publication_stage(a_case(publication=planned, tasks=(task,))) is PublicationStage.PLANNED
    assert publication_stage(a_case(publication=planned, tasks=(done,))) is PublicationStage.DONE
    at_once = decided(Publication.PUBLISH, publish_at=REPORTED - MINUTE)
    assert publication_stage(a_case(publication=at_once)) is PublicationStage.DONE
    assert publication_stage(a_case(publication=decided(Publication.LATER))) is PublicationStage.CONSIDERED
    assert publication_stage(a_case(publication=decided(Publication.DO_NOT_PUBLISH))) is PublicationStage.NONE


# --- put off to a day -----------------------------------------------------------------------------

LATER = decided(Publication.LATER, review_on=date(2026, 12, 1))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of December 2026 in Tokyo, as UTC."""
    return datetime(2026, 12, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def test_what_was_put_off_is_asked_for_on_its_morning_and_each_morning_after() -> None:
    case = with_room(a_case(publication=LATER, acknowledged_at=REPORTED))

    def asked(now: datetime) -> tuple[list[str], datetime | None]:
        found, next_at = publication_is_looked_at_again(case, ORGANISATION, now)
        return [need.key for need in found], next_at

    assert asked(at(1, 6, 59)) == ([], at(1, 7))
    assert asked(at(1, 7)) == (["2026-0001/publication_due/2026-12-01"], at(2, 7))
    assert asked(at(2, 6, 59)) == (["2026-0001/publication_due/2026-12-01"], at(2, 7))
    assert asked(at(5, 23)) == (["2026-0001/publication_due/2026-12-05"], at(6, 7)), "only the newest"
    said = needs(case, ORGANISATION, at(1, 8))
    assert Say.PUBLICATION_DUE in {need.say for need in said.wanted}
    assert said.next_word_at is not None
    assert said.next_word_at <= at(2, 7)


@pytest.mark.parametrize(
    "changes",
    [
        {"publication": None},
        {"publication": decided(Publication.PUBLISH)},
        {"publication": decided(Publication.DO_NOT_PUBLISH)},
        {"publication": LATER, "closed_at": REPORTED},
    ],
)
def test_nobody_is_asked_for_what_is_decided_or_over(changes: dict[str, Any]) -> None:
    case = with_room(a_case(acknowledged_at=REPORTED, **changes))
    assert publication_is_looked_at_again(case, ORGANISATION, at(9, 12)) == ([], None)


def test_without_a_room_it_waits_for_the_room() -> None:
    found, next_at = publication_is_looked_at_again(a_case(publication=LATER), ORGANISATION, at(1, 8))
    assert (found, next_at) == ([], at(2, 7))


# --- the nine items -------------------------------------------------------------------------------


def test_item_six_is_filled_from_the_records() -> None:
    case = told((W.MAIL, 1150), (W.SUBSTITUTE_PUBLICATION, 50, None, "宛先が古い"))
    line = line_of(items(case), ItemField.RESPONSE)
    assert line.origin is Origin.NOTICES
    assert isinstance(line.value, Notified)
    assert (line.value.progress.told, line.value.reasons, line.value.completed_at) == (
        1150,
        ("宛先が古い",),
        None,
    )
    done = replace(case, obligations=(replace(NOTICE, submitted_at=REPORTED),))
    value = line_of(items(done), ItemField.RESPONSE).value
    assert isinstance(value, Notified)
    assert value.completed_at == REPORTED
    bare = line_of(items(replace(done, notices=NoticesState())), ItemField.RESPONSE)
    assert bare.origin is Origin.OBLIGATION, "recorded as given without a record of who was told"
    back = told((W.SUBSTITUTE_PUBLICATION, 50, None, "取り消した理由"), (W.SUBSTITUTE_PUBLICATION, 0, 1))
    assert line_of(items(back), ItemField.RESPONSE).value is None


def test_item_seven_is_filled_from_the_decision_and_the_office_stands_before_it() -> None:
    case = told(publication=decided(Publication.PUBLISH, ways=(PublicationWay.WEBSITE,)))
    line = line_of(items(case), ItemField.PUBLICATION)
    assert line.origin is Origin.PUBLICATION
    assert line.value == Published(PublicationStage.PLANNED, (PublicationWay.WEBSITE,), reason="理由")
    assert ItemField.PUBLICATION not in missing_for_final(items(case))
    assert ItemField.PUBLICATION in missing_for_final(items(replace(case, publication=None)))
    edit = {"text": "12月に掲載", "by": "U0PRIVACY", "at": REPORTED.isoformat()}
    written = line_of(items(replace(case, items={"publication": edit})), ItemField.PUBLICATION)
    assert (written.value, written.origin) == ("12月に掲載", Origin.OFFICE)


def test_the_contact_comes_from_the_organisation_where_the_office_wrote_none() -> None:
    line = line_of(items(a_case(), "営業部 desk@example.co.jp"), ItemField.CONTACT)
    assert (line.value, line.origin) == ("営業部 desk@example.co.jp", Origin.ORGANISATION)
    assert line_of(items(a_case()), ItemField.CONTACT).value is None
    edit = {"text": "フリーダイヤル", "by": "U0PRIVACY", "at": REPORTED.isoformat()}
    case = a_case(items={"contact": edit})
    assert line_of(items(case, "営業部 desk@example.co.jp"), ItemField.CONTACT).value == "フリーダイヤル"


# --- who may --------------------------------------------------------------------------------------


def test_whoever_works_on_it_records_and_only_the_office_decides() -> None:
    members = {"U0LEGAL": MemberState("U0LEGAL", Role.RESPONSE_TEAM, invited_at=REPORTED)}
    case = a_case(members=members, pages=(paged(0, "U0MANAGER", MINUTE),))
    for person in ("U0LEGAL", "U0MANAGER", "U0PRIVACY"):
        check_notify(case, person, OFFICE)
    for person in ("U0LEGAL", "U0MANAGER"):
        check_see_notices(case, person, OFFICE)
        with pytest.raises(Refused, match="not_allowed"):
            check_decide_publication(case, person, OFFICE)
    check_decide_publication(case, "U0PRIVACY", OFFICE)
    with pytest.raises(Refused, match="not_found"):
        check_see_notices(case, "U0OUTSIDER", OFFICE)
    over = replace(case, closed_at=REPORTED)
    check_see_notices(over, "U0LEGAL", OFFICE)
    for check in (check_notify, check_decide_publication):
        with pytest.raises(Refused, match="already_closed"):
            check(over, "U0PRIVACY", OFFICE)


def test_a_case_with_records_or_a_decision_is_not_joined_to_another() -> None:
    other = a_case(number="2026-0002")
    check_join(a_case(), other, "U0PRIVACY", OFFICE)
    for case in (told((W.MAIL, 1), obligations=()), a_case(publication=LATER)):
        with pytest.raises(Refused, match="join_decided"):
            check_join(case, other, "U0PRIVACY", OFFICE)
