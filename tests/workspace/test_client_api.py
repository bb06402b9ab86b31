"""The browser page's side: the same company seen through JSON and a live line."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.workspace.errors import error_of

Json = dict[str, Any]


class Page:
    """What the page does, without a browser."""

    def __init__(self, local: Workspace, user: str) -> None:
        self._local = local
        self.user = user
        self.session = aiohttp.ClientSession()

    async def get(self, path: str, **query: str) -> Json:
        """GET /client/<path>."""
        query = {"user": self.user, **query}
        async with self.session.get(f"{self._local.url}/client/{path}", params=query) as answer:
            return dict(await answer.json())

    async def post(self, path: str, **body: Any) -> Json:
        """POST /client/<path>."""
        body = {"user": self.user, **body}
        async with self.session.post(f"{self._local.url}/client/{path}", json=body) as answer:
            return dict(await answer.json())

    async def live(self) -> "Line":
        """The live line."""
        return Line(await self.session.ws_connect(f"{self._local.url}/client/events?user={self.user}"))


class Line:
    """The live line; nothing that was heard early is lost, since Slack promises no order."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._early: list[Json] = []

    async def hear(self, kind: str) -> Json:
        """The next event of a kind."""
        for event in self._early:
            if event["type"] == kind:
                self._early.remove(event)
                return event
        async with asyncio.timeout(5):
            while (event := await self._socket.receive_json())["type"] != kind:
                self._early.append(event)
            return event

    def heard_early(self) -> list[str]:
        """The kinds of events heard but not asked for."""
        return [str(event["type"]) for event in self._early]


@pytest.fixture
async def page(local: Workspace, echo: AsyncSocketModeHandler) -> AsyncIterator[Page]:
    """The reporter's page, with the echo bot at work."""
    made = Page(local, "U0REPORTER")
    yield made
    await made.session.close()


async def test_the_first_screen(local: Workspace, page: Page) -> None:
    boot = await page.get("boot")
    assert boot["me"] == {
        "id": "U0REPORTER",
        "name": "営業担当（報告する人）",
        "name_en": "Sales staff (reporter)",
        "locale": "ja-JP",
        "tz": "Asia/Tokyo",
    }
    assert [person["handle"] for person in boot["people"]][:7] == [
        "reporter",
        "manager",
        "deputy",
        "hr_manager",
        "privacy",
        "legal",
        "ciso",
    ]
    kinds = {line["name"]: line["kind"] for line in boot["conversations"]}
    assert kinds["general"] == "channel"
    assert [line["with"] for line in boot["conversations"] if line["kind"] == "dm"] == ["U0LEAKBOT"]
    assert boot["command"][0]["name"] == "/leak"
    shortcuts = {shortcut["callback_id"] for shortcut in boot["shortcuts"]}
    assert shortcuts == {"first_report", "report_message", "add_to_timeline"}
    assert (boot["modal"], boot["home_enabled"], boot["violations"]) == (None, True, 0)
    assert boot["clock"]["has_next"] is False


async def test_a_form_from_command_to_thanks(local: Workspace, page: Page) -> None:
    line = await page.live()
    assert (await page.post("command", channel="C0GENERAL", command="/leak", text=""))["ok"]
    view = (await line.hear("view_opened"))["view"]
    assert (await page.get("boot"))["modal"]["id"] == view["id"]
    typed = {"summary": {"value": {"type": "plain_text_input", "value": "error"}}}
    answer = await page.post("submit", view_id=view["id"], state={"values": typed})
    assert answer["errors"] == {"kind": "この項目は必須です。"}
    kind = {"text": {"type": "plain_text", "text": "選択肢 a", "emoji": True}, "value": "a"}
    typed["kind"] = {"value": {"type": "static_select", "selected_option": kind}}  # type: ignore[dict-item]
    answer = await page.post("submit", view_id=view["id"], state={"values": typed})
    assert (answer["response"], answer["errors"]) == ("errors", {"summary": "もう少し詳しく書いてください"})
    typed["summary"]["value"]["value"] = "よくわかりました"
    answer = await page.post("submit", view_id=view["id"], state={"values": typed})
    assert answer == {"ok": True, "response": "close"}
    assert await line.hear("view_closed") == {"type": "view_closed", "view": None, "depth": 0}
    message = (await line.hear("message"))["message"]
    assert message["text"] == "受け取りました: よくわかりました"
    assert (message["ephemeral"], message["pinned"]) == (False, False)
    unread = await line.hear("unread")
    assert (unread["unread"], unread["mentions"]) == (1, 1)
    await page.post("read", channel=unread["channel"])
    assert (await line.hear("unread"))["unread"] == 0


