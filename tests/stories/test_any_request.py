"""Whatever comes over HTTP, signed by Slack or by nobody: no traceback, no report lost, nobody called.

The payloads are those of a whole case in which everything was pressed and every form sent; each is sent
again, signed, with parts missing, of the wrong kind or hostile. `LEAKBOT_PAYLOADS=5000` tries more by hand.
"""

from __future__ import annotations

import asyncio
import copy
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cases import log, queries
from bot.resources import resource
from bot.vocabulary import Callback
from bot.workspace import Workspace
from tests.spoiling import spoilt
from tests.stories.curious import Curious
from tests.stories.test_any_payload import on_the_wire
from tests.stories.test_http_mode import FORM, JSON, Stranger
from tests.stories.test_no_word_leaves_the_room import ENDS, MARK, nothing_is_in_effect
from tests.world import SUNDAY_EVENING, World, the_company

TRIED = int(os.environ.get("LEAKBOT_PAYLOADS", "100"))
many = settings(max_examples=TRIED, deadline=None, suppress_health_check=list(HealthCheck))
NUMBER = re.compile(r"\bD?2026-[0-9]{4}\b")
#: Sent again, a trigger or an answering address is used up, too old or spoilt, and so is what a view is
#: drawn over: Slack says no, and that is all.
USELESS = {
    *("invalid_trigger_id", "exchanged_trigger_id", "expired_trigger_id", "used_url", "expired_url"),
    *("channel_not_found", "view_not_found", "not_found"),
}


@contextmanager
def over_http(url: str) -> Iterator[tuple[asyncio.Runner, World]]:
    """A world over HTTP that stands still between two examples; nothing it says calls or links."""
    with asyncio.Runner() as runner:
        local = Workspace(manifest=Path(resource("app_manifest.yml")))
        world = World(local, url, the_company(), minute=0.0)  # as many rooms as reports
        world.environment = {"SLACK_APP_TOKEN": "", "LEAKBOT_PUBLIC_URL": "https://leakbot.sample.example"}

        async def starts() -> None:
            await local.start(host="127.0.0.1", port=0)
            local.clock.freeze(SUNDAY_EVENING)
            await world.bot_starts()
            local.http_events_url = f"{world.bot.address}/slack/events"

        runner.run(starts())
        try:
            yield runner, world
        finally:
            runner.run(world.bot_stops())
            runner.run(local.stop())
        nothing_is_in_effect(world)
        assert {violation.error for violation in local.violations} <= USELESS, local.violations


