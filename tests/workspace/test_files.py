"""Files: the app's upload in three steps, downloads, and who may not have them."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.workspace.errors import error_of
from tests.workspace.listening import Listening


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


async def test_a_person_shares_a_file_and_the_app_is_told(local: Workspace, app: Listening) -> None:
    manager = local.person("manager")
    room = local.add_channel("case", ["manager", "reporter"], private=True, with_bot=True)
    file = await manager.share(room, "../名簿 #1?.csv", b"1,2", text="名簿です")
    [message] = [m for m in manager.messages(room) if m.subtype == "file_share"]
    assert (message.text, message.raw["files"][0]["id"]) == ("名簿です", file)
    told = [(await app.next())["event"] for _ in range(app.heard.qsize() or 1)]
    while told[-1]["type"] != "file_shared":
        told.append((await app.next())["event"])
    event = told[-1]
    assert (event["channel_id"], event["file_id"], event["user_id"]) == (room, file, manager.id)
    assert event["file"] == {"id": file}
    address = (await app.client.files_info(file=file))["file"]["url_private_download"]
    assert await fetch(address, local.environment["SLACK_BOT_TOKEN"]) == (200, "text/csv", b"1,2")
    assert (await fetch(address + "&user=U0REPORTER"))[2] == b"1,2", "everybody there may open it"


async def test_nobody_shares_what_is_not_theirs(local: Workspace) -> None:
    file = await local.person("reporter").upload("a.txt", b"x")
    async with aiohttp.ClientSession() as session:
        body = {"user": "U0MANAGER", "channel": "C0GENERAL", "text": "", "files": [file]}
        async with session.post(f"{local.url}/client/post", json=body) as answer:
            assert (await answer.json())["error"] == "file_not_found"
        async with session.post(f"{local.url}/client/post", json=body | {"user": "U0REPORTER"}) as answer:
            assert (await answer.json())["message"]["files"][0]["name"] == "a.txt"


async def test_an_own_message_can_be_edited(local: Workspace) -> None:
    ts = await local.person("reporter").post("general", "まちがい")
    await local.person("reporter").edit("general", ts, "ただしい")
    [message] = local.person("manager").messages("general")
    assert (message.text, message.raw["edited"]["user"]) == ("ただしい", "U0REPORTER")