async def test_clicks_stacks_and_trouble(local: Workspace, page: Page) -> None:
    local.patience.ack = 0.3
    line = await page.live()
    await page.post("shortcut", callback_id="first_report")
    view = (await line.hear("view_opened"))["view"]
    where = {"container": {"type": "view", "view_id": view["id"]}, "block_id": "modal_actions"}
    typed = {"summary": {"value": {"type": "plain_text_input", "value": "下書き"}}}
    assert await page.post("action", **where, action_id="push_modal", element={}, state=typed) == {"ok": True}
    pushed = await line.hear("view_pushed")
    assert (pushed["depth"], pushed["view"]["previous_view_id"]) == (2, view["id"])
    # What lies below is updated there: nobody is shown it before they come back to it.
    client = AsyncWebClient(
        token=local.environment["SLACK_BOT_TOKEN"], base_url=local.environment["SLACK_API_URL"]
    )
    fields = ("type", "title", "submit", "callback_id", "blocks")
    await client.views_update(
        view_id=view["id"], view={name: view[name] for name in fields} | {"private_metadata": "newer"}
    )
    assert (await page.get("boot"))["modal"]["id"] == pushed["view"]["id"]
    await page.post("close", view_id=pushed["view"]["id"], all=False)
    below = await line.hear("view_closed")
    assert below["view"]["state"]["values"]["summary"]["value"]["value"] == "下書き"
    assert below["view"]["private_metadata"] == "newer"
    assert "view_updated" not in line.heard_early()
    answer = await page.post("action", **where, action_id="never_acked", element={})
    assert answer == {"ok": False, "error": "operation_timeout"}
    assert (await line.hear("violation"))["count"] == 1
    answer = await page.post("action", **where, action_id="no_such", element={})
    assert answer["error"] == "element_not_found"
    slow = {"summary": {"value": {"type": "plain_text_input", "value": "slow"}}}
    option = {"text": {"type": "plain_text", "text": "選択肢 a"}, "value": "a"}
    slow["kind"] = {"value": {"type": "static_select", "selected_option": option}}  # type: ignore[dict-item]
    answer = await page.post("submit", view_id=view["id"], state={"values": slow})
    assert (answer["ok"], answer["trouble"]) == (False, True)
    found = await page.post("suggest", view_id=view["id"], block_id="external", action_id="value", value="あ")
    assert [option["value"] for option in found["options"]] == ["あ0", "あ1", "あ2"]


async def test_nobody_sees_what_is_not_theirs(local: Workspace, page: Page, api: AsyncWebClient) -> None:
    room = local.add_channel("board", ["ciso"], private=True, with_bot=True)
    line = await page.live()
    await api.chat_postMessage(channel=room, text="secret")
    assert (await page.get("history", channel=room))["error"] == "channel_not_found"
    assert room not in [each["id"] for each in (await page.get("boot"))["conversations"]]
    assert (await page.post("post", channel=room, text="x"))["error"] == "channel_not_found"
    # The badge of the others is the only thing that tells.
    others = await line.hear("others")
    assert others["unread"]["U0CISO"]["unread"] == 1
    assert line.heard_early() == []
    await local.person("ciso").command("/leak")
    modal = await local.person("ciso").opens_modal("everything")
    assert (await page.post("close", view_id=modal["id"]))["error"] == "view_not_found"
    page.user = "U9"
    assert (await page.get("boot"))["error"] == "user_not_found"


async def test_joining_and_leaving_are_live(local: Workspace, page: Page, api: AsyncWebClient) -> None:
    line = await page.live()
    room = str((await api.conversations_create(name="room", is_private=True))["channel"]["id"])
    await api.conversations_invite(channel=room, users="U0REPORTER")
    new = (await line.hear("conversation"))["conversation"]
    assert (new["id"], new["kind"], new["name"]) == (room, "private", "room")
    posted = await api.chat_postMessage(channel=room, text="x")
    await line.hear("message")
    await api.chat_update(channel=room, ts=posted["ts"], text="y")
    assert (await line.hear("message_changed"))["message"]["text"] == "y"
    await page.post("react", channel=room, ts=posted["ts"], name="eyes")
    assert (await line.hear("reaction"))["message"]["reactions"][0]["users"] == ["U0REPORTER"]
    await api.chat_postEphemeral(channel=room, user="U0REPORTER", text="psst")
    assert (await line.hear("ephemeral"))["message"]["ephemeral"] is True
    history = (await page.get("history", channel=room))["messages"]
    assert [message["text"] for message in history][-2:] == ["y", "psst"]
    await api.chat_delete(channel=room, ts=posted["ts"])
    assert (await line.hear("message_deleted"))["ts"] == posted["ts"]
    await api.conversations_kick(channel=room, user="U0REPORTER")
    assert (await line.hear("conversation_gone"))["id"] == room


