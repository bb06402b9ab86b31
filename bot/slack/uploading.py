"""Giving somebody a file: Slack's upload in three steps."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.speaker import DeliveryFailed, Outcome
from bot.rendering import Mrkdwn


async def upload(
    client: AsyncWebClient, conversation: str, name: str, content: bytes, comment: Mrkdwn
) -> str:
    """Upload a file into a conversation the bot is in, under a message. Out: Slack's id of the file.

    `name` and `comment` travel in addresses of requests (the SDK sends them so): number and kind only,
    nothing of the case. Raises what the SDK raises, and DeliveryFailed where Slack does not take the bytes:
    until the third step nobody sees anything. (https://docs.slack.dev/messaging/working-with-files)
    """
    file = await place(client, name, content)
    await share(client, file, name, conversation, comment)
    return file


async def place(client: AsyncWebClient, name: str, content: bytes) -> str:
    """The first two steps: the bytes are at Slack and nobody sees them. Out: Slack's id of the file."""
    if client.session is None:
        raise ValueError("the client has no session of its own to upload with")
    where = await client.files_getUploadURLExternal(filename=name, length=len(content))
    sending = client.session.post(
        where["upload_url"], data=content, proxy=client.proxy, ssl=client.ssl or True
    )
    async with sending as answer:
        if answer.status != 200:
            raise DeliveryFailed(Outcome.NOT_SAID, f"http_{answer.status}")
    return str(where["file_id"])


async def share(
    client: AsyncWebClient,
    file: str,
    name: str,
    conversation: str,
    comment: Mrkdwn,
    thread_ts: str | None = None,
) -> None:
    """The third step: the file stands in the conversation, or in the thread of a message there."""
    await client.files_completeUploadExternal(
        files=[{"id": file, "title": name}],
        channel_id=conversation,
        initial_comment=comment,
        thread_ts=thread_ts,
    )
