"""Slack's tiers: what comes in hundreds waits its turn, and Slack is asked no more often than it takes."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from slack_sdk.errors import SlackApiError

from bot.outbox.speaker import DeliveryFailed, Outcome
from bot.slack.pacing import A_MINUTE, ONCE_REFUSED, PacedClient
from bot.workspace import Workspace
from tests.world import World

FEW = 3  # rooms in a (shortened) minute
REPORTERS = 8
HANDS = 16  # calls under way at the same time


def client(workspace: Workspace, minute: float) -> PacedClient:
    given = workspace.environment
    return PacedClient(
        minute=minute, token=given["SLACK_BOT_TOKEN"], base_url=given["SLACK_API_URL"], retry_handlers=[]
    )


async def test_a_tier_that_is_used_up_is_not_asked_again_before_its_minute_is_over(
    workspace: Workspace,
) -> None:
    paced = client(workspace, 3600)
    most = A_MINUTE["conversations.create"]
    for n in range(most):
        await paced.conversations_create(name=f"room-{n}", is_private=True)
    before = len(workspace.calls)
    with pytest.raises(DeliveryFailed) as failed:
        await paced.conversations_create(name="one-too-many", is_private=True)
    assert failed.value.outcome is Outcome.NOT_SAID, "it surely was not done"
    assert 3590 < (failed.value.retry_after or 0) <= 3600
    assert len(workspace.calls) == before, "Slack heard nothing of it"
    await paced.auth_test()  # other methods stay usable


async def test_after_one_refusal_the_tier_of_a_busy_method_is_kept_to(workspace: Workspace) -> None:
    paced = client(workspace, 3600)
    sent = await paced.chat_postMessage(channel="U0MANAGER", text="1")
    again = {"channel": sent["channel"], "ts": sent["ts"]}
    for n in range(ONCE_REFUSED["chat.update"] + 1):
        await paced.chat_update(text=str(n), **again)
    workspace.faults.add("chat.update", status=429, retry_after=1)
    with pytest.raises(SlackApiError):
        await paced.chat_update(text="refused", **again)
    before = len(workspace.calls)
    with pytest.raises(DeliveryFailed) as failed:
        await paced.chat_update(text="too soon", **again)
    assert 3590 < (failed.value.retry_after or 0) <= 3600, "not only for the second that was asked for"
    assert len(workspace.calls) == before


async def test_after_its_minute_a_tier_is_there_again(workspace: Workspace) -> None:
    paced = client(workspace, 0.0)
    for n in range(2 * A_MINUTE["conversations.create"]):
        await paced.conversations_create(name=f"room-{n}", is_private=True)


async def many_report_at_once(world: World, minute: float) -> None:
    """In the same second, while Slack opens `FEW` rooms a minute."""
    limits = world.workspace.rate_limits
    limits.tiers["conversations.create"], limits.minute = FEW, minute
    people = [world.workspace.add_person(f"employee{n}", f"社員{n}") for n in range(REPORTERS)]
    for person in people:
        assert (await person.command("/leak", "")).ok
    limits.on = True

    async def sends(n: int) -> None:
        values = {"indicator": "media_lost", "department": "sales", "summary": f"{n}本目のUSBメモリです"}
        sent = await people[n].submit(values)
        assert sent.ok, (sent.errors, sent.trouble)

    await asyncio.gather(*(sends(n) for n in range(REPORTERS)))


async def test_nobodys_page_waits_for_rooms_that_slack_does_not_open(world: World) -> None:
    await many_report_at_once(world, minute=3600)
    everybody = lambda _: len(world.said_to("manager", "leak_page")) == REPORTERS  # noqa: E731
    await world.person("manager").sees(everybody, "bot", timeout=30)
    created = [c for c in world.workspace.calls if c.method == "conversations.create"]
    assert Counter(c.answered for c in created)["ok"] <= FEW
    assert len(created) <= FEW + HANDS, "only what was under way is refused; then nobody asks for an hour"


async def test_every_room_is_open_in_the_end(world: World) -> None:
    await many_report_at_once(world, minute=1.0)
    await world.bot.settled()
    created = [c for c in world.workspace.calls if c.method == "conversations.create"]
    assert Counter(c.answered for c in created)["ok"] == REPORTERS
    assert Counter(c.answered for c in created)["http 429"] > 0, "the limit was met"
    rooms = [c.name for c in world.person("privacy").conversations() if c.name.startswith("leak-")]
    assert len(rooms) == REPORTERS
    assert len(world.said_to("manager", "leak_page")) == REPORTERS
