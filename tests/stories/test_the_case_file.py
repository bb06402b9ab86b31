"""The privacy office takes the case file for the auditors: alone, noted, and never through the room."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import aiohttp
import pytest

from bot.cases import log, queries
from bot.slack.screens.blocks import Block
from bot.vocabulary import LogKind
from bot.workspace import Message
from tests.world import MakeWorld, World

OFFICE = "privacy"
PATIENCE = 30.0  # seconds until a test that waits in vain fails


async def status(world: World, number: str, who: str = OFFICE) -> Message:
    """What `/leak status` answers somebody, as they alone see it."""
    reply = await world.person(who).command("/leak", f"status {number}")
    assert reply.ok, reply.error
    return [m for m in world.person(who).messages("general") if m.ephemeral][-1]


async def takes_the_file(world: World, number: str, who: str = OFFICE) -> Message:
    """Presses the button; gives the newest message of the direct messages with the bot."""
    pressed = await world.person(who).click(await status(world, number, who), "case_export")
    assert pressed.ok, pressed.error
    return await world.person(who).sees(lambda message: message.raw.get("files"), "bot", timeout=PATIENCE)


async def download(message: Message, user: str) -> bytes:
    """The file under a message, as this person gets it."""
    [file] = message.raw["files"]
    url = f"{file['url_private_download']}&user={user}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.read()


def buttons(blocks: list[Block]) -> list[str]:
    return [e["action_id"] for block in blocks if block["type"] == "actions" for e in block["elements"]]


async def test_the_office_gets_the_file_alone_and_the_record_says_so(world: World) -> None:
    number = await world.reports()
    message = await takes_the_file(world, number)
    await world.bot.settled()
    assert message.raw["files"][0]["name"] == "leak-2026-0001.zip"
    assert "事案ファイル 2026-0001" in message.plain
    content = await download(message, "U0PRIVACY")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        case, table = json.loads(archive.read("case.json")), archive.read("timeline.csv").decode("utf-8-sig")
        for line in archive.read("manifest.sha256").decode().splitlines():
            digest, name = line.split("  ", 1)
            assert sha256(archive.read(name)).hexdigest() == digest
    assert case["report"]["summary"] == "顧客リストの入ったUSBメモリを電車に忘れました"
    assert [row["kind"] for row in csv.DictReader(io.StringIO(table, newline=""))][-1] == "exported"
    assert (case["log"][-1]["kind"], case["log"][-1]["actor"]) == ("exported", "U0PRIVACY")
    async with world.bot.database.reading() as db:
        assert await log.verify(db, number) == []
    # Nobody else has it: neither the room nor another person.
    assert not [m for m in world.person(OFFICE).messages(world.room(number)) if m.raw.get("files")]
    assert not [m for m in world.said_to("manager") if m.raw.get("files")]
    assert b"Sign in" in await download(message, "U0MANAGER")


async def test_what_slack_is_asked_holds_nothing_of_the_case(world: World) -> None:
    number = await world.reports()
    await takes_the_file(world, number)
    calls = [call for call in world.workspace.calls if call.method.startswith("files.")]
    assert [call.method for call in calls] == ["files.getUploadURLExternal", "files.completeUploadExternal"]
    told = json.dumps([call.arguments for call in calls], ensure_ascii=False)
    assert number in told
    assert "USB" not in told


async def test_a_closed_case_is_handed_out_too_and_a_drill_is_marked(world: World) -> None:
    await world.person("reporter").command("/leak", "drill")
    sent = await world.sends("reporter", indicator="other", summary="訓練です")
    assert sent.ok, sent.errors
    await world.bot.settled()
    [number] = await world.numbers()
    async with world.bot.database.transaction() as db:
        case = await queries.case_row(db, number, lock=True)
        assert case is not None
        case.closed_at = world.now()
        await log.append(db, case, LogKind.CLOSED, "U0PRIVACY", world.now(), {})
    message = await takes_the_file(world, number)
    assert message.raw["files"][0]["name"] == "drill-D2026-0001.zip"
    assert message.plain.startswith("【訓練】")


@pytest.mark.parametrize("who", ["manager", "legal", "reporter"])
async def test_others_of_the_room_are_not_offered_it_and_refused_it(world: World, who: str) -> None:
    number = await world.reports()
    assert "case_export" not in buttons((await status(world, number, who)).blocks)
    assert "case_export" in buttons((await status(world, number)).blocks)
    # Whoever presses a button that was drawn for somebody else is asked again who they are.
    offered = (await status(world, number)).blocks
    forged = Message(world.room(number), {**world.card(number).raw, "blocks": offered})
    await world.person(who).click(forged, "case_export")
    await world.bot.settled()
    told = [m for m in world.person(who).messages(world.room(number)) if m.ephemeral][-1]
    assert "個人情報保護担当と最終連絡先だけ" in told.plain
    assert not [m for m in world.person(who).messages("bot") if m.raw.get("files")]
    async with world.bot.database.reading() as db:
        case = await queries.case_row(db, number)
        assert case is not None
        assert await queries.log_of(db, case.id or 0, ["exported"]) == []


async def test_a_file_that_does_not_get_through_is_told_and_asked_for_again(world: World) -> None:
    number = await world.reports()
    world.workspace.faults.add("files.completeUploadExternal", error="internal_error")
    await world.person(OFFICE).click(await status(world, number), "case_export")
    told = await world.person(OFFICE).sees(lambda m: "送れませんでした" in m.plain, "bot", timeout=PATIENCE)
    assert not told.raw.get("files")
    assert await takes_the_file(world, number)


async def test_it_is_looked_for_every_night_at_three(world: World) -> None:
    job = world.bot._scheduler._jobs.get_job("retention")
    at = job.next_run_time.astimezone(world.organisation.timezone)
    assert (at.hour, at.minute) == (3, 0)


async def blanked(world: World, number: str) -> None:
    """Wait until what people typed about the case is gone."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with world.bot.database.reading() as db:
                case = await queries.case_row(db, number)
                if case is not None and case.blanked_at:
                    return
            await asyncio.sleep(0.01)


async def test_what_was_blanked_stays_gone_in_slack(make_world: MakeWorld) -> None:
    world = await make_world("ja", **{"paging:": "retention: {personal_data_after: 30d}\npaging:"})
    number = await world.reports()
    async with world.bot.database.transaction() as db:
        case = await queries.case_row(db, number, lock=True)
        assert case is not None
        case.closed_at = world.now()
        await log.append(db, case, LogKind.CLOSED, "U0PRIVACY", world.now(), {"root_cause": "x"})
    before = len(world.heard(number))
    await world.bot_stops()
    world.workspace.clock.set(world.now() + timedelta(days=31))
    await world.bot_starts()  # whoever slept through the night catches up
    await blanked(world, number)
    await world.bot.settled()
    assert "保存期間の経過により削除しました" in (await status(world, number)).plain
    assert len(world.heard(number)) == before, "the room is left as it was"
    message = await takes_the_file(world, number)
    with zipfile.ZipFile(io.BytesIO(await download(message, "U0PRIVACY"))) as archive:
        assert "USB" not in archive.read("case.json").decode()
        assert "USB" not in archive.read("timeline.csv").decode()
