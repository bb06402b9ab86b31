"""Answers calls of the Web API: reads them off the wire, checks token and scopes, minds the faults."""

import asyncio
import json
import time
import uuid
from datetime import UTC
from typing import Any

from aiohttp import web

from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.faults import Fault
from bot.workspace.records import Call, Json
from bot.workspace.refusals import SlackRefusal, invalid_arguments
from bot.workspace.web_api import METHODS, Method

_HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"


class ApiServer:
    """The end points `/api/<method>` and `/response/<id>`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        name = request.match_info["method"]
        refusal: SlackRefusal | None = None
        values: Json = {}
        warning = None
        try:
            values, warning = await _read(request)
        except SlackRefusal as read_refusal:
            refusal = read_refusal
        token = _token(request, values)
        call = self._begin(name, {key: value for key, value in values.items() if key != "token"}, token)
        method = METHODS.get(name)

        def run() -> Json:
            if refusal is not None:
                raise refusal
            if method is None:
                raise SlackRefusal("unknown_method", name)
            self._admit(method, token)
            given = Arguments(values if method.json or not _is_json(request) else dict(request.query))
            missing = [part for part in method.required if part not in given or given.values[part] == ""]
            if missing:
                raise invalid_arguments(*(f"missing required field: {part}" for part in missing))
            return method.run(self._core, given)

        async def carry_out() -> web.StreamResponse:
            answer = self._answer(call, run)
            if warning:
                answer.setdefault("warning", warning)
                answer.setdefault("response_metadata", {}).setdefault("warnings", []).append(warning)
            headers = {"x-accepted-oauth-scopes": ",".join(method.scopes) if method else ""}
            return self._json(answer, headers)

        return await self._with_faults(request, call, carry_out)

    async def serve_response_url(self, request: web.Request) -> web.StreamResponse:
        """One answer to a response_url; plain text comes back, not JSON."""
        body = await request.read()
        try:
            values: Any = json.loads(body)
        except ValueError:
            values = None
        call = self._begin("response_url", values if isinstance(values, dict) else {}, None)

        def run() -> Json:
            if not isinstance(values, dict):
                raise SlackRefusal("invalid_payload")
            self._core.response_urls.answer(request.match_info["id"], values)
            return {}

        async def carry_out() -> web.StreamResponse:
            answer = self._answer(call, run)
            if answer["ok"]:
                return web.Response(text="ok")
            gone = answer["error"] in ("expired_url", "used_url")
            return web.Response(status=404 if gone else 400, text=answer["error"])

        return await self._with_faults(request, call, carry_out)

    # one call

    def _begin(self, name: str, values: Json, token: str | None) -> Call:
        calls = self._core.records.calls
        kind = {self._core.bot_token: "bot", self._core.app_token: "app", None: "none"}.get(token, "unknown")
        call = Call(len(calls) + 1, name, values, kind, time.monotonic())
        calls.append(call)
        return call

    def _answer(self, call: Call, run: Any) -> Json:
        try:
            answer: Json = {"ok": True, **run()}
            call.effect, call.answered = True, "ok"
        except SlackRefusal as refusal:
            answer = {"ok": False, "error": refusal.error, **refusal.extra}
            call.answered = refusal.error
            if refusal.breach:
                self._core.breach(call.method, refusal.error, refusal.detail)
        return answer

    async def _with_faults(self, request: web.Request, call: Call, carry_out: Any) -> web.StreamResponse:
        faults = self._core.faults
        striking = faults.striking(call.method)
        if faults.latency:
            await asyncio.sleep(faults.latency)
        response: web.StreamResponse | None = None
        for fault in striking:
            if fault.when == "before":
                response = await self._strike(request, call, fault) or response
        if response is None and (wait := self._core.rate_limits.refuses(call.method, call.arguments)):
            response = self._too_many(call, wait)
        if response is None:
            response = await carry_out()
            for fault in striking:
                if fault.when == "after":
                    response = await self._strike(request, call, fault) or response
        call.ended_at = time.monotonic()
        return response

    async def _strike(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse | None:
        if fault.latency:
            await asyncio.sleep(fault.latency)
        if fault.run is not None:
            await fault.run()
            if not fault.answers and not await _caller_died(request):
                return None
        if fault.stall:
            call.answered = "stalled"
            await _caller_gives_up(request)
            return web.Response(status=500)
        if fault.drop or (fault.run is not None and not fault.answers):
            call.answered = "dropped"
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if fault.error is not None:
            call.answered = fault.error
            return self._json({"ok": False, "error": fault.error}, {})
        if fault.status is not None:
            call.answered = f"http {fault.status}"
            if fault.status == 429:
                return self._too_many(call, fault.retry_after if fault.retry_after is not None else 1)
            return web.Response(status=fault.status, text="upstream trouble")
        return None

    def _too_many(self, call: Call, wait: int) -> web.Response:
        call.answered = "http 429"
        return self._json({"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)}, 429)

    def _json(self, answer: Json, headers: dict[str, str], status: int = 200) -> web.Response:
        moment = self._core.clock.now().astimezone(UTC)
        own = {
            "x-oauth-scopes": ",".join(sorted(self._core.scopes)),
            "x-slack-req-id": uuid.uuid4().hex,
            # The workspace's own time, so that a client can compare clocks as it would with Slack.
            "Date": moment.strftime(_HTTP_DATE),
        }
        text = json.dumps(answer, ensure_ascii=False)
        return web.Response(
            text=text, status=status, content_type="application/json", charset="utf-8", headers=own | headers
        )

    def _admit(self, method: Method, token: str | None) -> None:
        if method.token == "none":  # noqa: S105 - a kind, not a secret
            return
        if token is None:
            raise SlackRefusal("not_authed")
        if token in self._core.revoked:
            raise SlackRefusal("token_revoked")
        if token not in (self._core.bot_token, self._core.app_token):
            raise SlackRefusal("invalid_auth")
        is_app = token == self._core.app_token
        if is_app != (method.token == "app"):  # noqa: S105 - a kind, not a secret
            raise SlackRefusal("not_allowed_token_type", method.name)
        scopes = self._core.app_scopes if is_app else self._core.scopes
        if method.scopes and not scopes.intersection(method.scopes):
            needed, provided = ",".join(method.scopes), ",".join(sorted(scopes))
            raise SlackRefusal("missing_scope", needed, needed=needed, provided=provided)


async def _caller_died(request: web.Request) -> bool:
    """Whether the caller is gone; a killed process is noticed a moment later."""
    for _ in range(5):
        if request.transport is None or request.transport.is_closing():
            return True
        await asyncio.sleep(0.01)
    return False


async def _caller_gives_up(request: web.Request) -> None:
    """Return when the caller has closed the connection."""
    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110 - no bell
        await asyncio.sleep(0.02)


def _is_json(request: web.Request) -> bool:
    return request.content_type == "application/json"


def _token(request: web.Request, values: Json) -> str | None:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip() or None
    # A token in a JSON body or in the query string is not accepted, in a form it is.
    if _is_json(request) or "token" in request.query:
        return None
    token = values.get("token")
    return str(token) if token else None


async def _read(request: web.Request) -> tuple[Json, str | None]:
    """The arguments in whatever way they came. Out: them and Slack's warning. Raises `SlackRefusal`."""
    values: Json = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return values, None
    kind = request.content_type
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            form = await request.post()
        except ValueError:
            raise SlackRefusal("invalid_form_data") from None
        return values | {name: value for name, value in form.items() if isinstance(value, str)}, None
    body = await request.read()
    if kind == "application/json":
        try:
            parsed = json.loads(body)
        except ValueError:
            raise SlackRefusal("invalid_json") from None
        if not isinstance(parsed, dict):
            raise SlackRefusal("json_not_object")
        return values | parsed, None if request.charset else "missing_charset"
    if "Content-Type" not in request.headers:
        raise SlackRefusal("missing_post_type")
    raise SlackRefusal("invalid_post_type", kind)
