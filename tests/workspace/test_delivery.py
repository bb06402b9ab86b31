"""What reaches the app: commands, clicks and events, over sockets and over HTTP, once, late or twice."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request

from bot.workspace import Workspace
from tests.workspace.echo_bot import plain
from tests.workspace.listening import Listening

Json = dict[str, Any]


def button(action_id: str = "press", value: str = "1") -> list[Json]:
    """One button in a block."""
    element = {"type": "button", "action_id": action_id, "text": plain("押す"), "value": value}
    return [{"type": "actions", "block_id": "buttons", "elements": [element]}]


# commands


async def test_what_a_command_carries(local: Workspace, app: Listening) -> None:
    reply = await local.person("reporter").command("/leak", "usb lost <@U1> & more", channel="sales")
    body = await app.next()
    assert reply.ok
    assert (body["command"], body["text"]) == ("/leak", "usb lost <@U1> & more")
    assert (body["channel_id"], body["channel_name"]) == ("C0SALES", "sales")
    assert body["is_enterprise_install"] == "false"
    assert body["response_url"].startswith(local.url)
    await local.person("reporter").command("/leak", channel="bot")
    assert (await app.next())["channel_name"] == "directmessage"


async def test_the_answer_to_a_command_is_for_its_author(local: Workspace, app: Listening) -> None:
    app.answer = {"text": "あなただけに"}
    reply = await local.person("reporter").command("/leak")
    assert (reply.ok, reply.text) == (True, "あなただけに")
    assert local.person("reporter").messages("general")[-1].ephemeral
    assert local.person("manager").messages("general") == []
    app.answer = {"text": "みんなに", "response_type": "in_channel"}
    await local.person("reporter").command("/leak")
    assert local.person("manager").messages("general")[-1].text == "みんなに"
    app.answer = {"text": "x", "blocks": [{"type": "nothing"}]}
    assert (await local.person("reporter").command("/leak")).error == "dispatch_failed"
    assert local.violations[0].method_or_surface == "slash command answer"


async def test_nobody_connected(local: Workspace) -> None:
    reply = await local.person("reporter").command("/leak")
    assert (reply.ok, reply.error) == (False, "dispatch_failed")
    said = local.person("reporter").messages("general")[-1]
    assert said.text == "/leak はエラー「dispatch_failed」により失敗しました。"
    english = await local.person("hr_manager").command("/leak")
    assert english.text == "/leak failed with the error “dispatch_failed”."
    assert local.violations == []


async def test_a_command_not_acknowledged_in_three_seconds(local: Workspace, app: Listening) -> None:
    assert local.patience.ack == 3.0
    app.silent = True
    began = time.monotonic()
    reply = await local.person("reporter").command("/leak")
    assert 2.9 < time.monotonic() - began < 4
    assert reply.error == "operation_timeout"
    assert [(each.method_or_surface, each.error) for each in local.violations] == [
        ("slash_commands", "not_acknowledged")
    ]


async def test_a_late_acknowledgement_is_listed_too(local: Workspace, app: Listening) -> None:
    local.patience.ack = 0.1
    app.delay = 0.3
    assert (await local.person("reporter").command("/leak")).error == "operation_timeout"
    await local.breached(2)
    assert [each.error for each in local.violations] == ["not_acknowledged", "late_acknowledgement"]


async def test_a_workspace_that_stood_still_itself_blames_nobody(local: Workspace, app: Listening) -> None:
    local.patience.ack = 0.4
    app.delay = 0.05
    asyncio.get_running_loop().call_later(0.03, time.sleep, 1)
    assert (await local.person("reporter").command("/leak")).ok
    assert local.violations == []


# clicks


async def test_what_a_click_carries(local: Workspace, app: Listening) -> None:
    metadata = {"event_type": "leak_page", "event_payload": {"case": "1"}}
    await app.client.chat_postMessage(channel="U0MANAGER", text="page", blocks=button(), metadata=metadata)
    manager = local.person("manager")
    page = await manager.sees("leak_page")
    assert page.buttons["press"]["value"] == "1"
    assert (await manager.click(page, "press")).ok
    body = await app.next()
    assert body["type"] == "block_actions"
    assert body["actions"][0]["value"] == "1"
    assert body["actions"][0]["text"]["text"] == "押す"
    assert body["message"]["metadata"] == metadata
    assert body["container"] == {
        "type": "message",
        "message_ts": page.ts,
        "channel_id": page.channel,
        "is_ephemeral": False,
    }
    with pytest.raises(AssertionError, match="nothing called 'other' to press"):
        await manager.click(page, "other")


async def test_a_click_on_something_only_you_see(local: Workspace, app: Listening) -> None:
    room = local.add_channel("team", ["manager"], private=True, with_bot=True)
    await app.client.chat_postEphemeral(channel=room, user="U0MANAGER", text="x", blocks=button())
    hidden = local.person("manager").messages(room)[-1]
    await local.person("manager").click(hidden, "press")
    while (body := await app.next())["type"] != "block_actions":
        pass
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body


async def test_choices_in_messages_have_a_state(local: Workspace, app: Listening) -> None:
    element = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-22"}
    blocks = [{"type": "section", "block_id": "b", "text": plain("x"), "accessory": element}]
    await app.client.chat_postMessage(channel="U0MANAGER", text="choose", blocks=blocks)
    message = await local.person("manager").sees(lambda message: message.text == "choose")
    await local.person("manager").click(message, "day", "2026-12-01")
    body = await app.next()
    assert body["actions"][0]["selected_date"] == "2026-12-01"
    assert body["state"]["values"]["b"]["day"]["selected_date"] == "2026-12-01"


async def test_shortcuts(local: Workspace, app: Listening) -> None:
    reporter = local.person("reporter")
    assert (await reporter.shortcut("first_report")).ok
    body = await app.next()
    assert body["type"] == "shortcut"
    assert not {"channel", "message", "response_url"} & body.keys()
    ts = await reporter.post("general", "USB がない & <困った>")
    await reporter.message_shortcut("report_message", "general", ts)
    body = await app.next()
    assert (body["type"], body["message_ts"]) == ("message_action", ts)
    assert body["message"]["text"] == "USB がない &amp; &lt;困った&gt;"
    with pytest.raises(AssertionError, match="no global shortcut"):
        await reporter.shortcut("report_message")


# response_url


async def answer_to(url: str, **body: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def test_a_response_url_works_five_times(local: Workspace, app: Listening) -> None:
    await local.person("reporter").command("/leak")
    url = (await app.next())["response_url"]
    for number in range(5):
        assert await answer_to(url, text=f"answer {number}") == (200, "ok")
    assert await answer_to(url, text="one more") == (404, "used_url")
    said = [message.text for message in local.person("reporter").messages("general")]
    assert said == [f"answer {number}" for number in range(5)]
    assert local.person("manager").messages("general") == []
    assert [each.error for each in local.violations] == ["used_url"]


async def test_a_response_url_lives_half_an_hour(local: Workspace, app: Listening) -> None:
    await local.person("reporter").command("/leak")
    url = (await app.next())["response_url"]
    local.clock.advance(timedelta(minutes=29))
    assert await answer_to(url) == (400, "no_text")
    assert await answer_to(url, text="x") == (200, "ok")
    local.clock.advance(timedelta(minutes=2))
    assert await answer_to(url, text="x") == (404, "expired_url")
    assert local.calls[-1].method == "response_url"


async def test_a_response_url_replaces_and_deletes_what_was_pressed(local: Workspace, app: Listening) -> None:
    room = local.add_channel("team", ["manager"], private=True, with_bot=True)
    await app.client.chat_postEphemeral(channel=room, user="U0MANAGER", text="x", blocks=button())
    manager = local.person("manager")
    await manager.click(manager.messages(room)[-1], "press")
    while (body := await app.next())["type"] != "block_actions":
        pass
    await answer_to(body["response_url"], text="replaced", replace_original=True)
    assert (manager.messages(room)[-1].text, manager.messages(room)[-1].blocks) == ("replaced", [])
    await answer_to(body["response_url"], delete_original=True)
    assert not any(message.ephemeral for message in manager.messages(room))


# events


async def test_messages_reach_the_app_where_it_is(local: Workspace, app: Listening) -> None:
    await local.person("reporter").post("general", "not for the app")
    await local.person("reporter").post("bot", "hello")
    body = await app.next()
    assert (body["event"]["text"], body["event"]["channel_type"]) == ("hello", "im")
    assert body["event_id"].startswith("Ev")
    assert app.heard.empty()


async def test_a_closed_account_is_told_with_what_the_app_may_know_of_it(
    local: Workspace, app: Listening
) -> None:
    local.person("legal").user.phone = "090-1234-5678"
    local.deactivate("legal")
    event = (await app.next())["event"]
    assert (event["type"], event["user"]["id"], event["user"]["deleted"]) == ("user_change", "U0LEGAL", True)
    assert event["cache_ts"] > 0
    assert "tz" not in event["user"]
    assert "email" not in event["user"]["profile"]
    local.reactivate("legal")
    profile = (await app.next())["event"]["user"]["profile"]
    assert (profile["email"], profile["phone"]) == ("legal@sample.example", "090-1234-5678")
    local.scopes.discard("users:read.email")
    local.deactivate("manager")
    local.reactivate("manager")
    await app.next()
    assert "email" not in (await app.next())["event"]["user"]["profile"]
    local.scopes.discard("users:read")
    local.deactivate("manager")
    await local.person("reporter").post("bot", "hello")
    assert (await app.next())["event"]["type"] == "message", "without the scope nothing of people is told"


async def test_the_first_delivery_of_an_event_is_attempt_zero(local: Workspace, app: Listening) -> None:
    await local.person("reporter").post("bot", "hello")
    await app.next()
    assert app.headers[-1]["x-slack-retry-num"] == "0"


async def test_an_event_nobody_acknowledges_comes_four_times(local: Workspace) -> None:
    local.patience.ack = 0.1
    local.patience.retries = (0.0, 0.05, 0.1)
    # No listener for the event: Bolt answers 404, and nothing is acknowledged.
    app = Listening(local, deaf=True)
    await app.connect()
    tries: list[str] = []

    async def look(body: Json, next: Any, request: Any) -> None:  # noqa: A002 - Bolt asks for this name
        tries.append(request.headers["x-slack-retry-num"][0])
        await next()

    app.app.middleware(look)
    await local.person("reporter").post("bot", "hello")
    await local.breached(4)
    assert tries == ["0", "1", "2", "3"]
    assert {each.error for each in local.violations} == {"not_acknowledged"}
    await app.close()


async def test_duplicates_on_request(local: Workspace, app: Listening) -> None:
    local.redeliver = 2
    await local.person("reporter").post("bot", "hello")
    bodies = [await app.next() for _ in range(3)]
    assert len({body["event_id"] for body in bodies}) == 1
    assert sorted(each["x-slack-retry-num"] for each in app.headers) == ["0", "1", "2"]
    assert (await local.person("reporter").shortcut("first_report")).ok
    bodies = [await app.next() for _ in range(3)]
    # A doubled press is a press of its own: every trigger works.
    assert len({body["trigger_id"] for body in bodies}) == 3
    assert local.violations == []


async def test_an_event_may_overtake_another(local: Workspace, app: Listening) -> None:
    delays = iter([0.3, 0.0])
    local.event_delay = lambda: next(delays)
    for words in ("first", "second"):
        await local.person("reporter").post("bot", words)
    heard = [await app.next() for _ in range(2)]
    assert [body["event"]["text"] for body in heard] == ["second", "first"]
    assert heard[0]["event"]["ts"] > heard[1]["event"]["ts"], "each still says when it happened"


async def test_a_missed_event_comes_again_after_reconnecting(local: Workspace, app: Listening) -> None:
    local.patience.retries = (0.1, 0.3, 0.5)
    await app.close()
    await local.person("reporter").post("bot", "hello")
    again = Listening(local)
    await again.connect()
    assert (await again.next())["event"]["text"] == "hello"
    await again.close()


# connections


async def test_connections_take_turns(local: Workspace, app: Listening) -> None:
    other = Listening(local)
    await other.connect()
    for _ in range(4):
        await local.person("reporter").command("/leak")
    assert (app.heard.qsize(), other.heard.qsize()) == (2, 2)
    await other.close()


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "abrupt"])
async def test_the_sdk_comes_back_after_a_lost_connection(
    local: Workspace, app: Listening, reason: str
) -> None:
    await local.drop_connections(reason)
    assert local.sockets.count == 0
    async with asyncio.timeout(20):
        await local.sockets.wait_for_connections(1)
    assert (await local.person("reporter").command("/leak")).ok


async def test_a_ticket_is_for_one_connection(local: Workspace, app: Listening) -> None:
    token = local.environment["SLACK_APP_TOKEN"]
    answer = await app.client.api_call("apps.connections.open", headers={"Authorization": f"Bearer {token}"})
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(answer["url"]) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 2)
            assert hello["connection_info"]["app_id"] == "A0LEAKBOT"
            await socket.send_json({"envelope_id": "never sent"})
            await socket.send_str("{")
            await socket.ping(b"sdk-ping-pong:1")
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(answer["url"])
    assert {each.error for each in local.violations} == {"unknown_envelope", "invalid_json"}


async def test_ten_connections_are_the_most(local: Workspace, app: Listening) -> None:
    token = local.environment["SLACK_APP_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(9):
            url = (await app.client.api_call("apps.connections.open", headers=headers))["url"]
            sockets.append(await session.ws_connect(url))
            assert (await sockets[-1].receive_json())["type"] == "hello"
        url = (await app.client.api_call("apps.connections.open", headers=headers))["url"]
        async with session.ws_connect(url) as one_too_many:
            assert (await one_too_many.receive_json())["reason"] == "too_many_websockets"
        for socket in sockets:
            await socket.close()


async def test_socket_mode_switched_off(local: Workspace, app: Listening) -> None:
    local.sockets.enabled = False
    token = local.environment["SLACK_APP_TOKEN"]
    url = f"{local.environment['SLACK_API_URL']}apps.connections.open"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, headers={"Authorization": f"Bearer {token}"}) as answer,
    ):
        assert (await answer.json())["error"] == "forbidden_team"


# HTTP


@asynccontextmanager
async def served(local: Workspace, app: Listening) -> AsyncIterator[Listening]:
    """An app behind an HTTP address, with Bolt's own check of signatures."""
    await app.client.auth_test()
    server = web.Application()

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.app.async_dispatch(await to_bolt_request(request)))

    server.router.add_post("/slack/events", receive)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    local.http_events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