async def test_talking_and_the_home(local: Workspace, page: Page) -> None:
    line = await page.live()
    said = await page.post("post", channel="bot", text="<b>こんにちは</b> & <@U0MANAGER>")
    assert said["message"]["text"] == "&lt;b&gt;こんにちは&lt;/b&gt; &amp; <@U0MANAGER>"
    assert said["message"]["blocks"][0]["elements"][0]["elements"][1]["type"] == "user"
    assert (await page.post("post", channel="bot", text=" "))["error"] == "no_text"
    assert (await page.post("home"))["view"] is None
    home = (await line.hear("home"))["view"]
    again = await page.post("home")
    assert again["view"]["id"] == home["id"]
    pressed = await page.post(
        "action",
        container={"type": "home"},
        block_id="home_actions",
        action_id="open_modal",
        element={"type": "button"},
    )
    assert pressed["ok"]
    await line.hear("view_opened")
    ts = said["message"]["ts"]
    channel = (await page.get("boot"))["conversations"][-1]["id"]
    await page.post("message_shortcut", callback_id="report_message", channel=channel, ts=ts)
    assert (await line.hear("view_opened"))["view"]["callback_id"] == "everything"


async def test_the_clock_bar(local: Workspace, page: Page) -> None:
    line = await page.live()
    local.clock.freeze(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    assert (await line.hear("clock"))["now"] == 1795348800.0
    assert (await page.post("clock", move="+1h"))["now"] == 1795348800.0 + 3600
    assert (await page.post("clock", move="+1d"))["now"] == 1795348800.0 + 90000
    assert (await page.post("clock", move={"seconds": 60}))["now"] == 1795348800.0 + 90060
    assert (await page.post("clock", move="next"))["error"] == "nothing_ahead"

    async def ahead() -> datetime:
        return datetime(2026, 11, 28, 0, 0, tzinfo=UTC)

    local.next_reminder = ahead
    assert (await page.get("boot"))["clock"]["has_next"] is True
    moved = await page.post("clock", move="next")
    assert (moved["ok"], moved["now"]) == (True, datetime(2026, 11, 28, tzinfo=UTC).timestamp())
    assert abs((await page.post("clock", move="reset"))["offset"]) < 1
    assert (await page.post("clock", move="sideways"))["error"] == "invalid_arguments"
    local.clock.adjustable = False
    assert (await page.post("clock", move="+1h"))["error"] == "fixed"


async def test_languages(local: Workspace, page: Page, api: AsyncWebClient) -> None:
    line = await page.live()
    assert (await page.post("locale", locale="en-US"))["ok"]
    assert (await line.hear("people"))["people"][0]["locale"] == "en-US"
    user = (await api.users_info(user="U0REPORTER", include_locale=True))["user"]
    assert user["locale"] == "en-US"
    told = [body["event"] for kind, body in local.sent if kind == "events_api"]
    changes = [event["user"]["locale"] for event in told if event["type"] == "user_change"]
    assert changes == ["en-US"], "the app speaks to a person in their own language from then on"
    assert (await page.post("locale", locale="tlh"))["error"] == "invalid_locale"


async def test_badges_of_the_others(local: Workspace, page: Page, api: AsyncWebClient) -> None:
    line = await page.live()
    await api.chat_postMessage(channel="U0MANAGER", text="<@U0MANAGER>")
    others = (await line.hear("others"))["unread"]
    assert others["U0MANAGER"] == {"unread": 1, "mentions": 1}
    assert (await page.get("people_unread"))["U0MANAGER"] == {"unread": 1, "mentions": 1}


async def test_files(local: Workspace, page: Page, api: AsyncWebClient) -> None:
    form = aiohttp.FormData({"user": "U0REPORTER"})
    form.add_field("file", b"hello", filename="memo.txt", content_type="text/plain")
    async with page.session.post(f"{local.url}/client/upload", data=form) as answer:
        file = (await answer.json())["file"]
    assert (file["name"], file["size"], file["mimetype"]) == ("memo.txt", 5, "text/plain")
    assert (await api.files_info(file=file["id"]))["file"]["user"] == "U0REPORTER"


async def test_other_sites_may_not_act(local: Workspace, page: Page) -> None:
    headers = {"Origin": "https://evil.example"}
    body = {"user": "U0REPORTER", "channel": "bot", "text": "x"}
    async with page.session.post(f"{local.url}/client/post", json=body, headers=headers) as answer:
        assert answer.status == 403
    async with page.session.post(
        f"{local.url}/client/post", json=body, headers={"Origin": local.url}
    ) as answer:
        assert answer.status == 200
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await page.session.ws_connect(f"{local.url}/client/events?user=U0REPORTER", headers=headers)


async def test_the_page_and_its_files_are_served(local: Workspace, page: Page) -> None:
    async with page.session.get(f"{local.url}/") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert answer.headers["Cache-Control"] == "no-cache"
    async with page.session.get(f"{local.url}/static/index.html") as answer:
        assert answer.status == 200


async def test_archived_rooms_take_no_more(local: Workspace, page: Page, api: AsyncWebClient) -> None:
    room = local.add_channel("old", ["reporter"], with_bot=True)
    await local.person("reporter").archive(room)
    assert (await page.post("post", channel=room, text="x"))["error"] == "is_archived"
    await local.person("reporter").unarchive(room)
    assert (await page.post("post", channel=room, text="x"))["ok"]
    assert await error_of(api.chat_postMessage(channel=room, text="x")) == "not_in_channel"
