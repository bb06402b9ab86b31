"""Every need in full: its key, its lane, what it goes before, and what the sender is given.

Keys are the memory of what was said: one that changes says everything once more, one that two things share
silences the second. Lanes decide what waits for what. So each is written down here as it is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.policy.need import Priority, Say
from bot.policy.needs import needs
from bot.policy.state import AbsenceState, CaseState, EventState, MemberState, MessageRef, PageState
from bot.vocabulary import LogKind, Notice, ObligationKind, ReminderKind, Role, SkipReason
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, a_case, due, paged, with_room

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Told = tuple[str, str, Priority, dict[str, Any]]


def event(
    seq: int, kind: LogKind, actor: str = "U0PRIVACY", at: datetime = REPORTED, /, **data: Any
) -> EventState:
    return EventState(seq, at, actor, kind, data)


def here(*events: EventState, **changes: Any) -> CaseState:
    """The case in its room, with its card and people, after these entries."""
    case = with_room(a_case(**changes))
    return replace(case, events=(*case.events, *events))


def called(**changes: Any) -> dict[str, Any]:
    return {"level": 0, "attempt": 1, "user": "U0MANAGER", "patience": 600.0} | changes


ABSENT = AbsenceState(1, "U0MANAGER", REPORTED - DAY, REPORTED + DAY, "U0X")
PASSED_OVER = {"level": 0, "reference": "U0MANAGER", "user": "U0MANAGER"}
SKIPPED = event(4, LogKind.PAGE_SKIPPED, "leakbot", level=0, reference="U0MANAGER")
MEMBERS = {
    "U0REPORTER": MemberState("U0REPORTER", Role.REPORTER, invited_at=REPORTED),
    "U0MANAGER": MemberState("U0MANAGER", Role.MANAGER, error="user_is_restricted"),
    "U0PRIVACY": MemberState("U0PRIVACY", Role.PRIVACY_OFFICE),
}
LEFT = REPORTED.isoformat()
WITH_A_LATER_ONE = {
    "U0MANAGER": MemberState("U0MANAGER", Role.MANAGER, invited_at=REPORTED, left_at=REPORTED),
    "U0LEGAL": MemberState("U0LEGAL", Role.RESPONSE_TEAM),
}
AGAIN = MEMBERS | {
    user: MemberState(user, Role.PRIVACY_OFFICE, left_at=REPORTED) for user in ("U0PRIVACY", "U0PRIVACY2")
}
CARD = MessageRef("C0ROOM", "1.000001")
#: Given up by the deputy: a second walk, which begins at their level and ends at the last resort.
SECOND_WALK = {
    "turn": 1,
    "turn_level": 1,
    "reporter": "U0CISO",
    "pages": (
        paged(1, "U0DEPUTY", 0 * MINUTE),
        PageState(1, 2, "U0X", REPORTED, turn=1, handed_by="U0DEPUTY", handed_at=REPORTED),
    ),
}
HIDDEN = {"confidential": True, "members": {}}
DRAFT = {"kind": "apology", "locale": "ja", "version": 2}
APPROVED = {**DRAFT, "role": "manager"}
SHOWN = replace(
    paged(0, "U0MANAGER", 0 * MINUTE), direct=MessageRef("D1", "1.1"), room=MessageRef("C0ROOM", "1.2")
)
PAGE = {"level": 0, "attempt": 1, "user": "U0MANAGER"}
RECEIPT = event(4, LogKind.RECEIPT_SENT, "leakbot")
TAKEN = event(9, LogKind.ACKNOWLEDGED, "U0MANAGER")
ASKED = event(10, LogKind.ASKED, "leakbot", REPORTED + 4 * HOUR, step=9)
HELD: dict[str, Any] = {
    "acknowledged_at": REPORTED,
    "acknowledged_by": "U0MANAGER",
    "pages": (paged(0, "U0MANAGER", 0 * MINUTE),),
}
LIMIT = due(datetime(2026, 11, 26, 3, tzinfo=UTC))

SAID: dict[str, tuple[CaseState, timedelta, set[Say], list[Told]]] = {
    "the manager is called": (
        a_case(),
        0 * MINUTE,
        {Say.PAGE_DIRECT, Say.SKIP},
        [("page/0/1/U0MANAGER", "user:U0MANAGER", Priority.PAGE, called())],
    ),
    "somebody stands in for an absent manager": (
        a_case(absences=(ABSENT,)),
        0 * MINUTE,
        {Say.PAGE_DIRECT, Say.SKIP},
        [
            ("page/0/1/U0X", "user:U0X", Priority.PAGE, called(user="U0X")),
            (
                "skip/0/U0MANAGER",
                "skip:2026-0001",
                Priority.PAGE,
                PASSED_OVER | {"reason": SkipReason.ABSENT, "instead": "U0X"},
            ),
        ],
    ),
    "a manager who reported it": (
        a_case(reporter="U0MANAGER"),
        0 * MINUTE,
        {Say.SKIP},
        [
            (
                "skip/0/U0MANAGER",
                "skip:2026-0001",
                Priority.PAGE,
                PASSED_OVER | {"reason": SkipReason.IS_REPORTER},
            )
        ],
    ),
    "who was passed over is told once": (
        a_case(reporter="U0MANAGER", events=(SKIPPED,)),
        0 * MINUTE,
        {Say.SKIP},
        [],
    ),
    "and once more in another walk": (
        a_case(**SECOND_WALK, events=(replace(SKIPPED, data={"level": 2, "reference": "U0CISO"}),)),
        11 * MINUTE,
        {Say.PAGE_DIRECT, Say.SKIP},
        [
            (
                "page/1/2/U0X",
                "user:U0X",
                Priority.PAGE,
                called(level=1, attempt=2, user="U0X"),
            ),
            # Nobody is left after them: the level's own people are called once more.
            (
                "page/1/3/U0DEPUTY",
                "user:U0DEPUTY",
                Priority.PAGE,
                called(level=1, attempt=3, user="U0DEPUTY"),
            ),
            (
                "skip/2/U0CISO/1",
                "skip:2026-0001",
                Priority.PAGE,
                {"level": 2, "reference": "U0CISO", "user": "U0CISO", "reason": SkipReason.IS_REPORTER},
            ),
        ],
    ),
    "of another walk it was told already": (
        a_case(
            **SECOND_WALK,
            events=(replace(SKIPPED, data={"turn": 1, "level": 2, "reference": "U0CISO"}),),
        ),
        11 * MINUTE,
        {Say.SKIP},
        [],
    ),
    "a room is opened": (
        a_case(),
        0 * MINUTE,
        {Say.ROOM},
        [("room", "open:2026-0001", Priority.ROOM, {})],
    ),
    "another room is opened": (
        a_case(former_rooms=("C0ROOM",)),
        0 * MINUTE,
        {Say.ROOM},
        [("room/room-2", "open:2026-0001", Priority.ROOM, {})],
    ),
    "whoever reported it has a receipt": (
        a_case(),
        0 * MINUTE,
        {Say.RECEIPT},
        [("receipt", "user:U0REPORTER", Priority.RECEIPT, {})],
    ),
    "whoever reported from outside the room is told": (
        here(
            event(5, LogKind.ACKNOWLEDGED),
            event(6, LogKind.FACTS_ADDED),
            event(7, LogKind.CLOSED, "U0REPORTER"),
            **HIDDEN,
        ),
        0 * MINUTE,
        {Say.TELL_REPORTER},
        [
            (
                "told/acknowledged/5/0",
                "user:U0REPORTER",
                Priority.WORD,
                {"notice": Notice.ACKNOWLEDGED, "seq": 5, "user": "U0REPORTER"},
            ),
        ],
    ),
    "whoever is in the room is told that it goes on in another": (
        here(event(5, LogKind.ACKNOWLEDGED), event(6, LogKind.JOINED_INTO)),
        0 * MINUTE,
        {Say.TELL_REPORTER},
        [
            (
                "told/joined_into/6/0",
                "user:U0REPORTER",
                Priority.WORD,
                {"notice": Notice.JOINED_INTO, "seq": 6, "user": "U0REPORTER"},
            )
        ],
    ),
    "a similar case is offered to whoever leads": (
        here(event(5, LogKind.SIMILAR_FOUND, "leakbot", other="2026-0002", ask=["U0MANAGER", "U0PRIVACY"])),
        0 * MINUTE,
        {Say.OFFER_JOIN},
        [
            (
                f"similar/2026-0002/{user}",
                f"offer:{user}",
                Priority.WORD,
                {"user": user, "seq": 5},
            )
            for user in ("U0MANAGER", "U0PRIVACY")
        ],
    ),
    "no other case is offered for one that is over": (
        here(
            event(5, LogKind.SIMILAR_FOUND, "leakbot", other="2026-0002", ask=["U0MANAGER"]),
            closed_at=REPORTED,
        ),
        0 * MINUTE,
        {Say.OFFER_JOIN},
        [],
    ),
    "a new room gets its people and its card": (
        a_case(channel="C0ROOM", members=MEMBERS),
        0 * MINUTE,
        {Say.INVITE, Say.CARD, Say.PIN, Say.TOPIC},
        [
            ("invite/2", "invite:2026-0001", Priority.ROOM, {}),
            ("card", "room:2026-0001", Priority.CARD, {}),
        ],
    ),
    "whoever left it is not called again with those who come later": (
        replace(here(), members=WITH_A_LATER_ONE),
        0 * MINUTE,
        {Say.INVITE},
        [("invite/1", "invite:2026-0001", Priority.ROOM, {})],
    ),
    "then its pin and its topic": (
        here(),
        0 * MINUTE,
        {Say.INVITE, Say.CARD, Say.PIN, Say.TOPIC},
        [
            ("card", "room:2026-0001", Priority.CARD, {}),
            ("pin", "pin:2026-0001", Priority.FURNITURE, {}),
            ("topic", "topic:2026-0001", Priority.FURNITURE, {}),
        ],
    ),
    "a second room has furniture of its own, and whoever left is called again": (
        a_case(channel="C0ROOM2", card=CARD, members=AGAIN, former_rooms=("C0ROOM",)),
        0 * MINUTE,
        {Say.INVITE, Say.CARD, Say.PIN, Say.TOPIC},
        [
            (f"invite/2/{LEFT}/{LEFT}/room-2", "invite:2026-0001", Priority.ROOM, {}),
            ("pin/room-2", "pin:2026-0001", Priority.FURNITURE, {}),
            ("topic/room-2", "topic:2026-0001", Priority.FURNITURE, {}),
        ],
    ),
    "a second room without its card gets one": (
        a_case(channel="C0ROOM2", former_rooms=("C0ROOM",)),
        0 * MINUTE,
        {Say.CARD, Say.PIN, Say.TOPIC},
        [("card/room-2", "room:2026-0001", Priority.CARD, {})],
    ),
    "the room sees who is called": (
        here(),
        0 * MINUTE,
        {Say.PAGE_ROOM},
        [
            (
                "page/0/1",
                "room:2026-0001",
                Priority.ROOM_PAGE,
                {"level": 0, "attempt": 1, "users": ["U0MANAGER"]},
            )
        ],
    ),
    "the room hears what happened": (
        here(event(5, LogKind.FACTS_ADDED), event(6, LogKind.CARD_POSTED)),
        0 * MINUTE,
        {Say.NOTICE},
        [
            (
                "facts_added/5",
                "room:2026-0001",
                Priority.WORD,
                {"notice": Notice.FACTS_ADDED, "seq": 5},
            )
        ],
    ),
    "the room has its documents": (
        here(
            event(5, LogKind.DOCUMENT_DRAFTED, **DRAFT, hash="x"),
            event(6, LogKind.DOCUMENT_APPROVED, **APPROVED, left=["last_resort"]),
            event(7, LogKind.DOCUMENT_APPROVED, **APPROVED, left=[]),
            event(8, LogKind.DOCUMENT_APPROVED, **APPROVED),
        ),
        0 * MINUTE,
        {Say.DOCUMENT},
        [
            ("document/apology/ja/2", "document:2026-0001", Priority.WORD, {"seq": 5, **DRAFT}),
            ("approved/7", "document:2026-0001", Priority.WORD, {"seq": 7, **DRAFT}),
            ("approved/8", "document:2026-0001", Priority.WORD, {"seq": 8, **DRAFT}),
        ],
    ),
    "whoever drafted it gets it where the room is gone for good": (
        a_case(
            closed_at=REPORTED,
            former_rooms=("C0ROOM",),
            events=(event(5, LogKind.DOCUMENT_DRAFTED, **DRAFT, hash="x"),),
        ),
        0 * MINUTE,
        {Say.DOCUMENT},
        [("document/apology/ja/2", "document:2026-0001", Priority.WORD, {"seq": 5, **DRAFT})],
    ),
    "what somebody marked is kept": (
        here(
            event(5, LogKind.TIMELINE_WANTED, "U0LEGAL", ts="1.5"),
            event(6, LogKind.TIMELINE_WANTED, "U0LEGAL", ts="1.6", channel="C0OTHER"),
        ),
        0 * MINUTE,
        {Say.TIMELINE},
        [
            (
                f"timeline/{ts}/{seq}",
                "timeline:2026-0001",
                Priority.FURNITURE,
                {"ts": ts, "person": "U0LEGAL", "channel": channel},
            )
            for seq, ts, channel in ((5, "1.5", None), (6, "1.6", "C0OTHER"))
        ],
    ),
    "files are listed": (
        here(event(5, LogKind.FILE_SHARED, "U0LEGAL", file="F1")),
        0 * MINUTE,
        {Say.FILE},
        [("file/F1", "file:2026-0001", Priority.FURNITURE, {"file": "F1", "person": "U0LEGAL"})],
    ),
    "a countdown": (
        here(obligations=(LIMIT,)),
        2 * DAY,
        {Say.REMINDER},
        [
            (
                "preliminary/2026-11-26/3d",
                "room:2026-0001",
                Priority.WORD,
                {
                    "obligation": ObligationKind.PRELIMINARY,
                    "kind": ReminderKind.COUNTDOWN,
                    "step": "3d",
                },
            )
        ],
    ),
    "a day of Japan, whatever day it is elsewhere": (
        here(obligations=(replace(LIMIT, due_at=datetime(2026, 11, 26, 15, 30, tzinfo=UTC)),)),
        5 * DAY,
        {Say.REMINDER},
        [
            (
                "preliminary/2026-11-27/overdue-3",
                "room:2026-0001",
                Priority.WORD,
                {
                    "obligation": ObligationKind.PRELIMINARY,
                    "kind": ReminderKind.OVERDUE,
                    "step": "overdue-3",
                },
            )
        ],
    ),
    "the card shows what changed, and once each morning while a deadline is near": (
        here(event(5, LogKind.FACTS_ADDED), obligations=(LIMIT,)),
        2 * DAY,
        {Say.CARD_REDRAW},
        [("card/5/2026-11-24", "card:2026-0001", Priority.REDRAW, {})],
    ),
    "what was sent before the room opened leads to it": (
        here(RECEIPT, pages=(SHOWN,)),
        0 * MINUTE,
        {Say.PAGE_REDRAW, Say.PAGE_ROOM_REDRAW, Say.RECEIPT_REDRAW},
        [
            ("page/0/1/U0MANAGER/linked", "redraw:2026-0001/page/0/1/U0MANAGER", Priority.REDRAW, PAGE),
            ("receipt/linked", "redraw:2026-0001/receipt", Priority.REDRAW, {}),
        ],
    ),
    "once somebody has it every page says so": (
        here(RECEIPT, pages=(SHOWN,), acknowledged_at=REPORTED, acknowledged_by="U0DEPUTY"),
        0 * MINUTE,
        {Say.PAGE_REDRAW, Say.PAGE_ROOM_REDRAW, Say.RECEIPT_REDRAW},
        [
            ("page/0/1/U0MANAGER/answered", "redraw:2026-0001/page/0/1/U0MANAGER", Priority.REDRAW, PAGE),
            (
                "page/0/1/answered",
                "redraw:2026-0001/page/0/1",
                Priority.REDRAW,
                {"level": 0, "attempt": 1},
            ),
            ("receipt/answered", "redraw:2026-0001/receipt", Priority.REDRAW, {}),
        ],
    ),
    "whoever has it and says nothing is asked": (
        here(TAKEN, **HELD),
        4 * HOUR,
        {Say.ASK_DIRECT, Say.ASK_ROOM, Say.LAPSE},
        [
            (
                "still_there/9/U0MANAGER",
                "user:U0MANAGER",
                Priority.RECEIPT,
                {"user": "U0MANAGER", "step": 9},
            ),
            ("still_there/9", "room:2026-0001", Priority.WORD, {"user": "U0MANAGER", "step": 9}),
        ],
    ),
    "before there is a room only they are asked": (
        a_case(events=(TAKEN,), **HELD),
        4 * HOUR,
        {Say.ASK_DIRECT, Say.ASK_ROOM},
        [
            (
                "still_there/9/U0MANAGER",
                "user:U0MANAGER",
                Priority.RECEIPT,
                {"user": "U0MANAGER", "step": 9},
            )
        ],
    ),
    "then others are called beside them": (
        here(TAKEN, ASKED, **HELD),
        8 * HOUR,
        {Say.LAPSE},
        [
            (
                "lapse/9/1",
                "lapse:2026-0001",
                Priority.PAGE,
                {"user": "U0MANAGER", "step": 9, "level": 1, "attempt": 2},
            )
        ],
    ),
}


@pytest.mark.parametrize("situation", SAID)
def test_what_is_said_stands_as_it_is(situation: str) -> None:
    case, after, of_interest, expected = SAID[situation]
    wanted = needs(case, ORGANISATION, REPORTED + after).wanted
    told = [(need.key, need.lane, need.priority, need.data) for need in wanted if need.say in of_interest]
    assert told == [(f"2026-0001/{key}", *others) for key, *others in expected]
