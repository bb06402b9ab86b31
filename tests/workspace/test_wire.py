"""How calls come in: tokens, scopes, encodings, headers, pages."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.workspace.echo_bot import MANIFEST
from tests.workspace.errors import error_of, refused


async def post(local: Workspace, method: str, **how: Any) -> tuple[dict[str, Any], aiohttp.ClientResponse]:
    """A raw POST, as no SDK would send it."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{local.url}/api/{method}", **how) as answer,
    ):
        return await answer.json(), answer


def bearer(local: Workspace) -> dict[str, str]:
    return {"Authorization": "Bearer " + local.environment["SLACK_BOT_TOKEN"]}


async def test_starting_is_quick_and_the_environment_is_complete() -> None:
    local = Workspace(MANIFEST)
    await local.start()
    assert set(local.environment) == {
        "SLACK_API_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
    }
    assert local.environment["SLACK_API_URL"] == f"{local.url}/api/"
    await local.stop()


async def test_auth_test_says_who_the_app_is(api: AsyncWebClient, local: Workspace) -> None:
    answer = await api.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0LEAKBOT", "B0LEAKBOT", "T0SAMPLE")
    scopes = answer.headers["x-oauth-scopes"].split(",")
    assert "chat:write" in scopes
    assert answer.headers["x-slack-req-id"]
    assert local.violations == []


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-stranger", "invalid_auth"), ("", "not_authed")],
)
async def test_strange_and_missing_tokens(local: Workspace, token: str, error: str) -> None:
    client = AsyncWebClient(token=token, base_url=local.environment["SLACK_API_URL"])
    assert await error_of(client.auth_test()) == error


async def test_the_app_token_opens_sockets_and_nothing_else(local: Workspace, api: AsyncWebClient) -> None:
    app = AsyncWebClient(
        token=local.environment["SLACK_APP_TOKEN"], base_url=local.environment["SLACK_API_URL"]
    )
    assert (await app.api_call("apps.connections.open"))["url"].startswith("ws://127.0.0.1:")
    assert await error_of(app.auth_test()) == "not_allowed_token_type"
    assert await error_of(api.api_call("apps.connections.open")) == "not_allowed_token_type"


async def test_a_revoked_token_is_told_so(local: Workspace, api: AsyncWebClient) -> None:
    await local.revoke(local.environment["SLACK_BOT_TOKEN"])
    assert await error_of(api.auth_test()) == "token_revoked"


async def test_an_app_that_is_installed_anew_has_other_tokens(local: Workspace, api: AsyncWebClient) -> None:
    before = local.environment
    await local.reinstall()
    assert await error_of(api.auth_test()) == "token_revoked"
    api.token = local.environment["SLACK_BOT_TOKEN"]
    assert (await api.auth_test())["ok"]
    assert local.environment["SLACK_APP_TOKEN"] != before["SLACK_APP_TOKEN"]
    assert local.violations == []


async def test_a_scope_that_the_manifest_does_not_ask_for(tmp_path: Path) -> None:
    local = Workspace(MANIFEST)
    await local.start()
    client = AsyncWebClient(
        token=local.environment["SLACK_BOT_TOKEN"], base_url=local.environment["SLACK_API_URL"]
    )
    answer = await refused(client.team_info())
    assert (answer["error"], answer["needed"]) == ("missing_scope", "team:read")
    assert "chat:write" in answer["provided"].split(",")
    # The default of conversations.list is public channels, and those need a scope of their own.
    assert await error_of(client.conversations_list()) == "missing_scope"
    assert (await client.conversations_list(types="private_channel"))["channels"] == []
    assert [violation.error for violation in local.violations] == ["missing_scope", "missing_scope"]
    await local.stop()


