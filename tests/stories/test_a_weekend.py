"""Friday 23:40, and the manager's phone is off: somebody competent has the case within minutes, or is called
until they do. The clock is moved as far as Monday morning.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.cases import log
from bot.workspace import Workspace
from tests.world import TOKYO, MakeWorld, World, payload

FRIDAY_NIGHT = datetime(2026, 11, 20, 23, 40, tzinfo=TOKYO).astimezone(UTC)
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO).astimezone(UTC)
EVERY_TEN_MINUTES = "paging: {acknowledge_within: 10m, repeat_every: 10m}"


@pytest.fixture
async def friday(workspace: Workspace, make_world: MakeWorld) -> World:
    """The company on a Friday night. The last resort is called every half hour."""
    workspace.clock.freeze(FRIDAY_NIGHT)
    return await make_world(
        "ja", **{EVERY_TEN_MINUTES: "paging: {acknowledge_within: 10m, repeat_every: 30m}"}
    )


def times(world: World, who: str) -> list[timedelta]:
    """When somebody was paged, from the report on."""
    said = [datetime.fromtimestamp(float(m.ts), UTC) for m in world.said_to(who, "leak_page")]
    return [timedelta(minutes=round((at - FRIDAY_NIGHT).total_seconds() / 60)) for at in said]


async def test_friday_night_until_monday(friday: World) -> None:
    number = await friday.reports()
    await friday.until(FRIDAY_NIGHT + timedelta(hours=1, minutes=5))
    minutes = timedelta(minutes=1)
    assert times(friday, "manager") == [0 * minutes]
    assert times(friday, "deputy") == [10 * minutes]
    assert times(friday, "ciso") == [20 * minutes, 50 * minutes]
    assert "応答待ち" in friday.card(number).plain
    await friday.acknowledges("ciso")
    assert "<@U0CISO>" in friday.card(number).plain, "everybody sees who has it"
    for who in ("manager", "deputy", "ciso"):
        for page in friday.said_to(who, "leak_page"):
            assert "page_acknowledge" not in page.buttons
    await friday.person("ciso").click(friday.card(number), "case_add_facts")
    assert (await friday.sends("ciso", data_items="氏名、電話番号")).ok
    await friday.until(FRIDAY_NIGHT + timedelta(hours=9))
    # Taken at 00:45 and then left lying: asked at 04:45, and at 08:45 there is nobody further to call.
    assert friday.notices(number).count("still_there") == 1
    await friday.until(MONDAY_MORNING)
    assert len(times(friday, "ciso")) == 2, "nobody is called about a case that somebody has"
    assert len(times(friday, "manager")) == 1
    assert len(times(friday, "deputy")) == 1
    assert friday.reminders(number) == [
        "preliminary countdown 3d",
        "preliminary countdown 2d",
    ], "counted from Friday, through the weekend"
    async with friday.bot.database.reading() as db:
        assert await log.verify(db, number) == []


async def test_everyone_silent_is_called_until_somebody_answers(
    workspace: Workspace, make_world: MakeWorld
) -> None:
    workspace.clock.freeze(FRIDAY_NIGHT)
    friday = await make_world(**{EVERY_TEN_MINUTES: "paging: {acknowledge_within: 10m, repeat_every: 3h}"})
    number = await friday.reports()
    await friday.until(MONDAY_MORNING)
    minutes = timedelta(minutes=1)
    expected = [20 * minutes + n * timedelta(hours=3) for n in range(20)]
    assert FRIDAY_NIGHT + expected[-1] <= MONDAY_MORNING < FRIDAY_NIGHT + expected[-1] + timedelta(hours=3)
    assert times(friday, "ciso") == expected
    assert times(friday, "manager") == [0 * minutes]
    assert times(friday, "deputy") == [10 * minutes]
    keys = [payload(m)["key"] for m in friday.heard(number, "leak_page")]
    assert len(keys) == len(set(keys)) == 22, "and each is shown in the room once"
    assert {payload(m)["level"] for m in friday.said_to("ciso", "leak_page")} == {2}
    await friday.acknowledges("manager")
    await friday.until(MONDAY_MORNING + timedelta(hours=3))
    assert times(friday, "ciso") == expected, "the manager comes to work, and it ends"
