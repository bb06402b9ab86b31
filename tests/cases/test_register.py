"""Cases found in the database without reading them, and read many at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import register
from bot.cases.database import Database
from bot.cases.log import append
from bot.cases.outlines import outlines, standings_in
from bot.cases.queries import case_by_id
from bot.cases.register import Filter
from bot.cases.states import state_of
from bot.cases.tables import Case, Document, Inquiry, Member, Obligation, Page, Task
from bot.policy.standing import standings
from bot.policy.waiting import Awaited, waits_for
from bot.vocabulary import Indicator, LogKind, Status
from tests.cases.rows import NOON, reported

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = timedelta(days=1)


async def a_case(db: AsyncSession, name: str, due: timedelta | None = None, **other: Any) -> Case:
    """A case with a deadline so long after noon, its room's people, a page and two tasks."""
    case = await reported(db, name, **other)
    assert case.id is not None
    if due is not None:
        db.add(Obligation(case_id=case.id, kind="preliminary", recipient="ppc", due_at=NOON + due))
        early = Obligation(case_id=case.id, kind="final", recipient="ppc", due_at=NOON - 9 * DAY)
        early.submitted_at = NOON
        gone = Obligation(case_id=case.id, kind="final", recipient="ppc", due_at=NOON - 8 * DAY)
        gone.removed_at = NOON
        db.add_all([early, gone])
    db.add(Member(case_id=case.id, user="U0LEGAL", role="response_team", invited_at=NOON))
    db.add(Page(case_id=case.id, level=0, user="U0BUCHOU", sent_at=NOON))
    for key, owner, at in (("a", "manager", NOON), ("b", "privacy_office", NOON + 9 * DAY)):
        db.add(Task(case_id=case.id, key=key, phase="first_hour", owner=owner, due_at=at, status="open"))
    await append(db, case, LogKind.PAGE_SENT, "leakbot", NOON, {"level": 0})
    return case


async def asked_for_more(db: AsyncSession) -> Case:
    """A case whose holder fell silent, with an inquiry and a document that is circulated."""
    case = await a_case(db, "V-more", 3 * DAY)
    assert case.id is not None
    case.acknowledged_by, case.acknowledged_at = "U0CISO", NOON
    await append(db, case, LogKind.ACKNOWLEDGED, "U0CISO", NOON - DAY, {})
    await append(db, case, LogKind.LAPSED, "leakbot", NOON, {"step": 3, "level": 0, "attempt": 1})
    kept: dict[str, Any] = {"status": "open", "recorded_by": "U0PRIVACY", "owner": "U0LEGAL"}
    asked: dict[str, Any] = {"source": "press", "channel": "phone", "received_at": NOON, "due_at": NOON}
    db.add(Inquiry(case_id=case.id, number=1, **asked, **kept))
    about: dict[str, Any] = {"kind": "apology", "locale": "ja", "version": 1, "hash": "f" * 64}
    db.add(Document(case_id=case.id, **about, author="U0CISO", at=NOON, state="circulating"))
    await append(db, case, LogKind.DOCUMENT_DRAFTED, "U0CISO", NOON - DAY, about)
    route = {**about, "route": ["response_team"]}
    await append(db, case, LogKind.DOCUMENT_CIRCULATED, "U0CISO", NOON - DAY, route)
    await append(db, case, LogKind.LAPSED, "leakbot", NOON, {"step": 3, "level": 1, "attempt": 1})
    return case


async def closes(db: AsyncSession, case: Case, at: datetime = NOON) -> None:
    case.status, case.closed_at = Status.CLOSED.value, at
    await append(db, case, LogKind.CLOSED, "U0PRIVACY", at, {})


@contextmanager
def statements(connection: Any) -> Iterator[list[str]]:
    said: list[str] = []

    def note(*call: Any) -> None:
        said.append(call[2])

    event.listen(connection, "before_cursor_execute", note)
    yield said
    event.remove(connection, "before_cursor_execute", note)


