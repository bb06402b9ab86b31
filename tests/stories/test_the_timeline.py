"""What was said is kept: messages marked with 📌, files, what people write. Nothing is taken away."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.cases import log, queries
from bot.cases.casefile import case_json
from bot.cases.encryption import Vault
from bot.cases.evidence import EvidenceStore
from bot.outbox.retention import Retention
from bot.vocabulary import LogKind
from bot.workspace import Person, Workspace
from bot.workspace.texts import plain_text
from tests.world import MakeWorld, World, the_company

MY_NUMBER = "621498320257"  # made up; its check digit fits
SAID = "駅の忘れ物センターに電話しました。届いていないそうです"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


async def kept(world: World, number: str, *kinds: LogKind) -> list[dict[str, Any]]:
    """The data of these entries of the log, oldest first."""
    async with world.bot.database.reading() as db:
        case = await queries.case_row(db, number)
        assert case is not None
        assert case.id is not None
        rows = await queries.log_of(db, case.id, [k.value for k in kinds or (LogKind.TIMELINE_ENTRY,)])
        assert await log.verify(db, number) == []
        return [{**row.data, "by": row.actor} for row in rows]


async def says(world: World, number: str, text: str, who: str = "manager", thread: str | None = None) -> str:
    """Somebody writes into the room; the ts."""
    return await world.person(who).post(world.room(number, who), text, thread)


async def settles(world: World) -> None:
    """Every event has reached the bot, and everything that follows from it is done."""
    await world.workspace.delivered()
    await world.bot.settled()


async def pins(world: World, number: str, ts: str, who: str = "manager", remove: bool = False) -> None:
    """Somebody puts 📌 on a message of the room, or takes it away."""
    await world.person(who).react(world.room(number), ts, "pushpin", remove)
    await settles(world)


def signs(world: World, number: str, ts: str) -> dict[str, list[str]]:
    """The reactions on a message and whose they are."""
    message = world.workspace.conversation(world.room(number)).by_ts[ts]
    return {each["name"]: list(each["users"]) for each in message.get("reactions", [])}


def modal_of(person: Person) -> dict[str, Any]:
    """The form in front of somebody."""
    assert person.modal is not None
    return person.modal


def read(view: dict[str, Any] | None) -> str:
    """Everything readable of a view."""
    assert view is not None
    return plain_text(view)


async def opens(world: World, number: str, who: str = "privacy") -> Any:
    """Somebody opens the timeline from the card."""
    person = world.person(who)
    if person.modal:
        await person.close_view(all_of_them=True)
    await person.click(world.card(number, who), "case_timeline")
    return person.modal


async def comes_to_read(person: Person, words: str) -> str:
    """Wait until the form in front of somebody holds these words; all that it says."""
    async with asyncio.timeout(15):
        while words not in (told := read(person.modal)):  # noqa: ASYNC110 - looked for from outside
            await asyncio.sleep(0.01)
    return told


async def noted(world: World, number: str, kind: LogKind) -> None:
    """Wait until the record holds an entry of this kind: who is in a room is learnt after the ack."""
    async with asyncio.timeout(15):
        while not await kept(world, number, kind):  # noqa: ASYNC110 - looked for from outside
            await asyncio.sleep(0.01)


async def test_a_pinned_message_is_kept_with_its_author_place_and_hash(world: World) -> None:
    number = await world.reports()
    ts = await says(world, number, SAID)
    heard = len(world.heard(number))
    await pins(world, number, ts, who="privacy")
    [entry] = await kept(world, number)
    assert entry["text"] == SAID
    assert entry["author"] == "U0MANAGER"
    assert entry["by"] == "U0PRIVACY"
    assert entry["sha256"] == sha256(SAID.encode()).hexdigest()
    assert entry["permalink"].endswith(f"/archives/{world.room(number)}/p{ts.replace('.', '')}")
    assert signs(world, number, ts)["white_check_mark"] == ["U0LEAKBOT"]
    assert len(world.heard(number)) == heard, "the room is told by the sign, not by a message"


async def test_the_hash_is_of_what_slack_has_and_the_text_is_readable(world: World) -> None:
    number = await world.reports()
    ts = await says(world, number, "A & B <@U0MANAGER> <script>")
    await pins(world, number, ts)
    raw = world.workspace.conversation(world.room(number)).by_ts[ts]["text"]
    assert raw == "A &amp; B <@U0MANAGER> &lt;script&gt;"
    [entry] = await kept(world, number)
    assert entry["text"] == "A & B <@U0MANAGER> <script>"
    assert entry["sha256"] == sha256(raw.encode()).hexdigest()


async def test_a_reply_in_a_thread_is_kept_too(world: World) -> None:
    number = await world.reports()
    parent = await says(world, number, "見つかりましたか")
    await says(world, number, "まだです", thread=parent)
    reply = await says(world, number, "見つかりました", who="legal", thread=parent)
    await pins(world, number, reply)
    [entry] = await kept(world, number)
    assert (entry["text"], entry["author"]) == ("見つかりました", "U0LEGAL")


async def test_told_twice_pinned_twice_it_stands_once(world: World) -> None:
    number = await world.reports()
    ts = await says(world, number, SAID)
    world.workspace.redeliver = 2
    await pins(world, number, ts)
    await pins(world, number, ts, who="privacy")
    assert len(await kept(world, number, LogKind.TIMELINE_WANTED)) == 2, "one for each who asked"
    assert len(await kept(world, number)) == 1


async def test_taking_the_pin_away_takes_nothing_away(world: World) -> None:
    number = await world.reports()
    ts = await says(world, number, SAID)
    await pins(world, number, ts)
    await pins(world, number, ts, remove=True)
    assert len(await kept(world, number)) == 1


async def test_an_edited_message_pinned_again_is_a_further_entry(world: World) -> None:
    number = await world.reports()
    ts = await says(world, number, SAID)
    await pins(world, number, ts)
    await world.person("manager").edit(world.room(number), ts, "届いていました")
    await pins(world, number, ts, who="privacy")
    first, second = await kept(world, number)
    assert (first["text"], second["text"]) == (SAID, "届いていました")
    assert second["edited"] is True


async def test_a_message_deleted_before_it_was_read_is_said_to_be_gone(world: World) -> None:
    number = await world.reports()
    ts = await says(world, number, SAID)
    await world.person("manager").react(world.room(number), ts, "pushpin")
    await world.person("manager").delete_message(world.room(number), ts)
    await settles(world)
    [entry] = await kept(world, number)
    assert entry["sha256"] is None
    assert "text" not in entry
    assert "削除されていました" in read(await opens(world, number))


async def test_a_my_number_in_a_pinned_message_is_masked(world: World) -> None:
    number = await world.reports()
    words = f"対象者のマイナンバーは{MY_NUMBER}です"
    ts = await says(world, number, words)
    await pins(world, number, ts)
    [entry] = await kept(world, number)
    assert entry["text"] == "対象者のマイナンバーは［マイナンバー］です"
    assert entry["sha256"] == sha256(words.encode()).hexdigest(), "of the words as they were said"
    [noted] = await kept(world, number, LogKind.WORDS_MASKED)
    assert noted["kinds"] == ["my_number"]
    assert MY_NUMBER not in read(await opens(world, number))
    async with world.bot.database.reading() as db:
        assert MY_NUMBER not in json.dumps(await case_json(db, number, {}))


async def test_outsiders_bots_other_signs_and_other_channels_keep_nothing(world: World) -> None:
    number = await world.reports()
    guest = world.workspace.add_person("guest", "社外の方", restricted=True)
    await world.person("privacy").invite(world.room(number), guest.id)
    await noted(world, number, LogKind.OUTSIDER_JOINED)
    ts = await says(world, number, SAID)
    await pins(world, number, ts, who="guest")
    await world.person("manager").react(world.room(number), ts, "eyes")
    elsewhere = await world.person("manager").post("general", SAID)
    await world.person("manager").react("general", elsewhere, "pushpin")
    await world.person("manager").react("bot", world.said_to("manager")[0].ts, "pushpin")
    await settles(world)
    assert await kept(world, number, LogKind.TIMELINE_WANTED, LogKind.TIMELINE_ENTRY) == []
    assert "white_check_mark" not in signs(world, number, ts)


async def test_a_sign_that_slack_does_not_take_does_not_lose_the_message(world: World) -> None:
    number = await world.reports()
    ts = await says(world, number, SAID)
    world.workspace.faults.add("reactions.add", error="too_many_reactions")
    await pins(world, number, ts)
    assert len(await kept(world, number)) == 1


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_the_message_shortcut_does_the_same_and_answers(make_world: MakeWorld, locale: str) -> None:
    world = await make_world(locale)
    number = await world.reports()
    room = world.room(number)
    ts = await says(world, number, SAID)
    assert (await world.person("legal").message_shortcut("add_to_timeline", room, ts)).ok
    await settles(world)
    [entry] = await kept(world, number)
    assert (entry["text"], entry["by"]) == (SAID, "U0LEGAL")
    answer = await world.person("legal").sees(lambda m: m.ephemeral, channel=room)
    assert ("✅ が付いたら完了です" if locale == "ja" else "A ✅ on it says") in answer.plain


async def test_the_shortcut_elsewhere_says_where_it_works(world: World) -> None:
    number = await world.reports()
    ts = await world.person("deputy").post("general", SAID)
    await world.person("deputy").message_shortcut("add_to_timeline", "general", ts)
    answer = await world.person("deputy").sees(lambda m: m.ephemeral, channel="general")
    assert "対応チャンネルではありません" in answer.plain
    assert await kept(world, number) == []


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_the_timeline_reads_as_the_story_and_people_write_in_it(
    make_world: MakeWorld, locale: str
) -> None:
    world = await make_world(locale)
    number = await world.reports()
    await world.acknowledges()
    await pins(world, number, await says(world, number, SAID))
    told = read(await opens(world, number, "legal"))
    ja = locale == "ja"
    assert ("「対応します」と応答しました" if ja else "Acknowledged") in told
    assert SAID in told
    assert "<@U0MANAGER>" in told
    assert told.index("<@U0MANAGER>") < told.index(SAID)

    legal = world.person("legal")
    await legal.click(modal_of(legal), "timeline_add")
    an_hour_ago = int((world.now() - timedelta(hours=1)).timestamp())
    sent = await legal.submit({"happened_at": an_hour_ago, "text": "駅員から電話があった"})
    assert sent.ok, sent.errors
    await settles(world)
    shown = await comes_to_read(legal, "駅員から電話があった")
    assert shown.index("駅員から電話があった") < shown.index(SAID), "in the order in which it happened"
    [_, entry] = await kept(world, number)
    assert (entry["source"], entry["by"]) == ("written", "U0LEGAL")

    row = next(b for b in modal_of(legal)["blocks"] if "駅員" in json.dumps(b, ensure_ascii=False))
    await legal.click(modal_of(legal), "timeline_correct", block_id=row["block_id"])
    assert ("の訂正を書き足します" if ja else "Write what corrects entry") in read(legal.modal)
    assert (await legal.submit({"text": "電話は駅員ではなく警察からだった"})).ok
    await settles(world)
    shown = await comes_to_read(legal, "警察からだった")
    assert "駅員から電話があった" in shown, "nothing is taken away"


async def test_what_is_written_may_be_past_but_not_to_come(world: World) -> None:
    number = await world.reports()
    await opens(world, number, "manager")
    manager = world.person("manager")
    await manager.click(modal_of(manager), "timeline_add")
    tomorrow = int((world.now() + timedelta(days=1)).timestamp())
    sent = await manager.submit({"happened_at": tomorrow, "text": "電話した"})
    assert "happened_at" in sent.errors
    world.workspace.redeliver = 1
    sent = await manager.submit({"happened_at": int(world.now().timestamp()), "text": f"番号は{MY_NUMBER}"})
    assert sent.ok
    await settles(world)
    [entry] = await kept(world, number)
    assert entry["text"] == "番号は［マイナンバー］"


async def test_a_long_timeline_is_read_page_by_page(world: World) -> None:
    number = await world.reports()
    for nth in range(20):
        await pins(world, number, await says(world, number, f"{nth:02d}番目の連絡"))
    privacy = world.person("privacy")
    told = read(await opens(world, number))
    assert "19番目の連絡" in told
    assert "00番目の連絡" not in told
    assert len(modal_of(privacy)["blocks"]) <= 100
    await privacy.click(modal_of(privacy), "timeline_older")
    assert "00番目の連絡" in read(privacy.modal)
    assert "19番目の連絡" not in read(privacy.modal)
    await privacy.click(modal_of(privacy), "timeline_newer")
    assert "19番目の連絡" in read(privacy.modal)


async def test_whoever_left_the_room_sees_nothing_of_it_any_more(world: World) -> None:
    number = await world.reports()
    await pins(world, number, await says(world, number, SAID))
    await world.person("privacy").invite(world.room(number), "hr_manager")
    await noted(world, number, LogKind.MEMBER_JOINED)
    visitor = world.person("hr_manager")
    await visitor.command("/leak", f"status {number}")
    status = await visitor.sees(lambda m: "case_timeline" in json.dumps(m.blocks), channel="general")
    await visitor.click(status, "case_timeline")
    assert SAID in read(visitor.modal)
    await visitor.click(modal_of(visitor), "timeline_add")
    await visitor.leave(world.room(number))
    await noted(world, number, LogKind.MEMBER_LEFT)
    sent = await visitor.submit({"text": "まだ書けますか"})
    assert sent.errors, "what may be done is decided at the moment of the act"
    await visitor.close_view(all_of_them=True)
    await visitor.click(status, "case_timeline")
    assert visitor.modal is None
    assert len(await kept(world, number)) == 1


async def test_a_shared_file_is_listed_with_its_hash_and_not_kept(world: World, tmp_path: Path) -> None:
    number = await world.reports()
    world.workspace.redeliver = 1
    hostile = "../../<!channel> 名簿?#.png"
    file = await world.person("manager").share(
        world.room(number, "manager"), hostile, PNG, "image/png", "写真です"
    )
    await settles(world)
    [listed] = await kept(world, number, LogKind.FILE_LISTED)
    assert listed["file"] == file
    assert (listed["name"], listed["size"], listed["mimetype"]) == (hostile, len(PNG), "image/png")
    assert listed["sha256"] == sha256(PNG).hexdigest()
    assert listed["stored"] is False
    assert listed["by"] == "U0MANAGER"
    told = read(await opens(world, number))
    assert "../../&lt;!channel&gt; 名簿?#.png" in told
    assert listed["sha256"] in told
    async with world.bot.database.reading() as db:
        [in_file] = (await case_json(db, number, {}))["files"]
    assert (in_file["name"], in_file["sha256"]) == (hostile, listed["sha256"])


async def test_files_of_the_first_report_are_listed_too(world: World) -> None:
    file = await world.person("reporter").upload("screen.png", PNG)
    number = await world.reports(files=[file])
    [listed] = await kept(world, number, LogKind.FILE_LISTED)
    assert (listed["sha256"], listed["by"]) == (sha256(PNG).hexdigest(), "U0REPORTER")


async def test_files_of_a_confidential_report_name_nobody(world: World) -> None:
    file = await world.person("reporter").upload("screen.png", PNG)
    number = await world.reports(files=[file], confidential=["true"])
    [listed] = await kept(world, number, LogKind.FILE_LISTED)
    assert listed["sha256"] == sha256(PNG).hexdigest()
    assert listed["permalink"] is None, "Slack's link to a file names whoever uploaded it"
    told = read(await opens(world, number, "manager"))
    assert "screen.png" in told
    assert "報告した人" in told
    assert "U0REPORTER" not in json.dumps(world.person("manager").modal)


async def test_our_own_files_and_those_of_other_channels_are_none_of_it(world: World) -> None:
    number = await world.reports()
    await world.person("manager").share("general", "menu.txt", b"lunch")
    await world.person("privacy").click(world.card(number), "case_documents")
    privacy = world.person("privacy")
    await privacy.click(modal_of(privacy), "document_draft", block_id="internal_report")
    await settles(world)
    assert await kept(world, number, LogKind.FILE_SHARED, LogKind.FILE_LISTED) == []


async def test_a_file_that_is_too_large_or_gone_is_listed_without_a_hash(make_world: MakeWorld) -> None:
    world = await make_world("ja", **{"locale: ja": "locale: ja\nevidence: {largest: 4KB}"})
    number = await world.reports()
    await world.person("manager").share(world.room(number), "large.bin", b"x" * 4001)
    await settles(world)
    world.workspace.faults.add("files.info", error="file_deleted")
    await world.person("manager").share(world.room(number), "gone.bin", b"x")
    await settles(world)
    listed = await kept(world, number, LogKind.FILE_LISTED)
    assert [(each["trouble"], each["sha256"]) for each in listed] == [("too_large", None), ("gone", None)]
    assert "大きさの上限を超えるため" in read(await opens(world, number))


@pytest.mark.parametrize("sealed", [False, True])
async def test_where_configured_the_bytes_are_kept_exported_and_forgotten(
    workspace: Workspace, sqlite_url: str, tmp_path: Path, sealed: bool
) -> None:
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    settings = f"evidence: {{store: {evidence}}}\nretention: {{personal_data_after: 30d}}"
    company = the_company(**{"locale: ja": f"locale: ja\n{settings}"})
    world = World(workspace, sqlite_url, company)
    world.environment = {"LEAKBOT_ENCRYPTION_KEYS": Fernet.generate_key().decode()} if sealed else {}
    await world.bot_starts()
    try:
        number = await world.reports()
        await world.person("manager").share(world.room(number), "名簿.png", PNG)
        await settles(world)
        [listed] = await kept(world, number, LogKind.FILE_LISTED)
        assert listed["stored"] is True
        [stored] = (evidence / number).iterdir()
        digest = sha256(PNG).hexdigest()
        assert stored.name == digest + (".sealed" if sealed else "")
        assert (PNG in stored.read_bytes()) is not sealed

        privacy = world.person("privacy")
        await privacy.command("/leak", f"status {number}")
        status = await privacy.sees(lambda m: "case_export" in json.dumps(m.blocks), channel="general")
        await privacy.click(status, "case_export")
        said = await privacy.sees(lambda m: bool(m.raw.get("files")), channel="bot")
        file = workspace._core.files[said.raw["files"][0]["id"]]
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            assert archive.read(f"evidence/{digest}") == PNG
            assert f"{digest}  evidence/{digest}" in archive.read("manifest.sha256").decode()

        for obligation in ("preliminary", "final"):
            await world.records(number, obligation)
        assert (await world.closes(number)).ok
        workspace.clock.advance(timedelta(days=31))
        store = EvidenceStore(evidence, company.evidence.largest, Vault())
        night = Retention(world.bot.database, company, workspace.clock, store)
        assert await night.blank_expired() == 1
        assert not (evidence / number).exists()
        assert await kept(world, number, LogKind.FILE_LISTED) == [{"blanked": True, "by": "U0MANAGER"}]
    finally:
        await world.bot_stops()
