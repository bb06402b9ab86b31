"""`POST /slack/events`: Slack's payloads over HTTP, verified before anything else reads them.

Bolt parses before it verifies, and a malformed request of a stranger would become a traceback; so the
signature is checked in front of it (Slack: Verifying requests; constant-time in slack_sdk).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

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
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            return web.Response(status=400, text="no valid timestamp")
        try:
            text = body.decode("utf-8")  # the verifier itself takes that for granted
        except UnicodeDecodeError:
            return web.Response(status=400, text="not UTF-8")
        if not verifier.is_valid(text, timestamp, signature):
            return web.Response(status=401, text="the signature does not match")
        if not _is_slacks(text, request.content_type):
            return web.Response(status=400, text="no payload of Slack's")
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return handler


def _is_slacks(text: str, content_type: str) -> bool:
    """Whether a body has the outline of an event, a command or an interaction.

    Bolt takes that for granted and would fail with a traceback.
    """
    try:
        if content_type == "application/json":
            return _is_event(json.loads(text))
        fields = parse_qs(text, errors="strict")
        if "payload" in fields:
            payload = json.loads(fields["payload"][0])
            return isinstance(payload, dict) and "type" in payload and _has(payload, "user", "id")
    except (ValueError, RecursionError):
        return False
    return "command" in fields and "user_id" in fields


def _is_event(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if value.get("type") == "url_verification":
        return isinstance(value.get("challenge"), str)
    return value.get("type") != "event_callback" or _has(value, "event", "type")


def _has(value: dict[str, Any], part: str, name: str) -> bool:
    inner = value.get(part)
    return isinstance(inner, dict) and isinstance(inner.get(name), str)
