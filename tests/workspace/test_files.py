"""Files: the app's upload in three steps, downloads, and who may not have them."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.workspace.errors import error_of


async def fetch(url: str, token: str | None = None) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_the_sdks_upload(local: Workspace, api: AsyncWebClient) -> None:
    room = (await api.conversations_open(users="U0REPORTER"))["channel"]["id"]
    answer = await api.files_upload_v2(
        channel=room, filename="report.txt", content="hello", title="報告", initial_comment="どうぞ"
    )
    file = answer["files"][0]
    assert (file["name"], file["size"], file["title"]) == ("report.txt", 5, "報告")
    message = local.person("reporter").messages("bot")[0]
    assert (message.subtype, message.text) == ("file_share", "どうぞ")
    assert message.raw["files"][0]["id"] == file["id"]
    assert (await api.files_info(file=file["id"]))["file"]["mimetype"] == "text/plain"
    assert local.violations == []


async def test_downloads_need_the_token(local: Workspace, api: AsyncWebClient) -> None:
    id_ = await local.person("reporter").upload("page.html", b"<script>1</script>")
    url = (await api.files_info(file=id_))["file"]["url_private_download"]
    token = local.environment["SLACK_BOT_TOKEN"]
    assert await fetch(url, token) == (200, "text/html", b"<script>1</script>")
    # Without it comes Slack's login page, with status 200.
    status, kind, body = await fetch(url)
    assert (status, kind) == (200, "text/html")
    assert b"Sign in" in body
    local.scopes.discard("files:read")
    assert b"Sign in" in (await fetch(url, token))[2]
    assert (await fetch(url + "&user=U0REPORTER"))[2] == b"<script>1</script>"
    assert b"Sign in" in (await fetch(url + "&user=U0MANAGER"))[2]


async def test_what_does_not_fit(local: Workspace, api: AsyncWebClient) -> None:
    empty = api.files_getUploadURLExternal(filename="x", length=0)
    assert await error_of(empty) == "file_upload_size_restricted"
    answer = await api.files_getUploadURLExternal(filename="x", length=3)
    async with (
        aiohttp.ClientSession() as session,
        session.post(answer["upload_url"], data=b"too long") as response,
    ):
        assert response.status == 400
    complete = api.files_completeUploadExternal(files=[{"id": answer["file_id"], "title": "x"}])
    assert await error_of(complete) == "file_not_found"
    assert await error_of(api.files_info(file=answer["file_id"])) == "file_not_found"