@pytest.mark.parametrize("style", ["json", "form", "multipart", "query"])
async def test_every_style_of_arguments(local: Workspace, style: str) -> None:
    blocks = [{"type": "divider"}]
    plain = {"channel": "U0REPORTER", "text": "hello", "unfurl_links": "0"}
    headers = bearer(local)
    if style == "json":
        body = json.dumps({**plain, "blocks": blocks, "thread_ts": None})
        headers["Content-Type"] = "application/json; charset=utf-8"
        answer, _ = await post(local, "chat.postMessage", data=body, headers=headers)
        assert "warning" not in answer
    elif style == "form":
        fields = {**plain, "blocks": json.dumps(blocks), "token": local.environment["SLACK_BOT_TOKEN"]}
        answer, _ = await post(local, "chat.postMessage", data=fields)
    elif style == "multipart":
        form = aiohttp.FormData({**plain, "blocks": json.dumps(blocks)})
        form.add_field("more", b"x", filename="x.txt")
        answer, _ = await post(local, "chat.postMessage", data=form, headers=headers)
    else:
        query = {**plain, "blocks": json.dumps(blocks)}
        answer, _ = await post(local, "chat.postMessage", params=query, headers=headers)
    assert answer["ok"], answer
    assert answer["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[1]", "application/json", "json_not_object"),
        (b"x", "text/plain", "invalid_post_type"),
    ],
)
async def test_broken_bodies(local: Workspace, body: bytes, content_type: str, error: str) -> None:
    headers = bearer(local) | {"Content-Type": content_type}
    answer, _ = await post(local, "chat.postMessage", data=body, headers=headers)
    assert answer["error"] == error
    assert local.violations[0].error == error


async def test_json_without_charset_is_warned_about(local: Workspace) -> None:
    headers = bearer(local) | {"Content-Type": "application/json"}
    answer, _ = await post(local, "auth.test", data=b"{}", headers=headers)
    assert answer["warning"] == "missing_charset"
    assert answer["response_metadata"]["warnings"] == ["missing_charset"]


async def test_a_token_in_a_json_body_or_in_the_address_is_not_accepted(local: Workspace) -> None:
    token = local.environment["SLACK_BOT_TOKEN"]
    answer, _ = await post(local, "auth.test", json={"token": token})
    assert answer["error"] == "not_authed"
    answer, _ = await post(local, "auth.test", params={"token": token})
    assert answer["error"] == "not_authed"


async def test_unknown_methods_and_missing_arguments(api: AsyncWebClient, local: Workspace) -> None:
    assert await error_of(api.api_call("chat.shout")) == "unknown_method"
    answer = await refused(api.api_call("conversations.info"))
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    assert [violation.method_or_surface for violation in local.violations] == [
        "chat.shout",
        "conversations.info",
    ]


async def test_cursors_lead_through_all_pages(api: AsyncWebClient, local: Workspace) -> None:
    found: list[str] = []
    async for page in await api.users_list(limit=4):
        assert len(page["members"]) <= 4
        found += [member["id"] for member in page["members"]]
    assert len(found) == len(set(found)) == 9
    assert await error_of(api.users_list(limit=4, cursor="nonsense")) == "invalid_cursor"
    assert await error_of(api.users_list(limit=0)) == "invalid_limit"


async def test_the_date_header_follows_the_workspace_clock(api: AsyncWebClient, local: Workspace) -> None:
    local.clock.freeze(datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert (await api.auth_test()).headers["Date"] == "Sat, 02 Jan 2027 03:04:05 GMT"


async def test_calls_are_written_down(api: AsyncWebClient, local: Workspace) -> None:
    await api.chat_postMessage(channel="U0REPORTER", text="hello")
    await error_of(api.chat_postMessage(channel="C9", text="hello"))
    first, second = local.calls
    assert (first.index, first.method, first.token_kind) == (1, "chat.postMessage", "bot")
    assert (first.answered, first.effect) == ("ok", True)
    assert (second.answered, second.effect) == ("channel_not_found", False)
    assert first.arguments["text"] == "hello"
    assert first.ended_at is not None
    assert first.ended_at >= first.began_at
