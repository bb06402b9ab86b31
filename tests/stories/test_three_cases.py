"""Three cases from the first report to the end, with their documents and days held against the law.

A lost USB stick that stays small, ransomware that reached My Number, a mail to the wrong company that nobody
read. The days are counted by hand here: day 1 is Sunday 22 November 2026, the day on which somebody knew.
"""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

from docx import Document

from bot.cases import log, queries
from bot.cases.casefile import case_json
from bot.cases.export import case_file
from bot.documents.kept import word_files
from bot.workflow.assessing import assessment_json
from tests.world import TOKYO, World, payload

Json = dict[str, Any]
KNOWN = int(datetime(2026, 11, 22, 21, 10, tzinfo=TOKYO).timestamp())
#: The guide for the preliminary report: within 3 to 5 days (GL 3-5-3-3), day 1 counted.
DAY_5 = "2026-11-26"
#: Rule 8(2): within 30 days; day 30 is Monday 21 December, an ordinary day.
DAY_30 = "2026-12-21"
#: With malice 60 days; day 60 is Wednesday 20 January 2027.
DAY_60 = "2027-01-20"
SMALL = {
    "certainty": "confirmed",
    "kind": "loss",
    "malicious": "false",
    "persons": "30",
    "sensitive": "false",
    "financial_harm": "false",
    "my_number": "false",
}


async def as_json(world: World, number: str) -> Json:
    """The case as auditors get it; its record must verify."""
    async with world.bot.database.reading() as db:
        row = await queries.case_row(db, number)
        assert row
        assert await log.verify(db, number) == []
        return await case_json(db, number, assessment_json(row))


async def due(world: World, number: str) -> dict[str, tuple[str, str | None]]:
    """What stands: to whom, and its last day in Japan."""
    case = await as_json(world, number)
    return {
        o["kind"]: (o["recipient"], o["due_at"][:10] if o["due_at"] else None) for o in case["obligations"]
    }


async def decides(world: World, number: str, reason: str = "", **values: str) -> None:
    """The privacy office decides on the duty to report, from App Home."""
    office = world.person("privacy")
    home = await office.open_home()
    await office.click(home or {}, "case_assess", number)
    assert (await office.submit(values)).ok
    sent = await office.submit({"reason": reason} if reason else {})
    assert sent.ok, (sent.errors, sent.trouble)
    await world.bot.settled()


async def drafts(world: World, number: str, *kinds: str) -> None:
    """The privacy office makes drafts from the card."""
    office = world.person("privacy")
    await office.click(world.card(number), "case_documents")
    for kind in kinds:
        await office.click(office.modal or {}, "document_draft", block_id=kind)
        await world.bot.settled()
        await office.close_view()
    await office.close_view()


async def finishes(world: World, number: str, who: str, phase: str, *keys: str) -> None:
    """Somebody ticks tasks off."""
    person = world.person(who)
    await person.click(world.card(number, who), "case_checklist")
    await person.click(person.modal or {}, "checklist_phase", phase)
    for key in keys:
        await person.click(person.modal or {}, "task_done", block_id=f"task:{key}")
        await world.bot.settled()
    await person.close_view()


async def files(world: World, number: str) -> dict[str, str]:
    """The documents of the case file by their names, and what each says as a Word file."""
    async with world.bot.database.reading() as db:
        kept = await case_file(db, number, {}, world.organisation.locale, TOKYO)
    found = {}
    for path, content in word_files(kept.documents, world.organisation).items():
        document = Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        found[path.removeprefix("documents/")] = "\n".join([*(p.text for p in document.paragraphs), *cells])
    return found


def tasks(case: Json) -> dict[str, Json]:
    return {task["key"]: task for task in case["tasks"]}


async def home_of(world: World, who: str) -> str:
    """Everything that somebody's App Home says."""
    home = await world.person(who).open_home()
    return "\n".join(block["text"]["text"] for block in (home or {})["blocks"] if "text" in block)