@pytest.fixture
async def over_http(local: Workspace) -> AsyncIterator[Listening]:
    """The listening app over HTTP."""
    async with served(local, Listening(local)) as app:
        yield app


async def test_the_address_is_verified_with_a_challenge(local: Workspace, over_http: Listening) -> None:
    assert await local.verify_http_url() is True
    local.http_events_url = "http://127.0.0.1:9/slack/events"
    assert await local.verify_http_url() is False


@pytest.mark.parametrize(("headers", "tries"), [({}, 4), ({"x-slack-no-retry": "1"}, 1)])
async def test_http_retries_unless_told_not_to(local: Workspace, headers: dict[str, str], tries: int) -> None:
    local.patience.retries = (0.0, 0.0, 0.0)
    numbers: list[str | None] = []
    enough = asyncio.Event()

    async def refuse(request: web.Request) -> web.Response:
        numbers.append(request.headers.get("X-Slack-Retry-Num"))
        if len(numbers) == tries:
            enough.set()
        return web.Response(status=500, headers=headers)

    server = web.Application()
    server.router.add_post("/slack/events", refuse)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    local.http_events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await local.person("reporter").post("bot", "hello")
    await asyncio.wait_for(enough.wait(), 5)
    # One more thing goes through the same pipe, so that a further retry would have been seen.
    await local.verify_http_url()
    assert numbers[:tries] == [None, "1", "2", "3"][:tries]
    assert len(numbers) == tries + 1
    await runner.cleanup()


