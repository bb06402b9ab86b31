"""Approvals, tasks, inquiries, publication, further channels: every need in full (`test_needs_in_full`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.organisation import Channel, Organisation
from bot.policy.need import Priority, Say
from bot.policy.needs import needs
from bot.policy.notice_state import PublicationState
from bot.policy.state import CaseState, InquiryState, MessageRef, PageState, TaskState
from bot.vocabulary import (
    InquiryChannel,
    InquirySource,
    LogKind,
    Notice,
    Publication,
    Role,
    TaskPhase,
)
from tests.policy.situations import CHAIN, MINUTE, ORGANISATION, REPORTED, TOKYO, a_case, paged
from tests.policy.test_approval import NOTICE, TUESDAY, a_room, circulated, drafted, entry, told
from tests.policy.test_needs_in_full import DAY, HOUR, Told, event, here

STEP: dict[str, Any] = {"kind": NOTICE.kind, "locale": "ja", "version": 1, "turn": 6, "step": 0}
ASKED = (drafted(5), circulated(6), told(7, "U0MANAGER", 0, again_at=TUESDAY.isoformat()), told(8, None, 0))
BACK = entry(9, LogKind.DOCUMENT_SENT_BACK, "U0MANAGER", step=0, role="manager", remark="人数")
FIRST = "approval/notice_to_persons/ja/1/6/0"
IN_PERSON: Told = (f"{FIRST}/U0MANAGER", "approval:U0MANAGER", Priority.WORD, {**STEP, "user": "U0MANAGER"})
IN_THE_ROOM: Told = (FIRST, "room:2026-0001", Priority.WORD, {**STEP, "users": ["U0MANAGER"]})
APPROVALS = {Say.APPROVAL_DIRECT, Say.APPROVAL_ROOM, Say.APPROVAL_REDRAW, Say.SENT_BACK}

AFTERCARE = tuple(
    TaskState(key, TaskPhase.AFTERCARE, Role.MANAGER, REPORTED, user=user)
    for key, user in (("m1", "U0MANAGER"), ("m2", "U0LEGAL"))
)
WITHOUT_ROOM: dict[str, Any] = {"closed_at": REPORTED, "former_rooms": ("C0ROOM",)}
LOST = event(5, LogKind.ROOM_LOST, channel="C0ROOM", closed=True)

PRESS = InquiryState(1, InquirySource.PRESS, InquiryChannel.PHONE, REPORTED, REPORTED + HOUR, "U0LEGAL")
PUT_OFF = PublicationState(Publication.LATER, None, "U0PRIVACY", REPORTED, review_on=date(2026, 11, 25))
SEVEN = datetime(2026, 11, 25, 7, tzinfo=TOKYO)

MAIL = Channel("mailto://mail.sample.example?to={email}", frozenset(Role), 5 * MINUTE)
DESK = Channel("pagerduty://key@service", frozenset({Role.MANAGER}), 2 * MINUTE)
CALLED = a_case(pages=(paged(0, "U0MANAGER", 0 * MINUTE),))
BY_MAIL: dict[str, Any] = {"level": 0, "attempt": 1, "user": "U0MANAGER", "channel": 1}

ONE_HOUR = (REPORTED + HOUR).isoformat()
MORNING = datetime(2026, 11, 22, 22, tzinfo=UTC).isoformat()
ROOM = a_room().members
RECEIPT = event(4, LogKind.RECEIPT_SENT, linked=True)
SHOWN = replace(paged(0, "U0MANAGER", 0 * MINUTE), direct=MessageRef("D1", "1.1"), linked=True)
GIVEN_UP: dict[str, Any] = {
    "turn": 1,
    "turn_level": 0,
    "pages": (
        replace(
            paged(0, "U0MANAGER", 0 * MINUTE),
            direct=MessageRef("D1", "1.1"),
            room=MessageRef("C0ROOM", "1.2"),
            linked=True,
        ),
        PageState(
            0,
            2,
            "U0DEPUTY",
            REPORTED,
            direct=MessageRef("D2", "1.1"),
            room=MessageRef("C0ROOM", "1.3"),
            linked=True,
            turn=1,
            handed_by="U0MANAGER",
            handed_at=REPORTED,
        ),
    ),
}
REDRAWN = {Say.PAGE_REDRAW, Say.PAGE_ROOM_REDRAW, Say.RECEIPT_REDRAW}

SAID: dict[str, tuple[CaseState, datetime, set[Say], list[Told]]] = {
    "whose turn it is hears of it": (
        a_room(drafted(5), circulated(6)),
        REPORTED,
        APPROVALS,
        [IN_PERSON, IN_THE_ROOM],
    ),
    "and again on the morning that was noted": (
        a_room(*ASKED),
        TUESDAY,
        APPROVALS,
        [
            IN_PERSON,
            IN_THE_ROOM,
            (
                f"{FIRST}/U0MANAGER/2026-11-24",
                "approval:U0MANAGER",
                Priority.WORD,
                {**STEP, "user": "U0MANAGER", "again": True},
            ),
        ],
    ),
    "what asked is over, and the author reads why": (
        a_room(*ASKED, BACK),
        TUESDAY,
        APPROVALS,
        [
            *(
                (
                    f"approval/over/{seq}",
                    f"redraw:2026-0001/approval/over/{seq}",
                    Priority.REDRAW,
                    {"seq": seq},
                )
                for seq in (7, 8)
            ),
            ("sent_back/9/U0LEGAL", "approval:U0LEGAL", Priority.WORD, {"seq": 9, "user": "U0LEGAL"}),
        ],
    ),
    "a remark on what nobody drafted any more": (a_room(BACK), REPORTED, APPROVALS, []),
    "a criterion is told once, when it was met first": (
        here(
            event(5, LogKind.CRITERION_MET, criterion="publish"),
            event(6, LogKind.CRITERION_MET, criterion="company_wide"),
            event(7, LogKind.CRITERION_MET, criterion="publish"),
        ),
        REPORTED,
        {Say.NOTICE},
        [
            (
                f"criterion_met/{criterion}",
                "room:2026-0001",
                Priority.WORD,
                {"notice": Notice.CRITERION_MET, "seq": seq},
            )
            for criterion, seq in (("publish", 5), ("company_wide", 6))
        ],
    ),
    "tasks whose time has come": (
        here(tasks=(TaskState("t", TaskPhase.FIRST_HOUR, Role.MANAGER, REPORTED + HOUR),)),
        REPORTED + HOUR,
        {Say.TASKS_OVERDUE},
        [
            (
                f"tasks_overdue/{ONE_HOUR}",
                "room:2026-0001",
                Priority.WORD,
                {"moment": ONE_HOUR, "tasks": ["t"], "fresh": ["t"]},
            )
        ],
    ),
    "of a case without a room everybody hears of their own": (
        a_case(tasks=AFTERCARE, events=(LOST,), members=ROOM, **WITHOUT_ROOM),
        REPORTED + 10 * HOUR,
        {Say.TASKS_OVERDUE},
        [
            (
                f"tasks_overdue/{MORNING}/{user}",
                f"user:{user}",
                Priority.WORD,
                {"moment": MORNING, "tasks": [key], "fresh": [key], "to": user},
            )
            for key, user in (("m2", "U0LEGAL"), ("m1", "U0MANAGER"))
        ],
    ),
    "whoever is named for a task of a case without a room": (
        a_case(
            events=(
                event(4, LogKind.TASK_ASSIGNED, task="m1", to="U0LEGAL"),
                LOST,
                event(6, LogKind.TASK_ASSIGNED, task="m2", to="U0MANAGER"),
                event(7, LogKind.TASK_ASSIGNED, "U0LEGAL", task="m1", to="U0LEGAL"),
            ),
            **WITHOUT_ROOM,
        ),
        REPORTED,
        {Say.NOTICE},
        [
            (
                "task_assigned/6",
                "user:U0MANAGER",
                Priority.WORD,
                {"notice": Notice.TASK_ASSIGNED, "seq": 6, "to": "U0MANAGER"},
            )
        ],
    ),
    "while there is a room it is told there": (
        here(LOST, event(6, LogKind.TASK_ASSIGNED, task="m2", to="U0MANAGER")),
        REPORTED,
        {Say.NOTICE},
        [
            (
                "task_assigned/6",
                "room:2026-0001",
                Priority.WORD,
                {"notice": Notice.TASK_ASSIGNED, "seq": 6},
            )
        ],
    ),
    "a document that was sent is told, but not what the record of a submission tells": (
        here(
            event(5, LogKind.DOCUMENT_SENT, recipient="x", sent_at=REPORTED.isoformat(), way="post"),
            event(6, LogKind.DOCUMENT_SENT, recipient="x", sent_at=REPORTED.isoformat()),
        ),
        REPORTED,
        {Say.NOTICE},
        [
            (
                "document_sent/5",
                "room:2026-0001",
                Priority.WORD,
                {"notice": Notice.DOCUMENT_SENT, "seq": 5},
            )
        ],
    ),
    "inquiries whose answer is due": (
        here(inquiries=(PRESS,)),
        REPORTED + HOUR,
        {Say.INQUIRIES_DUE},
        [
            (
                f"inquiries_due/{ONE_HOUR}/1",
                "room:2026-0001",
                Priority.WORD,
                {"moment": ONE_HOUR, "inquiries": [1], "fresh": [1]},
            )
        ],
    ),
    "a decision on publication that was put off": (
        here(publication=PUT_OFF),
        SEVEN,
        {Say.PUBLICATION_DUE},
        [
            (
                "publication_due/2026-11-25",
                "room:2026-0001",
                Priority.WORD,
                {"day": "2026-11-25"},
            )
        ],
    ),
    "and each morning after": (
        here(publication=PUT_OFF),
        SEVEN + 2 * DAY - MINUTE,
        {Say.PUBLICATION_DUE},
        [
            (
                "publication_due/2026-11-26",
                "room:2026-0001",
                Priority.WORD,
                {"day": "2026-11-26"},
            )
        ],
    ),
    "once it was given up again, old pages say so": (
        here(RECEIPT, **GIVEN_UP),
        REPORTED,
        REDRAWN,
        [
            (
                "page/0/1/U0MANAGER/linked/1",
                "redraw:2026-0001/page/0/1/U0MANAGER",
                Priority.REDRAW,
                {"level": 0, "attempt": 1, "user": "U0MANAGER"},
            ),
            (
                "page/0/1/linked/1",
                "redraw:2026-0001/page/0/1",
                Priority.REDRAW,
                {"level": 0, "attempt": 1},
            ),
            ("receipt/linked/1", "redraw:2026-0001/receipt", Priority.REDRAW, {}),
        ],
    ),
    "in another room every message leads there": (
        here(RECEIPT, former_rooms=("C0OLD",), pages=(SHOWN,)),
        REPORTED,
        REDRAWN,
        [
            (
                "page/0/1/U0MANAGER/linked/room-2",
                "redraw:2026-0001/page/0/1/U0MANAGER",
                Priority.REDRAW,
                {"level": 0, "attempt": 1, "user": "U0MANAGER"},
            ),
            ("receipt/linked/room-2", "redraw:2026-0001/receipt", Priority.REDRAW, {}),
        ],
    ),
    "what leads there already stands": (here(RECEIPT, pages=(SHOWN,)), REPORTED, REDRAWN, []),
}


@pytest.mark.parametrize("situation", SAID)
def test_what_is_said_stands_as_it_is(situation: str) -> None:
    case, now, of_interest, expected = SAID[situation]
    wanted = needs(case, ORGANISATION, now).wanted
    told = [(need.key, need.lane, need.priority, need.data) for need in wanted if need.say in of_interest]
    assert told == [(f"2026-0001/{key}", *others) for key, *others in expected]


def company(*channels: Channel) -> Organisation:
    return replace(ORGANISATION, paging=replace(ORGANISATION.paging, channels=channels))


def by_channel(case: CaseState, after: timedelta, *channels: Channel) -> list[Told]:
    wanted = needs(case, company(*channels), REPORTED + after).wanted
    return [(n.key, n.lane, n.priority, n.data) for n in wanted if n.say is Say.PAGE_CHANNEL]


def test_a_call_by_another_way_has_a_lane_of_its_own() -> None:
    key = "2026-0001/page/0/1"
    mail = (f"{key}/U0MANAGER/channel-1", "channel:2026-0001:1:U0MANAGER", Priority.ROOM_PAGE, BY_MAIL)
    desk = (
        f"{key}/channel-2",
        "channel:2026-0001:2:",
        Priority.ROOM_PAGE,
        {**BY_MAIL, "user": None, "channel": 2},
    )
    assert by_channel(CALLED, 5 * MINUTE, MAIL, DESK) == [mail, desk]
    assert by_channel(CALLED, 2 * MINUTE, MAIL, DESK) == [desk], (
        "one that is patient holds up none that is not"
    )


def test_a_level_that_the_chain_has_lost_is_called_by_no_other_way() -> None:
    both = replace(CALLED, chain=CHAIN[:1], pages=(*CALLED.pages, paged(1, "U0DEPUTY", 0 * MINUTE)))
    assert [data["user"] for *_, data in by_channel(both, 60 * MINUTE, MAIL)] == ["U0MANAGER"]


def test_whoever_is_next_to_hear_of_a_task_in_person_sets_the_hour() -> None:
    later, sooner = AFTERCARE
    tasks = (replace(later, due_at=REPORTED + 9 * DAY), replace(sooner, due_at=REPORTED + 2 * DAY))
    case = a_case(tasks=tasks, events=(LOST,), members=ROOM, **WITHOUT_ROOM)
    expected = datetime(2026, 11, 25, 7, tzinfo=TOKYO)  # the morning after the day on which it was due
    assert needs(case, ORGANISATION, REPORTED).next_at == expected
