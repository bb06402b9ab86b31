"""A trouble that does not go away by itself: all is said nevertheless, or an alarm by name stands.

An alarm stands in the log, in the figures, and before the privacy office wherever Slack takes messages at
all. Once the trouble is mended everything is said, and said once. Each seed is a plan: which trouble, and
before which act of the case it begins. `LEAKBOT_HOSTILE_SEEDS=200` tries more of them by hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import structlog
from sqlmodel import col, select

from bot.cases import log
from bot.cases.states import case_state
from bot.outbox.alarms import FORGOTTEN_AFTER
from bot.outbox.deliveries import UNDONE
from bot.outbox.table import Delivery, DeliveryState
from bot.policy.state import CaseState
from bot.vocabulary import Alarm
from bot.workspace import Workspace
from tests.durability.people import connected, insists, insists_on_answering
from tests.world import LOST_USB, World, payload, the_company

SEEDS = int(os.environ.get("LEAKBOT_HOSTILE_SEEDS", "12"))
NUMBER = "2026-0001"
GIVES_UP_AFTER = 1.0  # seconds the bot waits for one answer of Slack here
#: The story lets hours go by; whether somebody is still at it is asked in stories of its own.
PATIENT = {"repeat_every: 10m": "repeat_every: 10m, step_within: 30d"}
METHODS = (
    *("chat.postMessage", "chat.update", "conversations.create", "conversations.history"),
    *("conversations.invite", "conversations.open", "conversations.setTopic", "pins.add"),
    *("users.conversations", "users.info", "views.open", "response_url", "*"),
)
SCOPES = (
    *("chat:write", "groups:write", "groups:read", "groups:history"),
    *("im:write", "pins:write", "users:read"),
)
ROOM_EVENTS = ("group_archive", "group_deleted", "group_left", "member_left_channel")
WAYS: tuple[dict[str, Any], ...] = (
    *({"status": 429, "retry_after": 1}, {"status": 500}, {"status": 503}, {"status": 200}),
    *({"error": "internal_error"}, {"error": "fatal_error"}, {"drop": True}, {"stall": True}),
)
Act = Callable[[], Awaitable[Any]]


class Trouble:
    """One trouble, drawn by lot. `mute`: while it lasts Slack takes no direct message of ours."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self._world = world
        self._dice = dice
        kinds = (self._refusal, self._refusal, self._scope, self._token, self._socket, self._room, self._room)
        self.mute = False
        self.name = ""
        self._begin, self._mend = dice.choice(kinds)()

    async def begins(self) -> None:
        await self._begin()

    async def is_mended(self) -> None:
        await self._mend()

    def _refusal(self) -> tuple[Act, Act]:
        method, way = self._dice.choice(METHODS), self._dice.choice(WAYS)
        if method == "response_url" and "error" in way:
            way = {"status": 500}
        self.name, self.mute = f"{method} {way}", method in ("chat.postMessage", "*")

        async def begin() -> None:
            self._world.workspace.faults.add(method, times=None, **way)

        async def mend() -> None:
            self._world.workspace.faults.clear()

        return begin, mend

    def _scope(self) -> tuple[Act, Act]:
        scope, scopes = self._dice.choice(SCOPES), self._world.workspace.scopes
        self.name, self.mute = f"without {scope}", scope == "chat:write"

        async def begin() -> None:
            scopes.discard(scope)

        async def mend() -> None:
            scopes.add(scope)

        return begin, mend

    def _token(self) -> tuple[Act, Act]:
        which = self._dice.choice(["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
        self.name, self.mute = f"{which} revoked", which == "SLACK_BOT_TOKEN"

        async def begin() -> None:
            await self._world.workspace.revoke(self._world.workspace.environment[which])

        async def mend() -> None:
            await self._world.bot_stops()
            await self._world.workspace.reinstall()
            await self._world.bot_starts()

        return begin, mend

    def _socket(self) -> tuple[Act, Act]:
        sockets = self._world.workspace.sockets
        self.name = "Socket Mode switched off"

        async def begin() -> None:
            sockets.enabled = False
            await self._world.workspace.drop_connections("link_disabled")

        async def mend() -> None:
            sockets.enabled = True
            await self._world.bot_stops()
            await self._world.bot_starts()

        return begin, mend

    def _room(self) -> tuple[Act, Act]:
        world, privacy = self._world, self._world.person("privacy")
        what, told = self._dice.choice(["archived", "deleted", "left"]), self._dice.random() < 0.5
        self.name = f"room {what}, told: {told}"

        async def begin() -> None:
            if not told:
                world.workspace.events.difference_update(ROOM_EVENTS)
            room = next((c.id for c in privacy.conversations() if c.name == f"leak-{NUMBER}"), None)
            if room is None:
                return
            if what == "archived":
                await privacy.archive(room)
            elif what == "deleted":
                await privacy.delete_channel(room)
            else:
                await privacy.remove(room, "leakbot")

        async def mend() -> None:
            """The bot opens another room by itself."""

        return begin, mend


@pytest.fixture
async def hostile(workspace: Workspace, sqlite_url: str) -> World:
    """A world of its own on SQLite; the bot is not started yet."""
    workspace.patience.retries = (0.2, 0.5, 1.0)
    return World(workspace, sqlite_url, the_company(**PATIENT), call=GIVES_UP_AFTER, gone_for=0.0)


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_it_is_said_or_an_alarm_stands(hostile: World, seed: int) -> None:
    world, dice = hostile, random.Random(seed)  # noqa: S311 - a plan of troubles
    await world.bot_starts()
    trouble, acts = Trouble(world, dice), Acts(world)
    begins_before = dice.randrange(len(acts.story) + 1)
    with structlog.testing.capture_logs() as logged:
        for turn, act in enumerate(acts.story):
            if turn == begins_before:
                await trouble.begins()
            await act()
        if begins_before == len(acts.story):
            await trouble.begins()
        for _ in range(7):
            await time_goes_by(world)
        await world.bot._connection.watch()
        await world.bot.watcher.look()
        await is_tried(world)
        await an_alarm_stands_or_all_is_well(world, trouble, acts, logged)
        await trouble.is_mended()
        await acts.are_made_up_for()
    await all_was_said_once(world, trouble)
    await world.bot_stops()
    expected = {"missing_scope"}  # as the plan had it
    world.workspace.violations[:] = [v for v in world.workspace.violations if v.error not in expected]


class Acts:
    """What people do, once and without insisting. `unheard`: whose act went nowhere without a word."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.unheard: list[str] = []
        self.received = False  # the reporter saw that the report was taken
        self.story: list[Act] = [self.reports, self.waits, self.answers, self.adds_facts]

    async def reports(self) -> None:
        reporter = self._world.person("reporter")
        if reporter.modal is None:
            reply = await reporter.command("/leak", "")
            if not reply.ok:
                self.unheard.append("reporter")
            if reporter.modal is None:
                return
        sent = await reporter.submit({**LOST_USB, "persons": "約800人"})
        self.received = sent.ok
        if not sent.ok and not sent.errors:
            self.unheard.append("reporter")
        await is_tried(self._world)

    async def waits(self) -> None:
        await time_goes_by(self._world)

    async def answers(self) -> None:
        pages = [m for m in self._world.said_to("manager", "leak_page") if "page_acknowledge" in m.buttons]
        if pages and not (await self._world.person("manager").click(pages[-1], "page_acknowledge")).ok:
            self.unheard.append("manager")
        await is_tried(self._world)

    async def adds_facts(self) -> None:
        privacy, cards = self._world.person("privacy"), rooms_and_cards(self._world)[1]
        if not cards:
            return
        if not (await privacy.click(cards[-1], "case_add_facts")).ok:
            self.unheard.append("privacy")
        if privacy.modal is not None:
            await privacy.submit({"data_items": "氏名、電話番号"})
        await is_tried(self._world)

    async def are_made_up_for(self) -> None:
        """The trouble is over: what did not work is done now."""
        world = self._world
        await connected(world)
        for who in ("reporter", "privacy"):
            while world.person(who).modal is not None:
                await world.person(who).close_view(all_of_them=True)
        if await the_case(world) is None:
            reporter = world.person("reporter")
            await insists(world, "reporter", lambda: reporter.command("/leak", ""), **LOST_USB)
        await world.bot.settled(60)
        await insists_on_answering(world, "manager")
        await insists(
            world,
            "privacy",
            lambda: world.person("privacy").click(rooms_and_cards(world)[1][-1], "case_add_facts"),
            data_items="住所",
        )
        await world.bot.settled(60)


async def the_case(world: World) -> CaseState | None:
    async with world.bot.database.reading() as db:
        return await case_state(db, NUMBER)


async def undone(world: World) -> list[Delivery]:
    async with world.bot.database.reading() as db:
        return list(await db.scalars(select(Delivery).where(col(Delivery.state).in_(UNDONE))))


async def time_goes_by(world: World) -> None:
    """Ten minutes, when what is under way has been answered or given up."""
    with contextlib.suppress(TimeoutError):
        await world.workspace.delivered(timeout=5)
    world.workspace.clock.advance(timedelta(minutes=10, seconds=1))
    await is_tried(world)


async def is_tried(world: World) -> None:
    """Wait until everything that is due was planned, and the first of every row was said or tried."""
    async with asyncio.timeout(30):
        while not await _is_tried(world):  # noqa: ASYNC110 - looked for from outside, nobody rings
            await asyncio.sleep(0.02)


async def _is_tried(world: World) -> bool:
    wake = await world.bot.next_wake()
    if wake is not None and wake <= world.now():
        world.bot.ring()
        return False
    first: dict[str, Delivery] = {}
    for row in sorted(await undone(world), key=lambda row: (row.priority, row.id)):
        first.setdefault(row.lane, row)
    return all(row.error for row in first.values())


def rooms_and_cards(world: World) -> tuple[list[Any], list[Any]]:
    """The rooms of the case that stand, as the privacy office sees them, and the cards in them."""
    privacy = world.person("privacy")
    rooms = [c for c in privacy.conversations() if c.name.startswith(f"leak-{NUMBER}") and not c.archived]
    rooms = [room for room in rooms if "U0LEAKBOT" in room.members]
    heard = [message for room in rooms for message in privacy.messages(room.id) if message.metadata]
    return rooms, [m for m in heard if m.metadata and m.metadata["event_type"] == "leak_card"]


def kinds_said(world: World) -> set[str]:
    """The kinds of everything the bot said, in rooms that are gone too."""
    payloads = [
        call.arguments["metadata"]["event_payload"]
        for call in world.workspace.calls
        if call.method == "chat.postMessage" and call.effect and "metadata" in call.arguments
    ]
    return {str(each.get("kind")) for each in payloads}


async def what_is_wrong(world: World, acts: Acts) -> list[str]:
    """What people would miss, in words; empty when all is as it should be."""
    wrong = [f"nobody hears {who}" for who in acts.unheard]
    case = await the_case(world)
    if case is None:
        assert not acts.received, "a report was acknowledged, and is lost"
        return wrong
    rooms, cards = rooms_and_cards(world)
    if len(rooms) != 1 or len(cards) != 1 or rooms[0].pinned != [cards[0].ts]:
        wrong.append("no usable room")
    elif not {"U0REPORTER", "U0MANAGER", "U0PRIVACY", "U0LEGAL"} <= set(rooms[0].members):
        wrong.append("somebody is not in the room")
    called = ("manager",) if case.acknowledged_at else ("manager", "deputy", "ciso")
    wrong += [f"{who} was not called" for who in called if not world.said_to(who, "leak_page")]
    said = kinds_said(world)
    expected = {"receipt": True, "acknowledged": bool(case.acknowledged_at), "facts_added": facts_added(case)}
    wrong += [f"{kind} was not said" for kind, due in expected.items() if due and kind not in said]
    if not case.acknowledged_at:
        wrong.append("nobody has answered")
    return wrong


def facts_added(case: CaseState) -> bool:
    return any(event.kind == "facts_added" for event in case.events)


async def an_alarm_stands_or_all_is_well(
    world: World, trouble: Trouble, acts: Acts, logged: list[Any]
) -> None:
    wrong = await what_is_wrong(world, acts)
    standing = await world.bot.watcher.standing()
    assert standing or not wrong, (trouble.name, wrong)
    async with aiohttp.ClientSession() as session, session.get(f"{world.bot.address}/metrics") as got:
        figures = await got.text()
    raised = {line["alarm"] for line in logged if line["event"] == "alarm_raised"}
    for alarm in standing:
        assert alarm.value in raised, (trouble.name, "in the log")
        assert f'leakbot_alarm{{name="{alarm}"}} 1.0' in figures, (trouble.name, "in the figures")
    if not trouble.mute:
        async with asyncio.timeout(10):
            while standing - told_to_the_office(world):  # noqa: ASYNC110 - nobody rings
                await asyncio.sleep(0.02)


def told_to_the_office(world: World) -> set[Alarm]:
    payloads = [payload(message) for message in world.said_to("privacy", "leak_notice")]
    return {alarm for each in payloads if "alarm" in each and (alarm := Alarm.named(each["alarm"]))}


async def all_was_said_once(world: World, trouble: Trouble) -> None:
    await world.bot.settled(60)
    # What a process saw of itself another one clears after an hour: it may be at work beside it.
    world.workspace.clock.advance(FORGOTTEN_AFTER)
    await world.bot._connection.watch()
    await world.bot.watcher.look()
    await world.bot.settled(60)
    assert await what_is_wrong(world, Acts(world)) == [], trouble.name
    assert await world.bot.watcher.standing() == set(), trouble.name
    for someone in world.workspace.people:
        keys = Counter((m.channel, payload(m)["key"]) for m in someone.everything() if m.metadata)
        assert [key for key, times in keys.items() if times > 1] == [], trouble.name
    assert len([m for m in world.said_to("reporter") if payload(m)["kind"] == "receipt"]) == 1, trouble.name
    async with world.bot.database.reading() as db:
        assert await log.verify(db, NUMBER) == []
        ends = await db.execute(select(col(Delivery.key), col(Delivery.state), col(Delivery.error)))
        failed = [row for row in ends if row[1] not in (DeliveryState.DONE, DeliveryState.MOOT)]
    assert failed == [], trouble.name
