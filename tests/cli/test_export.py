"""`case export` and `case verify` as an operator and an auditor use them."""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cases.database import Database
from tests.cases.closed import a_closed_case
from tests.cli.conftest import Terminal
from tests.databases import Originals, at_once

CLOSED = "2026-0001"  # the only case there is


def in_database(url: str, *statements: str) -> None:
    """Tamper with it by hand."""

    async def work(database: Database) -> None:
        async with database.transaction() as db:
            for statement in statements:
                await (await db.connection()).exec_driver_sql(statement)

    at_once(url, work)


@pytest.fixture
def database_url(originals: Originals, backend: str, tmp_path: Path) -> Iterator[str]:
    """A database with a closed case in it."""
    yield from originals.copy(backend, a_closed_case, tmp_path)


@pytest.fixture
def number(terminal: Terminal, database_url: str) -> str:
    """A closed case in the database that the terminal looks at."""
    terminal.sets(LEAKBOT_DATABASE_URL=database_url)
    return CLOSED


def test_the_case_file_holds_what_case_show_says(terminal: Terminal, number: str, folder: Path) -> None:
    assert terminal.types("case", "export", number, "--out", "case.zip") == 0
    assert terminal.out == f"The case file of {number} is written to case.zip.\n"
    assert stat.S_IMODE((folder / "case.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(folder / "case.zip") as archive:
        words = {"documents/apology_ja_v1.docx", "documents/apology_ja_v1.json"}
        assert set(archive.namelist()) == {"case.json", "manifest.sha256", "timeline.csv", *words}
        told, table = archive.read("case.json").decode(), archive.read("timeline.csv").decode("utf-8-sig")
    assert terminal.types("case", "show", number, "--json") == 0
    assert terminal.out == told, "the file is what the terminal shows, and exporting changes nothing"
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [row["hash"] for row in rows] == [entry["hash"] for entry in json.loads(told)["log"]]
    assert rows[0]["kind_label"] == "第一報"
    assert terminal.types("case", "export", number, "--out", "again.zip") == 0
    assert (folder / "again.zip").read_bytes() == (folder / "case.zip").read_bytes()


def test_the_language_and_zone_are_the_organisations(terminal: Terminal, number: str, folder: Path) -> None:
    company = folder / "organisation.yaml"
    text = company.read_text("utf-8").replace("locale: ja", "locale: en")
    company.write_text(text.replace("Asia/Tokyo", "Europe/Berlin"), "utf-8")
    assert terminal.types("case", "export", number, "--out", "en.zip") == 0
    table = zipfile.ZipFile(folder / "en.zip").read("timeline.csv").decode("utf-8-sig")
    assert "First report" in table
    assert "2026-11-22T13:18:00+01:00" in table
    company.unlink()
    assert terminal.types("case", "export", number, "--out", "ja.zip") == 0
    assert "第一報" in zipfile.ZipFile(folder / "ja.zip").read("timeline.csv").decode("utf-8-sig")


def test_what_cannot_be_done_is_one_line(terminal: Terminal, number: str, folder: Path) -> None:
    assert terminal.refuses(1, "case", "export", "2026-0999", "--out", "x.zip").startswith(
        "There is no case "
    )
    assert not (folder / "x.zip").exists()
    assert "--out" in terminal.refuses(2, "case", "export", number)
    (folder / "mine.zip").write_text("mine")
    assert "mine.zip exists already" in terminal.refuses(2, "case", "export", number, "--out", "mine.zip")
    assert (folder / "mine.zip").read_text() == "mine"
    assert "none/x.zip cannot be written" in terminal.refuses(
        2, "case", "export", number, "--out", "none/x.zip"
    )
    assert list(folder.glob(".leakbot-*")) == [], "nothing half-written is left behind"


COPY = (
    "INSERT INTO log_entry (case_id, seq, at, actor, kind, data, salt, digest, previous, hash) "
    "SELECT case_id, {seq}, at, actor, kind, data, salt, digest, previous, hash FROM log_entry WHERE seq = 2"
)
#: Each way to tamper with the record, and what is said of it; `{last}` is its last entry.
TAMPERING = {
    "a changed actor": (["UPDATE log_entry SET actor = 'U0NOBODY' WHERE seq = 3"], "Entry 3 does not match"),
    "a changed time": (
        ["UPDATE log_entry SET at = (SELECT at FROM log_entry WHERE seq = 1) WHERE seq = 5"],
        "Entry 5 does not match its seal",
    ),
    "changed data": (["UPDATE log_entry SET data = '{}' WHERE seq = 1"], "The data of entry 1 was changed."),
    "removed data": (
        ["UPDATE log_entry SET data = '{\"blanked\": true}' WHERE seq = 1"],
        "The data of entry 1 was removed.",
    ),
    "an entry removed in the middle": (["DELETE FROM log_entry WHERE seq = 7"], "Entry 7 is missing."),
    "the tail removed": (
        ['DELETE FROM log_entry WHERE seq > (SELECT revision - 2 FROM "case")'],
        "Entry {last} is missing.",
    ),
    "the last entry removed and the count lowered": (
        [
            'UPDATE "case" SET revision = revision - 1',
            'DELETE FROM log_entry WHERE seq > (SELECT revision FROM "case")',
        ],
        "Entry {before_last} is not the newest one that the case was sealed with.",
    ),
    "an entry inserted at the end": (
        [COPY.format(seq='(SELECT revision + 1 FROM "case")')],
        "Entry {after_last} does not match its seal",
    ),
    "an entry inserted in between": (
        [
            "UPDATE log_entry SET seq = -(seq + 1) WHERE seq >= 4",
            "UPDATE log_entry SET seq = -seq WHERE seq < 0",
            COPY.format(seq=4),
            'UPDATE "case" SET revision = revision + 1',
        ],
        "Entry 4 does not follow the entry before it.",
    ),
    "two entries exchanged": (
        [
            "UPDATE log_entry SET seq = 99 WHERE seq = 3",
            "UPDATE log_entry SET seq = 3 WHERE seq = 4",
            "UPDATE log_entry SET seq = 4 WHERE seq = 99",
        ],
        "Entry 3 does not follow the entry before it.",
    ),
    "another head of the case": (
        ['UPDATE "case" SET log_head = (SELECT hash FROM log_entry WHERE seq = 7)'],
        "Entry {last} is not the newest one that the case was sealed with.",
    ),
}


@pytest.mark.parametrize("way", TAMPERING)
def test_each_way_to_tamper_is_found_and_its_entry_named(
    terminal: Terminal, number: str, database_url: str, folder: Path, way: str
) -> None:
    assert terminal.types("case", "verify", number) == 0
    assert terminal.types("case", "show", number, "--json") == 0
    last = len(json.loads(terminal.out)["log"])
    statements, told_of_it = TAMPERING[way]
    named = told_of_it.format(last=last, before_last=last - 1, after_last=last + 1)
    in_database(database_url, *statements)
    for numbers in ([number], []):
        told = terminal.refuses(1, "case", "verify", *numbers)
        assert "1 of 1 records are not as they were written." in told
        assert f"{number}: {named}" in terminal.out
    assert terminal.types("case", "verify", number, "--json") == 1
    assert any(named in problem for problem in json.loads(terminal.out)[0]["problems"])
    # The file is still handed out, for whoever investigates; but not as if nothing were wrong.
    told = terminal.refuses(1, "case", "export", number, "--out", "case.zip")
    assert (
        told == f"The record of {number} is not as it was written. `leakbot case verify {number}` says where."
    )
    assert (folder / "case.zip").exists()


def test_a_record_that_cannot_be_read_at_all_is_one_line(
    terminal: Terminal, number: str, database_url: str, folder: Path
) -> None:
    in_database(database_url, "UPDATE log_entry SET data = '{' WHERE seq = 2")
    assert "is not as it was written" in terminal.refuses(1, "case", "export", number, "--out", "case.zip")
    assert not (folder / "case.zip").exists()
