"""What is in hand of a new case is what would be read of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.cases.database import Database
from bot.cases.states import state_of, state_of_new
from bot.policy.needs import READ, needs
from bot.policy.state import ChainLevel, ChainPerson
from bot.vocabulary import Indicator, Role
from bot.workflow.inputs import FirstReport
from bot.workflow.reporting import Roster, report_leak
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
        async with database.transaction() as db:
            case = await report_leak(
                db,
                report,
                reporter="U3",
                view_id=f"V{count}",
                roster=ROSTER,
                zone=ZoneInfo("Asia/Tokyo"),
                drill=False,
                now=NOON,
            )
            in_hand = await state_of_new(db, case, announced=READ)
            read = await state_of(db, case, announced=READ)
            assert in_hand == read
            company = the_company()
            assert needs(in_hand, company, NOON) == needs(read, company, NOON), "zones of moments aside"
            assert in_hand.tasks
            assert in_hand.obligations
            assert in_hand.members.keys() == {"U1", "U2"}
