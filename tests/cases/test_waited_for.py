"""Whom the open cases wait for, asked of all of them at once."""

from __future__ import annotations

from bot.cases.database import Database
from bot.cases.log import append
from bot.cases.states import chain_rows
from bot.cases.tables import Page
from bot.cases.waited_for import open_cases_of, people_of_open_cases
from bot.policy.state import ChainLevel, ChainPerson
from bot.vocabulary import LogKind, Role, Status
from tests.cases.rows import NOON, reported


def chain(*people: ChainPerson) -> list[dict[str, object]]:
    return chain_rows((ChainLevel(Role.MANAGER, people),))


async def test_whoever_a_case_may_wait_for_is_found_and_closed_cases_wait_for_nobody(
    database: Database,
) -> None:
    async with database.transaction() as db:
        first = await reported(
            db, "V1", chain=chain(ChainPerson("a", "U0A"), ChainPerson("b", "U0B", active=False))
        )
        second = await reported(db, "V2", chain=chain(ChainPerson("c", "U0C"), ChainPerson("d", None)))
        second.acknowledged_by = "U0HOLDER"
        db.add(Page(case_id=second.id or 0, level=1, user="U0PAGED", sent_at=NOON))
        await append(db, second, LogKind.PAGE_SENT, "leakbot", NOON, {})
        over = await reported(db, "V3", chain=chain(ChainPerson("x", "U0X")))
        over.status = Status.CLOSED.value
        over.acknowledged_by = "U0Y"
        await append(db, over, LogKind.CLOSED, "U0Y", NOON, {})
    async with database.reading() as db:
        waited_for, closed = await people_of_open_cases(db)
        assert waited_for == {"U0A", "U0B", "U0C", "U0HOLDER", "U0PAGED"}
        assert closed == {"U0B"}
        for user, cases in {
            "U0A": [first.number],
            "U0B": [first.number],
            "U0C": [second.number],
            "U0HOLDER": [second.number],
            "U0PAGED": [second.number],
            "U0X": [],
            "U0NOBODY": [],
        }.items():
            assert [case.number for case in await open_cases_of(db, {user})] == cases, user
        both = await open_cases_of(db, {"U0A", "U0PAGED", "U0X"})
        assert [case.number for case in both] == [first.number, second.number]
        assert await open_cases_of(db, set()) == []
