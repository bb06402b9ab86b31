"""A document goes round: circulated, approved step by step or sent back, sent, named by its submission."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.cases import log, queries
from bot.cases.casefile import case_json
from bot.cases.export import case_file
from bot.documents.kept import word_files
from bot.vocabulary import LogKind
from bot.workflow.assessing import assessment_json
from bot.workspace import Message
from tests.stories.test_documents import (
    drafted,
    drafts,
    files_under,
    log_kinds,
    opens,
    presses,
    said_by,
    words_of,
)
from tests.world import TOKYO, MakeWorld, World, payload

Json = dict[str, Any]
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=TOKYO)


def asked(world: World, who: str) -> list[Message]:
    """What somebody was asked to approve, in person."""
    said = world.said_to(who, "leak_notice")
    return [m for m in said if payload(m)["kind"] == "approval_wanted"]


def room_says(world: World, number: str, kind: str) -> list[Message]:
    said = world.heard(number, "leak_notice")
    return [m for m in said if payload(m)["kind"] == kind]


def buttons(message: Message) -> list[str]:
    blocks = message.blocks or []
    return [e["action_id"] for b in blocks if b["type"] == "actions" for e in b["elements"]]


def said(message: Message) -> str:
    return said_by({"blocks": message.blocks})


async def circulates(
    world: World, number: str, kind: str = "notice_to_persons", who: str = "privacy"
) -> None:
    """Somebody drafts a document and presses 「回付する」 beside it."""
    person = await opens(world, number, who)
    await drafts(world, person, kind)
    await world.until(world.now())
    await presses_beside(world, who, kind, "document_circulate")
    await world.bot.settled()


async def presses_beside(world: World, who: str, kind: str, action: str) -> None:
    """Presses a button of the list of documents, beside the newest version of a kind."""
    person = world.person(who)
    assert person.modal is not None
    rows = [b for b in person.modal["blocks"] if str(b.get("block_id", "")).startswith(f"approval/{kind}/")]
    row = next(b for b in rows if action in [e["action_id"] for e in b["elements"]])
    await presses(person, action, row["block_id"])


async def approves(world: World, who: str) -> None:
    """Presses 「承認する」 under the newest request in the direct message."""
    await world.person(who).click(asked(world, who)[-1], "document_approve")
    await world.bot.settled()


async def the_case(world: World, number: str) -> Json:
    async with world.bot.database.reading() as db:
        row = await queries.case_row(db, number)
        assert row is not None
        assert await log.verify(db, number) == []
        return await case_json(db, number, assessment_json(row))


def told_alone(world: World, who: str, conversation: str = "bot") -> str:
    """The last thing somebody was told alone."""
    return [m.plain for m in world.person(who).messages(conversation) if m.ephemeral][-1]


async def test_a_document_goes_round_and_out(world: World) -> None:
    number = await world.reports(persons="30")
    await world.acknowledges("manager")
    await circulates(world, number, who="legal")

    # The manager is asked in person and in the room, for exactly this version.
    (wanted,) = asked(world, "manager")
    assert "本人への通知文　第1版" in wanted.plain
    assert "（1/2　責任者）" in wanted.plain
    (shown,) = room_says(world, number, "approval_wanted")
    assert f"<@{world.person('manager').id}>" in said(shown)
    stored = (await the_case(world, number))["documents"][0]
    assert (stored["state"], stored["route"]) == ("circulating", ["manager", "privacy_office"])
    assert stored["hash"][:12] in wanted.plain
    assert wanted.text == f"書類の承認のお願い 事案 {number}"

    # App Home leads there too, and does not ask to draft anything.
    manager = world.person("manager")
    home = await manager.open_home()
    assert home is not None
    (line,) = (b for b in home["blocks"] if "書類の承認 1件" in str(b))
    assert (line["accessory"]["action_id"], line["accessory"]["text"]["text"]) == (
        "case_documents",
        "書類を見る",
    )

    # The words can be read before they are approved.
    await manager.click(wanted, "document_preview")
    assert manager.modal is not None
    assert "本人への通知文　第1版（回付中）" in said_by(manager.modal)
    await manager.close_view()

    # Then it is the office's turn, and not the manager's any more.
    await approves(world, "manager")
    assert "document_approve" not in buttons(asked(world, "manager")[-1])
    assert "さんが承認しました" in asked(world, "manager")[-1].plain
    assert "さんが承認しました" in room_says(world, number, "approval_wanted")[0].plain
    (wanted,) = asked(world, "privacy")
    assert "✅ 責任者" in wanted.plain
    await approves(world, "privacy")

    # The file comes with the record of its approval on a page of its own.
    (told,) = room_says(world, number, "document_approved")
    ((name, content),) = await files_under(world, told)
    assert name == f"{number}_本人への通知文_v1_承認済み.docx"
    words = words_of(content)
    assert "案　第1版" not in words, "it goes out as it is, without its last page"
    assert "承認の記録" in words
    assert stored["hash"][:12] in words
    for line in ("承認（責任者）　営業部 責任者", "承認（個人情報保護担当）　個人情報保護担当"):
        assert line in words
    assert words_of((await files_under(world, drafted(world, number)[0]))[0][1]).count("承認の記録") == 0

    # It is sent, and the record says to whom.
    office = world.person("privacy")
    await office.click(told, "document_sent")
    sent = await office.submit({"recipient": "影響を受けた方30人", "way": "post"})
    assert sent.ok, sent.errors
    await world.bot.settled()
    assert "影響を受けた方30人" in room_says(world, number, "document_sent")[0].plain
    kept = (await the_case(world, number))["documents"][0]
    assert kept["state"] == "sent"
    assert [(each["role"], each["by"]) for each in kept["approvals"]] == [
        ("manager", world.person("manager").id),
        ("privacy_office", office.id),
    ]
    assert (kept["sent"][0]["recipient"], kept["sent"][0]["way"]) == ("影響を受けた方30人", "post")


async def test_the_record_names_a_recipient_in_the_companys_language_whoever_writes_it(world: World) -> None:
    world.workspace.person("privacy").user.locale = "en-US"
    await world.bot_stops()
    await world.bot_starts()
    number = await world.reports()
    privacy = world.person("privacy")
    await privacy.click(world.card(number, "privacy"), "case_record_submission")
    assert privacy.modal is not None
    assert privacy.modal["title"]["text"] == "Record a submission"
    sent = await privacy.submit()
    assert sent.ok, sent.errors
    await world.bot.settled()
    (told,) = room_says(world, number, "submission_recorded")
    assert "提出先 個人情報保護委員会" in told.plain


async def test_sent_back_with_a_remark_and_approved_in_its_new_words(world: World) -> None:
    number = await world.reports(persons="30")
    await world.acknowledges("manager")
    await circulates(world, number)
    manager, office = world.person("manager"), world.person("privacy")
    old = asked(world, "manager")[-1]
    await manager.click(old, "document_send_back")
    empty = await manager.submit({"remark": "  "})
    assert "remark" in (empty.errors or {})
    remark = "人数は <!channel> *40人* です"
    assert (await manager.submit({"remark": remark})).ok
    await world.bot.settled()

    # Room and author read the remark as it was typed, and it calls nobody.
    for told in (
        room_says(world, number, "document_sent_back")[0],
        world.said_to("privacy", "leak_notice")[-1],
    ):
        plain = [b["text"] for b in told.blocks or [] if b.get("text", {}).get("type") == "plain_text"]
        assert [each["text"] for each in plain] == [remark]
        assert "40人" not in told.text
    assert "差し戻しました" in asked(world, "manager")[-1].plain
    assert (await the_case(world, number))["documents"][0]["sent_back"]["remark"] == remark

    # The office puts it right; the old button is refused with the reason, and says so.
    await office.close_view(all_of_them=True)
    person = await opens(world, number)
    await presses(person, "case_items")
    await presses(person, "item_edit", "summary")
    assert (await person.submit({"outline": "従業員がUSBメモリ（40人分）を紛失しました。"})).ok
    await person.close_view()
    await drafts(world, person, "notice_to_persons")
    await presses_beside(world, "privacy", "notice_to_persons", "document_circulate")
    await world.bot.settled()
    await manager.click(old, "document_approve")
    assert "新しい版（第2版）" in told_alone(world, "manager")
    assert "第2版" in asked(world, "manager")[-1].plain
    await approves(world, "manager")

    # The office is one person, who wrote it: the last resort is called in and asked, and everybody reads why.
    (wanted,) = asked(world, "ciso")
    assert "最終連絡先にお願いしています" in wanted.plain
    assert "最終連絡先にお願いしています" in room_says(world, number, "approval_wanted")[-1].plain
    await office.click(room_says(world, number, "approval_wanted")[-1], "document_approve")
    assert "ご自分が作成した書類" in told_alone(world, "privacy", world.room(number))
    await approves(world, "ciso")
    assert len(room_says(world, number, "document_approved")) == 1
    first, second = (await the_case(world, number))["documents"]
    assert (first["state"], second["state"]) == ("sent_back", "approved")
    assert [(each["role"], each["instead"]) for each in second["approvals"]] == [
        ("manager", None),
        ("privacy_office", "last_resort"),
    ]
    assert "個人情報保護担当の代わりに最終連絡先" in room_says(world, number, "document_approved")[0].plain


async def test_whoever_stays_silent_is_asked_again_when_the_office_opens(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await circulates(world, number, who="legal")
    await world.until(TUESDAY - timedelta(minutes=1))
    assert len(asked(world, "manager")) == 1, "neither on a Sunday night nor on a holiday"
    await world.until(TUESDAY + timedelta(minutes=1))
    assert len(asked(world, "manager")) == 2
    assert "まだ回答がありません" in asked(world, "manager")[-1].plain
    await world.bot_stops()
    world.workspace.clock.set(TUESDAY + timedelta(days=3, hours=5))
    await world.bot_starts()
    assert len(asked(world, "manager")) == 3, "late, and once"
    await approves(world, "manager")
    assert all("document_approve" not in buttons(m) for m in asked(world, "manager"))
    await world.until(TUESDAY + timedelta(days=4))
    assert len(asked(world, "manager")) == 3
    assert len(asked(world, "privacy")) == 1


async def test_who_may_not_hears_why_and_changes_nothing(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await circulates(world, number, who="legal")
    (shown,) = room_says(world, number, "approval_wanted")
    room = world.room(number)
    for who, why in (
        ("reporter", "この操作は"),
        ("legal", "ご自分が作成した書類"),
        ("privacy", "いまは責任者の承認を待っています"),
    ):
        for action in ("document_approve", "document_send_back"):
            await world.person(who).click(shown, action)
            assert why in told_alone(world, who, room)
    assert LogKind.DOCUMENT_APPROVED not in await log_kinds(world, number)


async def test_pressed_twice_at_the_same_second_it_is_approved_once(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await circulates(world, number, who="legal")
    manager, wanted = world.person("manager"), asked(world, "manager")[-1]
    shown = room_says(world, number, "approval_wanted")[0]
    await asyncio.gather(
        manager.click(wanted, "document_approve"),
        manager.click(shown, "document_approve"),
        manager.click(wanted, "document_approve"),
    )
    await world.bot.settled()
    assert (await log_kinds(world, number)).count(LogKind.DOCUMENT_APPROVED) == 1
    assert len(asked(world, "privacy")) == 1
    # One approves while the other sends back: whoever was first decided, the other hears so.
    office = world.person("privacy")
    wanted = asked(world, "privacy")[-1]
    await office.click(wanted, "document_send_back")
    await office.click(wanted, "document_approve")
    late = await office.submit({"remark": "やはり直してください"})
    await world.bot.settled()
    assert not late.ok or (await log_kinds(world, number)).count(LogKind.DOCUMENT_SENT_BACK) == 0
    assert len(room_says(world, number, "document_approved")) == 1


@pytest.mark.parametrize("method", ["chat.postMessage", "files.completeUploadExternal"])
async def test_a_lost_answer_asks_nobody_twice(world: World, method: str) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    person = await opens(world, number, "legal")
    await drafts(world, person, "apology")
    world.workspace.faults.add(method, drop=True, when="after", times=1)
    await presses_beside(world, "legal", "apology", "document_circulate")
    await world.bot.settled()
    assert (len(asked(world, "manager")), len(room_says(world, number, "approval_wanted"))) == (1, 1)
    await approves(world, "manager")
    await approves(world, "privacy")
    (told,) = room_says(world, number, "document_approved")
    assert len(await files_under(world, told)) == 1


async def test_a_bot_that_stops_before_it_asked_asks_when_it_is_back(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    person = await opens(world, number, "legal")
    await drafts(world, person, "apology")
    world.workspace.faults.add("chat.postMessage", error="internal_error", times=None)
    await presses_beside(world, "legal", "apology", "document_circulate")
    await world.bot_stops()
    assert asked(world, "manager") == []
    world.workspace.faults.clear()
    await world.bot_starts()
    assert (len(asked(world, "manager")), len(room_says(world, number, "approval_wanted"))) == (1, 1)


async def test_a_submission_names_the_version_that_was_filed(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await circulates(world, number, "preliminary_sheet", who="legal")
    await approves(world, "manager")
    await approves(world, "privacy")
    wrong = await world.records(number, "final", receipt_no="R-1", document="preliminary_sheet/ja/1")
    assert "document" in (wrong.errors or {})
    sent = await world.person("privacy").submit({"obligation": "preliminary", "report_kind": "preliminary"})
    assert sent.ok, sent.errors
    await world.bot.settled()
    assert "受付番号 R-1　速報記入シート 第1版" in world.card(number).plain
    assert "速報記入シート 第1版（承認済み、" in room_says(world, number, "submission_recorded")[0].plain
    assert room_says(world, number, "document_sent") == [], "said once, with the submission"
    case = await the_case(world, number)
    (filed,) = case["submissions"]
    named = case["documents"][0]
    assert filed["document"] == {
        "kind": "preliminary_sheet",
        "locale": "ja",
        "version": 1,
        "hash": named["hash"],
        "approved": True,
    }
    assert (filed["recipient"], filed["receipt_no"]) == ("個人情報保護委員会", "R-1")
    assert named["state"] == "sent"
    assert named["sent"][0]["recipient"] == "個人情報保護委員会"
    assert case["obligations"][0]["document"] == "preliminary_sheet/ja/1"


async def test_the_case_file_holds_the_approval_with_the_document(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await circulates(world, number, who="legal")
    await approves(world, "manager")
    await approves(world, "privacy")
    async with world.bot.database.reading() as db:
        row = await queries.case_row(db, number)
        assert row is not None
        file = await case_file(db, number, assessment_json(row), "ja", TOKYO)
    ((path, content),) = word_files(file.documents, world.organisation).items()
    assert path == "documents/notice_to_persons_ja_v1.docx"
    assert "承認（責任者）　manager@sample.example" in words_of(content)
    table = file.members["timeline.csv"].decode("utf-8-sig")
    assert "第1版を回付しました。承認の順：責任者、個人情報保護担当" in table
    assert "第1版を承認しました（個人情報保護担当、SHA-256" in table


async def test_a_route_of_ones_own_and_words_that_were_tampered_with(make_world: MakeWorld) -> None:
    world = await make_world(**{"paging: {": "approval: [last_resort]\npaging: {"})
    number = await world.reports()
    await world.acknowledges("manager")
    await circulates(world, number, who="legal")
    assert asked(world, "manager") == []
    assert len(asked(world, "ciso")) == 1, "called into the room to approve"
    assert world.room(number, "ciso")
    async with world.bot.database.transaction() as db:
        row = await queries.case_row(db, number, lock=True)
        assert row is not None
        (stored,) = await queries.documents_of(db, row.id or 0)
        stored.content = {**(stored.content or {}), "blocks": []}
        await log.append(db, row, LogKind.CARD_POSTED, "leakbot", world.now(), {})
    await world.person("ciso").click(asked(world, "ciso")[-1], "document_approve")
    assert "記録と一致しません" in told_alone(world, "ciso")
    assert LogKind.DOCUMENT_APPROVED not in await log_kinds(world, number)


async def test_after_the_case_is_closed_a_report_on_prevention_goes_round(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.records(number, "preliminary")
    await world.records(number, "final")
    assert (await world.closes(number)).ok
    await circulates(world, number, "prevention_report", who="legal")
    await approves(world, "manager")
    await approves(world, "privacy")
    assert len(room_says(world, number, "document_approved")) == 1


async def test_in_english(make_world: MakeWorld) -> None:
    world = await make_world("en")
    number = await world.reports()
    await world.acknowledges("manager")
    await circulates(world, number, who="legal")
    assert "1 of 2: Manager" in asked(world, "manager")[-1].plain
    await approves(world, "manager")
    await approves(world, "privacy")
    assert "is approved" in room_says(world, number, "document_approved")[0].plain