async def test_everything_also_goes_over_signed_http(local: Workspace, over_http: Listening) -> None:
    reporter = local.person("reporter")
    over_http.answer = {"text": "あなただけに"}
    assert (await reporter.command("/leak", "言葉 & 記号")).text == "あなただけに"
    assert (await over_http.next())["text"] == "言葉 & 記号"
    over_http.answer = {}
    assert (await reporter.shortcut("first_report")).ok
    assert (await over_http.next())["type"] == "shortcut"
    await reporter.post("bot", "hello")
    assert (await over_http.next())["event"]["text"] == "hello"
    assert "x-slack-retry-num" not in over_http.headers[-1]
    assert over_http.headers[-1]["x-slack-signature"].startswith("v0=")
    assert local.violations == []


async def test_a_wrong_secret_is_refused_by_the_app(local: Workspace) -> None:
    async with served(local, Listening(local, secret="another")) as app:
        assert (await local.person("reporter").command("/leak")).error == "dispatch_failed"
        assert app.heard.empty()


async def test_http_is_slow_or_gone(local: Workspace, over_http: Listening) -> None:
    local.patience.ack = 0.2
    over_http.silent = True
    assert (await local.person("reporter").command("/leak")).error == "operation_timeout"
    assert local.violations[0].error == "not_acknowledged"
    local.http_events_url = "http://127.0.0.1:9/slack/events"
    assert (await local.person("reporter").command("/leak")).error == "dispatch_failed"
