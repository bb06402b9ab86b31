"""Troubles: refusals, latency, lost connections, a process that dies at a chosen call."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, Literal

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.workspace.errors import error_of


def said(local: Workspace) -> list[str]:
    """What the reporter heard from the app."""
    return [message.text for message in local.person("reporter").messages("bot")]


async def test_rate_limits(local: Workspace, api: AsyncWebClient) -> None:
    local.faults.add(method="chat.postMessage", status=429, retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await api.chat_postMessage(channel="U0REPORTER", text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert caught.value.response["error"] == "ratelimited"
    await api.chat_postMessage(channel="U0REPORTER", text="y")
    assert said(local) == ["y"]
    assert [call.answered for call in local.calls] == ["http 429", "ok"]
    assert local.violations == []


async def test_the_nth_call_and_only_so_many(local: Workspace, api: AsyncWebClient) -> None:
    fault = local.faults.add(method="auth.test", nth=2, times=2, status=503)
    outcomes = []
    for _ in range(4):
        try:
            await api.auth_test()
            outcomes.append("ok")
        except SlackApiError:
            outcomes.append("503")
        # Calls of other methods are not counted.
        await api.users_list()
    assert outcomes == ["ok", "503", "503", "ok"]
    assert fault.struck == 2


async def test_every_method_until_cleared(local: Workspace, api: AsyncWebClient) -> None:
    local.faults.add(times=None, error="internal_error")
    assert await error_of(api.auth_test()) == "internal_error"
    assert await error_of(api.users_list()) == "internal_error"
    local.faults.clear()
    assert (await api.auth_test())["ok"]
    assert local.violations == []


@pytest.mark.parametrize(("when", "heard"), [("before", []), ("after", ["x"])])
async def test_an_outage_before_or_after_the_effect(
    local: Workspace, api: AsyncWebClient, when: Literal["before", "after"], heard: list[str]
) -> None:
    local.faults.add(method="chat.postMessage", status=500, when=when)
    with pytest.raises(SlackApiError):
        await api.chat_postMessage(channel="U0REPORTER", text="x")
    assert said(local) == heard
    assert local.calls[0].effect == bool(heard)


@pytest.mark.parametrize(("when", "heard"), [("before", []), ("after", ["x"])])
async def test_a_connection_cut_before_or_after_the_effect(
    local: Workspace, api: AsyncWebClient, when: Literal["before", "after"], heard: list[str]
) -> None:
    local.faults.add(method="chat.postMessage", drop=True, when=when)
    with pytest.raises(aiohttp.ClientError):
        await api.chat_postMessage(channel="U0REPORTER", text="x")
    assert said(local) == heard
    assert local.calls[0].answered == "dropped"


@pytest.mark.parametrize(("when", "heard"), [("before", []), ("after", ["x"])])
async def test_a_connection_that_stays_open_without_an_answer(
    local: Workspace, api: AsyncWebClient, when: Literal["before", "after"], heard: list[str]
) -> None:
    local.faults.add(method="chat.postMessage", stall=True, when=when)
    api.timeout = 1
    with pytest.raises(TimeoutError):
        await api.chat_postMessage(channel="U0REPORTER", text="x")
    assert said(local) == heard
    assert local.calls[0].answered == "stalled"
    await api.chat_postMessage(channel="U0REPORTER", text="y")
    assert said(local) == [*heard, "y"], "the next call is answered"


@pytest.fixture
async def process(local: Workspace) -> AsyncIterator[Any]:
    """Something that calls Slack and can be killed: its connection dies with it."""
    session = aiohttp.ClientSession()
    headers = {"Authorization": "Bearer " + local.environment["SLACK_BOT_TOKEN"]}

    async def live() -> None:
        url = local.environment["SLACK_API_URL"] + "chat.postMessage"
        body = {"channel": "U0REPORTER", "text": "x"}
        async with session.post(url, json=body, headers=headers) as answer:
            await answer.read()

    task = asyncio.ensure_future(live())
    yield task
    await asyncio.gather(task, return_exceptions=True)
    await session.close()


@pytest.mark.parametrize(("when", "heard"), [("before", []), ("after", ["x"])])
async def test_a_process_dies_exactly_there(
    local: Workspace, process: Any, when: Literal["before", "after"], heard: list[str]
) -> None:
    killed = asyncio.Event()

    async def kill() -> None:
        killed.set()
        process.cancel()
        await asyncio.gather(process, return_exceptions=True)

    local.faults.add(method="chat.postMessage", run=kill, when=when)
    await asyncio.gather(process, return_exceptions=True)
    assert process.cancelled()
    await killed.wait()
    await local.stop()
    assert local.calls[0].effect == bool(heard)
    assert said(local) == heard


async def test_something_run_at_a_call_that_goes_on(local: Workspace, api: AsyncWebClient) -> None:
    order: list[str] = []

    async def note() -> None:
        order.append(f"heard {len(said(local))}")

    local.faults.add(method="chat.postMessage", run=note, when="before")
    local.faults.add(method="chat.postMessage", run=note, when="after")
    await api.chat_postMessage(channel="U0REPORTER", text="x")
    assert order == ["heard 0", "heard 1"]


async def test_latency(local: Workspace, api: AsyncWebClient) -> None:
    local.faults.latency = 0.1
    local.faults.add(method="auth.test", latency=0.1)
    began = time.monotonic()
    await api.auth_test()
    assert time.monotonic() - began >= 0.2
    assert local.calls[0].ended_at is not None
    assert local.calls[0].ended_at - local.calls[0].began_at >= 0.2


async def test_a_call_takes_two_milliseconds_at_most(local: Workspace) -> None:
    url = local.environment["SLACK_API_URL"] + "chat.postMessage"
    headers = {"Authorization": "Bearer " + local.environment["SLACK_BOT_TOKEN"]}
    async with aiohttp.ClientSession() as session:
        for number in range(100):
            body = {"channel": "U0REPORTER", "text": f"message {number}"}
            async with session.post(url, json=body, headers=headers) as answer:
                await answer.read()
    times = sorted((call.ended_at or 0) - call.began_at for call in local.calls)
    # The median: single calls may wait for a busy machine.
    assert times[50] < 0.002