async def test_a_lost_usb_stick_that_stays_small(world: World) -> None:
    number = await world.reports(aware_at=KNOWN, persons="30", medium="portable_media")
    assert "担当者を呼び出しています。" in await home_of(world, "reporter")
    await world.acknowledges("manager")
    assert "<@U0MANAGER> さんが対応しています。" in await home_of(world, "reporter")
    assert await due(world, number) == {"preliminary": ("ppc", DAY_5), "final": ("ppc", DAY_30)}
    assert "速報（暫定）　あと4日2時間　11月26日（木）23:59まで" in await home_of(world, "privacy")

    await world.passes(hours=16)
    await finishes(world, number, "manager", "first_hour", "ask_lost_property")
    await decides(world, number, "持ち出した名簿は30人分で、報告対象のどの号にも当たらない", **SMALL)
    assert await due(world, number) == {}, "fewer than 1,001 people, nothing sensitive, nobody's bad intent"
    case = await as_json(world, number)
    assert (case["status"], case["assessment"]["reportable"]) == ("assessed", False)
    assert case["assessment"]["confirmed_by"] == "U0PRIVACY"
    assert {"no_trigger", "not_over_1000"} <= set(case["assessment"]["reasons"])
    assert "報告義務の判断" not in await home_of(world, "privacy")

    await drafts(world, number, "internal_report")
    await world.until(datetime(2026, 12, 22, 9, 0, tzinfo=TOKYO).astimezone(UTC))
    assert world.reminders(number) == [], "neither day 5 nor day 30 is counted down"
    assert (await world.closes(number)).ok

    case = await as_json(world, number)
    assert (case["status"], case["closed_at"][:10]) == ("closed", "2026-12-22")
    assert [o["kind"] for o in case["removed_obligations"]] == ["preliminary", "final"]
    assert tasks(case)["ask_lost_property"]["state"] == "done"
    report = (await files(world, number))["internal_report_ja_v1.docx"]
    for words in ("2026年11月22日", "30人", "不要"):
        assert words in report, words
    assert "対応は終わりました。知らせてくれて、ありがとうございました。" in await home_of(world, "reporter")
    assert number not in await home_of(world, "legal"), "what is closed is in nobody's way"


async def test_ransomware_that_reached_my_number_has_sixty_days_and_two_recipients(world: World) -> None:
    number = await world.reports(
        indicator="system_intrusion",
        summary="基幹サーバのファイルが暗号化され、身代金を求める画面が出ています",
        medium="system",
        aware_at=KNOWN,
        persons="約1,500人",
    )
    await world.acknowledges("manager")
    found = tasks(await as_json(world, number))
    assert {"report_police", "report_jpcert_ipa", "isolate_systems"} <= set(found)
    assert "ask_lost_property" not in found
    await finishes(world, number, "legal", "report", "report_police", "report_jpcert_ipa")

    await decides(
        world,
        number,
        certainty="suspected",
        kind="unknown",
        malicious="true",
        persons="1500",
        sensitive="false",
        financial_harm="false",
        my_number="true",
        my_number_persons="120",
        delegated_to_authority="fsa",
    )
    assert await due(world, number) == {
        "preliminary": ("fsa", DAY_5),
        "mn_preliminary": ("ppc", DAY_5),
        "final": ("fsa", DAY_60),
        "mn_final": ("ppc", DAY_60),
        "individual_notice": ("persons", None),
    }, "the My Number Act knows the commission alone"
    case = await as_json(world, number)
    assert case["assessment"]["reportable"] is True
    assert any("malicious" in trigger for trigger in case["assessment"]["triggers"])

    # Day 4: both preliminary reports are filed, with what is known.
    await world.until(datetime(2026, 11, 25, 15, 0, tzinfo=TOKYO).astimezone(UTC))
    assert {"preliminary countdown 2d", "mn_preliminary countdown 2d"} <= set(world.reminders(number))
    await drafts(world, number, "preliminary_sheet", "notice_to_persons")
    assert (await world.records(number, "preliminary", recipient="金融庁", receipt_no="金-1")).ok
    assert "⏳ *速報（マイナンバー）*" in await home_of(world, "privacy")
    assert (await world.records(number, "mn_preliminary", receipt_no="第1号")).ok
    # The persons concerned are told without delay.
    told = await world.records(number, "individual_notice", report_kind="final", recipient="本人1,500人")
    assert told.ok, told.errors

    # Day 30 passes in silence; day 60 is counted down for both.
    await world.until(datetime(2027, 1, 20, 8, 0, tzinfo=TOKYO).astimezone(UTC))
    heard = [word for word in world.reminders(number) if "final" in word]
    assert [word for word in heard if word.startswith("final")] == [
        *(f"final countdown {step}" for step in ("14d", "7d", "3d", "2d", "1d")),
        "final due due",
    ]
    assert [word.removeprefix("mn_") for word in heard if word.startswith("mn_")] == [
        word for word in heard if word.startswith("final")
    ]
    first = next(m for m in world.heard(number, "leak_reminder") if payload(m)["step"] == "14d")
    assert payload(first)["due_at"] == f"{DAY_60}T23:59:59+09:00"
    assert "あと16時間" in await home_of(world, "privacy")

    await drafts(world, number, "final_sheet")
    assert (await world.records(number, "final", recipient="金融庁", receipt_no="金-2")).ok
    office = world.person("privacy")
    await office.click(world.card(number), "case_close")
    assert office.modal is None, "one report is still open"
    assert (await world.records(number, "mn_final", receipt_no="第2号")).ok
    await office.click(world.card(number), "case_close")
    sent = await office.submit(
        {
            "outcome": "leak_confirmed",
            "root_cause": "VPN装置の更新が遅れていた",
            "prevention": "装置の更新を毎月確認する",
        }
    )
    assert sent.ok, sent.errors
    await world.bot.settled()

    case = await as_json(world, number)
    assert (case["status"], case["closed_at"][:10]) == ("closed", DAY_60)
    receipts = {o["kind"]: o["receipt"] for o in case["obligations"]}
    assert receipts == {
        "preliminary": "金-1",
        "mn_preliminary": "第1号",
        "final": "金-2",
        "mn_final": "第2号",
        "individual_notice": None,
    }
    assert all(o["submitted_at"] <= (o["due_at"] or "9") for o in case["obligations"]), "all in time"
    assert tasks(case)["report_police"]["state"] == tasks(case)["report_jpcert_ipa"]["state"] == "done"
    written = await files(world, number)
    for name, words in {
        "preliminary_sheet_ja_v1.docx": ("1,500人", "2026年11月22日"),
        "notice_to_persons_ja_v1.docx": ("株式会社サンプル",),
        "final_sheet_ja_v1.docx": ("1,500人", "2026年11月22日"),
    }.items():
        for word in words:
            assert word in written[name], (name, word)


