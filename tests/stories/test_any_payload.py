"""Whatever arrives signed by Slack: no traceback, no lost report, nothing said that nobody meant.

Real payloads of a whole case are recorded, and each is sent again with parts missing, of the wrong kind, or
hostile. `LEAKBOT_PAYLOADS=5000` tries more of them by hand.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
import structlog

from bot.workspace import Workspace
from tests.stories.test_http_mode import FORM, JSON, Stranger, without_app_token
from tests.world import World

TRIED = int(os.environ.get("LEAKBOT_PAYLOADS", "400"))
HOSTILE: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e400, 2**63, [], {}, [None], {"id": None}, {"value": []}, [[[[]]]]),
    *("", " ", "x" * 4000, "\u0000", "\u202e", "9" * 400, "{", "[]", "null", "unknown"),
    *("2026-9999", "../../etc/passwd", "'; DROP TABLE case; --", "1700000000.000100"),
    *("<!channel> <@U0MANAGER> <https://x.example|y>", "U0STRANGER", "C0UNKNOWN"),
)


@pytest.fixture
async def over_http(workspace: Workspace, sqlite_url: str) -> AsyncIterator[World]:
    """The world over HTTP."""
    async with without_app_token(workspace, sqlite_url) as world:
        yield world


async def test_no_payload_makes_a_traceback_or_says_anything_to_everybody(over_http: World) -> None:
    world = over_http
    number = await a_whole_case(world)
    await world.workspace.delivered()
    sent = list(world.workspace.sent)
    kinds = {(kind, payload.get("type", "command")) for kind, payload in sent}
    assert len(kinds) >= 6, f"every kind of payload is there: {kinds}"
    stranger = Stranger(world)
    dice = random.Random(20261123)  # noqa: S311 - a plan of troubles
    with structlog.testing.capture_logs() as lines:
        for n in range(TRIED):
            kind, payload = copy.deepcopy(sent[n % len(sent)])
            for _ in range(dice.randint(1, 3)):
                spoil(payload, dice)
            body, content_type = on_the_wire(kind, payload)
            status, text = await stranger.sends(body, content_type)
            assert status in (200, 400, 404), (status, text, payload)
            crashed = [line for line in lines if line.get("exc_info") or line["event"].endswith("_failed")]
            assert not crashed, (crashed, payload)
        await world.bot.settled()
    for call in world.workspace.calls:
        said = json.dumps(call.arguments.get("blocks", ""), ensure_ascii=False, default=str)
        assert '"type": "mrkdwn", "text": "<!channel>' not in said
    # Sent again, a payload's trigger and answering address are spoilt, used up or too old: Slack says no.
    useless = {"invalid_trigger_id", "exchanged_trigger_id", "expired_trigger_id", "used_url", "expired_url"}
    world.workspace.violations[:] = [v for v in world.workspace.violations if v.error not in useless]
    assert (await world.reports(summary="二本目のUSBメモリも失くしました")) != number, "reports still arrive"


async def a_whole_case(world: World) -> str:
    """Every kind of payload once: command, shortcuts, buttons, forms, events."""
    number = await world.reports()
    await world.acknowledges("manager")
    privacy, reporter = world.person("privacy"), world.person("reporter")
    room = world.room(number)
    ts = await privacy.post(room, "駅に電話しました")
    await privacy.react(room, ts, "pushpin")
    await privacy.message_shortcut("add_to_timeline", room, ts)
    await reporter.open_home()
    await reporter.command("/leak", "help")
    await reporter.post("bot", "こんにちは")
    await privacy.shortcut("first_report")
    await privacy.close_view()
    for button in ("case_add_facts", "case_checklist", "case_documents", "case_timeline", "case_close"):
        await privacy.click(world.card(number), button)
        if privacy.modal:
            await privacy.close_view(all_of_them=True)
    await world.records(number, "preliminary")
    await privacy.invite(room, "hr_manager")
    await world.bot.settled()
    return number


def spoil(payload: dict[str, Any], dice: random.Random) -> None:
    """Takes away or replaces something, at any depth."""
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            places.append((value, key))
            if isinstance(value[key], dict | list):
                walk(value[key])

    walk(payload)
    inside, key = dice.choice(places)
    if isinstance(inside, dict) and dice.random() < 0.3:
        del inside[key]
    else:
        inside[key] = copy.deepcopy(dice.choice(HOSTILE))


def on_the_wire(kind: str, payload: dict[str, Any]) -> tuple[bytes, str]:
    """As Slack would send it."""
    if kind == "events_api":
        return json.dumps(payload).encode(), JSON
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), FORM
