"""One test for each sharp edge of Slack: what is refused, slow, gone or forbidden, and who is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
from sqlmodel import col, select

from bot.cases import log
from bot.cases.states import case_state
from bot.outbox.table import Delivery, DeliveryState
from bot.workspace import Call
from tests.world import LOST_USB, World, payload


def calls_of(world: World, method: str, to: str | None = None) -> list[Call]:
    """The calls of a method that came in, oldest first; only those to one conversation where given."""
    return [
        c for c in world.workspace.calls if c.method == method and to in (None, c.arguments.get("channel"))
    ]


async def until(holds: Callable[[], Awaitable[bool]], within: float = 15.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110 - looked for from outside, nobody rings
            await asyncio.sleep(0.02)


async def ends(world: World) -> dict[str, tuple[str, str | None]]:
    """Every delivery's key with its state and Slack's code."""
    async with world.bot.database.reading() as db:
        rows = await db.execute(select(col(Delivery.key), col(Delivery.state), col(Delivery.error)))
        return {key: (state, error) for key, state, error in rows}


async def operators_see(world: World, path: str) -> tuple[int, str]:
    """What /readyz or /metrics answers."""
    async with aiohttp.ClientSession() as session, session.get(world.bot.address + path) as answer:
        return answer.status, await answer.text()


async def test_a_method_that_must_rest_is_not_called_before_its_time(world: World) -> None:
    world.workspace.faults.add("conversations.create", status=429, retry_after=1)
    opening = asyncio.create_task(world.reports())
    await until(lambda: _true(bool(calls_of(world, "conversations.create"))))
    await world.person("deputy").command("/leak", "")
    await world.sends("deputy", **LOST_USB)  # a second case wants its room while the method rests
    await opening
    await world.bot.settled()
    first, *others = calls_of(world, "conversations.create")
    assert first.ended_at
    assert len(others) == 2
    assert all(call.began_at - first.ended_at >= 0.99 for call in others)


async def test_whoever_meets_a_tier_that_is_used_up_is_told_to_wait_and_whom_to_call(world: World) -> None:
    world.workspace.faults.add("views.open", status=429, retry_after=30)
    reply = await world.person("reporter").command("/leak", "")
    assert "1分ほど待って" in str(reply.text)
    assert "責任者に直接" in str(reply.text)
    assert world.person("reporter").modal is None
    await world.opens_form()


async def test_a_rate_limit_of_one_conversation_delays_no_other(world: World) -> None:
    world.workspace.faults.add("chat.postMessage", nth=1, status=429, retry_after=1)
    await world.reports()
    refused, *others = calls_of(world, "chat.postMessage")
    assert refused.ended_at
    again = [c for c in others if c.arguments["channel"] == refused.arguments["channel"]]
    assert [c.began_at - refused.ended_at >= 0.99 for c in again] == [True]
    assert [c for c in others if c.began_at - refused.ended_at < 0.9], "the other messages did not wait"


async def test_a_slow_call_delays_nobody_else(world: World) -> None:
    world.workspace.faults.add("chat.postMessage", nth=1, latency=2)
    await world.reports()
    slow = calls_of(world, "chat.postMessage")[0]
    assert slow.ended_at
    assert slow.ended_at - slow.began_at >= 2
    meanwhile = [
        c for c in world.workspace.calls if slow.began_at < c.began_at and (c.ended_at or 0) < slow.ended_at
    ]
    assert {"conversations.create", "conversations.invite", "pins.add"} <= {c.method for c in meanwhile}
    assert len([c for c in meanwhile if c.method == "chat.postMessage"]) >= 2


async def test_pages_go_before_everything_that_waits(world: World) -> None:
    await world.opens_form()
    world.workspace.faults.add("*", times=None, status=503)
    await world.sends("reporter", **LOST_USB)
    await asyncio.sleep(0.1)
    await world.bot_stops()
    world.workspace.faults.clear()
    before = len(world.workspace.calls)
    await world.bot_starts()
    spoken = [c for c in world.workspace.calls[before:] if c.method.startswith(("chat.", "conversations."))]
    assert (
        spoken[0].arguments.get("users") == "U0MANAGER" or spoken[0].arguments.get("channel") == "U0MANAGER"
    )


async def test_a_manager_who_was_deactivated_meanwhile_is_passed_over_at_once(world: World) -> None:
    world.workspace.person("manager").user.deleted = True  # and the event was lost
    number = await world.reports()
    assert [payload(m)["level"] for m in world.said_to("deputy", "leak_page")] == [1]
    assert world.notices(number) == ["page_skipped"]
    assert "U0MANAGER" not in world.workspace.conversation(world.room(number)).members
    assert {"U0REPORTER", "U0DEPUTY", "U0PRIVACY", "U0LEGAL"} < set(
        world.workspace.conversation(world.room(number)).members
    ), "the one who cannot come keeps nobody else out"


async def test_a_name_taken_by_somebody_else_gets_a_suffix(world: World) -> None:
    world.workspace.add_channel("leak-2026-0001", members=["hr_manager"], private=True)
    await world.reports()
    rooms = [c.name for c in world.person("privacy").conversations() if c.kind == "private"]
    assert rooms == ["leak-2026-0001-2"]
    world.workspace.violations[:] = [v for v in world.workspace.violations if v.error != "name_taken"]


async def test_a_room_that_is_gone_keeps_nothing_back_and_other_cases_go_on(world: World) -> None:
    number = await world.reports()
    await world.person("privacy").archive(world.room(number))
    await world.acknowledges("manager")
    assert failures(await ends(world)) == {}
    assert world.notices(number).count("acknowledged") == 1, "it is said in the room that was opened instead"
    asked = len(world.workspace.calls)
    await world.passes(hours=1)
    later = [c for c in world.workspace.calls[asked:] if c.method == "chat.postMessage"]
    keys = [c.arguments["metadata"]["event_payload"]["key"] for c in later]
    assert len(keys) == len(set(keys)), "no endless loop"
    assert len([c for c in world.workspace.calls if c.method == "conversations.create"]) == 2
    other = await world.reports("reporter")
    assert world.card(other)
    assert len(world.said_to("manager", "leak_page")) == 2


async def test_a_program_that_archives_every_room_gets_no_endless_row_of_them(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    opened = []
    for _ in range(3):
        opened.append(world.room(number))
        await world.person("privacy").archive(opened[-1])
        await world.workspace.delivered()
        await world.bot.settled()

    def rooms() -> list[bool]:
        seen = world.person("privacy").conversations()
        return [c.archived for c in seen if c.name.startswith(f"leak-{number}")]

    assert rooms() == [True] * 3, "after the third it is waited for an hour"
    assert len(world.said_to("manager", "leak_page")) == 1, "nobody is called again because of it"
    await world.passes(minutes=59)
    assert rooms() == [True] * 3
    await world.passes(minutes=2)
    assert rooms() == [True] * 3 + [False]
    assert world.room(number) not in opened
    assert world.notices(number).count("room_moved") >= 1
    assert failures(await ends(world)) == {}


async def test_a_bot_taken_out_of_the_room_does_not_stop_the_other_cases(world: World) -> None:
    number = await world.reports()
    old = world.room(number)
    await world.person("privacy").remove(old, "U0LEAKBOT")
    await world.passes(minutes=11)
    assert len(world.said_to("deputy", "leak_page")) == 1, "who is called is called all the same"
    assert failures(await ends(world)) == {}
    joined = [c.id for c in world.person("deputy").conversations() if c.name.startswith(f"leak-{number}")]
    assert len(joined) == 1
    assert joined != [old]
    assert world.card(await world.reports())


def failures(found: dict[str, tuple[str, str | None]]) -> dict[str, str | None]:
    """What Slack refused for good."""
    return {key: error for key, (state, error) in found.items() if state == DeliveryState.FAILED}


async def test_a_missing_scope_is_told_to_operators_and_heals(world: World) -> None:
    world.workspace.scopes.discard("groups:write")
    await world.opens_form()
    await world.sends("reporter", **LOST_USB)
    await until(lambda: _said(world, "manager"))
    await until(lambda: _true(bool(calls_of(world, "conversations.create"))))

    async def not_ready() -> bool:
        status, words = await operators_see(world, "/readyz")
        return status == 503 and "conversations.create: missing_scope" in json.loads(words)["troubles"][0]

    await until(not_ready)
    world.workspace.scopes.add("groups:write")
    await world.bot.settled()
    assert world.card("2026-0001")
    assert (await operators_see(world, "/readyz"))[0] == 200
    world.workspace.violations[:] = [v for v in world.workspace.violations if v.error != "missing_scope"]


async def test_slack_away_for_an_hour_calls_the_deputy_too_and_says_everything_once(world: World) -> None:
    await world.opens_form()
    world.workspace.faults.add("*", times=None, status=503)
    await world.sends("reporter", **LOST_USB)
    for _ in range(6):
        world.workspace.clock.advance(timedelta(minutes=10, seconds=1))
        before = len(world.workspace.calls)
        await until(lambda b=before: _true(len(world.workspace.calls) > b + 4))  # type: ignore[misc]
    world.workspace.faults.clear()
    await world.bot.settled()
    number = "2026-0001"
    for who in ("manager", "deputy", "ciso"):
        assert len(world.said_to(who, "leak_page")) == 1, who
    assert len(world.said_to("reporter")) == 1
    async with world.bot.database.reading() as db:
        case = await case_state(db, number)
        assert case
        delayed = [e.data["user"] for e in case.events if e.kind == "page_delayed"]
        assert delayed.count("U0MANAGER") == 1
        assert len(delayed) == len(set(delayed)), "each is noted once, however often it was tried"
        assert await log.verify(db, number) == []


async def test_a_limit_longer_than_patience_calls_the_deputy_now(world: World) -> None:
    world.workspace.faults.add("chat.postMessage", nth=1, status=429, retry_after=3600)
    await world.opens_form()
    await world.sends("reporter", **LOST_USB)
    await until(lambda: _said(world, "deputy"))


async def test_a_doubt_outlives_a_rate_limit(world: World) -> None:
    """Said, but the answer was lost; then the look is refused for a moment: it is still looked for."""
    world.workspace.faults.add("chat.postMessage", nth=1, when="after", drop=True)
    world.workspace.faults.add("conversations.history", nth=1, status=429, retry_after=1)
    world.workspace.faults.add("conversations.open", nth=1, status=429, retry_after=1)
    await world.reports()
    assert len(world.said_to("manager", "leak_page")) == 1
    assert len(world.said_to("reporter")) == 1


async def _true(value: bool) -> bool:
    return value


async def _said(world: World, who: str) -> bool:
    return bool(world.said_to(who, "leak_page"))
