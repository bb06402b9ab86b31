"""What the app says: texts, metadata, threads, edits, pins, ephemerals, history."""

from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from bot.workspace.model import ts_value
from tests.workspace.errors import error_of, refused

DIVIDER = [{"type": "divider"}]


async def direct(api: AsyncWebClient, user: str = "U0REPORTER") -> str:
    """The direct message with a person."""
    return str((await api.conversations_open(users=[user]))["channel"]["id"])


async def test_a_message_has_the_marks_of_the_app(api: AsyncWebClient, local: Workspace) -> None:
    answer = await api.chat_postMessage(
        channel="U0REPORTER", text="a & b <c> <@U0MANAGER> &amp; <https://x.jp|x>"
    )
    message = answer["message"]
    assert message["text"] == "a &amp; b &lt;c&gt; <@U0MANAGER> &amp; <https://x.jp|x>"
    assert (message["bot_id"], message["app_id"], message["user"]) == ("B0LEAKBOT", "A0LEAKBOT", "U0LEAKBOT")
    assert "subtype" not in message
    assert local.person("reporter").messages("bot")[0].text == message["text"]


async def test_timestamps_rise_even_when_the_clock_stands_or_goes_back(
    api: AsyncWebClient, local: Workspace
) -> None:
    local.clock.freeze(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    stamps = [(await api.chat_postMessage(channel="U0REPORTER", text="x"))["ts"] for _ in range(3)]
    local.clock.set(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    stamps.append((await api.chat_postMessage(channel="U0REPORTER", text="x"))["ts"])
    assert stamps[0] == "1795348800.000000"
    assert sorted(set(stamps), key=ts_value) == stamps


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"text": "x", "username": "somebody else"}, "missing_scope"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        (
            {"text": "x", "metadata": {"event_type": "with space", "event_payload": {}}},
            "invalid_metadata_format",
        ),
        ({"text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": None}}},
            "invalid_metadata_schema",
        ),
        (
            {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": {"b": {"c": 1}}}}},
            "invalid_metadata_schema",
        ),
        (
            {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": "x" * 9000}}},
            "metadata_too_large",
        ),
    ],
)
async def test_messages_slack_would_refuse(
    api: AsyncWebClient, local: Workspace, arguments: dict[str, Any], error: str
) -> None:
    body = {"channel": "U0REPORTER", **arguments}
    assert await error_of(api.api_call("chat.postMessage", json=body)) == error
    assert [violation.error for violation in local.violations] == [error]
    assert local.person("reporter").messages("bot") == []


async def test_blocks_without_a_notification_text_are_accepted_and_listed(
    api: AsyncWebClient, local: Workspace
) -> None:
    await api.api_call("chat.postMessage", json={"channel": "U0REPORTER", "blocks": DIVIDER})
    assert [violation.error for violation in local.violations] == ["missing_text"]


