"""The case file: complete, the same each time, checkable by anybody, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import stat
import subprocess
import zipfile
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest

from bot.cases.casefile import case_json
from bot.cases.database import Database
from bot.cases.export import CaseFile, case_file, json_text
from bot.cases.log import append
from bot.cases.queries import case_row, log_of
from bot.cases.timeline import COLUMNS, LONGEST_CELL, cell, sentences, timeline_csv
from bot.documents.kept import word_files
from bot.errors import ConfigurationError, NotFound
from bot.policy.items import key_label
from bot.rendering import renderer
from bot.vocabulary import Locale, LogKind
from bot.workflow.assessing import assessment_json
from tests.cases.closed import CLOSED_AT, ITEM, LETTER, TOKYO, TYPED, a_case, a_closed_case
from tests.cases.rows import NOON, reported
from tests.world import the_company

LETTER_FILE = "documents/apology_ja_v1.json"


async def gathered(database: Database, number: str, locale: Locale = "ja") -> CaseFile:
    async with database.reading() as db:
        case = await case_row(db, number)
        assert case is not None
        return await case_file(db, number, assessment_json(case), locale, TOKYO)


def rows(file: CaseFile) -> list[dict[str, str]]:
    table = file.members["timeline.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(table, newline="")))


def unpacked(file: CaseFile) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(file.zip()))


async def test_the_file_holds_the_case_its_timeline_and_their_hashes(database: Database) -> None:
    number = await a_closed_case(database)
    archive = unpacked(await gathered(database, number))
    assert archive.namelist() == ["case.json", LETTER_FILE, "manifest.sha256", "timeline.csv"]
    assert archive.testzip() is None
    lines = archive.read("manifest.sha256").decode().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert set(listed) == {"case.json", LETTER_FILE, "timeline.csv"}
    assert listed[LETTER_FILE] == LETTER.hash, "the hash that an approval names is that of the file"
    for name, digest in listed.items():
        assert sha256(archive.read(name)).hexdigest() == digest
    async with database.reading() as db:
        case = await case_row(db, number)
        assert case is not None
        assert json.loads(archive.read("case.json")) == await case_json(db, number, assessment_json(case))


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="this machine has no sha256sum")
async def test_sha256sum_finds_all_in_order_and_then_a_changed_file(
    database: Database, tmp_path: Path
) -> None:
    archive = unpacked(await gathered(database, await a_closed_case(database)))
    archive.extractall(tmp_path / "file")
    check = ["sha256sum", "--check", "--strict", "manifest.sha256"]

    def checked() -> tuple[int, str]:
        done = subprocess.run(check, cwd=tmp_path / "file", capture_output=True, text=True, check=False)  # noqa: S603
        return done.returncode, done.stdout

    assert checked() == (0, f"case.json: OK\n{LETTER_FILE}: OK\ntimeline.csv: OK\n")
    table = tmp_path / "file" / "timeline.csv"
    table.write_bytes(table.read_bytes() + b" ")
    assert checked()[0] == 1


async def test_a_word_file_stands_beside_the_words_of_each_document(database: Database) -> None:
    plain = await gathered(database, await a_closed_case(database))
    file = plain.holding(word_files(plain.documents, the_company()))
    archive = unpacked(file)
    assert "documents/apology_ja_v1.docx" in archive.namelist()
    assert b"documents/apology_ja_v1.docx\n" in archive.read("manifest.sha256")
    letter = docx.Document(io.BytesIO(archive.read("documents/apology_ja_v1.docx")))
    assert TYPED["document"] in "\n".join(paragraph.text for paragraph in letter.paragraphs)
    again = plain.holding(word_files(plain.documents, the_company()))
    assert again.zip() == file.zip(), "made twice, they are the same bytes"


async def test_the_same_state_gives_the_same_bytes_and_another_step_others(database: Database) -> None:
    number = await a_closed_case(database)
    first = (await gathered(database, number)).zip()
    assert (await gathered(database, number)).zip() == first
    async with database.transaction() as db:
        case = await case_row(db, number, lock=True)
        assert case is not None
        await append(db, case, LogKind.EXPORTED, "U0PRIVACY", CLOSED_AT + timedelta(days=1), {})
    assert (await gathered(database, number)).zip() != first


async def test_every_entry_is_a_row_that_a_person_can_read(database: Database) -> None:
    number = await a_closed_case(database)
    table = rows(await gathered(database, number))
    async with database.reading() as db:
        case = await case_row(db, number)
        assert case is not None
        entries = await log_of(db, case.id or 0)
    assert [row["hash"] for row in table] == [entry.hash for entry in entries]
    assert [row["seq"] for row in table] == [str(count) for count in range(1, len(entries) + 1)]
    assert table[0]["at"] == "2026-11-22T21:18:00+09:00"
    by_kind = {row["kind"]: row for row in table}
    said = by_kind["reported"]
    assert said["kind_label"] == "第一報"
    assert (said["actor"], said["actor_is"]) == ("U0REPORTER", "報告した人")
    assert "概要：=cmd|' /C calc'!A0 銀の鞄を\n電車に置き忘れた" in said["text"]
    assert "きっかけ：書類・媒体・PC等の紛失" in said["text"]
    assert "気づいた時刻：2026年11月22日（日）21:10" in said["text"]
    assert "部署：営業部" in said["text"], "no identifier"
    assert by_kind["page_sent"]["text"] == "責任者 U0BUCHOU を個別メッセージで呼び出しました（1回目）。"
    assert by_kind["page_skipped"]["text"] == (
        "代行者 dairi@example.co.jp は呼び出しませんでした。理由：Slackに該当するユーザーがいません"
    )
    assert by_kind["acknowledged"]["actor_is"] == "責任者 buchou@example.co.jp"
    assert by_kind["handed_over"]["text"] == f"U0SALES2 に引き継ぎました。理由：{TYPED['reason']}"
    assert f"判断についてのメモ：{TYPED['remark']}" in by_kind["assessment_confirmed"]["text"]
    assert "報告義務の判断：報告義務あり" in by_kind["assessment_confirmed"]["text"]
    assert "\n本人の数：1,200人\n" in by_kind["assessment_confirmed"]["text"]
    assert "\n不明：毀損の内容、要配慮個人情報の有無、" in by_kind["assessment_confirmed"]["text"]
    assert by_kind["reminded"]["text"] == "速報のお知らせをしました（3d）。"
    assert "提出先：個人情報保護委員会" in by_kind["submission_recorded"]["text"]
    assert by_kind["items_edited"]["text"] == f"{key_label(ITEM, 'ja')}：{TYPED['item']}"
    drafted = f"「お詫び（社告）」の案を作成しました（日本語、第1版、SHA-256 {LETTER.hash}）。"
    assert by_kind["document_drafted"]["text"] == drafted
    assert by_kind["closed"]["text"].startswith("結果：見られる前に回収できた\n根本の原因：")
    for row in table:
        assert row["text"], f"{row['kind']} says nothing"
        assert not re.search(r"None|\{|&amp;|True|False", row["text"]), row["text"]
        assert not re.search(r"^[a-z_]+：", row["text"], re.MULTILINE), f"no name for it: {row['text']}"


async def test_the_timeline_speaks_the_language_of_the_organisation(database: Database) -> None:
    table = rows(await gathered(database, await a_closed_case(database), "en"))
    by_kind = {row["kind"]: row for row in table}
    assert by_kind["reported"]["kind_label"] == "First report"
    assert by_kind["reported"]["actor_is"] == "Reporter"
    assert by_kind["page_sent"]["text"] == "Manager U0BUCHOU was paged by direct message (attempt 1)."
    assert "First noticed: Sun 22 Nov 2026, 21:10 JST" in by_kind["reported"]["text"]
    japanese = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
    typed = [line for text in TYPED.values() for line in text.splitlines()]
    typed += ["個人情報保護委員会", "営業部"]  # names, which the organisation gave
    ours = [line for row in table for line in row["text"].splitlines() if not any(t in line for t in typed)]
    assert [line for line in ours if japanese.search(line)] == []


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠1", "−1"]


@pytest.mark.parametrize("typed", FORMULAS)
def test_no_cell_is_read_as_a_formula(typed: str) -> None:
    assert cell(typed).startswith("'")
    assert cell(f"概要 {typed}").startswith("概要")


@pytest.mark.parametrize("typed", ["2026-11-22", "'quoted'", "", "A=1", "営業部 -1"])
def test_what_is_no_formula_stays_as_it_is(typed: str) -> None:
    assert cell(typed) == typed


async def test_hostile_words_stay_in_their_cells(database: Database) -> None:
    hostile = '","=HYPERLINK(""http://evil.example"")\r\n=1+1,"\x00\x1b[31m\ud83d'
    async with database.transaction() as db:
        case = await reported(db, reporter="=U0REPORTER")
        await append(db, case, LogKind.FACTS_ADDED, "@U0", NOON, {"facts": {"data_items": hostile}})
        await append(db, case, LogKind.FACTS_ADDED, "U0", NOON, {"facts": {"data_items": "あ" * 40_000}})
    file = await gathered(database, case.number)
    table = rows(file)
    assert len(table) == 3
    assert all(set(row) == set(COLUMNS) for row in table), "no word opens a column of its own"
    assert table[0]["actor"] == "'=U0REPORTER"
    assert table[1]["actor"] == "'@U0"
    assert "=HYPERLINK" in table[1]["text"]
    assert not re.search(r"[\x00\x1b\r]", table[1]["text"])
    assert len(table[2]["text"]) == LONGEST_CELL
    assert table[2]["text"].endswith("…（続きは case.json にあります）")
    raw = file.members["timeline.csv"]
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel takes UTF-8 for Shift_JIS without it"
    assert raw.count(b"\r\n") == 4, "one line end for each row; breaks inside a cell are of another kind"
    value = json.loads(file.members["case.json"])
    assert value["log"][1]["data"]["facts"]["data_items"] == hostile


async def test_entries_of_other_versions_are_told_as_far_as_they_can_be(database: Database) -> None:
    odd = {"level": "x", "people": {}, "due_at": "soon", "new_fact": [{"a": 1}], "persons": {"b": 1}}
    async with database.transaction() as db:
        case = await reported(db)
        for kind in LogKind:
            data: dict[str, Any] = {"entries": []} if kind is LogKind.BLANKED else {}
            await append(db, case, kind, "U0", NOON, data)
        await append(db, case, LogKind.ASKED, "U0", NOON, {"user": "U1"})
        await append(db, case, LogKind.CLOSED, "U0", NOON, odd)
        entry, other = (await log_of(db, case.id or 0))[-2:]
        entry.kind, other.kind = "a_kind_of_the_future", "another"
        await db.flush()
        told = timeline_csv(case, await log_of(db, case.id or 0), [], "ja", TOKYO).decode("utf-8-sig")
    assert "a_kind_of_the_future" in told
    assert "人：U1" in told
    assert "new_fact：a 1" in told


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (
            "ja",
            "期限を過ぎたやることをお知らせしました：「被害の広がりを止める」、「保守会社、保険会社」",
        ),
        (
            "en",
            'The room was told of overdue tasks: "Stop the damage from growing", "保守会社、保険会社"',
        ),
    ],
)
async def test_tasks_and_languages_are_named_as_people_name_them(
    database: Database, locale: Locale, told: str
) -> None:
    async with database.transaction() as db:
        case = await reported(db)
        title = {"task": "own-1", "title": "保守会社、保険会社", "phase": "report"}
        await append(db, case, LogKind.TASK_ADDED, "U0", NOON, title)
        await append(db, case, LogKind.TASK_DONE, "U0", NOON, {"task": "own-1"})
        await append(db, case, LogKind.TASKS_REMINDED, "U0", NOON, {"tasks": ["stop_damage", "own-1"]})
        await append(db, case, LogKind.SUBMISSION_RECORDED, "U0", NOON, {"locale": "en"})
        added, done, reminded, filed = sentences(case, await log_of(db, case.id or 0), locale, TOKYO)[1:]
    assert title["title"] in done
    assert "own-1" not in added + done + reminded
    assert reminded == told
    assert filed == ("言語：英語" if locale == "ja" else "Language: English")


async def test_times_stand_in_the_organisations_zone_with_their_offset(database: Database) -> None:
    number = await a_case(database)
    async with database.reading() as db:
        file = await case_file(db, number, {}, "en", ZoneInfo("Europe/Berlin"))
    assert rows(file)[0]["at"] == "2026-11-22T13:18:00+01:00"


def test_both_languages_have_the_same_words() -> None:
    ja, en = renderer().data("timeline.yaml", "ja"), renderer().data("timeline.yaml", "en")
    assert list(ja) == list(en)
    assert list(ja["names"]) == list(en["names"])


@pytest.mark.parametrize(
    "name", ["../case.json", "/etc/passwd", "documents/../x", "a\nb", "manifest.sha256", "a//b", ".hidden"]
)
def test_a_member_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name"):
        CaseFile("2026-0001", NOON, {name: b""}).zip()
    named = CaseFile("2026-0001", NOON, {"documents/notice-1.docx": b"x", "case.json": b"{}"})
    assert "documents/notice-1.docx" in unpacked(named).namelist()


def test_the_file_appears_whole_for_its_owner_only_and_overwrites_nothing(tmp_path: Path) -> None:
    file = CaseFile("2026-0001", datetime(2026, 11, 22, 21, 18, tzinfo=TOKYO), {"case.json": b"{}"})
    out = tmp_path / "case.zip"
    file.write(out)
    assert out.read_bytes() == file.zip()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    info = unpacked(file).infolist()[0]
    assert (info.date_time, info.external_attr >> 16) == ((2026, 11, 22, 21, 18, 0), 0o100600)
    with pytest.raises(ConfigurationError, match="exists already"):
        file.write(out)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        file.write(tmp_path / "none" / "case.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["case.zip"], "nothing half-written is left behind"


def test_half_a_character_stays_valid_json() -> None:
    assert json.loads(json_text({"summary": "\ud83d"})) == {"summary": "\ud83d"}


async def test_there_is_no_file_of_no_case(database: Database) -> None:
    async with database.reading() as db:
        with pytest.raises(NotFound, match="2026-0404"):
            await case_file(db, "2026-0404", {}, "ja", TOKYO)


@pytest.mark.parametrize(("locale", "said"), [("ja", "（編集後の文面）"), ("en", "as edited")])
async def test_the_timeline_tells_of_kept_messages_and_files(
    database: Database, locale: Locale, said: str
) -> None:
    number = await a_closed_case(database)
    message = {
        "source": "message",
        "ts": "1.5",
        "text": "=HYPERLINK(1) と言われた",
        "author": "U0LEGAL",
        "happened_at": NOON.isoformat(),
        "permalink": "https://example.slack.com/archives/C0ROOM/p15",
        "sha256": "a1" * 32,
    }
    file = {"file": "F1", "name": "=名簿.xlsx", "size": 12, "mimetype": "text/csv", "permalink": None}
    entries: list[tuple[LogKind, dict[str, Any]]] = [
        (LogKind.TIMELINE_ENTRY, {**message, "edited": True}),
        (
            LogKind.TIMELINE_ENTRY,
            {"source": "written", "text": "電話した", "happened_at": NOON.isoformat(), "corrects": 3},
        ),
        (LogKind.FILE_LISTED, {**file, "sha256": "b2" * 32, "stored": True, "trouble": None}),
        (LogKind.FILE_LISTED, {**file, "sha256": None, "stored": False, "trouble": "external"}),
    ]
    async with database.transaction() as db:
        case = await case_row(db, number, lock=True)
        assert case is not None
        for kind, data in entries:
            await append(db, case, kind, "U0PRIVACY", NOON, data)
    file_of_case = await gathered(database, number, locale)
    told = [row["text"] for row in rows(file_of_case)][-4:]
    assert said in told[0]
    assert "a1" * 32 in told[0]
    assert "電話した" in told[1]
    assert "3" in told[1]
    assert told[2].startswith("'=名簿.xlsx"), "no formula"
    assert "b2" * 32 in told[2]
    assert ("社外のサービス" if locale == "ja" else "another service") in told[3]
    listed = json.loads(file_of_case.members["case.json"])["files"]
    assert [each["sha256"] for each in listed[-2:]] == ["b2" * 32, None]