async def test_a_mail_to_the_wrong_company_that_nobody_read(world: World) -> None:
    number = await world.reports(
        indicator="other",
        summary="健康診断の結果を、名前のよく似た別の会社に送ってしまいました",
        medium="mail",
        aware_at=KNOWN,
        persons="40",
    )
    await world.acknowledges("manager")
    office = world.person("privacy")
    sensitive = {**SMALL, "kind": "leak", "persons": "40", "sensitive": "true"}
    await decides(world, number, **sensitive)
    assert await due(world, number) == {
        "preliminary": ("ppc", DAY_5),
        "final": ("ppc", DAY_30),
        "individual_notice": ("persons", None),
    }, "results of a health check are sensitive: one person is enough"

    # The recipient deleted it unopened, and proved it: it was no leak (GL 3-5-1-2), so the duty ends.
    await world.passes(days=1)
    await office.click(world.card(number), "case_assess")
    assert (await office.submit({**sensitive, "recovered_unread": "true"})).ok
    missing = await office.submit({})
    assert set(missing.errors) == {"reason"}, "no duty is not decided without a reason"
    assert (await office.submit({"reason": "開封前に削除したことを、先方の画面の写しで確認した"})).ok
    await world.bot.settled()
    assert await due(world, number) == {}
    case = await as_json(world, number)
    assert (case["assessment"]["reportable"], case["assessment"]["confirmed_by"]) == (False, "U0PRIVACY")
    assert case["assessment"]["remark"] == "開封前に削除したことを、先方の画面の写しで確認した"
    assert "recovered_unread" in case["assessment"]["reasons"]

    # A measure with owner and day, and the case is closed.
    await office.click(world.card(number), "case_close")
    await office.click(office.modal or {}, "prevention_add")
    measure = {"measure": "社外への送信を一分間保留する", "owner": "U0MANAGER", "due_on": "2026-12-14"}
    assert (await office.submit(measure)).ok
    await world.bot.settled()
    sent = await office.submit(
        {
            "outcome": "recovered",
            "root_cause": "宛先の候補を確かめずに選んだ",
            "prevention": "送信を保留する設定にする",
        }
    )
    assert sent.ok, sent.errors
    await world.bot.settled()
    await drafts(world, number, "prevention_report")
    report = (await files(world, number))["prevention_report_ja_v1.docx"]
    assert "社外への送信を一分間保留する" in report
    assert "2026年12月14日" in report

    # The days of the reports pass in silence; the measure is not forgotten, until it is done.
    await finishes(world, number, "manager", "aftercare", "root_cause")
    await world.until(datetime(2026, 12, 13, 8, 0, tzinfo=TOKYO).astimezone(UTC))
    assert world.reminders(number) == []
    assert "やること" not in await home_of(world, "manager")
    await world.until(datetime(2026, 12, 15, 9, 0, tzinfo=TOKYO).astimezone(UTC))
    assert "社外への送信を一分間保留する" in world.task_reminders(number)[-1].plain
    assert f"📋 *やること 1件*  {number}" in await home_of(world, "manager")
    key = next(
        key for key, each in tasks(await as_json(world, number)).items() if each["user"] == "U0MANAGER"
    )
    await finishes(world, number, "manager", "aftercare", key)
    assert "やること" not in await home_of(world, "manager")
    case = await as_json(world, number)
    assert (case["status"], case["closed_at"][:10]) == ("closed", "2026-11-23")
    assert date.fromisoformat(tasks(case)[key]["due_at"][:10]) == date(2026, 12, 14)
    assert tasks(case)[key]["state"] == "done"
