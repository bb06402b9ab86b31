"""The socket to Slack: a cut is noticed by us, not ten seconds later by the SDK."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from tests.world import World

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # a socket knows no database


async def test_a_socket_that_was_cut_is_opened_again_at_once(world: World) -> None:
    handler = world.bot._connection._handler
    assert handler is not None
    before = handler.client.current_session
    # The SDK's own look never comes: whoever opens the socket again is us.
    assert handler.client.current_session_monitor is not None
    handler.client.current_session_monitor.cancel()
    with structlog.testing.capture_logs() as logged:
        await world.workspace.drop_connections("abrupt")
        async with asyncio.timeout(20):
            await world.workspace.sockets.wait_for_connections()
    assert [line["event"] for line in logged if line["event"].startswith("socket")] == ["socket_was_cut"]
    await world.reports()
    assert handler.client.current_session is not before
    assert world.workspace.sockets.count == 1, "one, not one more"


async def test_where_no_socket_is_to_be_had_it_is_asked_for_once_and_left_to_the_sdk(world: World) -> None:
    world.workspace.faults.add("apps.connections.open", times=None, status=503)
    asked = len(world.workspace.calls)
    with structlog.testing.capture_logs() as logged:
        await world.workspace.drop_connections("abrupt")
        async with asyncio.timeout(20):
            while not any(line["event"] == "socket_not_opened" for line in logged):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await asyncio.sleep(1)  # some looks later
    assert [call.method for call in world.workspace.calls[asked:]].count("apps.connections.open") == 1
    world.workspace.faults.clear()
    handler = world.bot._connection._handler
    assert handler is not None
    await handler.client.connect_to_new_endpoint()  # as the SDK does ten seconds later
    await world.reports()
