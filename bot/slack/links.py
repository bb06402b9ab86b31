"""The page behind the link of a mail: who cannot open Slack can answer a page there, once.

Opening it changes nothing, since mail filters open every link; only its button does. A link that cannot be
used says so, and nothing else. (RFC 9110 9.2.1: GET is safe.)
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final

import structlog
from aiohttp import web

from bot.channels.words import STYLE, answer_page
from bot.errors import Refused
from bot.policy.state import CaseState
from bot.policy.steps import may_be_taken_over
from bot.rendering import label, render
from bot.slack.desk import Desk
from bot.workflow import channels

logger = structlog.get_logger(__name__)

PATH: Final = "/acknowledge"

_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

Handler = Callable[[web.Request], Awaitable[web.Response]]


def address_of(public_url: str, token: str) -> str:
    """The link with this token."""
    return f"{public_url}{PATH}/{token}"


def add_links(app: web.Application, desk: Desk) -> None:
    """Serve the links on the listener that health and metrics have too."""
    app.router.add_get(f"{PATH}/{{token}}", _opened(desk))
    app.router.add_post(f"{PATH}/{{token}}", _pressed(desk))


def _opened(desk: Desk) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        try:
            async with desk.database.reading() as db:
                case, user = await channels.link_opened(db, request.match_info["token"], desk.now())
        except Refused:
            return _over(desk)
        if why := _nothing_to_press(case, user):
            return _page(desk, case, user, why)
        return _page(desk, case, user, "ask", ask=True)

    return handler


def _pressed(desk: Desk) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        token, now = request.match_info["token"], desk.now()
        try:
            async with desk.database.reading() as db:
                case, user = await channels.link_opened(db, token, now)
        except Refused:
            return _over(desk)
        kind = await desk.kind_now(user)  # an account may have been closed since the mail was sent
        office = desk.people.privacy_office
        try:
            async with desk.database.transaction() as db:
                await channels.link_used(db, token, kind=kind, privacy_office=office, now=now)
        except Refused:
            return await _refused(desk, token, user)
        except Exception as error:
            logger.error("link_not_served", error=type(error).__name__)
            return _page(desk, case, user, "failed", ask=True, status=503)
        desk.ring()
        return _page(desk, case, user, "thanks")

    return handler


async def _refused(desk: Desk, token: str, user: str) -> web.Response:
    """Why not, as things stand now: somebody has the case, it is closed, or the link is nobody's any more."""
    try:
        async with desk.database.reading() as db:
            case, _ = await channels.link_opened(db, token, desk.now())
    except Refused:
        return _over(desk)
    why = _nothing_to_press(case, user)
    return _page(desk, case, user, why) if why else _over(desk)


def _nothing_to_press(case: CaseState, user: str) -> str | None:
    if case.closed_at is not None:
        return "closed"
    if case.acknowledged_by is None or may_be_taken_over(case):
        return None
    return "yours" if case.acknowledged_by == user else "taken"


def _page(
    desk: Desk, case: CaseState, user: str, words: str, *, ask: bool = False, status: int = 200
) -> web.Response:
    locale = desk.people.locale_of(user)
    text = label(f"answer.{words}", locale)
    return _html(answer_page(locale, text, number=case.number, drill=case.drill, ask=ask), status)


def _over(desk: Desk) -> web.Response:
    locale = desk.organisation.locale
    return _html(answer_page(locale, render("messages/refused/link_over.txt", locale)), 404)


def _html(page: str, status: int) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)
