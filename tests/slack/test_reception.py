"""Who takes what Slack sends, and when Slack has its answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog
from slack_bolt.async_app import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.slack.reception import Reception

COMMAND = {
    "command": "/leak", "user_id": "U1", "trigger_id": "1.2", "channel_id": "C1", "text": "",
}  # fmt: skip


def pressed(action_id: str, block_id: str = "B1") -> dict[str, Any]:
    """A button, or a field of a form."""
    action = {"action_id": action_id, "block_id": block_id, "type": "static_select"}
    return {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "1.2", "actions": [action]}


def heard(name: str) -> dict[str, Any]:
    """An event."""
    event = {"type": name, "user": "U1", "channel": "C1", "tab": "home"}
    return {"type": "event_callback", "event_id": "Ev1", "event": event}


async def answer(reception: Reception, body: dict[str, Any]) -> BoltResponse:
    """Slack's answer; 404 where nobody takes it."""

    async def nobody() -> BoltResponse:
        return BoltResponse(status=404)

    request = AsyncBoltRequest(body=body, mode="socket_mode")
    return await reception.async_process(req=request, resp=BoltResponse(status=200), next=nobody)


async def test_slack_has_its_answer_while_the_listener_goes_on() -> None:
    reception, go_on = Reception(), asyncio.Event()

    async def listener(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(text=command["command"])
        await go_on.wait()

    reception.command("/leak")(listener)
    said = await answer(reception, COMMAND)
    assert (said.status, said.body) == (200, "/leak")
    settling = asyncio.create_task(reception.settle(60))
    await asyncio.sleep(0)
    assert not settling.done(), "somebody is being served"
    go_on.set()
    await settling


async def test_a_listener_that_fails_or_forgets_to_answer_is_not_acknowledged() -> None:
    reception = Reception()

    async def fails(ack: AsyncAck) -> None:
        raise RuntimeError("a defect")

    async def forgets(ack: AsyncAck) -> None:
        pass

    reception.action("one")(fails)
    reception.action("other")(forgets)
    assert (await answer(reception, pressed("one"))).status == 500
    assert (await answer(reception, pressed("other"))).status == 500


async def test_slacks_no_is_told_by_its_code_and_is_no_defect_of_ours() -> None:
    reception = Reception()

    async def asks(event: dict[str, Any]) -> None:
        raise SlackApiError("no", {"ok": False, "error": "ratelimited"})  # type: ignore[no-untyped-call]

    async def breaks(event: dict[str, Any]) -> None:
        raise RuntimeError("a defect")

    reception.event("member_joined_channel")(asks)
    reception.event("member_left_channel")(breaks)
    with structlog.testing.capture_logs() as lines:
        assert (await answer(reception, heard("member_joined_channel"))).status == 500, "and it comes again"
    assert lines == [{"event": "slack_said_no", "error": "ratelimited", "log_level": "warning"}]
    with structlog.testing.capture_logs() as lines:
        assert (await answer(reception, heard("member_left_channel"))).status == 500
    assert [(line["event"], line["exc_info"]) for line in lines] == [("listener_failed", True)]


async def test_an_event_is_acknowledged_when_it_is_taken() -> None:
    reception, taken = Reception(), []

    async def takes(event: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        taken.append(event["type"])

    async def fails(event: dict[str, Any]) -> None:
        raise RuntimeError("the database is away")

    reception.event("member_joined_channel")(takes)
    reception.event("member_left_channel")(fails)
    assert (await answer(reception, heard("member_joined_channel"))).status == 200
    assert taken == ["member_joined_channel"]
    assert (await answer(reception, heard("member_left_channel"))).status == 500, "Slack sends it again"


async def test_what_is_only_shown_keeps_slack_waiting_for_nothing() -> None:
    reception, go_on = Reception(), asyncio.Event()

    async def draws(event: dict[str, Any]) -> None:
        await go_on.wait()

    reception.event("app_home_opened", at_leisure=True)(draws)
    assert (await answer(reception, heard("app_home_opened"))).status == 200
    go_on.set()
    await reception.settle(60)


async def test_a_field_of_a_form_is_told_by_its_block() -> None:
    reception, asked = Reception(), []

    async def listener(ack: AsyncAck, action: dict[str, Any]) -> None:
        asked.append(action["block_id"])
        await ack()

    reception.field("malicious")(listener)
    assert (await answer(reception, pressed("value", "malicious"))).status == 200
    assert (await answer(reception, pressed("value", "sensitive"))).status == 404
    assert asked == ["malicious"]


async def test_nobody_is_wired_twice_and_nobody_takes_what_has_no_outline() -> None:
    reception = Reception()

    async def listener(ack: AsyncAck) -> None:
        await ack()

    reception.command("/leak")(listener)
    with pytest.raises(ValueError, match="listener already"):
        reception.command("/leak")(listener)
    assert (await answer(reception, {**COMMAND, "user_id": 7})).status == 400
    assert (await answer(reception, {**COMMAND, "command": "/other"})).status == 404


async def test_after_its_end_nobody_is_served() -> None:
    reception, begun = Reception(), asyncio.Event()

    async def never_ends(ack: AsyncAck) -> None:
        begun.set()
        await asyncio.sleep(600)

    reception.command("/leak")(never_ends)
    waiting = asyncio.create_task(answer(reception, COMMAND))
    await begun.wait()
    await reception.end(0.01)
    assert (await waiting).status == 500, "not acknowledged: Slack tells whoever asked"
    assert (await answer(reception, COMMAND)).status == 503
