"""Reading a file that was shared in Slack: its bytes, its hash, and never the token to a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.speaker import DeliveryFailed, Outcome
from bot.vocabulary import FileTrouble

CHUNK = 256 * 1024  # bytes
#: Seconds for a whole file, and for the next of its bytes.
PATIENCE = aiohttp.ClientTimeout(total=600, sock_connect=10, sock_read=20)
NO_TIME_NAMED = 5.0  # seconds to wait where Slack asks to wait and names none


class Unreadable(Exception):
    """The file cannot be read, now or later."""

    def __init__(self, trouble: FileTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it was read: size in bytes, SHA-256 in hexadecimal, its bytes where they were wanted."""

    size: int
    sha256: str
    content: bytes | None


async def download(client: AsyncWebClient, file: dict[str, Any], largest: int, *, whole: bool) -> Download:
    """Read Slack's file object `file` (of files.info). `whole`: the bytes are wanted too, not only the hash.

    Raises Unreadable where it will never be read (at another service, deleted, larger than `largest` bytes,
    not ours to read), DeliveryFailed and what aiohttp raises where it may be read later.
    (https://docs.slack.dev/messaging/working-with-files)
    """
    if file.get("mode") == "tombstone":
        raise Unreadable(FileTrouble.GONE)
    if file.get("is_external") or file.get("mode") == "external":
        raise Unreadable(FileTrouble.EXTERNAL)
    if int(file.get("size") or 0) > largest:
        raise Unreadable(FileTrouble.TOO_LARGE)
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    if not is_slacks(address, client.base_url):
        raise Unreadable(FileTrouble.NO_ACCESS)
    if client.session is None:
        raise ValueError("the client has no session of its own to read with")
    asking = client.session.get(
        address,
        headers={"Authorization": f"Bearer {client.token}"},
        allow_redirects=False,  # elsewhere would be a stranger, or the login page
        timeout=PATIENCE,
        proxy=client.proxy,
        ssl=client.ssl or True,
    )
    async with asking as answer:
        _check(answer, file)
        hashed, parts, size = sha256(), [], 0
        async for part in answer.content.iter_chunked(CHUNK):
            size += len(part)
            if size > largest:
                raise Unreadable(FileTrouble.TOO_LARGE)
            hashed.update(part)
            if whole:
                parts.append(part)
    return Download(size, hashed.hexdigest(), b"".join(parts) if whole else None)


def is_slacks(address: str, api: str) -> bool:
    """Whether the token may go to this address: the Web API's host, or one below it, as safely spoken to."""
    try:
        ours, theirs = urlsplit(api), urlsplit(address)
        if (theirs.scheme, theirs.port) != (ours.scheme, ours.port) or theirs.username is not None:
            return False
    except ValueError:
        return False
    host, home = theirs.hostname or "", (ours.hostname or "").removeprefix("www.")
    return bool(home) and (host == home or (ours.scheme == "https" and host.endswith(f".{home}")))


def _check(answer: aiohttp.ClientResponse, file: dict[str, Any]) -> None:
    if answer.status == 429:
        after = answer.headers.get("Retry-After", "")
        raise DeliveryFailed(
            Outcome.NOT_SAID, "ratelimited", float(after) if after.isdigit() else NO_TIME_NAMED
        )
    if answer.status >= 500:
        raise DeliveryFailed(Outcome.NOT_SAID, f"http_{answer.status}")
    if answer.status in (404, 410):
        raise Unreadable(FileTrouble.GONE)
    if answer.status != 200:
        raise Unreadable(FileTrouble.NO_ACCESS)
    # To whom it does not know, Slack answers with its login page and status 200.
    if answer.content_type == "text/html" and not _is_that_page(answer, file):
        raise Unreadable(FileTrouble.NO_ACCESS)


def _is_that_page(answer: aiohttp.ClientResponse, file: dict[str, Any]) -> bool:
    length = answer.content_length
    return file.get("mimetype") == "text/html" and length in (None, int(file.get("size") or 0))
