"""HTTP mode: signed requests to the app's address, as Slack sends them when Socket Mode is off."""

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from bot.workspace.records import Json
from bot.workspace.sockets import Ack


def signed_headers(secret: str, body: bytes, content_type: str, sent_at: int | None = None) -> dict[str, str]:
    """Slack's headers for a request with this body; `sent_at` in unix seconds, real time."""
    stamp = str(int(time.time()) if sent_at is None else sent_at)
    base = b"v0:" + stamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


class HttpDelivery:
    """Posts events as JSON, commands and interactions as forms; reads the answer as the acknowledgement."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self, url: str, secret: str, kind: str, payload: Json, patience: float, attempt: int | None = None
    ) -> Ack:
        """Deliver one request and wait `patience` seconds for status 200."""
        if kind == "events_api":
            body, content_type = json.dumps(payload, ensure_ascii=False).encode(), "application/json"
        else:
            fields = (
                payload if kind == "slash_commands" else {"payload": json.dumps(payload, ensure_ascii=False)}
            )
            body, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        headers = signed_headers(secret, body, content_type)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
        try:
            async with (
                asyncio.timeout(patience),
                self._session.post(url, data=body, headers=headers) as answer,
            ):
                text = await answer.text()
                if answer.status != 200:
                    return Ack("dispatch_failed", final=answer.headers.get("X-Slack-No-Retry") == "1")
                return Ack("acked", _payload(text, answer.content_type))
        except TimeoutError:
            return Ack("operation_timeout")
        except aiohttp.ClientError:
            return Ack("dispatch_failed")

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()


def _payload(text: str, content_type: str) -> Json | None:
    if not text:
        return None
    if content_type == "application/json":
        parsed = json.loads(text)
        return parsed if isinstance(parsed, dict) else None
    return {"text": text}
