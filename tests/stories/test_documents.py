"""The documents of a case: the nine items are written, drafts are made, the Word files reach the room."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import Any, Literal

import aiohttp
import pytest
from docx import Document

from bot.cases import queries
from bot.cases.export import case_file
from bot.vocabulary import LogKind
from bot.workflow.assessing import assessment_json
from bot.workspace import Message, Person
from tests.world import TOKYO, MakeWorld, World, payload

Json = dict[str, Any]


def words_of(content: bytes) -> str:
    """Everything a Word file says, header included."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    heads = [p.text for section in document.sections for p in section.header.paragraphs]
    return "\n".join([*heads, *(p.text for p in document.paragraphs), *cells])


def said_by(view: Json) -> str:
    """Every text of a view."""
    found: list[str] = []

    def look(node: object) -> None:
        if isinstance(node, dict):
            if node.get("type") in ("plain_text", "mrkdwn"):
                found.append(node["text"])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(view["blocks"])
    return "\n".join(found)


async def opens(world: World, number: str, who: str = "privacy") -> Person:
    """Somebody presses 「書類を作成」 on the card."""
    person = world.person(who)
    await person.click(world.card(number, who), "case_documents")
    return person


async def presses(person: Person, action: str, block: str | None = None) -> None:
    """Presses a button of the modal in front."""
    assert person.modal is not None
    await person.click(person.modal, action, block_id=block)


async def drafts(world: World, person: Person, kind: str) -> str:
    """Presses 「作成」 in the list; gives what the preview says, and goes back to the list."""
    await presses(person, "document_draft", kind)
    assert person.modal is not None
    shown = said_by(person.modal)
    await world.bot.settled()
    await person.close_view()
    return shown


def drafted(world: World, number: str, who: str = "privacy") -> list[Message]:
    """What the room was told of drafts."""
    return [m for m in world.heard(number, "leak_notice", who) if payload(m)["kind"] == "document_drafted"]


def replies_with_files(world: World, message: Message) -> list[Message]:
    """The messages in the thread of a message that bring files."""
    said = world.person("privacy").messages(message.channel)
    return [m for m in said if m.raw.get("thread_ts") == message.ts and m.raw.get("files")]


async def files_under(world: World, message: Message) -> list[tuple[str, bytes]]:
    """Name and bytes of the files in the thread of a message, as the privacy office downloads them."""
    found = []
    async with aiohttp.ClientSession() as session:
        for file in [f for m in replies_with_files(world, message) for f in m.raw["files"]]:
            url = f"{file['url_private_download']}&user={world.person('privacy').id}"
            async with session.get(url) as answer:
                found.append((file["name"], await answer.read()))
    return found


async def log_kinds(world: World, number: str) -> list[str]:
    async with world.bot.database.reading() as db:
        row = await queries.case_row(db, number)
        assert row is not None
        assert row.id is not None
        return [entry.kind for entry in await queries.log_of(db, row.id)]


async def test_the_office_writes_an_item_and_the_notice_says_it(world: World) -> None:
    number = await world.reports(data_items="氏名、住所", persons="30")
    office = await opens(world, number)
    before = await drafts(world, office, "notice_to_persons")
    assert "氏名、住所" in before
    assert "調査中" in before
    assert "電車に忘れました" not in before, "the first report's own words do not go out"

    await presses(office, "case_items")
    await presses(office, "item_edit", "summary")
    assert office.modal is not None
    ready = next(b for b in office.modal["blocks"] if b["block_id"] == "outline")
    assert "電車に忘れました" in ready["element"]["initial_value"]
    sent = await office.submit({"outline": "従業員が帰宅中に <USBメモリ> を紛失しました。"})
    assert sent.ok, sent.errors
    assert office.modal is not None
    assert "従業員が帰宅中に &lt;USBメモリ&gt; を紛失しました。（個人情報保護担当の入力）" in said_by(
        office.modal
    )
    await office.close_view()
    after = await drafts(world, office, "notice_to_persons")
    assert "従業員が帰宅中に" in after

    first, second = drafted(world, number)
    assert [payload(m)["version"] for m in (first, second)] == [1, 2]
    ((name, content),) = await files_under(world, second)
    assert name == f"{number}_本人への通知文_v2.docx"
    said = words_of(content)
    assert "従業員が帰宅中に <USBメモリ> を紛失しました。" in said
    assert "案　第2版" in said
    assert "30人" not in said
    assert second.text == f"書類の案 事案 {number}"
    kinds = await log_kinds(world, number)
    assert kinds.count(LogKind.DOCUMENT_DRAFTED) == 2
    assert kinds.count(LogKind.ITEMS_EDITED) == 1


async def test_the_same_words_are_the_same_version(world: World) -> None:
    number = await world.reports()
    office = await opens(world, number)
    first = await drafts(world, office, "preliminary_sheet")
    assert "届きます" in first
    again = await drafts(world, office, "preliminary_sheet")
    assert "変わっていません" in again
    (only,) = drafted(world, number)
    assert len(await files_under(world, only)) == 1


