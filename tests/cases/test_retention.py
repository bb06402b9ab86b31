"""After its time what people typed is gone from every row and byte, and the record still verifies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import JSON, String, Text, text
from sqlmodel import SQLModel

from bot.cases import log, queries, retention
from bot.cases.casefile import case_json
from bot.cases.columns import EncryptedJson
from bot.cases.database import Database
from bot.cases.export import case_file
from bot.cases.states import case_state
from bot.cases.tables import Case, LogEntry
from bot.organisation import Organisation
from bot.outbox.retention import AT_ONCE, Retention
from bot.outbox.table import AlarmRow, Delivery
from bot.policy.needs import READ, needs
from bot.slack.screens.replies import status
from bot.vocabulary import LogKind, Outcome, Status
from bot.workflow.assessing import assessment_json
from bot.workflow.closing import close_case
from bot.workflow.inputs import Closure
from bot.workflow.opening import case_for_change
from bot.workflow.reopening import Reopening, reopen_case
from bot.workflow.rooms import room_lost
from tests.cases.closed import CLOSED_AT, LETTER, TOKYO, TYPED, a_case, a_closed_case
from tests.world import the_company

KEPT_FOR = timedelta(days=1825)
THE_DAY = CLOSED_AT + KEPT_FOR + timedelta(seconds=1)
COMPANY = the_company(**{"paging:": "retention: {personal_data_after: 1825d}\npaging:"})


class At:
    """A clock that stands still."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def subscribe(self, callback: object) -> None:
        """It never jumps."""


async def the_night_of(database: Database, now: datetime, company: Organisation = COMPANY) -> int:
    return await Retention(database, company, At(now)).blank_expired()


def spellings() -> Iterator[tuple[str, str]]:
    """Every line that was typed, as it is and as JSON writes it."""
    for words in TYPED.values():
        for line in words.splitlines():
            yield line, line
            yield line, json.dumps(line)[1:-1]


async def found_in_rows(database: Database) -> list[str]:
    """The typed words that some row still holds, whatever its table."""
    held = []
    async with database.reading() as db:
        for table in SQLModel.metadata.sorted_tables:
            rows = await db.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608
            held += [str(value) for row in rows for value in row]
    return [line for line, spelt in spellings() if any(spelt in value for value in held)]


async def test_what_people_typed_is_in_no_row_and_the_record_verifies(database: Database) -> None:
    number = await a_closed_case(database)
    assert len(set(await found_in_rows(database))) == sum(len(words.splitlines()) for words in TYPED.values())
    assert await the_night_of(database, THE_DAY) == 1
    assert await found_in_rows(database) == []
    async with database.reading() as db:
        assert await log.verify(db, number) == []
        case = await queries.case_row(db, number)
        assert case is not None
        newest = (await queries.log_of(db, case.id or 0))[-1]
        assert (newest.kind, newest.actor, newest.at) == ("blanked", "leakbot", THE_DAY)
        assert newest.data["kept_for_days"] == 1825


