"""A tiny app that shows everything a page must draw: every block, every input, a Home, stacked modals.

`python -m tests.workspace.echo_bot --port 8799` starts a workspace with it for looking at by hand.
Words after `/leak` choose what it does: `blocks`, `post`, `hostile`, `slow`, `ack`, `invite`, `call` or
`thread`; anything else opens the modal with every input.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import Any

import yaml
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace

MANIFEST = Path(__file__).parents[2] / "app_manifest.yml"
Json = dict[str, Any]

EVERY_SCOPE = [
    "reactions:read",
    "reactions:write",
    "pins:read",
    "channels:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "im:read",
    "files:write",
    "team:read",
    "dnd:read",
    "users.profile:read",
]


def wide_manifest(folder: Path) -> Path:
    """The product's manifest with every scope and event an app could ask for, written into `folder`."""
    document = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    document["oauth_config"]["scopes"]["bot"] += EVERY_SCOPE
    document["settings"]["event_subscriptions"]["bot_events"] += [
        "message.groups",
        "message.channels",
        "member_joined_channel",
        "member_left_channel",
        "reaction_added",
        "group_archive",
    ]
    path = folder / "wide_manifest.yml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def options(*values: str) -> list[Json]:
    """Options whose value is their text."""
    return [{"text": plain(f"選択肢 {value}"), "value": value} for value in values]


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """An input block whose element is called `value`."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "value", **element},
        **more,
    }


def everything_modal(summary: str = "") -> Json:
    """A modal with every input element."""
    optional = {"optional": True}
    text: Json = {"type": "plain_text_input", "multiline": True, "max_length": 200}
    if summary:
        text["initial_value"] = summary
    choices = options("a", "b", "c")
    blocks = [
        {"type": "section", "block_id": "intro", "text": mrkdwn("*すべての入力* を並べたフォームです。")},
        field("summary", "概要", text, hint=plain("わかっていることだけで構いません")),
        field(
            "kind",
            "種類",
            {"type": "static_select", "options": choices, "placeholder": plain("選んでください")},
        ),
        field("title", "一行の文字", {"type": "plain_text_input", "min_length": 2}, **optional),
        field(
            "amount",
            "数",
            {"type": "number_input", "is_decimal_allowed": False, "min_value": "0"},
            **optional,
        ),
        field("mail", "メール", {"type": "email_text_input"}, **optional),
        field("address", "URL", {"type": "url_text_input"}, **optional),
        field("several", "複数選択", {"type": "multi_static_select", "options": choices}, **optional),
        field(
            "grouped",
            "グループ付き",
            {
                "type": "static_select",
                "option_groups": [
                    {"label": plain("前半"), "options": options("d", "e")},
                    {"label": plain("後半"), "options": options("f")},
                ],
            },
            **optional,
        ),
        field("external", "検索", {"type": "external_select", "min_query_length": 1}, **optional),
        field("person", "人", {"type": "users_select", "initial_user": "U0MANAGER"}, **optional),
        field("people", "人（複数）", {"type": "multi_users_select"}, **optional),
        field(
            "conversation",
            "会話",
            {"type": "conversations_select", "default_to_current_conversation": True},
            **optional,
        ),
        field("channel", "チャンネル", {"type": "channels_select"}, **optional),
        field(
            "radio",
            "ラジオボタン",
            {"type": "radio_buttons", "options": choices, "initial_option": choices[1]},
            **optional,
        ),
        field(
            "checks",
            "チェックボックス",
            {
                "type": "checkboxes",
                "options": [
                    {"text": mrkdwn("*太字* の選択肢"), "value": "x", "description": plain("説明")},
                    *choices,
                ],
            },
            **optional,
        ),
        field("day", "日付", {"type": "datepicker", "initial_date": "2026-11-22"}, **optional),
        field("time", "時刻", {"type": "timepicker", "initial_time": "09:30"}, **optional),
        field("moment", "日時", {"type": "datetimepicker", "initial_date_time": 1795327200}, **optional),
        field("files", "ファイル", {"type": "file_input", "max_files": 3}, **optional),
        field("rich", "書式付き", {"type": "rich_text_input"}, **optional),
        field(
            "live",
            "選ぶとすぐ伝わる",
            {"type": "static_select", "options": options("more", "less")},
            dispatch_action=True,
            **optional,
        ),
        {
            "type": "actions",
            "block_id": "modal_actions",
            "elements": [
                {"type": "button", "action_id": "push_modal", "text": plain("上に重ねる")},
                {
                    "type": "button",
                    "action_id": "update_modal",
                    "text": plain("書き換える"),
                    "style": "primary",
                },
                {
                    "type": "button",
                    "action_id": "never_acked",
                    "text": plain("応答しない"),
                    "style": "danger",
                },
            ],
        },
    ]
    return {
        "type": "modal",
        "callback_id": "everything",
        "title": plain("すべての入力"),
        "submit": plain("送信"),
        "close": plain("やめる"),
        "notify_on_close": True,
        "private_metadata": "opaque",
        "blocks": blocks,
    }


def stacked_modal(depth: int) -> Json:
    """A modal to be put on top."""
    return {
        "type": "modal",
        "callback_id": "stacked",
        "title": plain(f"{depth} 枚目"),
        "submit": plain("閉じる"),
        "blocks": [
            field("note", "メモ", {"type": "plain_text_input"}, optional=True),
            {
                "type": "actions",
                "block_id": "stacked_actions",
                "elements": [{"type": "button", "action_id": "push_modal", "text": plain("さらに重ねる")}],
            },
        ],
    }


def every_block() -> list[Json]:
    """A message with every kind of block and accessory."""
    choices = options("a", "b", "c")
    confirm = {
        "title": plain("本当に？"),
        "text": mrkdwn("*取り消せません。*"),
        "confirm": plain("はい"),
        "deny": plain("いいえ"),
    }
    accessories: list[Json] = [
        {"type": "button", "action_id": "press", "text": plain("押す"), "value": "1"},
        {"type": "static_select", "action_id": "pick", "options": choices, "placeholder": plain("選ぶ")},
        {"type": "multi_static_select", "action_id": "picks", "options": choices},
        {"type": "users_select", "action_id": "who"},
        {"type": "multi_users_select", "action_id": "whom"},
        {"type": "conversations_select", "action_id": "where"},
        {"type": "channels_select", "action_id": "which"},
        {"type": "datepicker", "action_id": "when", "initial_date": "2026-11-22"},
        {"type": "timepicker", "action_id": "time", "initial_time": "09:30"},
        {"type": "overflow", "action_id": "more", "options": choices},
        {"type": "radio_buttons", "action_id": "one", "options": choices},
        {"type": "checkboxes", "action_id": "some", "options": choices},
    ]
    inline = [
        {"type": "text", "text": "太字", "style": {"bold": True}},
        {"type": "text", "text": " と "},
        {"type": "user", "user_id": "U0MANAGER"},
        {"type": "text", "text": " と "},
        {"type": "link", "url": "https://example.com/", "text": "リンク"},
        {"type": "emoji", "name": "bell"},
    ]
    line = {"type": "rich_text_section", "elements": inline}
    return [
        {"type": "header", "text": plain("すべてのブロック")},
        {
            "type": "section",
            "text": mrkdwn("*太字* _斜体_ ~取消~ `コード`\n> 引用\n```前後\n整形```\n• 項目"),
        },
        {
            "type": "section",
            "text": mrkdwn("<@U0REPORTER> <#C0GENERAL> <!subteam^S0SALES> <https://example.com/|例> :tada:"),
        },
        {
            "type": "section",
            "text": mrkdwn("期限 <!date^1795327200^{date_short_pretty} {time}|2026-11-22 JST>"),
        },
        {"type": "section", "fields": [mrkdwn(f"*項目{number}*\n値{number}") for number in range(1, 5)]},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("補足の _小さな_ 文字"), plain("もう一つ")]},
        {
            "type": "actions",
            "block_id": "buttons",
            "elements": [
                {
                    "type": "button",
                    "action_id": "primary",
                    "text": plain("対応します"),
                    "style": "primary",
                    "value": "x",
                },
                {
                    "type": "button",
                    "action_id": "danger",
                    "text": plain("消す"),
                    "style": "danger",
                    "confirm": confirm,
                },
                {"type": "button", "action_id": "open_modal", "text": plain("フォームを開く")},
                {"type": "button", "action_id": "never_acked", "text": plain("応答しない")},
                {
                    "type": "button",
                    "action_id": "link",
                    "text": plain("外部へ"),
                    "url": "https://example.com/",
                },
            ],
        },
        *(
            {
                "type": "section",
                "block_id": f"accessory_{element['type']}",
                "text": mrkdwn(f"`{element['type']}`"),
                "accessory": element,
            }
            for element in accessories
        ),
        {
            "type": "rich_text",
            "elements": [
                line,
                {"type": "rich_text_list", "style": "bullet", "elements": [line, line]},
                {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line]},
                {"type": "rich_text_quote", "elements": inline},
                {
                    "type": "rich_text_preformatted",
                    "elements": [{"type": "text", "text": "整形済み\n二行目"}],
                },
            ],
        },
        {
            "type": "image",
            "image_url": "https://example.com/none.png",
            "alt_text": "図の説明",
            "title": plain("図"),
        },
    ]


def home(count: int) -> Json:
    """The App Home."""
    return {
        "type": "home",
        "callback_id": "home",
        "blocks": [
            {"type": "header", "text": plain("ホーム")},
            {"type": "section", "text": mrkdwn(f"開いた回数: *{count}*")},
            {
                "type": "actions",
                "block_id": "home_actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "open_modal",
                        "text": plain("フォームを開く"),
                        "style": "primary",
                    }
                ],
            },
        ],
    }


HOSTILE = "<script>alert(1)</script> <!channel> <img src=x onerror=alert(1)> *太字ではない* &amp;"


def make_app(workspace: Workspace) -> AsyncApp:
    """The app, pointed at a workspace."""
    environment = workspace.environment
    client = AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    app = AsyncApp(name="tests", client=client, signing_secret=environment["SLACK_SIGNING_SECRET"])
    opened: dict[str, int] = {}

    @app.command("/leak")
    async def leak(ack: Any, body: Json, client: AsyncWebClient) -> None:
        word, user = body["text"].strip(), body["user_id"]
        if word == "slow":
            await asyncio.sleep(3600)
        if word == "ack":
            await ack(text="受け付けました（あなただけに見えます）")
            return
        await ack()
        if word in ("blocks", "post", "hostile", "call", "thread"):
            direct = (await client.conversations_open(users=[user]))["channel"]["id"]
            if word == "blocks":
                await client.chat_postMessage(channel=direct, text="すべてのブロック", blocks=every_block())
            elif word == "hostile":
                blocks = [{"type": "section", "text": plain(HOSTILE)}]
                await client.chat_postMessage(channel=direct, text="hostile", blocks=blocks)
            else:
                posted = await client.chat_postMessage(channel=direct, text=f"こんにちは、<@{user}> さん")
                if word == "thread":
                    await client.chat_postMessage(channel=direct, text="返信です", thread_ts=posted["ts"])
        elif word == "invite":
            room = (
                await client.conversations_create(name=f"room-{len(opened)}-{user.lower()}", is_private=True)
            )["channel"]
            await client.conversations_invite(channel=room["id"], users=[user, "U0MANAGER"])
            await client.conversations_setTopic(channel=room["id"], topic="対応中")
            posted = await client.chat_postMessage(
                channel=room["id"],
                text="<@U0MANAGER> 確認をお願いします",
                metadata={"event_type": "leak_card", "event_payload": {"case": "1"}},
            )
            await client.pins_add(channel=room["id"], timestamp=posted["ts"])
        else:
            await client.views_open(trigger_id=body["trigger_id"], view=everything_modal(word))

    @app.shortcut("first_report")
    async def from_shortcut(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=everything_modal())

    @app.shortcut("report_message")
    async def from_message(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        text = body["message"].get("text", "")
        await client.views_open(trigger_id=body["trigger_id"], view=everything_modal(text))

    @app.action("open_modal")
    async def open_modal(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=everything_modal())

    @app.action("push_modal")
    async def push_modal(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        depth = 3 if body["view"]["previous_view_id"] else 2
        await client.views_push(trigger_id=body["trigger_id"], view=stacked_modal(depth))

    @app.action("update_modal")
    async def update_modal(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = everything_modal()
        view["blocks"].insert(0, {"type": "section", "block_id": "news", "text": plain("書き換えました")})
        await client.views_update(view_id=body["view"]["id"], view=view)

    @app.action("never_acked")
    async def never_acked() -> None:
        await asyncio.sleep(3600)

    @app.action("danger")
    async def take_away(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(text="消しました", replace_original=True)

    @app.action({"action_id": "primary"})
    async def acknowledged(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        text = f"<@{body['user']['id']}> が対応します"
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=text)

    for silent in (
        *("press", "pick", "picks", "who", "whom", "where", "which", "when", "time", "more", "one", "some"),
        *("link", "value"),
    ):

        @app.action(silent)
        async def heard(ack: Any) -> None:
            await ack()

    @app.options("value")
    async def offer(ack: Any, body: Json) -> None:
        await ack(options=options(*(f"{body['value']}{number}" for number in range(3))))

    @app.view("everything")
    async def submitted(ack: Any, body: Json, view: Json, client: AsyncWebClient) -> None:
        summary = view["state"]["values"]["summary"]["value"]["value"]
        if summary == "error":
            await ack(response_action="errors", errors={"summary": "もう少し詳しく書いてください"})
        elif summary == "slow":
            await asyncio.sleep(3600)
        elif summary == "push":
            await ack(response_action="push", view=stacked_modal(2))
        elif summary == "update":
            await ack(response_action="update", view=stacked_modal(1))
        else:
            await ack()
            direct = (await client.conversations_open(users=[body["user"]["id"]]))["channel"]["id"]
            await client.chat_postMessage(channel=direct, text=f"受け取りました: {summary}")

    @app.view("stacked")
    async def stacked(ack: Any) -> None:
        await ack(response_action="clear")

    @app.view_closed("everything")
    async def closed(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="フォームを閉じましたね")

    @app.event("app_home_opened")
    async def home_opened(event: Json, client: AsyncWebClient) -> None:
        opened[event["user"]] = opened.get(event["user"], 0) + 1
        await client.views_publish(user_id=event["user"], view=home(opened[event["user"]]))

    @app.event("message")
    async def said(event: Json, client: AsyncWebClient) -> None:
        if event.get("channel_type") == "im" and "subtype" not in event:
            await client.chat_postMessage(channel=event["channel"], text=f"> {event['text']}")

    for event_type in ("member_joined_channel", "member_left_channel", "reaction_added", "group_archive"):

        @app.event(event_type)
        async def noticed() -> None:
            return None

    return app


async def connect(workspace: Workspace) -> AsyncSocketModeHandler:
    """Connect a new echo bot over Socket Mode. Out: the handler; give it back with `close_async`."""
    app = make_app(workspace)
    await app.client.auth_test()
    handler = AsyncSocketModeHandler(app, workspace.environment["SLACK_APP_TOKEN"])
    before = workspace.sockets.count
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await workspace.sockets.wait_for_connections(before + 1)
    return handler


async def serve(port: int) -> None:
    """A workspace with the echo bot, until interrupted."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(wide_manifest(Path(folder)))
        await workspace.start(port=port)
        await connect(workspace)
        print(workspace.url)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8799)
    asyncio.run(serve(parser.parse_args().port))