async def test_very_long_text_is_cut_by_posting_and_refused_by_editing(
    api: AsyncWebClient, local: Workspace
) -> None:
    posted = await api.chat_postMessage(channel="U0REPORTER", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    edit = api.chat_update(channel=posted["channel"], ts=posted["ts"], text="x" * 4_001)
    assert await error_of(edit) == "msg_too_long"
    assert [violation.error for violation in local.violations] == ["text_truncated", "msg_too_long"]


async def test_metadata_returns_whole_only_when_asked_for(api: AsyncWebClient) -> None:
    metadata = {"event_type": "leak_page", "event_payload": {"case": "2026-0001", "level": 0}}
    posted = await api.chat_postMessage(channel="U0REPORTER", text="x", metadata=metadata)
    assert posted["message"]["metadata"] == metadata
    room = posted["channel"]
    short = (await api.conversations_history(channel=room))["messages"][0]
    assert short["metadata"] == {"event_type": "leak_page"}
    whole = (await api.conversations_history(channel=room, include_all_metadata=True))["messages"][0]
    assert whole["metadata"] == metadata


async def test_edits(api: AsyncWebClient, local: Workspace) -> None:
    metadata = {"event_type": "e", "event_payload": {"a": 1}}
    posted = await api.chat_postMessage(channel="U0REPORTER", text="x", blocks=DIVIDER, metadata=metadata)
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await api.chat_update(**where, text="y")
    message = local.person("reporter").messages("bot")[0]
    # Text without blocks takes the blocks away; the metadata stays.
    assert (message.text, message.blocks, message.metadata, message.edited) == ("y", [], metadata, True)
    await api.chat_update(**where, text="y", metadata={})
    assert local.person("reporter").messages("bot")[0].metadata is None
    assert await error_of(api.api_call("chat.update", json=where)) == "no_text"
    assert (
        await error_of(api.chat_update(channel=where["channel"], ts="1.000001", text="z"))
        == "message_not_found"
    )
    theirs = await local.person("reporter").post("bot", "hello")
    assert (
        await error_of(api.chat_update(channel=where["channel"], ts=theirs, text="z"))
        == "cant_update_message"
    )
    assert await error_of(api.chat_delete(channel=where["channel"], ts=theirs)) == "cant_delete_message"
    await api.chat_delete(**where)
    assert [message.text for message in local.person("reporter").messages("bot")] == ["hello"]
    assert [violation.error for violation in local.violations] == [
        "no_text",
        "cant_update_message",
        "cant_delete_message",
    ]


async def test_threads(api: AsyncWebClient, local: Workspace) -> None:
    parent = await api.chat_postMessage(channel="U0REPORTER", text="parent")
    room, ts = parent["channel"], parent["ts"]
    reply = await api.chat_postMessage(channel=room, text="reply", thread_ts=ts)
    await api.chat_postMessage(channel=room, text="loud", thread_ts=ts, reply_broadcast=True)
    listed = [message["text"] for message in (await api.conversations_history(channel=room))["messages"]]
    assert listed == ["loud", "parent"]
    thread = (await api.conversations_replies(channel=room, ts=ts))["messages"]
    assert [message["text"] for message in thread] == ["parent", "reply", "loud"]
    assert thread[0]["reply_count"] == 2
    nested = api.chat_postMessage(channel=room, text="x", thread_ts=reply["ts"])
    assert await error_of(nested) == "cannot_reply_to_message"
    assert await error_of(api.conversations_replies(channel=room, ts="1.000001")) == "thread_not_found"
    link = (await api.chat_getPermalink(channel=room, message_ts=reply["ts"]))["permalink"]
    assert link.startswith(
        f"https://sample.slack.com/archives/{room}/p{reply['ts'].replace('.', '')}?thread_ts="
    )


async def test_history_between_two_moments(api: AsyncWebClient) -> None:
    room = await direct(api)
    stamps = [(await api.chat_postMessage(channel=room, text=str(n)))["ts"] for n in range(5)]

    async def texts(**how: Any) -> list[str]:
        return [each["text"] for each in (await api.conversations_history(channel=room, **how))["messages"]]

    assert await texts() == ["4", "3", "2", "1", "0"]
    assert await texts(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert await texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]
    page = await api.conversations_history(channel=room, limit=2)
    assert page["has_more"] is True
    cursor = page["response_metadata"]["next_cursor"]
    assert await texts(limit=2, cursor=cursor) == ["2", "1"]
    assert await error_of(api.conversations_history(channel=room, oldest="yesterday")) == "invalid_ts_oldest"


async def test_pins_and_reactions(api: AsyncWebClient, local: Workspace) -> None:
    posted = await api.chat_postMessage(channel="U0REPORTER", text="x")
    where = {"channel": posted["channel"], "timestamp": posted["ts"]}
    await api.pins_add(**where)
    assert await error_of(api.pins_add(**where)) == "already_pinned"
    assert (await api.pins_list(channel=where["channel"]))["items"][0]["message"]["text"] == "x"
    assert local.person("reporter").conversation("bot").pinned == [posted["ts"]]
    assert local.person("reporter").messages("bot")[-1].subtype == "pinned_item"
    await api.pins_remove(**where)
    assert await error_of(api.pins_remove(**where)) == "not_pinned"
    await api.reactions_add(**where, name="eyes")
    assert await error_of(api.reactions_add(**where, name="eyes")) == "already_reacted"
    await local.person("reporter").react("bot", posted["ts"], "eyes")
    assert local.person("reporter").messages("bot")[0].raw["reactions"][0]["count"] == 2
    assert local.violations == []
    assert await error_of(api.reactions_add(**where, name=":eyes:")) == "invalid_name"
    assert await error_of(api.pins_add(channel=where["channel"])) == "no_item_specified"


async def test_ephemerals_are_for_one_member_and_in_no_history(api: AsyncWebClient, local: Workspace) -> None:
    room = local.add_channel("team", ["manager", "deputy"], private=True, with_bot=True)
    await api.chat_postEphemeral(channel=room, user="U0MANAGER", text="only you")
    hidden = local.person("manager").messages(room)[-1]
    assert (hidden.text, hidden.ephemeral) == ("only you", True)
    assert "only you" not in [message.text for message in local.person("deputy").messages(room)]
    listed = (await api.conversations_history(channel=room))["messages"]
    assert "only you" not in [message["text"] for message in listed]
    stranger = api.chat_postEphemeral(channel=room, user="U0CISO", text="x")
    assert await error_of(stranger) == "user_not_in_channel"
    edit = api.chat_update(channel=room, ts=hidden.ts, text="x")
    assert await error_of(edit) == "message_not_found"


async def test_unread_marks_and_calls_by_name(api: AsyncWebClient, local: Workspace) -> None:
    room = local.add_channel("team", ["manager", "deputy"], private=True, with_bot=True)
    manager, deputy = local.person("manager"), local.person("deputy")
    await manager.read(room)
    await deputy.read(room)
    await api.chat_postMessage(channel=room, text="<@U0MANAGER> please")
    await api.chat_postMessage(channel=room, text="<!subteam^S0SALES> please")
    # With blocks, only what the blocks say calls anybody.
    section = {"type": "section", "text": {"type": "plain_text", "text": "quiet"}}
    await api.chat_postMessage(channel=room, text="<!channel>", blocks=[section])
    assert (manager.conversation(room).unread, manager.conversation(room).mentions) == (3, 2)
    assert (deputy.conversation(room).unread, deputy.conversation(room).mentions) == (3, 1)
    await manager.read(room)
    assert manager.conversation(room).unread == 0
    await api.chat_postMessage(channel="U0MANAGER", text="psst")
    assert manager.conversation("bot").mentions == 1


async def test_archived_channels_take_nothing(api: AsyncWebClient, local: Workspace) -> None:
    room = local.add_channel("open", ["manager"], with_bot=True)
    posted = await api.chat_postMessage(channel=room, text="x")
    await local.person("manager").archive(room)
    assert await error_of(api.chat_postMessage(channel=room, text="x")) == "is_archived"
    assert await error_of(api.chat_update(channel=room, ts=posted["ts"], text="x")) == "not_in_channel"
    assert local.violations == []


async def test_an_archived_private_channel_is_gone_for_the_app(api: AsyncWebClient, local: Workspace) -> None:
    """Archiving takes the membership away; whatever it asks, there is no such channel. That is no mistake."""
    room = local.add_channel("closed-door", ["manager"], private=True, with_bot=True)
    posted = await api.chat_postMessage(channel=room, text="x")
    assert (await api.conversations_info(channel=room))["channel"]["is_member"]
    await local.person("manager").archive(room)
    for asked in (
        api.conversations_info(channel=room),
        api.conversations_history(channel=room),
        api.conversations_members(channel=room),
        api.chat_postMessage(channel=room, text="x"),
        api.chat_update(channel=room, ts=posted["ts"], text="y"),
        api.conversations_invite(channel=room, users=["U0LEGAL"]),
        api.conversations_setTopic(channel=room, topic="x"),
        api.pins_add(channel=room, timestamp=posted["ts"]),
        api.reactions_add(channel=room, timestamp=posted["ts"], name="eyes"),
    ):
        assert await error_of(asked) == "channel_not_found"
    assert local.violations == []
    await local.person("manager").unarchive(room)
    assert await error_of(api.chat_postMessage(channel=room, text="x")) == "channel_not_found"
    await local.person("manager").invite(room, "leakbot")
    channel = (await api.conversations_info(channel=room))["channel"]
    assert (channel["is_member"], channel["is_archived"]) == (True, False)
    await api.chat_postMessage(channel=room, text="x")


async def test_refused_blocks_are_explained_with_pointers(api: AsyncWebClient, local: Workspace) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    answer = await refused(api.chat_postMessage(channel="U0REPORTER", text="x", blocks=[section]))
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    assert answer["response_metadata"]["messages"][0].startswith("[ERROR] must be less than 3001")
    assert "json-pointer:/blocks/0/text/text" in local.violations[0].detail
