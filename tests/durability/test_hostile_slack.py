"""A bad day of Slack over a whole case: whatever goes wrong, everything is said once and nothing is lost.

Each seed is a plan of troubles. `LEAKBOT_HOSTILE_SEEDS=200` tries more of them by hand.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, datetime
from typing import Literal

import pytest
from sqlmodel import col, select

from bot.cases import log
from bot.cases.states import case_state
from bot.outbox.table import Delivery, DeliveryState
from bot.workspace import Workspace
from tests.durability.people import connected, insists, insists_on_answering
from tests.world import LOST_USB, TOKYO, World, payload, the_company

WHEN: tuple[Literal["before", "after"], ...] = ("before", "after")
#: How Slack ends a socket: renewed in good order, with a warning, switched off and on again, or cut.
FAREWELLS = ("refresh_requested", "warning", "link_disabled", "abrupt")
GIVES_UP_AFTER = 0.75  # seconds the bot waits for one answer here, so that a stalled call is over soon
#: The story lets days go by after the answer; whether somebody is still at it is asked in stories of its own.
PATIENT = {"repeat_every: 10m": "repeat_every: 10m, step_within: 30d"}
SEEDS = int(os.environ.get("LEAKBOT_HOSTILE_SEEDS", "20"))
METHODS = (
    "chat.postMessage",
    "chat.update",
    "conversations.create",
    "conversations.history",
    "conversations.invite",
    "conversations.open",
    "conversations.setTopic",
    "pins.add",
    "users.conversations",
    "views.open",
    "response_url",
    "auth.test",
)


@pytest.fixture
async def hostile(workspace: Workspace, sqlite_url: str) -> World:
    """A world of its own on SQLite; the bot is not started yet."""
    return World(workspace, sqlite_url, the_company(**PATIENT), call=GIVES_UP_AFTER)


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_bad_day_of_slack(hostile: World, seed: int) -> None:
    await hostile.bot_starts()
    await a_whole_case_on_a_bad_day(hostile, random.Random(seed))  # noqa: S311 - a plan of troubles
    await hostile.bot_stops()


@pytest.mark.parametrize("seed", range(1000, 1003))
async def test_a_bad_day_of_slack_on_either_database(
    workspace: Workspace, database_url: str, seed: int
) -> None:
    world = World(workspace, database_url, the_company(**PATIENT), call=GIVES_UP_AFTER)
    await world.bot_starts()
    await a_whole_case_on_a_bad_day(world, random.Random(seed))  # noqa: S311 - a plan of troubles
    await world.bot_stops()


async def a_whole_case_on_a_bad_day(world: World, dice: random.Random) -> None:
    world.workspace.patience.retries = (0.2, 0.5, 1.0)
    world.workspace.redeliver = dice.choice([0, 0, 1, 2])
    if dice.random() < 0.5:
        world.workspace.event_delay = lambda: dice.random() / 5  # one event overtakes another
    trouble(world, dice)
    await insists(world, "reporter", lambda: opens(world, dice), **LOST_USB, persons="約800人")
    await world.bot.settled()
    [number] = await world.numbers()

    trouble(world, dice)
    await everybody_is_answered(world)
    await world.passes(minutes=10)
    trouble(world, dice)
    await insists_on_answering(world, dice.choice(["manager", "deputy"]))

    trouble(world, dice)
    await insists(
        world,
        "privacy",
        lambda: world.person("privacy").click(world.card(number), "case_add_facts"),
        data_items="氏名、電話番号",
    )
    await world.bot.settled()

    trouble(world, dice)
    await everybody_is_answered(world)
    await world.until(datetime(2026, 11, 25, 8, 0, tzinfo=TOKYO).astimezone(UTC))
    for obligation in ("preliminary", "final"):
        trouble(world, dice)
        await insists(
            world,
            "privacy",
            lambda: world.person("privacy").click(world.card(number), "case_record_submission"),
            obligation=obligation,
            report_kind=obligation,
            recipient="個人情報保護委員会",
        )
        await world.bot.settled()
    trouble(world, dice)
    await insists(
        world,
        "privacy",
        lambda: world.person("privacy").click(world.card(number), "case_close"),
        root_cause="持ち出しの手順がなかった",
        prevention="持ち出しを禁止した",
        outcome="recovered",
    )
    await world.bot.settled()
    await everything_was_said_once(world, number)


def trouble(world: World, dice: random.Random) -> None:
    """Put a few troubles in the way of the next calls."""
    for _ in range(dice.randrange(5)):
        method, nth, times = dice.choice(METHODS), dice.randint(1, 4), dice.randint(1, 2)
        add, when = world.workspace.faults.add, dice.choice(WHEN)
        match dice.randrange(9):
            case 0 if method != "response_url":
                add(method, nth=nth, times=1, status=429, retry_after=1)
            case 1:
                add(method, nth=nth, times=times, status=dice.choice([500, 502, 503, 504]), when=when)
            case 2:
                add(method, nth=nth, times=times, status=200, when=when)  # broken JSON
            case 3 if method != "response_url":
                add(
                    method,
                    nth=nth,
                    times=times,
                    error=dice.choice(["internal_error", "fatal_error"]),
                    when=when,
                )
            case 4 | 5:
                add(method, nth=nth, times=times, drop=True, when=when)
            case 6:
                add(method, nth=nth, times=1, stall=True, when=when)
            case 7 if method not in ("response_url", "views.open"):
                code = dice.choice(["token_revoked", "invalid_auth", "missing_scope"])  # mended in a moment
                add(method, nth=nth, times=times, error=code)
            case _:
                add(method, nth=nth, times=times, latency=dice.random() / 3, when=when)


async def everybody_is_answered(world: World) -> None:
    """Before hours pass: the answer to a press that came twice may still be on its way."""
    await connected(world)
    await world.workspace.delivered(timeout=30)


async def opens(world: World, dice: random.Random) -> None:
    """Types `/leak`; now and then the socket is renewed while the form is open."""
    await world.person("reporter").command("/leak", "")
    if dice.random() < 0.4:
        await world.workspace.drop_connections(dice.choice(FAREWELLS))
        await connected(world)


async def everything_was_said_once(world: World, number: str) -> None:
    """One case, one room, one card, each message once; and the record knows it all."""
    privacy = world.person("privacy")
    assert [c.name for c in privacy.conversations() if c.kind == "private"] == [f"leak-{number}"]
    room = privacy.conversation(world.room(number))
    assert set(room.members) == {
        "U0LEAKBOT", "U0REPORTER", "U0MANAGER", "U0DEPUTY", "U0PRIVACY", "U0LEGAL",
    }  # fmt: skip
    assert room.pinned == [world.card(number).ts]
    assert world.heard(number)[0].ts == world.card(number).ts, "the card is the room's first message"
    for someone in world.workspace.people:
        keys = Counter((m.channel, payload(m)["key"]) for m in someone.everything() if m.metadata)
        assert [key for key, times in keys.items() if times > 1] == []
    assert len(world.said_to("reporter")) == 1
    for who, level in (("manager", 0), ("deputy", 1)):
        [page] = world.said_to(who, "leak_page")
        assert payload(page)["level"] == level
        assert "page_acknowledge" not in page.buttons, "the case was taken"
    assert world.said_to("ciso") == []
    assert [payload(m)["level"] for m in world.heard(number, "leak_page")] == [0, 1]
    assert world.notices(number) == [
        "acknowledged",
        "facts_added",
        "submission_recorded",
        "submission_recorded",
        "closed",
    ]
    assert world.reminders(number) == ["preliminary countdown 3d", "preliminary countdown 2d"]
    async with world.bot.database.reading() as db:
        case = await case_state(db, number)
        assert case
        assert case.status == "closed"
        assert await log.verify(db, number) == []
        ends = set(await db.scalars(select(col(Delivery.state)).distinct()))
        assert ends <= {DeliveryState.DONE, DeliveryState.MOOT}
