"""What is in hand of a new case is what would be read of it."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.cases.database import Database
from bot.cases.hanging import row_to_read
from bot.cases.states import case_state
from bot.policy.needs import READ, needs
from bot.policy.state import ChainLevel, ChainPerson
from bot.vocabulary import Indicator, LogKind, Role
from bot.workflow.inputs import FirstReport
from bot.workflow.laying_out import lay_out
from bot.workflow.receiving import Received, Roster, receive
from tests.cases.rows import NOON
from tests.world import the_company

ROSTER = Roster(
    department_name="営業部",
    chain=(ChainLevel(Role.MANAGER, (ChainPerson("U1", "manager@example.co.jp"),)),),
    members={"U1": Role.MANAGER, "U2": Role.PRIVACY_OFFICE},
    authority=None,
    acknowledge_within=600,
    repeat_every=600,
)


@pytest.mark.parametrize("typed", [{}, {"summary": "マイナンバー 1234 5678 9018"}])
async def test_a_new_case_in_hand_is_the_case_as_it_is_read(
    database: Database, typed: dict[str, str]
) -> None:
    report = FirstReport(Indicator.MEDIA_LOST, "USBメモリを紛失しました", NOON, "sales", typed=typed)
    for count in range(2):  # the second looks like the first, which is noted
        received = Received(report, "U3", f"V{count}", ROSTER, drill=False)
        async with database.transaction() as db:
            (in_hand,) = await receive(db, [received], ZoneInfo("Asia/Tokyo"), NOON)
            assert await case_state(db, in_hand.number, announced=()) == in_hand
            laid_out = await lay_out(db, await row_to_read(db, in_hand.number), NOON)
            read = await case_state(db, in_hand.number, announced=None)
            assert read is not None
            first = 2 if typed else 1
            assert [event.kind for event in read.events[:first]] == (
                [LogKind.REPORTED, LogKind.WORDS_MASKED] if typed else [LogKind.REPORTED]
            )
            assert laid_out == replace(read, events=read.events[first:])
            company = the_company()
            known = await case_state(db, in_hand.number, announced=READ)
            assert known is not None
            assert needs(laid_out, company, NOON) == needs(known, company, NOON), "zones of moments aside"
            assert laid_out.tasks
            assert laid_out.obligations
            assert laid_out.members.keys() == {"U1", "U2"}