async def test_an_english_draft_beside_the_japanese_one(world: World) -> None:
    number = await world.reports()
    office = await opens(world, number)
    await presses(office, "documents_language")
    shown = await drafts(world, office, "internal_report")
    assert "Under investigation" in shown
    (told,) = drafted(world, number)
    ((name, content),) = await files_under(world, told)
    assert name == f"{number}_Internal_incident_report_v1.docx"
    assert "DRAFT" in words_of(content)


async def test_a_drill_marks_every_page(world: World) -> None:
    await world.person("reporter").command("/leak", "drill")
    await world.sends(indicator="media_lost", summary="訓練です")
    await world.bot.settled()
    (number,) = await world.numbers()
    office = await opens(world, number)
    shown = await drafts(world, office, "press_faq")
    assert shown.startswith("【訓練】")
    (told,) = drafted(world, number)
    ((_, content),) = await files_under(world, told)
    assert "【訓練】" in words_of(content)
    assert all(m.text.startswith("【訓練】") for m in replies_with_files(world, told))


async def test_who_may_draft_and_who_may_write(world: World) -> None:
    number = await world.reports()
    manager = await opens(world, number, "manager")
    assert manager.modal is not None
    assert "9項目を確認・入力" not in said_by(manager.modal)
    await drafts(world, manager, "internal_report")
    assert len(drafted(world, number, "manager")) == 1
    reporter = world.person("reporter")
    await reporter.close_view(all_of_them=True) if reporter.modal else None
    await reporter.click(world.card(number, "reporter"), "case_documents")
    assert reporter.modal is None


async def test_after_the_case_is_closed_documents_are_still_drafted(world: World) -> None:
    number = await world.reports()
    await world.records(number, "preliminary")
    await world.records(number, "final")
    assert (await world.closes(number)).ok
    office = await opens(world, number)
    shown = await drafts(world, office, "prevention_report")
    assert "持ち出しの手順がなかった" in shown
    assert "持ち出しを禁止した" in shown


async def test_a_file_that_slack_takes_late_arrives_once(world: World) -> None:
    number = await world.reports()
    office = await opens(world, number)
    world.workspace.faults.add("files.completeUploadExternal", error="ratelimited", retry_after=1)
    await drafts(world, office, "apology")
    (told,) = drafted(world, number)
    assert len(await files_under(world, told)) == 1


async def test_in_english(make_world: MakeWorld) -> None:
    world = await make_world("en")
    number = await world.reports()
    office = await opens(world, number)
    shown = await drafts(world, office, "final_sheet")
    assert "Under investigation" in shown
    assert "cannot itself be filed" in shown


@pytest.mark.parametrize("method", ["chat.postMessage", "files.completeUploadExternal"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_lost_answer_makes_neither_two_messages_nor_two_files(
    world: World, method: str, when: Literal["before", "after"]
) -> None:
    number = await world.reports()
    office = await opens(world, number)
    fault = world.workspace.faults.add(method, drop=True, when=when)
    await drafts(world, office, "publication")
    assert fault.struck == 1
    (told,) = drafted(world, number)
    assert len(await files_under(world, told)) == 1


async def test_a_bot_that_stops_before_the_file_is_there_brings_it_later(world: World) -> None:
    number = await world.reports()
    office = await opens(world, number)
    world.workspace.faults.add("files.completeUploadExternal", error="internal_error", times=None)
    await presses(office, "document_draft", "employee_information")
    await office.sees(lambda m: (m.metadata or {}).get("event_payload", {}).get("kind") == "document_drafted")
    await world.bot_stops()
    world.workspace.faults.clear()
    await world.bot_starts()
    (told,) = drafted(world, number)
    assert len(await files_under(world, told)) == 1


async def test_what_the_office_takes_back_follows_from_the_case_again(world: World) -> None:
    number = await world.reports(persons="30")
    office = await opens(world, number)
    await presses(office, "case_items")
    written, derived = "本人の数　約40人（個人情報保護担当の入力）", "本人の数　30人（確認された事実）"
    for typed, shown in (("約40人", written), (None, derived)):
        await presses(office, "item_edit", "persons_count")
        assert (await office.submit({"persons": typed})).ok
        await world.bot.settled()
        assert office.modal is not None
        assert shown in said_by(office.modal)
    assert (await log_kinds(world, number)).count(LogKind.ITEMS_EDITED) == 2


async def test_the_case_file_holds_every_version_under_its_hash(world: World) -> None:
    number = await world.reports()
    office = await opens(world, number)
    await drafts(world, office, "internal_report")
    async with world.bot.database.reading() as db:
        row = await queries.case_row(db, number)
        assert row is not None
        (stored,) = await queries.documents_of(db, row.id or 0)
        file = await case_file(db, number, assessment_json(row), "ja", TOKYO)
    assert sha256(file.members["documents/internal_report_ja_v1.json"]).hexdigest() == stored.hash
