"""Rooms are looked into a few at a time, and each at most once an hour: Slack is needed for paging."""

from __future__ import annotations

from datetime import timedelta

from bot.slack.room_watch import RoomWatch
from tests.world import World


def looked_into(world: World, before: int) -> list[str]:
    calls = world.workspace.calls[before:]
    return [str(call.arguments["channel"]) for call in calls if call.method == "conversations.members"]


async def test_every_room_is_looked_into_once_an_hour_and_few_in_one_go(world: World) -> None:
    numbers = [
        await world.reports(who, indicator=sign, department="sales", summary=f"{sign}の件です")
        for who, sign in (("reporter", "media_lost"), ("deputy", "other"), ("legal", "internal_tip"))
    ]
    rooms = [world.room(number) for number in numbers]
    world.bot.rooms = RoomWatch(world.bot.rooms.desk, at_once=2)
    before = len(world.workspace.calls)
    await world.bot.rooms.look()
    assert looked_into(world, before) == rooms[:2]
    await world.bot.rooms.look()
    assert looked_into(world, before) == rooms
    await world.bot.rooms.look()
    assert looked_into(world, before) == rooms, "the round is over, and the next one begins in an hour"
    world.workspace.clock.advance(timedelta(minutes=59))
    await world.bot.rooms.look()
    assert looked_into(world, before) == rooms
    world.workspace.clock.advance(timedelta(minutes=1))
    await world.bot.rooms.look()
    assert looked_into(world, before)[3:] == rooms[:2]
    await world.bot.settled()
