"""What is known of a case, read by name and as the plain value."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.casefile import case_json
from bot.cases.database import Database
from bot.cases.log import append
from bot.cases.queries import (
    all_cases,
    case_by_channel,
    case_by_id,
    case_by_view,
    case_row,
    cases_ahead,
    due_cases,
    earliest_wake,
    open_cases_like,
)
from bot.cases.states import case_state, chain_of, report_of, state_of
from bot.cases.tables import Case, Member, Obligation, Page
from bot.errors import NotFound
from bot.policy.state import EventState, MemberState, MessageRef, ObligationState, PageState, ReportState
from bot.vocabulary import Indicator, LogKind, ObligationKind, Role, SkipReason, Status
from tests.cases.rows import CHAIN, NOON, REPORT, reported

DUE = datetime(2026, 11, 26, 14, 59, 59, tzinfo=UTC)


async def full_case(db: AsyncSession) -> Case:
    """A case with a room, a page that was answered, one that was skipped, and two obligations."""
    case = await reported(db)
    assert case.id is not None
    case.channel, case.card_ts, case.status = "C0ROOM", "17.5", Status.ACKNOWLEDGED.value
    case.acknowledged_at, case.acknowledged_by = NOON + timedelta(minutes=10), "U0BUCHOU"
    page = Page(case_id=case.id, level=0, user="U0BUCHOU", sent_at=NOON, acknowledged_at=case.acknowledged_at)
    page.direct_channel, page.direct_ts, page.room_ts = "D0BUCHOU", "17.1", "17.2"
    final = Obligation(case_id=case.id, kind="final", recipient="ppc", due_at=DUE, removed_at=NOON)
    preliminary = Obligation(
        case_id=case.id,
        kind="preliminary",
        recipient="ppc",
        due_at=DUE,
        aim_on=date(2026, 11, 24),
        nominal_on=date(2026, 11, 26),
        clock_start=date(2026, 11, 22),
        days=5,
    )
    db.add_all([page, final, preliminary])
    db.add(Page(case_id=case.id, level=1, user="dairi@example.co.jp", skipped=SkipReason.NO_SUCH_USER.value))
    db.add(Member(case_id=case.id, user="U0BUCHOU", role="manager", invited_at=NOON))
    db.add(Member(case_id=case.id, user="U0GONE", role="response_team", error="user_not_found"))
    await append(db, case, LogKind.PAGE_SENT, "leakbot", NOON, {"level": 0})
    await append(db, case, LogKind.ACKNOWLEDGED, "U0BUCHOU", case.acknowledged_at, {})
    return case


async def test_the_plain_value_says_all_that_the_rows_say(database: Database) -> None:
    async with database.transaction() as db:
        case = await full_case(db)
    async with database.reading() as db:
        state = await case_state(db, case.number)
        assert await case_state(db, "2026-0404") is None
    assert state is not None
    assert state.status is Status.ACKNOWLEDGED
    assert state.indicator is Indicator.MEDIA_LOST
    assert state.report == REPORT
    assert state.chain == CHAIN
    assert state.card == MessageRef("C0ROOM", "17.5")
    assert state.acknowledge_within == state.repeat_every == timedelta(minutes=10)
    assert state.acknowledged_at == NOON + timedelta(minutes=10)
    assert state.facts == {"persons": {"exact": 1200}}
    assert state.revision == 3
    assert dict(state.members) == {
        "U0BUCHOU": MemberState("U0BUCHOU", Role.MANAGER, NOON),
        "U0GONE": MemberState("U0GONE", Role.RESPONSE_TEAM, error="user_not_found"),
    }
    assert state.pages == (
        PageState(
            level=0,
            attempt=1,
            user="U0BUCHOU",
            sent_at=NOON,
            acknowledged_at=state.acknowledged_at,
            direct=MessageRef("D0BUCHOU", "17.1"),
            room=MessageRef("C0ROOM", "17.2"),
        ),
        PageState(1, 1, "dairi@example.co.jp", None, SkipReason.NO_SUCH_USER),
    )
    assert state.open_obligations == (
        ObligationState(
            kind=ObligationKind.PRELIMINARY,
            recipient="ppc",
            due_at=DUE,
            aim_on=date(2026, 11, 24),
            nominal_on=date(2026, 11, 26),
            clock_start=date(2026, 11, 22),
            days=5,
            provisional=True,
        ),
    )
    assert [event.kind for event in state.events] == [
        LogKind.REPORTED,
        LogKind.PAGE_SENT,
        LogKind.ACKNOWLEDGED,
    ]


async def test_only_events_that_are_announced_are_read(database: Database) -> None:
    async with database.transaction() as db:
        case = await full_case(db)
    async with database.reading() as db:
        row = await case_row(db, case.number)
        assert row is not None
        state = await state_of(db, row, {LogKind.PAGE_SENT, LogKind.CLOSED})
        assert state.events == (EventState(2, NOON, "leakbot", LogKind.PAGE_SENT, {"level": 0}),)
        assert (await state_of(db, row, ())).events == ()


async def test_a_case_is_read_in_eight_queries_however_much_hangs_on_it(database: Database) -> None:
    async with database.transaction() as db:
        case = await full_case(db)
        for count in range(20):
            db.add(Page(case_id=case.id or 0, level=2, attempt=count, user="U0CISO"))
            await append(db, case, LogKind.PAGE_SENT, "leakbot", NOON, {})
    said: list[str] = []
    async with database.reading() as db:
        connection = (await db.connection()).sync_connection
        event.listen(connection, "before_cursor_execute", lambda *call: said.append(call[2]))
        await case_state(db, case.number)
    assert len(said) == 8


def test_what_an_older_version_did_not_ask_is_empty() -> None:
    assert report_of({"summary": "鍵を失くした"}) == ReportState(summary="鍵を失くした")
    assert report_of({"summary": "鍵", "asked_no_more": 1, "files": None}).files == ()
    assert chain_of([]) == ()


async def test_a_case_is_found_by_its_number_room_form_and_row(database: Database) -> None:
    async with database.transaction() as db:
        case = await full_case(db)
        await reported(db, "V-other")
    async with database.reading() as db:
        assert await case_by_channel(db, "C0ROOM") == await case_row(db, case.number)
        assert await case_by_view(db, "V0") == await case_by_id(db, case.id or 0)
        assert await case_by_channel(db, "C0ELSE") is None
        assert await case_by_view(db, "V-none") is None


async def test_all_cases_and_those_with_something_ahead(database: Database) -> None:
    async with database.transaction() as db:
        first = await full_case(db)
        second = await reported(db, "V2", drill=True)
        third = await reported(db, "V3")
        first.status, first.wake_at = Status.CLOSED.value, NOON
        second.wake_at, third.wake_at = NOON, None
    async with database.reading() as db:
        assert [case.number for case in await cases_ahead(db)] == [first.number, second.number]
        assert [case.number for case in await all_cases(db)] == [first.number, second.number, third.number]


async def test_the_planner_finds_the_cases_that_are_due_longest_waiting_first(database: Database) -> None:
    async with database.transaction() as db:
        ids = [
            (await reported(db, f"V{minute}", wake_at=NOON + timedelta(minutes=minute))).id
            for minute in (3, 1, 2, 9)
        ]
        quiet = await reported(db, "V-quiet")
        assert quiet.wake_at is None
    async with database.reading() as db:
        now = NOON + timedelta(minutes=3)
        assert [case.id for case in await due_cases(db, now, limit=10)] == [ids[1], ids[2], ids[0]]
        assert [case.id for case in await due_cases(db, now, limit=2)] == [ids[1], ids[2]]
        assert [case.id for case in await due_cases(db, NOON, limit=10)] == []
        assert await earliest_wake(db) == NOON + timedelta(minutes=1)


async def test_nothing_is_to_be_asked_of_an_empty_database(database: Database) -> None:
    async with database.reading() as db:
        assert await earliest_wake(db) is None


async def test_a_locked_row_is_read_as_it_is_now(database: Database) -> None:
    async with database.transaction() as db:
        await reported(db)
    async with database.reading() as reading:
        old = await case_row(reading, "2026-0001")
        assert old is not None
    async with database.transaction() as db:
        seen = await case_row(db, "2026-0001")
        assert seen is not None
        assert await case_row(db, "2026-0001", lock=True) is seen
        seen.channel = "C0"
        await append(db, seen, LogKind.ROOM_OPENED, "leakbot", NOON, {})
        # Asking for the lock once more must not throw away what was changed since.
        again = await case_row(db, "2026-0001", lock=True)
        assert again is not None
        assert again.channel == "C0"


async def test_the_case_file_has_the_keys_that_scripts_rely_on(database: Database) -> None:
    async with database.transaction() as db:
        case = await full_case(db)
    assessment = {"reportable": True, "triggers": ["sensitive"], "confirmed_by": None, "reasons": []}
    async with database.reading() as db:
        file = json.loads(json.dumps(await case_json(db, case.number, assessment)))
        with pytest.raises(NotFound, match="2026-0404"):
            await case_json(db, "2026-0404", assessment)
    expected = {
        "number": "2026-0001",
        "status": "acknowledged",
        "drill": False,
        "department": "sales",
        "reporter": "U0REPORTER",
        "channel": "C0ROOM",
        "aware_at": "2026-11-22T21:10:00+09:00",
        "occurred_at": None,
        "reported_at": "2026-11-22T21:18:00+09:00",
        "closed_at": None,
        "facts": {"persons": {"exact": 1200}},
        "assessment": assessment,
        "tasks": [],
    }
    assert {key: file[key] for key in expected} == expected
    (preliminary,) = file["obligations"]
    assert preliminary["kind"] == "preliminary"
    assert preliminary["due_at"] == "2026-11-26T23:59:59+09:00"
    assert preliminary["submitted_at"] is None
    assert preliminary["receipt"] is None
    assert [obligation["kind"] for obligation in file["removed_obligations"]] == ["final"]
    paged, skipped = file["pages"]
    assert paged["acknowledged_at"] == "2026-11-22T21:20:00+09:00"
    assert (skipped["level"], skipped["sent_at"], skipped["skipped"]) == (1, None, "no_such_user")
    assert [entry["kind"] for entry in file["log"]] == ["reported", "page_sent", "acknowledged"]
    assert set(file["log"][0]) >= {"at", "actor", "kind", "data", "hash", "salt", "digest", "previous"}


async def test_of_many_cases_alike_only_as_many_are_read_as_are_asked_for(database: Database) -> None:
    """A first report compares itself with open ones; its form is waited for, however many there are."""
    hour = timedelta(hours=1)
    async with database.transaction() as db:
        for n in range(6):
            await reported(db, f"V{n}", reported_at=NOON + n * hour)
        other = await reported(db, "V9", reported_at=NOON, department="hr")
    async with database.reading() as db:
        sign = Indicator.MEDIA_LOST.value
        found = await open_cases_like(db, "sales", sign, False, NOON + hour, NOON + 4 * hour, 3)
        assert [case.number for case in found] == ["2026-0002", "2026-0003", "2026-0004"]
        everything = await open_cases_like(db, "sales", sign, False, NOON + hour, NOON + 4 * hour, 9)
        assert [case.number for case in everything][-1] == "2026-0005"
        assert other.number not in {case.number for case in everything}
