"""`POST /slack/events`: Slack's payloads over HTTP, verified before anything else reads them.

Bolt parses before it verifies, and a malformed request of a stranger would become a traceback; so the
signature is checked in front of it (Slack: Verifying requests; constant-time in slack_sdk).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

LARGEST = 1024 * 1024  # bytes; Slack's own payloads stay far below


def slack_events(app: AsyncApp, signing_secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of the one path that events, commands and interactivity share."""
    verifier = SignatureVerifier(signing_secret)

    async def handler(request: web.Request) -> web.Response:
        if (request.content_length or 0) > LARGEST:
            return web.Response(status=413)
        body = await request.read()
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            return web.Response(status=400, text="no valid timestamp")
        if not verifier.is_valid(body, timestamp, signature):
            return web.Response(status=401, text="the signature does not match")
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            return web.Response(status=400, text="not UTF-8")
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return handler
