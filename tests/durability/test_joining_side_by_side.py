"""Two people join the same two cases at the same moment, each the other way round: one of them does."""

from __future__ import annotations

import asyncio

from bot.cases import log
from bot.cases.database import Database
from bot.cases.states import case_state
from bot.errors import Refused
from bot.vocabulary import Indicator, LogKind, Status
from bot.workflow.inputs import FirstReport
from bot.workflow.joining import join_cases
from tests.cases.closed import EVENING, OFFICE, ROSTER, TOKYO
from tests.laid_out import laid_out


async def two_cases(database: Database) -> tuple[str, str]:
    """Two reports of one thing."""
    numbers = []
    for view_id, reporter in (("V1", "U0REPORTER"), ("V2", "U0OTHER")):
        report = FirstReport(Indicator.MEDIA_LOST, "鞄を置き忘れた", EVENING, "sales")
        async with database.transaction() as db:
            case = await laid_out(
                db,
                report,
                reporter=reporter,
                view_id=view_id,
                roster=ROSTER,
                zone=TOKYO,
                drill=False,
                now=EVENING,
            )
            numbers.append(case.number)
    return numbers[0], numbers[1]


async def test_of_two_who_join_at_once_each_the_other_way_round_one_does(database: Database) -> None:
    one, other = await two_cases(database)

    async def join(number: str, into: str, person: str) -> str:
        try:
            async with database.transaction() as db:
                await join_cases(db, number, into, person=person, privacy_office=OFFICE, now=EVENING)
        except Refused as no:
            return no.reason
        return "joined"

    async with asyncio.timeout(20):
        came_of_it = await asyncio.gather(join(one, other, "U0PRIVACY"), join(other, one, "U0BUCHOU"))
    assert sorted(came_of_it) in (["already_closed", "joined"], ["join_closed", "joined"])
    async with database.reading() as db:
        states = [await case_state(db, number) for number in (one, other)]
        assert [await log.verify(db, number) for number in (one, other)] == [[], []]
    ended = [case for case in states if case and case.status is Status.CLOSED]
    going_on = [case for case in states if case and case.status is not Status.CLOSED]
    assert (len(ended), len(going_on)) == (1, 1), "one case is left, whoever was quicker"
    assert ended[0].joined_into == going_on[0].number
    assert going_on[0].open_obligations, "and its clock runs"
    assert len(going_on[0].events_of(LogKind.JOINED)) == 1
    assert ended[0].reporter in going_on[0].members