async def found(db: AsyncSession, wanted: Filter, offset: int = 0, limit: int = 99) -> list[str]:
    """The numbers of the cases that fit, in order."""
    ids, _ = await register.search(db, wanted, TOKYO, offset, limit)
    rows = [await case_by_id(db, each) for each in ids]
    return [row.number for row in rows if row]


async def test_open_ones_stand_by_their_next_deadline_and_closed_ones_after_them(database: Database) -> None:
    async with database.transaction() as db:
        soon = await a_case(db, "V1", 2 * DAY)
        no_day = await a_case(db, "V2")
        late = await a_case(db, "V3", 30 * DAY)
        over = await a_case(db, "V4", -DAY)
        old = await a_case(db, "V5", DAY, reported_at=NOON - 9 * DAY)
        new = await a_case(db, "V6", 9 * DAY)
        for case in (old, new):
            await closes(db, case)
        order = [case.number for case in (over, soon, late, no_day, new, old)]
    async with database.reading() as db:
        assert await found(db, Filter()) == order
        assert await found(db, Filter(), offset=2, limit=2) == order[2:4]
        assert (await register.search(db, Filter(), TOKYO, 2, 2))[1] == 6
        assert await found(db, Filter(open=True)) == order[:4]
        assert await found(db, Filter(status=Status.CLOSED)) == order[4:]


async def test_each_thing_looked_for_leaves_only_what_fits(database: Database) -> None:
    async with database.transaction() as db:
        await a_case(db, "V1", department="hr", department_name="人事部")
        await a_case(db, "V2", indicator=Indicator.DATA_TRADED.value)
        await a_case(db, "V3", drill=True)
        # The last minutes of 2025 in Tokyo, and the first of 2026.
        await a_case(db, "V4", reported_at=datetime(2025, 12, 31, 14, 59, tzinfo=UTC))
        await a_case(db, "V5", reported_at=datetime(2025, 12, 31, 15, 0, tzinfo=UTC))
        await a_case(db, "V6", status=Status.REPORTING.value)
    one, two, drill, old, turn, six = (
        *("2026-0001", "2026-0002", "D2026-0001"),
        *("2026-0003", "2026-0004", "2026-0005"),
    )
    async with database.reading() as db:

        async def fits(**wanted: Any) -> set[str]:
            return set(await found(db, Filter(**wanted)))

        assert await fits(department="hr") == {one}
        assert await fits(indicator=Indicator.DATA_TRADED) == {two}
        assert await fits(drill=True) == {drill}
        assert await fits(drill=False) == {one, two, old, turn, six}
        assert await fits(year=2025) == {old}
        assert await fits(year=2026) == {one, two, drill, turn, six}
        assert await fits(status=Status.REPORTING) == {six}
        assert await fits(number="0001") == {one, drill}
        assert await fits(number="D2026") == {drill}
        assert await fits(number="%") == await fits(number="2026_0001") == set(), "no wildcards"
        assert await fits(department="hr", drill=True) == set()
        names = await register.departments(db)
        assert names == sorted([("hr", "人事部"), ("sales", "営業部")], key=lambda each: each[1])
        assert await register.first_report(db) == datetime(2025, 12, 31, 14, 59, tzinfo=UTC)


async def test_a_department_is_called_what_it_was_called_last(database: Database) -> None:
    async with database.transaction() as db:
        await a_case(db, "V1", department_name="第一営業部")
        await a_case(db, "V2", department_name="営業統括部")
    async with database.reading() as db:
        assert await register.departments(db) == [("sales", "営業統括部")]


async def test_people_find_what_they_reported_were_called_into_or_paged_for(database: Database) -> None:
    async with database.transaction() as db:
        first = await a_case(db, "V1")
        second = await reported(db, "V2", reporter="U0BUCHOU")
        third = await reported(db, "V3")
        third.joined_into = second.number
        await closes(db, third)
    async with database.reading() as db:
        assert await register.cases_of(db, "U0REPORTER") == [third.id, second.id, first.id]
        assert await register.cases_of(db, "U0REPORTER", open_only=True) == [second.id, first.id]
        assert await register.cases_of(db, "U0BUCHOU") == [second.id, first.id]
        assert await register.cases_of(db, "U0LEGAL") == [first.id]
        assert await register.cases_of(db, "U0STRANGER") == []
        assert await register.cases_of(db, None) == [third.id, second.id, first.id]
        assert await register.cases_of(db, None, limit=2) == [third.id, second.id]
        assert await register.reports_of(db, "U0REPORTER", 5) == [third.id, first.id]
        assert await register.reports_of(db, "U0REPORTER", 1) == [third.id]
        assert await register.how_many(db) == 3


