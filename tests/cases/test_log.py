"""The log is sealed: each way to tamper with it shows."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.cases.casefile import case_json
from bot.cases.database import Database
from bot.cases.log import append, verify
from bot.cases.queries import case_row, log_of
from bot.cases.tables import Case
from bot.errors import ConfigurationError, NotFound
from bot.vocabulary import LogKind, SkipReason
from tests.cases.rows import NOON, reported

NUMBER = "2026-0001"


@pytest.fixture
async def story(database: Database) -> Case:
    """A case with five entries."""
    return await told(database)


async def told(database: Database) -> Case:
    async with database.transaction() as db:
        case = await reported(db)
    for minute, kind in enumerate(
        [LogKind.ROOM_OPENED, LogKind.PAGE_SENT, LogKind.ACKNOWLEDGED, LogKind.FACTS_ADDED], 1
    ):
        async with database.transaction() as db:
            row = await case_row(db, NUMBER, lock=True)
            assert row is not None
            await append(db, row, kind, "U0BUCHOU", NOON + timedelta(minutes=minute), {"minute": minute})
    return case


async def problems_after(database: Database, *statements: str) -> list[str]:
    async with database.transaction() as db:
        for statement in statements:
            # Not `text()`: it takes the colons of JSON for parameters.
            await (await db.connection()).exec_driver_sql(statement)
    async with database.reading() as db:
        return await verify(db, NUMBER)


COPY = (
    "INSERT INTO log_entry (case_id, seq, at, actor, kind, data, salt, digest, previous, hash) "
    "SELECT case_id, {seq}, at, actor, kind, data, salt, digest, {previous}, {hash} "
    "FROM log_entry WHERE seq = 2"
)


async def test_an_untouched_log_is_sound(database: Database, story: Case) -> None:
    assert await problems_after(database) == []


@pytest.mark.parametrize(
    "assignment",
    [
        "actor = 'U0SOMEBODYELSE'",
        "kind = 'closed'",
        "at = (SELECT at FROM log_entry WHERE seq = 1)",
        "previous = ''",
        "hash = 'f00d'",
        "digest = 'f00d'",
    ],
)
async def test_a_changed_entry_shows(database: Database, story: Case, assignment: str) -> None:
    problems = await problems_after(database, f"UPDATE log_entry SET {assignment} WHERE seq = 3")  # noqa: S608
    assert "Entry 3 does not match its seal: it was changed, moved or inserted." in problems


async def test_a_time_that_is_none_shows(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)  # PostgreSQL would not store it
    await told(database)
    problems = await problems_after(database, "UPDATE log_entry SET at = 'yesterday' WHERE seq = 3")
    assert problems == ["Entry 3 does not match its seal: it was changed, moved or inserted."]
    await database.close()


@pytest.mark.parametrize("data", ['{"minute":3}', "null", '{"blanked":true,"minute":2}', "{", ""])
async def test_changed_data_shows(database: Database, story: Case, data: str) -> None:
    problems = await problems_after(database, f"UPDATE log_entry SET data = '{data}' WHERE seq = 3")  # noqa: S608
    assert len(problems) == 1
    assert "data of entry 3" in problems[0]


async def test_a_changed_salt_shows(database: Database, story: Case) -> None:
    problems = await problems_after(database, "UPDATE log_entry SET salt = 'f00d' WHERE seq = 3")
    assert problems == ["The data of entry 3 was changed."]


@pytest.mark.parametrize("seq", [1, 3, 5])
async def test_a_removed_entry_shows_even_at_the_end(database: Database, story: Case, seq: int) -> None:
    problems = await problems_after(database, f"DELETE FROM log_entry WHERE seq = {seq}")  # noqa: S608
    assert problems == [f"Entry {seq} is missing."]


async def test_a_log_that_is_gone_shows(database: Database, story: Case) -> None:
    problems = await problems_after(database, "DELETE FROM log_entry")
    assert problems == [f"Entry {seq} is missing." for seq in range(1, 6)]


async def test_a_removed_entry_shows_though_the_others_were_renumbered(
    database: Database, story: Case
) -> None:
    problems = await problems_after(
        database,
        "DELETE FROM log_entry WHERE seq = 3",
        "UPDATE log_entry SET seq = 3 WHERE seq = 4",
        "UPDATE log_entry SET seq = 4 WHERE seq = 5",
        'UPDATE "case" SET revision = 4',
    )
    assert "Entry 3 does not follow the entry before it." in problems
    assert "Entry 4 does not match its seal: it was changed, moved or inserted." in problems


async def test_a_removed_tail_shows_though_the_count_was_lowered(database: Database, story: Case) -> None:
    problems = await problems_after(
        database, "DELETE FROM log_entry WHERE seq = 5", 'UPDATE "case" SET revision = 4'
    )
    assert problems == ["Entry 4 is not the newest one that the case was sealed with."]


async def test_an_entry_put_behind_the_end_shows(database: Database, story: Case) -> None:
    last = "(SELECT hash FROM log_entry WHERE seq = 5)"
    problems = await problems_after(database, COPY.format(seq=6, previous=last, hash="'f00d'"))
    assert "Entry 6 does not match its seal: it was changed, moved or inserted." in problems
    assert "The case counts 5 entries, but the log has 6." in problems


async def test_an_entry_put_in_between_shows(database: Database, story: Case) -> None:
    problems = await problems_after(
        database,
        "UPDATE log_entry SET seq = 6 WHERE seq = 5",
        "UPDATE log_entry SET seq = 5 WHERE seq = 4",
        "UPDATE log_entry SET seq = 4 WHERE seq = 3",
        COPY.format(seq=3, previous="hash", hash="'f00d'"),
        'UPDATE "case" SET revision = 6',
    )
    assert "Entry 3 does not match its seal: it was changed, moved or inserted." in problems
    assert "Entry 4 does not follow the entry before it." in problems


async def test_entries_that_changed_places_show(database: Database, story: Case) -> None:
    problems = await problems_after(
        database,
        "UPDATE log_entry SET seq = 99 WHERE seq = 3",
        "UPDATE log_entry SET seq = 3 WHERE seq = 4",
        "UPDATE log_entry SET seq = 4 WHERE seq = 99",
    )
    for seq in (3, 4):
        assert f"Entry {seq} does not match its seal: it was changed, moved or inserted." in problems


async def test_an_entry_of_another_case_does_not_fit(database: Database, story: Case) -> None:
    async with database.transaction() as db:
        other = await reported(db, "V-other")
        await append(db, other, LogKind.ROOM_OPENED, "leakbot", NOON, {})
    problems = await problems_after(
        database,
        "DELETE FROM log_entry WHERE case_id = 1 AND seq = 2",
        "UPDATE log_entry SET case_id = 1 WHERE case_id = 2 AND seq = 2",
    )
    assert "Entry 2 does not match its seal: it was changed, moved or inserted." in problems


BLANK = "UPDATE log_entry SET data = '{{\"blanked\": true}}' WHERE seq = {seq}"


async def test_blanked_data_leaves_the_chain_sound(database: Database, story: Case) -> None:
    async with database.transaction() as db:
        row = await case_row(db, NUMBER, lock=True)
        assert row is not None
        await append(db, row, LogKind.BLANKED, "leakbot", NOON, {"entries": [1, 7]})
    assert await problems_after(database, BLANK.format(seq=1)) == []
    emptied = "UPDATE log_entry SET data = '{}' WHERE seq = 1"
    assert await problems_after(database, emptied) == ["The data of entry 1 was changed."]


async def test_data_that_no_step_of_ours_blanked_was_removed_by_hand(database: Database, story: Case) -> None:
    assert await problems_after(database, BLANK.format(seq=2)) == ["The data of entry 2 was removed."]
    async with database.transaction() as db:
        row = await case_row(db, NUMBER, lock=True)
        assert row is not None
        await append(db, row, LogKind.BLANKED, "leakbot", NOON, {"entries": [1, 7]})
        await append(db, row, LogKind.CLOSED, "leakbot", NOON, {"outcome": "recovered"})
    problems = await problems_after(database, BLANK.format(seq=7))
    assert problems == ["The data of entry 2 was removed.", "The data of entry 7 was removed."]


async def test_a_changed_head_of_the_case_shows(database: Database, story: Case) -> None:
    problems = await problems_after(database, "UPDATE \"case\" SET log_head = 'f00d'")
    assert problems == ["Entry 5 is not the newest one that the case was sealed with."]


async def test_an_unknown_case_is_not_called_sound(database: Database) -> None:
    async with database.reading() as db:
        with pytest.raises(NotFound, match="2026-0404"):
            await verify(db, "2026-0404")


async def test_a_sealed_log_is_verified_and_tampering_with_ciphertext_shows(database_url: str) -> None:
    key = Fernet.generate_key().decode()
    sealed = Database.open(database_url, [key])
    await told(sealed)
    assert await problems_after(sealed) == []
    foreign = Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    problems = await problems_after(sealed, f"UPDATE log_entry SET data = '{foreign}' WHERE seq = 2")  # noqa: S608
    assert problems == ["The data of entry 2 cannot be decrypted."]
    await sealed.close()
    plain = Database.open(database_url)
    async with plain.reading() as db:
        with pytest.raises(ConfigurationError, match="LEAKBOT_ENCRYPTION_KEYS"):
            await verify(db, NUMBER)
    await plain.close()


async def test_what_is_hashed_is_what_is_read_back(database: Database) -> None:
    data: dict[str, Any] = {
        "skipped": SkipReason.IS_REPORTER,
        "users": ("U0A", "U0B"),
        "何": {"b": 1, "a": None},
    }
    async with database.transaction() as db:
        case = await reported(db)
        seq = await append(db, case, LogKind.PAGE_SKIPPED, "leakbot", NOON, data)
        assert seq == case.revision == 2
    async with database.reading() as db:
        stored = (await log_of(db, case.id or 0, [LogKind.PAGE_SKIPPED]))[0]
        assert (stored.seq, stored.hash) == (seq, case.log_head)
        assert stored.data == {"skipped": "is_reporter", "users": ["U0A", "U0B"], "何": {"b": 1, "a": None}}
        assert await verify(db, NUMBER) == []


async def test_a_moment_without_zone_is_refused(database: Database, story: Case) -> None:
    with pytest.raises(ValueError, match="no zone"):
        async with database.transaction() as db:
            await append(db, story, LogKind.CLOSED, "U0", NOON.replace(tzinfo=None), {})


async def test_entries_written_at_once_make_one_chain_each(database: Database) -> None:
    async with database.transaction() as db:
        numbers = [(await reported(db, f"V{count}")).number for count in range(4)]

    async def write(number: str, count: int) -> None:
        async with database.transaction() as db:
            # Some hold the case's row while they decide, some only append: neither may fork the chain.
            row = await case_row(db, number, lock=count % 2 == 0)
            assert row is not None
            await append(db, row, LogKind.FACTS_ADDED, f"U{count}", NOON, {"count": count})

    await asyncio.gather(*(write(number, count) for count in range(6) for number in numbers))
    async with database.reading() as db:
        for number in numbers:
            case = await case_row(db, number)
            assert case is not None
            assert case.revision == 7
            assert await verify(db, number) == []


async def test_an_auditor_recomputes_the_chain_from_the_case_file_alone(
    database: Database, story: Case
) -> None:
    async with database.reading() as db:
        case = json.loads(json.dumps(await case_json(db, NUMBER, {})))

    def digest(value: Any, salt: str = "") -> str:
        return sha256((salt + json.dumps(value, sort_keys=True, separators=(",", ":"))).encode()).hexdigest()

    previous = ""
    for seq, entry in enumerate(case["log"], 1):
        assert entry["digest"] == digest(entry["data"], entry["salt"])
        sealed = [previous, NUMBER, seq, utc(entry["at"]), entry["actor"], entry["kind"], entry["digest"]]
        assert entry["hash"] == digest(sealed)
        previous = entry["hash"]
    assert case["log_head"] == previous


def utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat()
