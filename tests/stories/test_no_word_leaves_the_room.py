"""Words of a case are planted in every field there is, and looked for in every byte that goes out.

They may stand in the case's room and in the forms of whoever may see the case, as plain words. They stand in
no notification, name, topic, metadata, address, log line or figure, in nobody else's Slack, in no other
case; and whatever they try, they mention nobody and link nowhere. `LEAKBOT_PAYLOADS=2000` tries more of them.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import logs
from bot.cases import queries
from bot.cases.export import case_file
from bot.resources import resource
from bot.workflow.assessing import assessment_json
from bot.workspace import Workspace
from tests.stories.curious import Curious
from tests.world import SUNDAY_EVENING, World, the_company

TRIED = int(os.environ.get("LEAKBOT_PAYLOADS", "25"))
MARK = "極秘マーカー42"
HOSTILE = (
    f"{MARK} <!channel> <!here|x> <@U0MALLORY> <#C0GENERAL|x> <!subteam^S0SALES> <https://evil.example|a> "
    "https://evil.example/a <mailto:a@evil.example> *太字* `code` &lt;!channel&gt; {{ 7*7 }} {% raw %}"
)
#: What Slack would act on. The bot mentions people itself, but nobody called `U0MALLORY`. In a form a mention
#: shows a name and rings for nobody: the timeline names people there, whoever wrote their id.
LINKS = r"<!(?:channel|here|everyone|subteam)|<#C0GENERAL|<(?:https?|mailto):[^>]*evil"
IN_A_FORM, IN_A_MESSAGE = re.compile(LINKS), re.compile(rf"{LINKS}|<@U0MALLORY")
#: Whoever is not in the case.
OUTSIDERS = ("hr_manager",)
#: Where words may stand in blocks. Everything else of a block is an id, an address or a value.
WORDS = frozenset(
    {"text", "initial_value", "elements", "fields", "options", "element", "accessory", "label", "hint"}
)
ENDS = frozenset(
    {"case_close", "case_close_no_leak", "case_reopen", "page_cannot", "case_export", "home_report"}
)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged meanwhile. Logging belongs to the whole process, so it is put back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    heard = io.StringIO()
    logs.configure("json", heard)
    yield heard
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_whatever_is_typed_anywhere_stays_where_it_belongs(
    workspace: Workspace, sqlite_url: str, logged: io.StringIO, locale: str, tmp_path: Path
) -> None:
    for person in workspace.people:
        person.user.locale = "ja-JP" if locale == "ja" else "en-US"
    world = World(workspace, sqlite_url, the_company(**{"locale: ja": f"locale: {locale}"}))
    await world.bot_starts()
    number = await a_case_full_of(world, HOSTILE)
    other = await world.reports("hr_manager", indicator="other", department="hr", summary="別の話です")
    await nothing_left_the_room(world, number, logged)
    await the_other_case_knows_nothing(world, other, tmp_path)
    await world.bot_stops()


async def a_case_full_of(world: World, words: str) -> str:
    """Everything there is to press was pressed, every form sent, and every field holds these words."""
    await world.opens_form("reporter", words)
    number = await reports_with(world, words)
    done: set[tuple[str, str, str]] = set()
    for who in ("manager", "privacy", "reporter"):
        curious = Curious(world, who, words, ENDS, done)
        if who == "manager":
            await curious.tries(world.said_to("manager", "leak_page")[-1])
        await curious.tries(world.card(number, who))
        for message in world.heard(number, who=who):
            await curious.tries(message)
        await curious.tries_home()
        await world.person(who).command("/leak", f"status {number}")
        await world.person(who).command("/leak", "list")
    await world.passes(hours=20)
    last = Curious(world, "privacy", words, ENDS - {"case_close", "case_export", "case_reopen"}, done)
    await last.tries(world.card(number))
    await world.passes(hours=2)
    return number


async def reports_with(world: World, words: str) -> str:
    """The open form is sent with these words in every field that takes any."""
    fields = ("summary", "data_items", "immediate_actions")
    sent = await world.sends("reporter", indicator="media_lost", **dict.fromkeys(fields, words))
    assert sent.ok, (sent.errors, sent.trouble)
    await world.bot.settled()
    await world.person("reporter").close_view(all_of_them=True)
    return (await world.numbers())[-1]


async def nothing_left_the_room(world: World, number: str, logged: io.StringIO) -> None:
    room, mark = world.room(number), MARK
    seen = False
    for call in world.workspace.calls:
        if mark not in json.dumps(call.arguments, ensure_ascii=False, default=str):
            continue
        seen = True
        given = call.arguments
        for name, value in given.items():
            value = _read(value)
            if mark not in json.dumps(value, ensure_ascii=False, default=str):
                continue
            assert name in ("blocks", "view"), (call.method, name, "words of the case outside blocks")
            if name == "view":
                assert mark not in str({k: v for k, v in value.items() if k != "blocks"}), (
                    call.method,
                    value,
                )
                assert call.method != "views.publish", "App Home is everybody's first page"
            else:
                assert call.method == "response_url" or given.get("channel") == room, (call.method, given)
            only_as_words(value["blocks"] if name == "view" else value)
    assert seen, "the words were planted"
    nothing_is_in_effect(world)
    for who in OUTSIDERS:
        person = world.person(who)
        assert not any(mark in message.plain for message in person.everything()), who
        assert mark not in json.dumps([person.home, person.modal], ensure_ascii=False), who
    for line in world.workspace.conversations:
        if line.kind == "private":
            assert mark not in f"{line.name} {line.topic} {line.purpose}"
    assert mark not in logged.getvalue()
    assert "\\u6975\\u79d8" not in logged.getvalue()
    for path in ("/metrics", "/readyz", "/healthz"):
        async with aiohttp.ClientSession() as session, session.get(world.bot.address + path) as got:
            assert mark not in await got.text()


def nothing_is_in_effect(world: World) -> None:
    """Whatever the planted words try: they mention nobody and link nowhere."""
    for call in world.workspace.calls:
        for each in texts(call.arguments):
            assert not (IN_A_FORM if "view" in call.arguments else IN_A_MESSAGE).search(each), each


def only_as_words(blocks: Any) -> None:
    """Planted words stand where people read, never in an address, an id or a value."""
    if isinstance(blocks, list):
        for each in blocks:
            only_as_words(each)
    elif isinstance(blocks, dict):
        for name, value in blocks.items():
            if name not in WORDS:
                assert MARK not in json.dumps(value, ensure_ascii=False), (name, value)
        if blocks.get("type") == "mrkdwn" and MARK in blocks["text"]:
            assert "https://evil" not in blocks["text"] or blocks.get("verbatim"), "Slack makes it a link"
        for value in blocks.values():
            only_as_words(value)


def texts(value: Any) -> Iterator[str]:
    """Everything Slack reads as markup: mrkdwn objects, and the `text` of messages."""
    value = _read(value)
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str) and value.get("type") != "plain_text":
            yield value["text"]
        for name, each in value.items():
            if name != "text" or not isinstance(each, str):
                yield from texts(each)


def _read(value: Any) -> Any:
    """Structured arguments may come as JSON in a form field."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