async def test_a_closed_case_with_prevention_to_be_done_goes_on(database: Database) -> None:
    async with database.transaction() as db:
        case = await a_case(db, "V1")
        await closes(db, case)
        later = Task(
            case_id=case.id or 0, key="x", phase="aftercare", owner="manager", status="open", due_at=NOON
        )
        db.add(later)
    async with database.reading() as db:
        assert await register.cases_of(db, None, open_only=True) == []
        assert await register.cases_of(db, None, open_only=True, going_on_before=NOON) == [case.id]
        assert await register.cases_of(db, None, open_only=True, going_on_before=NOON - DAY) == []


@pytest.mark.parametrize("person", ["U0LEGAL", "U0BUCHOU", "U0REPORTER", "U0PRIVACY", "U0STRANGER"])
async def test_an_outline_says_of_what_waits_and_who_may_know_the_same_as_the_whole_case(
    database: Database, person: str
) -> None:
    office = frozenset({"U0PRIVACY"})
    now = NOON + timedelta(minutes=3)
    async with database.transaction() as db:
        cases = [await a_case(db, "V1", 2 * DAY), await a_case(db, "V2"), await a_case(db, "V3", -DAY)]
        cases[1].assessment = {"reportable": True, "pending": None}
        cases[1].acknowledged_by, cases[1].acknowledged_at = "U0BUCHOU", NOON
        await append(db, cases[1], LogKind.ACKNOWLEDGED, "U0BUCHOU", NOON, {})
        await closes(db, cases[2])
        cases.append(await asked_for_more(db))
    ids = [case.id or 0 for case in cases]
    async with database.reading() as db:
        whole = [await state_of(db, case) for case in cases]
        outlined = await outlines(db, ids, person, now)
        thin = await standings_in(db, ids, person)

    def waits(case: Any) -> list[tuple[Any, ...]]:
        is_to = standings(case, person, office)
        return [(w.awaited, w.at, w.late, w.count, w.overdue) for w in waits_for(case, person, is_to, now)]

    if person == "U0LEGAL":
        assert {w[0] for w in waits(whole[3])} == {Awaited.INQUIRIES, Awaited.APPROVAL}
    if person == "U0BUCHOU":
        assert Awaited.PAGE in {w[0] for w in waits(whole[3])}, "called beside somebody silent"
    assert [case.number for case in outlined] == [case.number for case in whole]
    assert [waits(case) for case in outlined] == [waits(case) for case in whole]
    for seen in (outlined, [thin[each] for each in ids]):
        assert [standings(c, person, office) for c in seen] == [standings(c, person, office) for c in whole]
    assert [case.standing_obligations for case in outlined] == [case.standing_obligations for case in whole]
    assert all(case.report.summary == "" and not case.facts for case in outlined), "nothing that was typed"


async def test_three_hundred_cases_are_read_in_as_many_queries_as_three(database: Database) -> None:
    counts = []
    async with database.transaction() as db:
        for count in range(3):
            await a_case(db, f"V{count}", 2 * DAY)
    for more in (0, 297):
        async with database.transaction() as db:
            for count in range(more):
                await a_case(db, f"V-more-{count}", 2 * DAY)
        async with database.reading() as db:
            connection = (await db.connection()).sync_connection
            with statements(connection) as said:
                ids = await register.cases_of(db, "U0BUCHOU", open_only=True, going_on_before=NOON)
                assert len(await outlines(db, ids, "U0BUCHOU", NOON)) == 3 + more
            counts.append(len(said))
    assert counts[0] == counts[1] <= 11
