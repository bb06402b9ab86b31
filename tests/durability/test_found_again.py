"""A message whose answer was lost is found by its key; what it could not say yet, it says afterwards."""

from __future__ import annotations

from tests.world import World


async def test_who_was_told_before_there_was_a_room_learns_the_way_into_it(world: World) -> None:
    faults = world.workspace.faults
    faults.add("chat.postMessage", times=2, when="after", drop=True)  # the page and the receipt
    faults.add("conversations.open", times=2, status=429, retry_after=1)  # until the room is there
    number = await world.reports()
    room = world.room(number)
    for who in ("manager", "reporter"):
        [message] = world.said_to(who)
        assert f"<#{room}>" in message.plain