async def the_other_case_knows_nothing(world: World, other: str, folder: Path) -> None:
    async with world.bot.database.reading() as db:
        case = await queries.case_row(db, other)
        assert case is not None
        file = await case_file(db, other, assessment_json(case), "ja", ZoneInfo("Asia/Tokyo"))
    file.write(folder / "other.zip")
    with zipfile.ZipFile(folder / "other.zip") as found:
        for name in found.namelist():
            assert MARK not in found.read(name).decode("utf-8"), name


ODD = st.sampled_from(
    ["<", ">", "&", "|", "!", "@", "<!channel>", "<@U0MALLORY>", "<https://evil.example|", "\u202e"]
)
HOSTILE_WORDS = st.lists(st.text(min_size=1, max_size=12) | ODD, max_size=12).map("".join)


def test_whatever_words_a_report_is_made_of(sqlite_url: str, logged: io.StringIO) -> None:
    """One world for all of them: a report with any words is taken, and says no more than it should."""
    with asyncio.Runner() as runner:
        local = Workspace(manifest=Path(resource("app_manifest.yml")))
        world = World(local, sqlite_url, the_company(), minute=0.0)  # as many rooms as reports

        async def starts() -> None:
            await local.start(host="127.0.0.1", port=0)
            local.clock.freeze(SUNDAY_EVENING)
            await world.bot_starts()

        async def reports(words: str) -> None:
            logged.truncate(0)
            del local.calls[:], local.violations[:]
            await world.opens_form("reporter", words)
            number = await reports_with(world, words)
            await nothing_left_the_room(world, number, logged)
            assert [call.answered for call in local.calls if call.answered not in ("ok", "")] == []
            assert [line for line in logged.getvalue().splitlines() if '"exception"' in line] == []

        @settings(max_examples=TRIED, deadline=None, suppress_health_check=list(HealthCheck))
        @given(HOSTILE_WORDS)
        def any_words(words: str) -> None:
            runner.run(reports(MARK + words))

        runner.run(starts())
        try:
            any_words()
        finally:
            runner.run(world.bot_stops())
            runner.run(local.stop())
