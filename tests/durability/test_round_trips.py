"""From submit to help: which calls overlap when every one of them takes a round trip of 0.2 s (design, 4)."""

from __future__ import annotations

from bot.workspace import Call
from tests.world import LOST_USB, World

ROUND_TRIP = 0.2  # seconds


async def test_page_and_room_begin_together_and_people_card_right_after(world: World) -> None:
    await world.opens_form()
    world.workspace.faults.latency = ROUND_TRIP
    before = len(world.workspace.calls)
    assert (await world.sends("reporter", **LOST_USB)).ok
    await world.bot.settled()
    calls = [c for c in world.workspace.calls[before:] if c.method not in ("auth.test", "users.info")]
    [create] = [c for c in calls if c.method == "conversations.create"]
    [invite] = [c for c in calls if c.method == "conversations.invite"]
    page, receipt, card = (posted(calls, to) for to in ("U0MANAGER", "U0REPORTER", "C"))

    first_round = (create, page, receipt)
    assert set(map(id, calls[:3])) == set(map(id, first_round)), "nothing goes before them"
    assert all(overlap(one, other) for one in first_round for other in first_round)
    assert calls[0] is page, "the page is the very first"

    second_round = (invite, card)
    assert overlap(*second_round)
    for call in second_round:
        between = [
            c for c in calls if (create.ended_at or 0) < c.began_at and (c.ended_at or 0) < call.began_at
        ]
        assert between == [], "no other round trip between the room's opening and what makes it usable"


async def test_opening_the_form_is_one_call(world: World) -> None:
    before = len(world.workspace.calls)
    await world.opens_form()
    assert [c.method for c in world.workspace.calls[before:] if c.method != "auth.test"] == ["views.open"]


def posted(calls: list[Call], to: str) -> Call:
    """The first message to somebody, or into a channel."""
    return next(c for c in calls if c.method == "chat.postMessage" and c.arguments["channel"].startswith(to))


def overlap(one: Call, other: Call) -> bool:
    """Whether there was a moment at which both were under way."""
    assert one.ended_at
    assert other.ended_at
    return one.began_at < other.ended_at and other.began_at < one.ended_at
