"""Approval: where a version stands, whose turn it is, four eyes, and who is asked again when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.policy.approval import (
    FITTING,
    Approval,
    Asked,
    Ref,
    Sent,
    SentBack,
    Version,
    asked,
    check_turn,
    fitting,
    is_of_the_role,
    may_take,
    version_of,
    versions,
)
from bot.policy.circulating import approvals_are_asked_for
from bot.policy.need import Need, Say
from bot.policy.needs import READ, needs
from bot.policy.state import AbsenceState, CaseState, EventState, MemberState
from bot.vocabulary import DocumentKind, DocumentState, Locale, LogKind, ObligationKind, Role, SendingWay
from bot.workflow.approving import working_morning_after
from tests.policy.situations import CHAIN, MINUTE, ORGANISATION, REPORTED, TOKYO, a_case, paged, with_room

OFFICE = frozenset({"U0PRIVACY", "U0PRIVACY2"})
NOTICE = Ref(DocumentKind.NOTICE_TO_PERSONS, "ja", 1)
SECOND = replace(NOTICE, version=2)
#: Monday 23 November 2026 is a holiday; Tuesday is the next day the office is open.
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=TOKYO).astimezone(UTC)


def at(minutes: int) -> datetime:
    return REPORTED + minutes * MINUTE


def entry(seq: int, kind: LogKind, actor: str, ref: Ref = NOTICE, **data: Any) -> EventState:
    named = {"kind": ref.kind, "locale": ref.locale, "version": ref.version, "hash": f"hash{ref.version}"}
    return EventState(seq, at(seq), actor, kind, {**named, **data})


def drafted(seq: int, actor: str = "U0LEGAL", ref: Ref = NOTICE) -> EventState:
    return entry(seq, LogKind.DOCUMENT_DRAFTED, actor, ref)


def circulated(seq: int, *route: Role, ref: Ref = NOTICE) -> EventState:
    route = route or (Role.MANAGER, Role.PRIVACY_OFFICE)
    return entry(seq, LogKind.DOCUMENT_CIRCULATED, "U0LEGAL", ref, route=[role.value for role in route])


def approved(seq: int, actor: str, step: int, role: Role, left: int) -> EventState:
    return entry(seq, LogKind.DOCUMENT_APPROVED, actor, step=step, role=role.value, left=left)


def told(seq: int, user: str | None, step: int, turn: int = 6, **more: Any) -> EventState:
    data = {"turn": turn, "step": step, "channel": "D1", "ts": f"{seq}.0"} | ({"user": user} if user else {})
    return entry(seq, LogKind.APPROVAL_ASKED, "leakbot", **{**data, **more})


def a_room(*events: EventState, **changes: Any) -> CaseState:
    """The manager has the case; two of the privacy office and one of legal are in the room."""
    case = with_room(a_case(acknowledged_at=REPORTED, acknowledged_by="U0MANAGER"))
    roles = {
        "U0REPORTER": Role.REPORTER,
        "U0MANAGER": Role.MANAGER,
        "U0PRIVACY": Role.PRIVACY_OFFICE,
        "U0PRIVACY2": Role.PRIVACY_OFFICE,
        "U0LEGAL": Role.RESPONSE_TEAM,
    }
    members = {user: MemberState(user, role, invited_at=REPORTED) for user, role in roles.items()}
    return replace(replace(case, members=members, events=(*case.events, *events)), **changes)


def only(case: CaseState, ref: Ref = NOTICE) -> Version:
    version = version_of(case, ref)
    assert version is not None
    return version


def asks(case: CaseState, now: datetime = REPORTED) -> tuple[str, ...]:
    return asked(case, only(case), now).users


MANAGER_DID = approved(8, "U0MANAGER", 0, Role.MANAGER, 1)
OFFICE_DID = approved(9, "U0PRIVACY", 1, Role.PRIVACY_OFFICE, 0)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), DocumentState.DRAFT),
        ((circulated(6),), DocumentState.CIRCULATING),
        ((circulated(6), MANAGER_DID), DocumentState.CIRCULATING),
        ((circulated(6), MANAGER_DID, OFFICE_DID), DocumentState.APPROVED),
        (
            (
                circulated(6),
                entry(8, LogKind.DOCUMENT_SENT_BACK, "U0MANAGER", step=0, role="manager", remark="x"),
            ),
            DocumentState.SENT_BACK,
        ),
        ((circulated(6), drafted(7, ref=SECOND)), DocumentState.SUPERSEDED),
        ((circulated(6), MANAGER_DID, OFFICE_DID, drafted(10, ref=SECOND)), DocumentState.APPROVED),
        (
            (
                circulated(6),
                MANAGER_DID,
                OFFICE_DID,
                entry(
                    10,
                    LogKind.DOCUMENT_SENT,
                    "U0LEGAL",
                    recipient="x",
                    sent_at=REPORTED.isoformat(),
                    way="post",
                ),
            ),
            DocumentState.SENT,
        ),
    ],
)
def test_where_a_version_stands(events: tuple[EventState, ...], state: DocumentState) -> None:
    assert only(a_room(drafted(5), *events)).state is state


def test_the_same_version_circulated_again_begins_from_its_first_step() -> None:
    back = entry(8, LogKind.DOCUMENT_SENT_BACK, "U0PRIVACY", step=1, role="privacy_office", remark="x")
    case = a_room(drafted(5), circulated(6), replace(MANAGER_DID, seq=7), back, circulated(9))
    assert (only(case).turn, only(case).step, only(case).sent_back) == (9, 0, None)
    assert asks(case) == ("U0MANAGER",)


def test_blanked_entries_tell_nothing() -> None:
    gone = EventState(8, at(8), "U0MANAGER", LogKind.DOCUMENT_SENT_BACK, {"blanked": True})
    assert len(versions(a_room(drafted(5), gone).events)) == 1


def test_whoever_has_the_case_is_asked_first_and_then_the_office() -> None:
    case = a_room(drafted(5), circulated(6))
    assert asks(case) == ("U0MANAGER",)
    assert asks(replace(case, acknowledged_by="U0DEPUTY")) == ("U0DEPUTY",)
    assert asks(replace(case, acknowledged_by=None)) == ("U0MANAGER",)
    assert asks(a_room(drafted(5), circulated(6), MANAGER_DID)) == ("U0PRIVACY", "U0PRIVACY2")


def test_never_the_author_nor_whoever_approved_before() -> None:
    case = a_room(drafted(5, "U0MANAGER"), circulated(6))
    assert asks(case) == ("U0DEPUTY",), "the manager wrote it, so a deputy is asked"
    step = (circulated(6), approved(8, "U0PRIVACY", 0, Role.MANAGER, 1))
    case = a_room(drafted(5), *step, acknowledged_by="U0PRIVACY")
    assert asks(case) == ("U0PRIVACY2",)
    case = a_room(drafted(5, "U0PRIVACY2"), *step, acknowledged_by="U0PRIVACY")
    turn = asked(case, only(case), REPORTED)
    assert (turn.users, turn.instead) == (("U0CISO",), Role.LAST_RESORT), "a one-person office needs somebody"


def test_somebody_absent_deactivated_or_gone_from_the_room_is_not_asked() -> None:
    case = a_room(drafted(5), circulated(6), acknowledged_by=None)
    away = AbsenceState(1, "U0MANAGER", REPORTED, REPORTED + timedelta(days=3))
    assert asks(replace(case, absences=(away,))) == ("U0DEPUTY",)
    assert asks(replace(case, absences=(away,)), REPORTED + timedelta(days=4)) == ("U0MANAGER",)
    left = {**case.members, "U0MANAGER": replace(case.members["U0MANAGER"], left_at=REPORTED)}
    assert asks(replace(case, members=left)) == ("U0DEPUTY",)
    first, *rest = case.chain
    closed = replace(first, people=tuple(replace(p, active=False) for p in first.people))
    assert asks(replace(case, chain=(closed, *rest))) == ("U0DEPUTY",)


def test_whoever_slack_does_not_let_us_ask_is_passed_over() -> None:
    case = a_room(drafted(5), circulated(6), told(7, "U0MANAGER", 0, error="user_disabled"))
    assert asks(case) == ("U0DEPUTY",)


def turn_of(case: CaseState, person: str, turn: int = 6, step: int = 0, ref: Ref = NOTICE) -> bool:
    return check_turn(case, only(case, ref), turn, step, person, OFFICE, REPORTED)


def test_only_whose_turn_it_is_decides() -> None:
    case = a_room(drafted(5), circulated(6))
    assert turn_of(case, "U0MANAGER")
    with pytest.raises(Refused, match="not_asked_to_approve"):
        turn_of(case, "U0PRIVACY")
    with pytest.raises(Refused, match="own_document"):
        turn_of(case, "U0LEGAL")
    with pytest.raises(Refused, match="not_allowed"):
        turn_of(case, "U0REPORTER")
    with pytest.raises(Refused, match="not_found"):
        turn_of(case, "U0STRANGER")
    case = a_room(drafted(5), circulated(6), MANAGER_DID)
    assert turn_of(case, "U0PRIVACY2", step=1)
    assert may_take(case, only(case), "U0PRIVACY", OFFICE, REPORTED)
    assert not may_take(case, only(case), "U0MANAGER", OFFICE, REPORTED)


def test_an_old_button_is_refused_with_its_reason_and_a_second_press_changes_nothing() -> None:
    case = a_room(drafted(5), circulated(6), MANAGER_DID)
    assert not turn_of(case, "U0MANAGER"), "pressed twice, approved once"
    with pytest.raises(Refused, match="approval_over"):
        turn_of(case, "U0PRIVACY", step=0)
    with pytest.raises(Refused, match="approval_over"):
        turn_of(case, "U0PRIVACY", turn=4, step=1)
    case = a_room(drafted(5), circulated(6), drafted(7, ref=SECOND))
    with pytest.raises(Refused) as no:
        turn_of(case, "U0MANAGER")
    assert (no.value.reason, dict(no.value.values)) == ("document_superseded", {"version": 1, "newest": 2})


def approvals(case: CaseState, now: datetime) -> list[Need]:
    says = {Say.APPROVAL_DIRECT, Say.APPROVAL_ROOM, Say.APPROVAL_REDRAW, Say.SENT_BACK}
    return [need for need in needs(case, ORGANISATION, now).wanted if need.say in says]


def test_asked_in_person_and_in_the_room_and_again_on_each_working_morning() -> None:
    case = a_room(drafted(5), circulated(6))
    first = approvals(case, at(6))
    key = "2026-0001/approval/notice_to_persons/ja/1/6/0"
    assert [need.key for need in first] == [f"{key}/U0MANAGER", key]
    again: dict[str, Any] = {"again_at": TUESDAY.isoformat()}
    asked_once = (drafted(5), circulated(6), told(7, "U0MANAGER", 0, **again), told(8, None, 0))
    case = a_room(*asked_once)
    assert approvals_are_asked_for(case, at(8)) == (first, TUESDAY)
    assert approvals(case, TUESDAY - MINUTE) == first
    said = approvals(case, TUESDAY + timedelta(days=2))
    assert [need.key for need in said] == [*(need.key for need in first), f"{key}/U0MANAGER/2026-11-24"]
    # Said late, and once: what was noted then counts from there.
    friday = TUESDAY + timedelta(days=3)
    case = a_room(*asked_once, told(9, "U0MANAGER", 0, again_at=friday.isoformat()))
    assert approvals_are_asked_for(case, TUESDAY + timedelta(days=2)) == (first, friday)
    assert needs(replace(case, closed_at=at(9)), ORGANISATION, TUESDAY).next_at == friday


@pytest.mark.parametrize(
    ("now", "weekly", "morning"),
    [
        ("2026-11-22T21:18", False, "2026-11-24T09:00"),  # Sunday; Monday is a holiday
        ("2026-11-24T08:59", False, "2026-11-24T09:00"),
        ("2026-11-24T09:00", False, "2026-11-25T09:00"),
        ("2026-11-27T12:00", False, "2026-11-30T09:00"),  # over a weekend
        ("2026-12-28T12:00", False, "2027-01-04T09:00"),  # over New Year
        ("2026-11-22T21:18", True, "2026-11-24T09:00"),
        ("2026-11-24T12:00", True, "2026-11-30T09:00"),
    ],
)
def test_when_the_office_next_opens(now: str, weekly: bool, morning: str) -> None:
    local = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    found = working_morning_after(local.astimezone(UTC), TOKYO, weekly=weekly)
    assert (found.tzinfo, found) == (UTC, datetime.fromisoformat(morning).replace(tzinfo=TOKYO))


def test_the_room_waits_for_the_invitation_and_a_joined_case_asks_nobody() -> None:
    case = a_room(drafted(5, "U0MANAGER"), circulated(6), acknowledged_by=None)
    assert [need.say for need in approvals(case, at(6))] == [Say.APPROVAL_DIRECT]
    assert approvals(replace(case, joined_into="2026-0002"), at(6)) == []


def test_what_is_over_loses_its_buttons_and_the_author_reads_the_remark() -> None:
    back = entry(9, LogKind.DOCUMENT_SENT_BACK, "U0MANAGER", step=0, role="manager", remark="人数")
    case = a_room(drafted(5), circulated(6), told(7, "U0MANAGER", 0), told(8, None, 0), back)
    wanted = approvals(case, at(10))
    assert [(need.say, need.data["seq"]) for need in wanted] == [
        (Say.APPROVAL_REDRAW, 7),
        (Say.APPROVAL_REDRAW, 8),
        (Say.SENT_BACK, 9),
    ]
    assert wanted[-1].data["user"] == "U0LEGAL"
    left = {**case.members, "U0LEGAL": replace(case.members["U0LEGAL"], left_at=at(9))}
    assert Say.SENT_BACK not in [need.say for need in approvals(replace(case, members=left), at(10))]


def test_a_new_draft_ends_the_asking() -> None:
    case = a_room(drafted(5), circulated(6), told(7, "U0MANAGER", 0), drafted(8, ref=SECOND))
    assert [need.say for need in approvals(case, TUESDAY)] == [Say.APPROVAL_REDRAW]


def test_the_room_gets_the_approved_file_once_the_whole_route_is_through() -> None:
    def files(*events: EventState) -> list[str]:
        wanted = needs(a_room(drafted(5), circulated(6), *events), ORGANISATION, at(20)).wanted
        return [need.key for need in wanted if need.say is Say.DOCUMENT]

    draft = "2026-0001/document/notice_to_persons/ja/1"
    assert files(MANAGER_DID) == [draft]
    assert files(MANAGER_DID, OFFICE_DID) == [draft, "2026-0001/approved/9"]


def test_a_submission_offers_what_fits_approved_versions_first() -> None:
    events = (
        drafted(5),
        circulated(6),
        MANAGER_DID,
        OFFICE_DID,
        drafted(10, ref=SECOND),
        drafted(11, ref=Ref(DocumentKind.PUBLICATION, "ja", 1)),
        drafted(12, ref=Ref(DocumentKind.PRELIMINARY_SHEET, "ja", 1)),
        drafted(13, ref=Ref(DocumentKind.PRELIMINARY_SHEET, "ja", 2)),
    )
    case = a_room(*events)
    assert [str(v.ref) for v in fitting(case, ObligationKind.INDIVIDUAL_NOTICE)] == [
        "notice_to_persons/ja/1",
        "notice_to_persons/ja/2",
        "publication/ja/1",
    ]
    assert [str(v.ref) for v in fitting(case, ObligationKind.PRELIMINARY)] == ["preliminary_sheet/ja/2"]
    assert set(FITTING) == set(ObligationKind)


@pytest.mark.parametrize(
    "written", ["", "apology", "apology/ja", "apology/fr/1", "x/ja/1", "apology/ja/1/2", "apology/ja/-1"]
)
def test_a_reference_is_read_or_is_none(written: str) -> None:
    assert Ref.read(written) is None
    assert Ref.read(str(NOTICE)) == NOTICE


def test_needs_reads_everything_that_tells_where_a_version_stands() -> None:
    kinds = {
        LogKind.DOCUMENT_DRAFTED,
        LogKind.DOCUMENT_CIRCULATED,
        LogKind.APPROVAL_ASKED,
        LogKind.DOCUMENT_APPROVED,
        LogKind.DOCUMENT_SENT_BACK,
        LogKind.DOCUMENT_SENT,
    }
    assert kinds <= READ


def test_all_that_was_done_to_a_version_is_read_as_it_was() -> None:
    sent = entry(
        11,
        LogKind.DOCUMENT_SENT,
        "U0PRIVACY2",
        recipient="委員会",
        sent_at=at(10).isoformat(),
        way="post",
    )
    instead = entry(8, LogKind.DOCUMENT_APPROVED, "U0CISO", role="manager", instead="last_resort")
    back = entry(9, LogKind.DOCUMENT_SENT_BACK, "U0PRIVACY", remark="人数")
    version = only(a_room(drafted(5), circulated(6), instead, back, sent))
    assert version.approvals == (Approval(Role.MANAGER, "U0CISO", at(8), Role.LAST_RESORT),)
    assert version.sent_back == SentBack("U0PRIVACY", at(9), "人数")
    assert version.sent == (Sent("U0PRIVACY2", "委員会", at(10), SendingWay.POST),)
    assert (version.author, version.circulated_by, version.circulated_at) == ("U0LEGAL", "U0LEGAL", at(6))
    assert version.route == (Role.MANAGER, Role.PRIVACY_OFFICE)


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_each_language_is_a_document_of_its_own(locale: Locale) -> None:
    ref = replace(NOTICE, locale=locale)
    case = a_room(drafted(5), drafted(6, ref=replace(NOTICE, locale="en")))
    assert only(case, ref).ref == ref
    assert Ref.read(str(ref)) == ref
    assert version_of(case, SECOND) is None


def test_nobody_is_asked_where_nothing_waits_or_nobody_else_is_left() -> None:
    case = a_room(drafted(5))
    assert asked(case, only(case), REPORTED) == Asked((), Role.MANAGER)
    alone = a_room(
        drafted(5, "U0MANAGER"),
        circulated(6),
        chain=CHAIN[:1],
        members={"U0MANAGER": case.members["U0MANAGER"]},
    )
    assert asked(alone, only(alone), REPORTED) == Asked((), Role.MANAGER)
    office = a_room(drafted(5), circulated(6), MANAGER_DID)
    assert asked(office, only(office), REPORTED) == Asked(("U0PRIVACY", "U0PRIVACY2"), Role.PRIVACY_OFFICE)
    deputy = a_room(
        drafted(5), circulated(6, Role.PRIVACY_OFFICE), members={"U0MANAGER": case.members["U0MANAGER"]}
    )
    stands_in = asked(deputy, only(deputy), REPORTED)
    assert (stands_in.role, stands_in.instead) == (Role.PRIVACY_OFFICE, Role.LAST_RESORT)


def test_a_press_that_comes_too_late_or_from_somebody_else_changes_nothing() -> None:
    back = entry(9, LogKind.DOCUMENT_SENT_BACK, "U0MANAGER", step=0, role="manager", remark="x")
    case = a_room(drafted(5), circulated(6), back)
    assert not turn_of(case, "U0MANAGER"), "they sent it back already"
    with pytest.raises(Refused, match="approval_over"):
        turn_of(case, "U0PRIVACY")
    case = a_room(drafted(5), circulated(6), acknowledged_by=None)
    away = AbsenceState(1, "U0MANAGER", REPORTED, REPORTED + timedelta(days=3))
    case = replace(case, absences=(away,), pages=(paged(1, "U0DEPUTY", MINUTE),))
    assert turn_of(case, "U0DEPUTY"), "asked in place of the manager, who is away"
    with pytest.raises(Refused) as no:
        turn_of(case, "U0PRIVACY")
    assert (no.value.reason, dict(no.value.values)) == ("not_asked_to_approve", {"role": Role.MANAGER})


def test_whoever_stands_in_for_a_role_that_is_away_takes_its_step() -> None:
    away = AbsenceState(1, "U0MANAGER", REPORTED, REPORTED + timedelta(days=3))
    case = a_room(drafted(5), circulated(6), acknowledged_by=None, chain=CHAIN[:1], absences=(away,))
    assert asks(case) == ("U0PRIVACY", "U0PRIVACY2")
    assert turn_of(case, "U0PRIVACY")
    says = [(need.say, need.data.get("user")) for need in approvals(case, at(6))]
    assert (Say.APPROVAL_DIRECT, "U0PRIVACY") in says
    assert (Say.APPROVAL_DIRECT, "U0MANAGER") not in says
    back = replace(case, absences=())
    with pytest.raises(Refused, match="not_asked_to_approve"):
        turn_of(back, "U0PRIVACY")


def test_whoever_has_the_case_takes_the_managers_step_and_only_that() -> None:
    case = a_room(drafted(5), circulated(6), acknowledged_by="U0PRIVACY")
    assert is_of_the_role(case, only(case), "U0PRIVACY", OFFICE)
    assert not is_of_the_role(case, only(case), "U0PRIVACY2", OFFICE)
    later = a_room(drafted(5), circulated(6), MANAGER_DID, acknowledged_by="U0LEGAL")
    assert is_of_the_role(later, only(later), "U0PRIVACY", OFFICE)
    assert not is_of_the_role(later, only(later), "U0LEGAL", OFFICE)
