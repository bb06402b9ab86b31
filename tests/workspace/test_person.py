"""The people of the workspace, as tests use them."""

import asyncio
import time

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.workspace.echo_bot import MANIFEST


async def test_a_story_with_the_echo_bot(local: Workspace, echo: AsyncSocketModeHandler) -> None:
    reporter, manager = local.person("reporter"), local.person("U0MANAGER")
    assert (await reporter.command("/leak", "blocks")).ok
    message = await reporter.sees(lambda message: "すべてのブロック" in message.plain, "bot")
    assert "`static_select`" in message.plain
    assert (await reporter.click(message, "primary")).ok
    changed = await reporter.sees(lambda message: message.edited)
    assert changed.plain == "<@U0REPORTER> が対応します"
    await reporter.command("/leak", "鍵をなくしました")
    form = await reporter.opens_modal("everything")
    # Words after the command stand in the form already.
    assert form["state"]["values"]["summary"]["value"]["value"] == "鍵をなくしました"
    sent = await reporter.submit(
        {"kind": "a", "several": ["a", "b"], "moment": 1795327200, "people": ["U0CISO"]}
    )
    assert sent.closed
    await reporter.sees(lambda message: message.text == "受け取りました: 鍵をなくしました")
    await reporter.command("/leak", "invite")
    card = await manager.sees("leak_card")
    assert card.payload("case") == "1"
    room = manager.conversation(card.channel)
    assert (room.kind, room.topic, room.mentions) == ("private", "対応中", 1)
    home = await reporter.open_home()
    assert home is not None
    assert home["blocks"][1]["text"]["text"] == "開いた回数: *1*"
    assert local.violations == []


async def test_a_submission_can_stack_and_clear(local: Workspace, echo: AsyncSocketModeHandler) -> None:
    reporter = local.person("reporter")
    await reporter.shortcut("first_report")
    await reporter.opens_modal("everything")
    sent = await reporter.submit({"summary": "push", "kind": "a"})
    assert (sent.response, sent.closed) == ("push", False)
    stacked = await reporter.opens_modal("stacked")
    await reporter.click(stacked, "push_modal")
    assert reporter.modal is not None
    assert (await reporter.submit({})).response == "clear"
    assert reporter.modal is None


async def test_people_are_found_by_handle_id_and_address(local: Workspace) -> None:
    ids = {local.person(who).id for who in ("manager", "U0MANAGER", "manager@sample.example")}
    assert ids == {"U0MANAGER"}
    with pytest.raises(LookupError, match="nobody called boss; there are: reporter"):
        local.person("boss")


async def test_the_company_can_grow(local: Workspace, api: AsyncWebClient) -> None:
    pr = local.add_person("pr", "広報", locale="en")
    guest = local.add_person("guest", "外部", restricted=True, email="guest@other.example")
    local.add_group("crisis", "全社対策", ["pr", "ciso"])
    members = (await api.conversations_members(channel="C0GENERAL"))["members"]
    assert pr.id in members
    assert guest.id not in members
    assert (await api.users_lookupByEmail(email="guest@other.example"))["user"]["is_restricted"] is True
    assert (await api.usergroups_users_list(usergroup="S0CRISIS"))["users"] == [pr.id, "U0CISO"]
    local.group("crisis").members.remove(pr.id)
    assert (await api.usergroups_users_list(usergroup="S0CRISIS"))["users"] == ["U0CISO"]


async def test_waiting_ends_with_what_is_there_instead(local: Workspace) -> None:
    reporter = local.person("reporter")
    await reporter.post("general", "something else")
    with pytest.raises(AssertionError, match="something else"):
        await reporter.sees("leak_page", timeout=0.05)
    with pytest.raises(AssertionError, match="sees no modal, not form"):
        await reporter.opens_modal("form", timeout=0.05)


async def test_waiting_ends_as_soon_as_it_is_said(local: Workspace, api: AsyncWebClient) -> None:
    waiting = asyncio.ensure_future(local.person("manager").sees("leak_page"))
    await asyncio.sleep(0)
    metadata = {"event_type": "leak_page", "event_payload": {"case": "1"}}
    await api.chat_postMessage(channel="U0MANAGER", text="x", metadata=metadata)
    assert (await waiting).metadata == metadata


async def test_pressing_an_old_look_at_a_message_still_reaches_the_app(
    local: Workspace, echo: AsyncSocketModeHandler
) -> None:
    reporter = local.person("reporter")
    await reporter.command("/leak", "blocks")
    message = await reporter.sees(lambda message: bool(message.blocks), "bot")
    await reporter.click(message, "primary")
    await reporter.sees(lambda message: message.edited)
    # Two people press at the same moment: the second one's client still showed the button.
    assert (await reporter.click(message, "primary")).ok


async def test_starting_and_stopping_is_quick_even_with_a_page_open() -> None:
    times = []
    for _ in range(5):
        began = time.monotonic()
        local = Workspace(MANIFEST)
        await local.start()
        times.append(time.monotonic() - began)
        async with aiohttp.ClientSession() as session:
            await session.ws_connect(f"{local.url}/client/events?user=U0REPORTER")
            began = time.monotonic()
            await local.stop()
            assert time.monotonic() - began < 2
    assert sorted(times)[2] < 0.05


async def test_a_person_may_delete_and_leave(local: Workspace, api: AsyncWebClient) -> None:
    room = local.add_channel("team", ["manager", "deputy"], private=True, with_bot=True)
    posted = await api.chat_postMessage(channel=room, text="x")
    await local.person("manager").delete_message(room, posted["ts"])
    assert (await api.conversations_history(channel=room))["messages"][0]["text"] != "x"
    await local.person("deputy").leave(room)
    assert local.person("deputy").messages(room) == []
    assert (await api.conversations_members(channel=room))["members"] == ["U0MANAGER", "U0LEAKBOT"]
    await local.person("manager").invite(room, "deputy")
    assert local.person("deputy").messages(room)[-1].subtype == "channel_join"


async def test_whoever_is_named_by_an_edit_is_called_and_hears_of_it_without_a_page(
    local: Workspace, api: AsyncWebClient
) -> None:
    """What was searched for names is not searched again, but an edit is; nobody's page is open here."""
    room = local.add_channel("room", members=["manager", "reporter"], with_bot=True)
    manager = local.person("manager")

    def blocks(words: str) -> list[dict[str, object]]:
        return [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]

    waiting = asyncio.create_task(manager.sees(lambda message: "まだ誰も" in message.plain, room))
    await asyncio.sleep(0)
    said = await api.chat_postMessage(channel=room, text="card", blocks=blocks("まだ誰も"))
    await waiting
    line = manager.conversation(room)
    assert (line.unread, line.mentions) == (1, 0)
    await api.chat_update(channel=room, ts=said["ts"], text="card", blocks=blocks("<@U0MANAGER>"))
    line = manager.conversation(room)
    assert (line.unread, line.mentions) == (1, 1)
    assert local.person("reporter").conversation(room).mentions == 0