def bytes_of(path: Path) -> bytes:
    """The database's file and everything beside it."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


async def test_what_people_typed_is_in_no_byte_of_the_sqlite_file(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    many = 20
    for count in range(many):  # so that rows move from page to page and leave traces behind
        await a_closed_case(database, f"V{count}")
    sought = [spelt.encode() for _, spelt in spellings()]
    assert [words for words in sought if words in bytes_of(path)], "this test looks at the wrong file"
    assert await the_night_of(database, THE_DAY) == many
    # The database is still open: nothing waits for the bot to be stopped.
    assert [words for words in sought if words in bytes_of(path)] == []
    await database.close()
    assert [words for words in sought if words in bytes_of(path)] == []


async def test_bytes_are_overwritten_where_sqlite_was_built_to_leave_them(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path, isolation_level=None)) as careless:
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute("CREATE TABLE scrap (words TEXT)")
        careless.executemany("INSERT INTO scrap VALUES (?)", [(f"leftover {n} " * 50,) for n in range(200)])
        careless.execute("DELETE FROM scrap")
        careless.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"leftover 7 " in bytes_of(path)
    database = Database.open(sqlite_url)
    assert await database.forget_leftovers()
    assert b"leftover 7 " not in bytes_of(path)
    await database.close()


async def test_a_night_that_died_before_overwriting_is_made_good_the_next(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    number = await a_closed_case(database)
    async with database.transaction() as db:
        await retention.blank(db, await case_for_change(db, number, THE_DAY), KEPT_FOR, THE_DAY)
    cause = json.dumps(TYPED["root_cause"])[1:-1].encode()
    assert cause in bytes_of(path), "SQLite alone leaves it lying about"
    assert await the_night_of(database, THE_DAY + timedelta(days=1)) == 0
    assert cause not in bytes_of(path)
    await database.close()


async def test_somebody_in_the_way_is_noticed_and_the_next_time_does_it(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    await a_closed_case(database)
    async with database.reading() as db:
        await queries.all_cases(db)
        await a_case(database, "V1")  # what is read here is older than this, so the file's log is needed
        assert not await database.forget_leftovers()
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not await database.forget_leftovers()
    other.close()
    assert await database.forget_leftovers()
    await database.close()


async def test_it_stays_until_its_day_and_where_nothing_is_configured(database: Database) -> None:
    number = await a_closed_case(database)
    assert await the_night_of(database, CLOSED_AT + KEPT_FOR) == 0
    assert await the_night_of(database, THE_DAY, the_company()) == 0
    async with database.reading() as db:
        case = await queries.case_row(db, number)
        assert case is not None
        assert case.report["summary"] == TYPED["summary"]
    assert await the_night_of(database, THE_DAY) == 1
    assert await the_night_of(database, THE_DAY) == 0, "once is enough"


async def test_an_open_case_stays_whatever_its_age_and_drills_go_too(database: Database) -> None:
    number = await a_case(database)
    drill = await a_closed_case(database, "V1", drill=True)
    assert await the_night_of(database, THE_DAY + KEPT_FOR) == 1
    async with database.reading() as db:
        open_one, gone = await queries.case_row(db, number), await queries.case_row(db, drill)
        assert open_one is not None
        assert gone is not None
        assert (open_one.blanked_at, gone.blanked_at) == (None, THE_DAY + KEPT_FOR)


async def test_what_happened_when_and_by_whom_stays(database: Database) -> None:
    number = await a_closed_case(database)
    async with database.reading() as db:
        before = await value_of(db, number)
    await the_night_of(database, THE_DAY)
    async with database.reading() as db:
        after = await value_of(db, number)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {
        *("report", "closure", "items", "assessment", "notices", "publication", "inquiries"),
        *("log", "log_head", "blanked_at", "documents", "submissions"),
    }
    assert after["blanked_at"] == THE_DAY.astimezone(TOKYO).isoformat()
    assert after["report"] == dict.fromkeys(before["report"]) | {"medium": None, "protection": None}
    assert after["closure"] == {"root_cause": None, "prevention": None, "outcome": "recovered"}
    assert after["documents"][0]["hash"] == LETTER.hash
    assert after["documents"] == [{**before["documents"][0], "sent": []}], "who approved it when stays"
    assert [each["by"] for each in after["documents"][0]["approvals"]] == ["U0BUCHOU", "U0CISO"]
    assert before["documents"][0]["sent"][0]["recipient"] == TYPED["sent_to"]
    assert after["assessment"] == {**before["assessment"], "remark": None}
    assert after["obligations"][0]["receipt"] == "R-1"
    (told,) = before["notices"]["entries"]
    assert told["why"] == TYPED["why"]
    assert after["notices"] == {"total": None, "entries": [{**told, "why": None}]}
    assert before["publication"]["reason"] == TYPED["publication"]
    assert after["publication"] == {**before["publication"], "reason": None}
    *entries, last = after["log"]
    for entry, was in zip(entries, before["log"], strict=True):
        assert entry in (was, {**was, "data": {"blanked": True}})
    blanked = [entry["seq"] for entry in entries if entry["data"] == {"blanked": True}]
    assert last["data"]["entries"] == blanked
    kinds = {entry["kind"] for entry in entries if entry["seq"] in blanked}
    assert {"reported", "facts_added", "assessment_confirmed", "handed_over", "closed"} <= kinds
    assert not kinds & {"room_opened", "page_sent", "acknowledged", "obligations_changed", "reminded"}


async def value_of(db: Any, number: str) -> dict[str, Any]:
    case = await queries.case_row(db, number)
    assert case is not None
    return await case_json(db, number, assessment_json(case))


async def test_the_case_file_and_the_screens_say_that_it_is_gone(database: Database) -> None:
    number = await a_closed_case(database)
    await the_night_of(database, THE_DAY)
    async with database.reading() as db:
        file = await case_file(db, number, {}, "ja", TOKYO)
        state = await case_state(db, number, announced=READ)
    assert state is not None
    assert set(file.members) == {"case.json", "timeline.csv"}
    assert file.members["timeline.csv"].decode().count('"保存期間の経過により削除"') > 5
    assert "終結から1825日が過ぎたため、入力された文章を削除しました" in file.members["timeline.csv"].decode()
    shown = json.dumps(status("ja", TOKYO, state, THE_DAY).blocks, ensure_ascii=False)
    assert "保存期間の経過により削除しました" in shown
    later = needs(state, COMPANY, THE_DAY)
    assert (later.wanted, later.next_at) == ((), None), (
        "nothing is said of it any more, the card stays as it is"
    )


async def test_sealed_words_and_what_was_masked_go_too(database_url: str) -> None:
    key = Fernet.generate_key().decode()
    database = Database.open(database_url, [key])
    number = await a_closed_case(database, typed={"summary": "番号は 4111 1111 1111 1111 です"})
    async with database.reading() as db:
        case = await queries.case_row(db, number)
        assert case is not None
        assert case.typed
    assert await the_night_of(database, THE_DAY) == 1
    async with database.reading() as db:
        case = await queries.case_row(db, number)
        assert case is not None
        assert case.typed is None
        assert case.report["summary"] is None
        assert await log.verify(db, number) == []
    await database.close()


async def test_a_case_that_cannot_be_read_holds_up_no_other(database_url: str) -> None:
    sealed = Database.open(database_url, [Fernet.generate_key().decode()])
    unreadable = await a_closed_case(sealed)
    await sealed.close()
    database = Database.open(database_url)
    readable = await a_closed_case(database, "V1")
    assert await the_night_of(database, THE_DAY) == 1
    async with database.reading() as db:
        rows = await db.execute(text('SELECT number FROM "case" WHERE blanked_at IS NULL'))
        assert [row[0] for row in rows] == [unreadable]
        assert readable != unreadable
    await database.close()


async def test_a_reopened_case_is_blanked_again_after_its_last_closure(database: Database) -> None:
    number = await a_closed_case(database)
    await the_night_of(database, THE_DAY)
    again = THE_DAY + timedelta(days=30)
    async with database.transaction() as db:
        case = await case_for_change(db, number, again)
        case.closed_at, case.report = again, {**case.report, "summary": "再開して書かれた"}
        await log.append(db, case, LogKind.CLOSED, "U0PRIVACY", again, {"root_cause": "再開して書かれた"})
    assert await the_night_of(database, again + KEPT_FOR) == 0
    assert await the_night_of(database, again + KEPT_FOR + timedelta(days=1)) == 1
    async with database.reading() as db:
        assert await log.verify(db, number) == []
        case_now = await queries.case_row(db, number)
        assert case_now is not None
        assert case_now.report["summary"] is None


async def test_the_words_of_a_reopening_go_like_all_others(database: Database) -> None:
    number = await a_closed_case(database)
    again = CLOSED_AT + timedelta(days=30)
    reopening = Reopening("再開した理由をここに書いた", "V-reopen")
    office = {"person": "U0PRIVACY", "privacy_office": frozenset({"U0PRIVACY"})}
    async with database.transaction() as db:
        await reopen_case(db, number, reopening, **office, closed_accounts=(), now=again)  # type: ignore[arg-type]
        await room_lost(db, number, "C0ROOM", again)
    assert await the_night_of(database, THE_DAY) == 0, "an open case keeps its words"
    closure = Closure("x", "x", Outcome.RECOVERED, left_reason="x")
    async with database.transaction() as db:
        await close_case(db, number, closure, **office, now=again)  # type: ignore[arg-type]
    assert await the_night_of(database, again + KEPT_FOR + timedelta(days=1)) == 1
    async with database.reading() as db:
        case = await queries.case_row(db, number)
        assert case is not None
        assert case.former_channels == ["C0ROOM"]
        assert "再開した理由" not in str([entry.data for entry in await queries.log_of(db, case.id or 0)])
        assert await log.verify(db, number) == []


async def test_more_cases_than_are_looked_up_at_once(database: Database) -> None:
    async with database.transaction() as db:
        for count in range(AT_ONCE + 3):
            case = Case(
                number=f"2026-{count:04}",
                status=Status.CLOSED,
                department="sales",
                department_name="営業部",
                indicator="other",
                reporter="U0",
                view_id=f"V{count}",
                aware_at=CLOSED_AT,
                reported_at=CLOSED_AT,
                closed_at=CLOSED_AT,
                report={"summary": "x"},
                facts={},
                chain=[],
            )
            await log.append(db, case, LogKind.CLOSED, "U0", CLOSED_AT, {})
    assert await the_night_of(database, THE_DAY) == AT_ONCE + 3


def test_every_column_that_can_hold_typed_words_is_decided_upon() -> None:
    """A new one would keep personal data for ever: name it in `BLANKED_COLUMNS`, with what stays of it."""
    named = {
        (table.__tablename__, column)
        for table, columns in retention.BLANKED_COLUMNS.items()
        for column in columns
    }
    held = {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EncryptedJson | JSON)
    }
    said_only_to_slack = {(Delivery.__tablename__, "data")}  # keys, ids and numbers, no words
    of_no_case = {(AlarmRow.__tablename__, "about")}  # case numbers and Slack's codes
    assert held - named == said_only_to_slack | of_no_case


#: Plain text columns of a case's tables: ids, words of the vocabulary, codes, and what stays on purpose.
PLAIN: dict[str, set[str]] = {
    "case": {
        *("number", "status", "department", "department_name", "indicator", "reporter", "view_id"),
        *("acknowledged_by", "channel", "card_ts", "log_head"),
    },
    "member": {"user", "role", "error"},
    "page": {"user", "skipped", "direct_channel", "direct_ts", "room_ts", "handed_by"},
    "obligation": {"kind", "recipient", "receipt"},
    "document": {"kind", "locale", "hash", "author", "state"},
    "log_entry": {"actor", "kind", "salt", "digest", "previous", "hash"},
    "delivery": {"key", "kind", "lane", "state", "owner", "error"},
}


@pytest.mark.parametrize("table", sorted(PLAIN))
def test_no_plain_column_of_a_case_holds_typed_words(table: str) -> None:
    columns = SQLModel.metadata.tables[table].columns
    plain = {
        c.name for c in columns if isinstance(c.type, String | Text) and not isinstance(c.type, EncryptedJson)
    }
    assert plain - PLAIN[table] == set(), "what people type goes into an EncryptedJson column"


def test_entries_of_every_kind_lose_their_data_unless_it_is_kept_on_purpose() -> None:
    stays = retention.BLANKED_COLUMNS[LogEntry]["data"]
    assert stays(SimpleNamespace(kind="a_kind_of_the_future"), {"words": "x"}) == log.BLANKED
    assert stays(SimpleNamespace(kind=LogKind.ROOM_OPENED), {"channel": "C0"}) == {"channel": "C0"}