async def everything_once(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Every kind of payload: commands, shortcuts, buttons, menus, forms, events."""
    number = await world.reports()
    privacy = world.person("privacy")
    room = world.room(number)
    ts = await privacy.post(room, "駅に電話しました")
    await privacy.react(room, ts, "pushpin")
    await privacy.message_shortcut("add_to_timeline", room, ts)
    await Curious(world, "privacy", MARK).goes_on()
    await privacy.message_shortcut("report_message", room, ts)
    await privacy.close_view(all_of_them=True)
    await privacy.share(room, "画面.png", b"x", "image/png")
    for who in ("manager", "privacy"):
        curious = Curious(world, who, MARK, ENDS - {"page_cannot"})
        if who == "manager":
            await curious.tries(world.said_to("manager", "leak_page")[-1])
        await curious.tries(world.card(number, who))
        await curious.tries_home()
    await world.person("reporter").command("/leak", "help")
    await world.person("reporter").command("/leak", "list")
    await world.person("reporter").post("bot", "こんにちは")
    await privacy.shortcut("first_report")
    await privacy.close_view()
    await privacy.invite(room, "hr_manager")
    await privacy.remove(room, "hr_manager")
    await world.bot.settled()
    await world.workspace.delivered()
    return list(world.workspace.sent)


def test_any_payload_that_slack_could_sign(sqlite_url: str) -> None:
    with over_http(sqlite_url) as (runner, world), structlog.testing.capture_logs() as lines:
        # Copies: a message in one of them may be edited by what is sent later.
        sent = copy.deepcopy(runner.run(everything_once(world)))
        forms = {p["view"]["callback_id"] for _, p in sent if p.get("type") == "view_submission"}
        assert len(forms) >= 15, f"nearly every form is among them: {sorted(set(Callback) - forms)}"
        stranger = Stranger(world)

        async def sends(kind: str, payload: dict[str, Any]) -> None:
            lines.clear()  # or a crash would be laid to every later one
            body, content_type = on_the_wire(kind, payload)
            status, text = await stranger.sends(body, content_type)
            assert status in (200, 400, 404), (status, text)
            crashed = [line for line in lines if line.get("exc_info") or line["event"].endswith("_failed")]
            assert not crashed
            if _is_a_report(payload) and '"response_action": "update"' in text:
                number = NUMBER.search(json.dumps(json.loads(text), ensure_ascii=False))
                assert number, f"whoever reports is told a number: {text}"
                async with world.bot.database.reading() as db:
                    assert await queries.case_row(db, number[0]), "and the case is there"
            lines.clear()

        @many
        @given(
            st.integers(0, len(sent) - 1).flatmap(
                lambda n: st.tuples(st.just(sent[n][0]), spoilt(sent[n][1]))
            )
        )
        def any_payload(what: tuple[str, dict[str, Any]]) -> None:
            runner.run(sends(*what))

        any_payload()

        async def still_works() -> None:
            await world.bot.settled()
            before = await world.numbers()
            assert await world.reports(summary="二本目のUSBメモリも失くしました") not in before
            async with world.bot.database.reading() as db:
                for number in before:
                    assert await log.verify(db, number) == []

        runner.run(still_works())


def _is_a_report(payload: Any) -> bool:
    view = payload.get("view") if isinstance(payload, dict) else None
    return isinstance(view, dict) and view.get("callback_id") == "first_report"


PATHS = (
    "/slack/events",
    "/healthz",
    "/readyz",
    "/metrics",
    "/acknowledge/",
    "/acknowledge/x",
    "/",
    "/../etc",
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["X-Slack-Signature", "X-Slack-Request-Timestamp", "Content-Type", "X-Slack-Retry-Num", "Host"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)


def test_any_request_of_a_stranger(sqlite_url: str) -> None:
    with over_http(sqlite_url) as (runner, world), structlog.testing.capture_logs() as lines:

        async def asks(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> None:
            before = len(world.workspace.calls)
            async with (
                aiohttp.ClientSession() as session,
                session.request(
                    method,
                    world.bot.address + path + query,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                ) as answer,
            ):
                text = await answer.text()
            assert answer.status < 500, (answer.status, text)
            assert "Traceback" not in text
            if path == "/slack/events":
                assert 400 <= answer.status < 500, "nobody's word is taken without Slack's signature"
            assert not [line for line in lines if line.get("exc_info")]
            assert len(world.workspace.calls) == before

        @many
        @given(
            st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE"]),
            st.sampled_from(PATHS),
            st.text(st.sampled_from("?&=%./abc0"), max_size=12),
            HEADERS,
            st.binary(max_size=60),
        )
        def any_request(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> None:
            runner.run(asks(method, path, query, headers, body))

        any_request()


def test_any_signed_body(sqlite_url: str) -> None:
    """Slack's secret is right, and what it signs is no payload."""
    with over_http(sqlite_url) as (runner, world), structlog.testing.capture_logs() as lines:
        stranger = Stranger(world)

        async def sends(body: bytes, kind: str) -> None:
            status, text = await stranger.sends(body, kind)
            assert 200 <= status < 500, (status, text)
            assert not [line for line in lines if line.get("exc_info")]

        parts = [
            b"payload=",
            b"command=%2Fleak",
            b"{",
            b"}",
            b'"type":',
            b'"event_callback"',
            b"&",
            b"%7B",
            b"[",
            b"1",
        ]

        @many
        @given(
            st.lists(st.sampled_from(parts) | st.binary(max_size=8), max_size=10).map(b"".join),
            st.sampled_from(
                [FORM, JSON, "text/plain", "", "multipart/form-data", "application/json; charset=x"]
            ),
        )
        def any_body(body: bytes, kind: str) -> None:
            runner.run(sends(body, kind))

        any_body()
        runner.run(_a_report_arrives(world))


async def _a_report_arrives(world: World) -> None:
    assert json.dumps(await world.reports())
