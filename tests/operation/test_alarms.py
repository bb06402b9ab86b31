"""What waits without being seen becomes an alarm by name: in logs and metrics, and to the privacy office."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from sqlalchemy import text

from bot.cases.database import Database
from bot.outbox.watcher import Signs, Watcher
from bot.slack.screens.alarm import alarm_texts
from bot.vocabulary import Alarm
from bot.workspace import Message
from tests.world import LOST_USB, MakeWorld, World

QUARTER = timedelta(minutes=15)


def told(world: World, who: str = "privacy") -> list[tuple[str, str]]:
    """The alarms somebody was told of: kind and name."""
    return [
        (message.metadata["event_payload"]["kind"], message.metadata["event_payload"]["alarm"])
        for message in alarms(world, who)
        if message.metadata
    ]


def alarms(world: World, who: str = "privacy") -> list[Message]:
    said = world.said_to(who, "leak_notice")
    return [m for m in said if m.metadata and "alarm" in m.metadata["event_payload"]]


def words(message: Message) -> str:
    return "\n".join(block["text"]["text"] for block in message.blocks)


async def looks(world: World, after: timedelta = timedelta()) -> None:
    """Let that much time pass, then have the watcher look."""
    if after:
        world.workspace.clock.advance(after)
        await world.bot.settled()
    await world.bot.watcher.look()
    await world.bot.settled()


async def figure(world: World, alarm: Alarm) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{world.bot.address}/metrics") as got:
        lines = (await got.text()).splitlines()
    return next(line.split()[-1] for line in lines if line.startswith(f'leakbot_alarm{{name="{alarm}"}}'))


async def sql(world: World, statement: str) -> None:
    async with world.bot.database.transaction() as db:
        await (await db.connection()).execute(text(statement))


async def test_while_all_is_well_nobody_hears_of_anything(world: World) -> None:
    await world.reports()
    await world.acknowledges()
    await looks(world, QUARTER)
    assert told(world) == []
    assert {await figure(world, alarm) for alarm in Alarm} == {"0.0"}


async def test_nobody_answers_the_office_is_told_once_and_again_each_day_and_when_it_is_over(
    make_world: MakeWorld,
) -> None:
    world = await make_world(**{"repeat_every: 10m": "repeat_every: 12h"})
    number = await world.reports()
    await world.passes(minutes=10)
    await looks(world)
    assert told(world) == [], "the chain is being called"
    with structlog.testing.capture_logs() as logged:
        await world.passes(minutes=50)
        await looks(world)
        await looks(world, QUARTER)
    assert told(world) == [("alarm", "page_without_answer")], "once, however often it is looked"
    assert [line["alarm"] for line in logged if line["event"] == "alarm_raised"] == ["page_without_answer"]
    assert number in words(alarms(world)[0])
    assert number not in alarms(world)[0].text, "a locked telephone shows the kind only"
    assert await figure(world, Alarm.PAGE_WITHOUT_ANSWER) == "1.0"
    assert told(world, "manager") == []
    await world.passes(hours=24)
    await looks(world)
    assert told(world)[1:] == [("alarm", "page_without_answer")]
    assert "から続いています" in words(alarms(world)[1])
    await world.acknowledges()
    await looks(world)
    await looks(world, QUARTER)
    assert told(world)[2:] == [("alarm_over", "page_without_answer")]
    assert await figure(world, Alarm.PAGE_WITHOUT_ANSWER) == "0.0"


async def test_an_alarm_that_comes_back_is_said_again(world: World) -> None:
    for who in ("reporter", "deputy"):
        world.workspace.scopes.discard("groups:write")
        await world.opens_form(who)
        await world.sends(who, **LOST_USB)
        await until(lambda: bool(world.bot.slack_troubles()))
        await world.bot.watcher.look()
        await until(lambda: ("alarm", "slack_refuses") in told(world)[-1:])
        world.workspace.scopes.add("groups:write")
        await world.bot.settled()
        await looks(world)
        assert told(world)[-1] == ("alarm_over", "slack_refuses")
    assert told(world) == [("alarm", "slack_refuses"), ("alarm_over", "slack_refuses")] * 2
    assert "missing_scope" in words(alarms(world)[0])
    world.workspace.violations[:] = [v for v in world.workspace.violations if v.error != "missing_scope"]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not holds():  # noqa: ASYNC110 - looked for from outside, nobody rings
            await asyncio.sleep(0.02)


async def test_whoever_never_heard_of_an_alarm_need_not_hear_that_it_is_over(world: World) -> None:
    sick = ["Slack refuses SLACK_BOT_TOKEN: token_revoked"]
    alone = watcher(world.bot.database, world, slack=lambda: sick)
    world.workspace.faults.add("chat.postMessage", times=None, status=503)
    tried = len(world.workspace.calls)
    await alone.look()
    await until(lambda: any(call.method == "chat.postMessage" for call in world.workspace.calls[tried:]))
    sick.clear()
    await alone.look()
    world.workspace.faults.clear()
    await world.bot.settled()
    assert told(world) == []


async def test_a_case_without_room_and_what_is_stuck(world: World) -> None:
    world.workspace.faults.add("conversations.create", times=None, status=503)
    await world.opens_form()
    await world.sends("reporter", **LOST_USB)
    await until(lambda: bool(world.said_to("manager", "leak_page")))
    world.workspace.clock.advance(timedelta(minutes=11))
    await until(lambda: bool(world.said_to("deputy", "leak_page")))  # the case was planned at the new time
    await world.bot.watcher.look()
    await until(lambda: len(alarms(world)) == 2)
    assert set(told(world)) == {("alarm", "case_without_room"), ("alarm", "delivery_stuck")}
    world.workspace.faults.clear()
    await looks(world, QUARTER)
    assert set(told(world)[2:]) == {("alarm_over", "case_without_room"), ("alarm_over", "delivery_stuck")}


async def test_what_slack_refused_for_good(world: World) -> None:
    number = await world.reports()
    await sql(
        world,
        "UPDATE delivery SET state = 'failed', error = 'channel_not_found' WHERE kind = 'card'",
    )
    await looks(world)
    assert told(world) == [("alarm", "delivery_refused")]
    assert number in words(alarms(world)[0])
    await sql(world, "UPDATE delivery SET state = 'done', error = NULL WHERE kind = 'card'")
    await sql(world, "UPDATE delivery SET state = 'failed' WHERE kind IN ('page_direct', 'card_redraw')")
    await looks(world)
    assert told(world)[1:] == [("alarm_over", "delivery_refused")], "of a page that fails the case is told"


async def test_a_case_that_cannot_be_planned_hides_no_other(world: World) -> None:
    broken = await world.reports()
    await world.acknowledges()
    await sql(world, "UPDATE \"case\" SET indicator = 'of another release', acknowledged_at = NULL")
    other = await world.reports("deputy")
    await world.passes(minutes=70)
    await looks(world)
    assert set(told(world)) == {("alarm", "case_not_planned"), ("alarm", "page_without_answer")}
    named = {m.metadata["event_payload"]["alarm"]: words(m) for m in alarms(world) if m.metadata}
    assert broken in named["case_not_planned"]
    assert other in named["page_without_answer"]


async def test_a_changed_record_is_found_at_night(world: World) -> None:
    number = await world.reports()
    await world.bot.watcher.verify()
    await sql(world, "UPDATE log_entry SET actor = 'U0OTHER' WHERE seq = 1")
    await looks(world)
    assert told(world) == [], "the quarter-hourly look does not read every record"
    await world.bot.watcher.verify()
    await looks(world, QUARTER)
    assert told(world) == [("alarm", "record_broken")], "and does not clear what it did not look at"
    assert number in words(alarms(world)[0])
    assert "leakbot case verify" in words(alarms(world)[0])


async def test_the_office_reads_it_in_its_language(make_world: MakeWorld) -> None:
    world = await make_world("en")
    await world.reports()
    await world.passes(minutes=70)
    await looks(world)
    assert "*Alarm: Nobody answers*" in words(alarms(world)[0])
    assert "*What to do* Reach the manager" in words(alarms(world)[0])


async def test_two_processes_say_it_once(world: World) -> None:
    """Both look at the same moment; what only one of them sees of itself the other does not clear."""
    await world.reports()
    await world.passes(minutes=70)
    troubles = ["Slack refuses SLACK_BOT_TOKEN: token_revoked"]
    other = watcher(world.bot.database, world, slack=lambda: troubles)
    await asyncio.gather(world.bot.watcher.look(), other.look())
    await world.bot.watcher.look()
    await world.bot.settled()
    assert sorted(told(world)) == [("alarm", "page_without_answer"), ("alarm", "slack_refuses")]
    world.workspace.clock.advance(timedelta(hours=2))
    await world.bot.watcher.look()
    await world.bot.settled()
    assert ("alarm_over", "slack_refuses") in told(world), "a process that is gone is forgotten"


def watcher(database: Database, world: World, **changes: Any) -> Watcher:
    """A watcher of another process."""
    office = {world.person("privacy").id}
    signs: dict[str, Any] = {
        "slack": list,
        "clock_off": lambda: None,
        "unplanned": list,
        "retention_failed": lambda: False,
        "office": lambda: office,
        "noted": (),
        "folders": (),
    }
    more = {name: changes.pop(name) for name in ("heartbeat_url", "kept_free") if name in changes}
    signs |= changes
    return Watcher(
        database,
        world.workspace.clock,
        Signs(**signs),
        ring=world.bot.ring,
        confirm=0.0,
        **more,
    )


async def test_what_is_well_again_a_moment_later_is_no_alarm(world: World) -> None:
    answers = [["the socket is gone"], []]
    await watcher(world.bot.database, world, slack=lambda: answers.pop(0) if answers else []).look()
    await world.bot.settled()
    assert told(world) == []


async def test_a_disk_that_is_nearly_full_and_a_failed_night(world: World, tmp_path: Path) -> None:
    await watcher(world.bot.database, world, retention_failed=lambda: True, folders=[tmp_path]).look()
    await world.bot.settled()
    assert told(world) == [("alarm", "retention_failed")]
    await watcher(world.bot.database, world, folders=[tmp_path], kept_free=2**60).look()
    await world.bot.settled()
    assert told(world)[1:] == [("alarm", "disk_nearly_full")], "what another process saw of itself stands"


async def test_a_database_that_is_away_is_in_the_logs_and_figures(sqlite_url: str, world: World) -> None:
    away = Database.open(sqlite_url)
    os.unlink(sqlite_url.removeprefix("sqlite:///"))
    alone = watcher(away, world)
    with structlog.testing.capture_logs() as logged:
        await alone.look()
    assert [(line["event"], line["alarm"]) for line in logged] == [("alarm_raised", "database_away")]
    assert await alone.standing() == {Alarm.DATABASE_AWAY}
    await away.close()


async def test_a_clock_that_is_wrong(world: World) -> None:
    await world.bot._connection.watch()
    off = world.bot._connection.clock_off
    assert off is not None
    assert abs(off) <= 1, "the bot and the local Slack go by one clock"
    for seconds, expected in ((-59.0, []), (3600.0, [("alarm", "clock_wrong")])):
        await watcher(world.bot.database, world, clock_off=lambda s=seconds: s).look()
        await world.bot.settled()
        assert told(world) == expected
    assert "+60 min" in words(alarms(world)[0])


@asynccontextmanager
async def somebody_outside(status: int = 200) -> AsyncIterator[tuple[str, list[str]]]:
    """Who hears the signs of life. Out: the address, and the requests that came."""
    heard: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(f"{request.method} {request.path}")
        return web.Response(status=status)

    app = web.Application()
    app.router.add_route("*", "/{secret}", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/a-secret", heard
    finally:
        await runner.cleanup()


async def test_a_sign_of_life_goes_out_while_all_is_well(world: World) -> None:
    async with somebody_outside() as (url, heard):
        alone = watcher(world.bot.database, world, heartbeat_url=url)
        await alone.look()
        await alone.look()
        assert heard == ["GET /a-secret"] * 2
        number = await world.reports()
        await world.passes(minutes=70)
        await alone.look()
        assert len(heard) == 2, f"nobody answers {number}"
        await world.acknowledges()
        await alone.look()
        assert len(heard) == 3


@pytest.mark.parametrize("trouble", ["refuses", "gone"])
async def test_nobody_outside_is_no_trouble_and_the_address_is_not_logged(world: World, trouble: str) -> None:
    async with somebody_outside(500) as (url, heard):
        if trouble == "gone":
            url = "http://127.0.0.1:9/a-secret"
        with structlog.testing.capture_logs() as logged:
            await watcher(world.bot.database, world, heartbeat_url=url).look()
    assert len(heard) == (trouble == "refuses")
    lines = [line for line in logged if line["event"] == "heartbeat_not_heard"]
    assert len(lines) == 1
    assert "a-secret" not in str(logged)


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_alarm_says_what_is_happening_and_what_to_do(locale: Any) -> None:
    texts = alarm_texts(locale)
    assert set(texts) == set(Alarm)
    assert all(set(each) == {"what", "remedy"} and all(each.values()) for each in texts.values())
