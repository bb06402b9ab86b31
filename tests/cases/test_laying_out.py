"""A case that was only received is laid out once: by the planner, or by a step that is quicker."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import func, select

from bot.cases import log, queries
from bot.cases.database import Database
from bot.cases.hanging import row_to_read
from bot.cases.states import case_state
from bot.law.dated import FIRST_DAY
from bot.law.deadlines import check_day, day_in_japan
from bot.law.obligations import obligations
from bot.organisation import TaskRules
from bot.outbox.planner import Planner, plan_case
from bot.outbox.table import Delivery
from bot.policy.state import CaseState
from bot.vocabulary import Indicator, LogKind, Protection, TaskName
from bot.workflow.adding import add_facts
from bot.workflow.inputs import AddedFacts, FirstReport
from bot.workflow.laying_out import lay_out
from bot.workflow.obligations import assessment_of
from bot.workflow.receiving import Received, receive
from tests.cases.closed import OFFICE, ROSTER
from tests.cases.rows import NOON
from tests.world import the_company

TOKYO = ZoneInfo("Asia/Tokyo")
REPORT = FirstReport(Indicator.MEDIA_LOST, "USBメモリを紛失しました", NOON, "sales")


async def received(database: Database, *reports: Received) -> list[str]:
    async with database.transaction() as db:
        return [case.number for case in await receive(db, reports, TOKYO, NOON)]


def sent(view_id: str, report: FirstReport = REPORT) -> Received:
    return Received(report, "U0REPORTER", view_id, ROSTER, drill=False)


async def state(database: Database, number: str) -> CaseState:
    async with database.reading() as db:
        found = await case_state(db, number)
        assert found is not None
        assert await log.verify(db, number) == []
    return found


async def planned(database: Database) -> None:
    assert await Planner(database, the_company(), lay_out).plan(NOON)


async def test_the_planner_lays_it_out_in_the_commit_that_calls_the_manager(database: Database) -> None:
    (number,) = await received(database, sent("V0"))
    before = await state(database, number)
    assert before.members.keys() == ROSTER.members.keys(), "whoever belongs to it may see it from the first"
    assert not before.obligations
    assert not before.tasks
    await planned(database)
    after = await state(database, number)
    assert after.obligations
    assert after.tasks
    assert after.members == before.members
    async with database.reading() as db:
        kinds = [row.kind for row in await db.run_sync(lambda session: session.query(Delivery).all())]
    assert {"page_direct", "room"} <= set(kinds)


async def test_a_step_that_is_quicker_does_it_and_nothing_comes_twice(database: Database) -> None:
    (number,) = await received(database, sent("V0"))
    async with database.transaction() as db:
        added = AddedFacts(immediate_actions="回線を止めた")
        await add_facts(db, number, added, person="U0PRIVACY", privacy_office=OFFICE, now=NOON)
    after = await state(database, number)
    assert after.obligations
    assert after.tasks
    await planned(database)
    again = await state(database, number)
    assert (again.obligations, again.tasks) == (after.obligations, after.tasks)
    kinds = [event.kind for event in again.events]
    assert kinds.count(LogKind.TASKS_GROWN) == kinds.count(LogKind.OBLIGATIONS_CHANGED) == 1


async def test_who_cannot_lay_it_out_leaves_it_to_the_planner(database: Database) -> None:
    (number,) = await received(database, sent("V0"))
    async with database.transaction() as db:
        row = await row_to_read(db, number)
        assert await plan_case(db, the_company(), row.id, NOON) is None
    async with database.reading() as db:
        assert [case.id for case in await queries.due_cases(db, NOON, 10)] == [row.id], "it stays due"
        assert await db.scalar(select(func.count()).select_from(Delivery)) == 0, "nothing half"
    await planned(database)
    async with database.reading() as db:
        assert await queries.due_cases(db, NOON, 10) == []


async def test_of_two_that_came_together_the_later_is_compared_with_the_earlier(database: Database) -> None:
    one, other = await received(database, sent("V0"), sent("V1"))
    await planned(database)
    assert not (await state(database, one)).events_of(LogKind.SIMILAR_FOUND)
    (found,) = (await state(database, other)).events_of(LogKind.SIMILAR_FOUND)
    assert found.data["other"] == one
    assert "U0BUCHOU" in found.data["ask"], "the manager belongs to the earlier one too, laid out or not"


async def test_one_that_cannot_be_laid_out_is_seen_and_in_nobodys_way(database: Database) -> None:
    broken, sound = await received(database, sent("V0"), sent("V1"))
    async with database.transaction() as db:
        row = await queries.case_row(db, broken, lock=True)
        assert row is not None
        row.facts = {"persons": "nonsense"}
        await log.append(db, row, LogKind.ASKED, "U0", NOON, {})
    planner = Planner(database, the_company(), lay_out)
    await planner.plan(NOON)
    assert planner.unplanned == {row.id}, "which the watcher raises an alarm for"
    assert (await state(database, sound)).tasks
    assert not (await state(database, broken)).tasks, "and it is tried again"
    async with database.reading() as db:
        again = await queries.due_cases(db, NOON + timedelta(minutes=2), 10)
    assert row.id in {case.id for case in again}


async def test_an_organisation_may_leave_out_every_task(database: Database) -> None:
    nothing = replace(ROSTER, tasks=TaskRules(omit=tuple(TaskName)))
    for count, indicator in enumerate(Indicator):
        report = replace(REPORT, indicator=indicator, protection=Protection.ENCRYPTED)
        await received(database, replace(sent(f"V{count}", report), roster=nothing))
    await planned(database)
    async with database.reading() as db:
        cases = await queries.all_cases(db)
    assert len(cases) == len(Indicator)
    assert all(case.laid_out for case in cases)
    for case in cases:
        laid_out = await state(database, case.number)
        assert not laid_out.tasks
        assert laid_out.obligations, "the law asks all the same"


@given(
    indicator=st.sampled_from(Indicator),
    protection=st.none() | st.sampled_from(Protection),
    persons=st.none()
    | st.just("unknown")
    | st.integers(0, 10**9).map(lambda n: {"exact": n})
    | st.integers(0, 10**6).map(lambda n: {"min": n, "max": 2 * n}),
    authority=st.none() | st.just("fsa"),
    days=st.integers(-2, 4000),
)
def test_whatever_report_is_taken_can_be_laid_out(
    indicator: Indicator, protection: Protection | None, persons: object, authority: str | None, days: int
) -> None:
    """What the law cannot count from is refused at its field, before there is a receipt."""
    aware_at = NOON.replace(year=FIRST_DAY.year, month=FIRST_DAY.month, day=FIRST_DAY.day)
    aware_at += timedelta(days=days)
    if day_in_japan(aware_at) < FIRST_DAY:
        return
    check_day(day_in_japan(aware_at))
    facts = {"persons": persons, "delegated_to_authority": authority}
    known = {name: value for name, value in facts.items() if value is not None}
    law = assessment_of(indicator, known, aware_at, protection)
    assert all(plan.kind for plan in obligations(law))
