"""`POST /slack/events`: Slack's payloads over HTTP, verified before anything else reads them.

Bolt parses before it verifies, and a malformed request of a stranger would become a traceback; so the
signature is checked in front of it (Slack: Verifying requests; constant-time in slack_sdk).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.slack.payloads import trouble

logger = structlog.get_logger(__name__)

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
        if _is_none_of_slacks(text, request.content_type):
            return web.Response(status=400, text="no payload of Slack's")
        try:
            payload = await to_bolt_request(request)
        except (AttributeError, KeyError, TypeError):  # what Bolt itself takes for granted
            logger.warning("payload_refused", place="envelope")
            return web.Response(status=400, text="no payload of Slack's")
        return await to_aiohttp_response(await app.async_dispatch(payload))

    return handler


def _is_none_of_slacks(text: str, content_type: str) -> bool:
    """Whether a body lacks the outline of an event, a command or an interaction.

    Bolt takes that for granted and would fail with a traceback.
    """
    try:
        payload = _payload(text, content_type)
    except (ValueError, RecursionError):
        return True
    if not isinstance(payload, dict) or (place := trouble(payload)) is not None:
        logger.warning("payload_refused", place=place if isinstance(payload, dict) else "payload")
        return True
    return False


def _payload(text: str, content_type: str) -> object:
    if content_type == "application/json":
        return json.loads(text)
    fields = parse_qs(text, keep_blank_values=True, errors="strict")
    if "payload" in fields:
        return json.loads(fields["payload"][0])
    return {name: values[0] for name, values in fields.items()}
