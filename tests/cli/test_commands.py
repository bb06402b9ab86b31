"""`case`, `db` and wrong usage on the terminal: exit codes, and one clear line for every error."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cases.database import Database
from bot.vocabulary import LogKind
from tests.cases.rows import reported
from tests.cli.conftest import Terminal
from tests.cli.processes import leakbot
from tests.databases import Postgres

NOWHERE = "postgresql://leak:hidden@127.0.0.1:9/leakbot"


def with_a_case(url: str, keys: list[str] | None = None, view_id: str = "V0") -> str:
    """Store one case. Out: its number."""

    async def store() -> str:
        database = Database.open(url, keys or [])
        try:
            async with database.transaction() as db:
                return (await reported(db, view_id)).number
        finally:
            await database.close()

    return asyncio.run(store())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope"], "No such command 'nope'. See `leakbot --help`."),
        (["case", "show"], "See `leakbot case show --help`."),
        (["case", "list", "--jsn"], "--jsn"),
        (["db", "backup"], "See `leakbot db backup --help`."),
        (["demo", "--port", "99999"], "--port"),
        (["assess", "none.yaml"], "none.yaml cannot be read"),
        (["assess"], "See `leakbot assess --help`."),
        (["workspace", "--manifest", "none.yml"], "none.yml: cannot be read"),
        (["workspace", "--manifest", "organisation.yaml"], "it is no app manifest"),
        (["demo", "--data", "organisation.yaml"], "organisation.yaml: cannot be used"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(terminal: Terminal, arguments: list[str], words: str) -> None:
    assert words in terminal.refuses(2, *arguments)


def test_no_command_at_all_shows_the_help(terminal: Terminal) -> None:
    assert terminal.types() == 2
    assert "workspace" in terminal.out
    assert terminal.types("--help") == 0
    assert terminal.types("case") == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "SLACK_BOT_TOKEN: is not set."),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN: does not start with xoxb-."),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET: neither is set."),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-2"}, "SLACK_APP_TOKEN: does not start"),
    ],
)
def test_run_without_its_tokens(terminal: Terminal, changes: dict[str, str], words: str) -> None:
    terminal.sets(**changes)
    assert words in terminal.refuses(2, "run")


TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_API_URL": "http://127.0.0.1:9/api",
}


def test_run_with_a_wrong_organisation_file(terminal: Terminal, folder: Path) -> None:
    terminal.sets(**TOKENS, LEAKBOT_ORGANISATION="none.yaml")
    assert "none.yaml: there is no such organisation file." in terminal.refuses(2, "run")
    (folder / "broken.yaml").write_text("name: [", encoding="utf-8")
    terminal.sets(LEAKBOT_ORGANISATION="broken.yaml")
    assert "broken.yaml:" in terminal.refuses(2, "run")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://host/database", "a database leakbot does not know: mysql"),
        ("hello", "LEAKBOT_DATABASE_URL is not a database URL"),
        ("sqlite:///none/leakbot.db", "the folder none does not exist"),
        ("sqlite:///organisation.yaml", "file is not a database"),
        (NOWHERE, "cannot be used"),
    ],
)
def test_a_wrong_database_is_one_line_for_every_command(terminal: Terminal, url: str, words: str) -> None:
    terminal.sets(**TOKENS, LEAKBOT_DATABASE_URL=url)
    for command in (
        ["run"],
        ["case", "list"],
        ["case", "verify"],
        ["db", "upgrade"],
        ["db", "backup", "b.db"],
    ):
        line = terminal.refuses(2, *command)
        assert words in line
        assert "hidden" not in line
    assert not Path("b.db").exists()


def test_slack_out_of_reach_is_exit_1(terminal: Terminal) -> None:
    terminal.sets(**TOKENS)
    assert "Slack at http://127.0.0.1:9/api/ does not answer" in terminal.refuses(1, "run")


def test_an_empty_database_is_made_or_says_how(
    terminal: Terminal, empty_database_url: str, backend: str
) -> None:
    terminal.sets(LEAKBOT_DATABASE_URL=empty_database_url)
    if backend == "postgres":
        for command in (["case", "list"], ["case", "show", "2026-0001"]):
            assert "Run `leakbot db upgrade`." in terminal.refuses(2, *command)
        assert terminal.types("db", "upgrade") == 0
    assert "is empty" in terminal.refuses(2, "db", "backup", "b.db") if backend == "sqlite" else True
    assert terminal.types("case", "list") == 0
    assert terminal.out == "No cases.\n"
    assert terminal.types("db", "upgrade") == 0
    assert "the schema is the newest" in terminal.out


def test_a_schema_of_a_newer_leakbot_is_refused(terminal: Terminal, sqlite_url: str) -> None:
    file = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    file.execute("UPDATE alembic_version SET version_num = 'v9999'")
    file.commit()
    file.close()
    terminal.sets(LEAKBOT_DATABASE_URL=sqlite_url)
    for command in (["case", "list"], ["db", "upgrade"], ["db", "backup", "b.db"]):
        assert "a schema this leakbot does not know" in terminal.refuses(2, *command)


def test_cases_on_the_terminal(terminal: Terminal, database_url: str) -> None:
    number = with_a_case(database_url)
    terminal.sets(LEAKBOT_DATABASE_URL=database_url)
    assert terminal.types("case", "list") == 0
    assert number in terminal.out
    assert terminal.types("case", "list", "--json") == 0
    [listed] = json.loads(terminal.out)
    assert listed["number"] == number
    assert listed["reported_at"].endswith("+09:00")
    assert terminal.types("case", "show", number) == 0
    assert number in terminal.out
    assert terminal.types("case", "show", number, "--json") == 0
    shown = json.loads(terminal.out)
    assert shown["number"] == number
    assert [entry["kind"] for entry in shown["log"]] == [LogKind.REPORTED.value]
    assert terminal.types("case", "verify") == 0
    assert terminal.out == "1 of 1 records verified.\n"
    assert terminal.types("case", "verify", number, "--json") == 0
    assert json.loads(terminal.out) == [{"number": number, "problems": []}]
    for command in (
        ["case", "show", "2026-0999"],
        ["case", "show", "'; --"],
        ["case", "verify", "2026-0999"],
    ):
        assert terminal.refuses(1, *command).startswith("There is no case ")


def test_a_record_that_was_changed_is_exit_1(terminal: Terminal, sqlite_url: str) -> None:
    number = with_a_case(sqlite_url)
    file = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    file.execute("UPDATE log_entry SET actor = 'U0SOMEBODYELSE'")
    file.commit()
    file.close()
    terminal.sets(LEAKBOT_DATABASE_URL=sqlite_url)
    assert "1 of 1 records are not as they were written." in terminal.refuses(1, "case", "verify")
    assert f"{number}: Entry 1 does not match its seal" in terminal.out
    assert terminal.types("case", "verify", "--json") == 1
    assert json.loads(terminal.out)[0]["problems"]


def test_an_encrypted_database_without_its_key_says_so(terminal: Terminal, database_url: str) -> None:
    key, another = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    number = with_a_case(database_url, [key])
    terminal.sets(**TOKENS, LEAKBOT_DATABASE_URL=database_url)
    for command in (["case", "list"], ["case", "show", number], ["case", "verify"], ["run"]):
        assert "LEAKBOT_ENCRYPTION_KEYS is not set" in terminal.refuses(2, *command)
    terminal.sets(LEAKBOT_ENCRYPTION_KEYS=another)
    assert "no key in LEAKBOT_ENCRYPTION_KEYS" in terminal.refuses(2, "case", "show", number)
    terminal.sets(LEAKBOT_ENCRYPTION_KEYS=f"{another},{key}")
    assert terminal.types("case", "show", number) == 0


def test_a_list_needs_no_organisation_file(terminal: Terminal, folder: Path, sqlite_url: str) -> None:
    with_a_case(sqlite_url)
    (folder / "organisation.yaml").unlink()
    terminal.sets(LEAKBOT_DATABASE_URL=sqlite_url)
    assert terminal.types("case", "list") == 0
    assert "JST" in terminal.out


def test_a_backup_is_restored_by_opening_it(terminal: Terminal, database_url: str) -> None:
    number = with_a_case(database_url)
    terminal.sets(LEAKBOT_DATABASE_URL=database_url)
    assert terminal.types("db", "backup", "copy.db") == 0
    assert "is copied to copy.db" in terminal.out
    assert "copy.db exists already" in terminal.refuses(2, "db", "backup", "copy.db")
    assert "none/copy.db cannot be written" in terminal.refuses(2, "db", "backup", "none/copy.db")
    terminal.sets(LEAKBOT_DATABASE_URL="sqlite:///copy.db")
    assert terminal.types("case", "verify", number) == 0
    assert with_a_case("sqlite:///copy.db", view_id="V1") != number, "people go on working with the copy"


def test_a_backup_is_restored_into_an_empty_database(terminal: Terminal, empty_database_url: str) -> None:
    number = with_a_case_made("sqlite:///origin.db")
    terminal.sets(LEAKBOT_DATABASE_URL="sqlite:///origin.db")
    assert terminal.types("db", "backup", "copy.db") == 0
    terminal.sets(LEAKBOT_DATABASE_URL=empty_database_url)
    assert "none.db does not exist" in terminal.refuses(2, "db", "restore", "none.db")
    assert terminal.types("db", "restore", "copy.db") == 0, terminal.err
    assert "is restored from copy.db: 1 records verified." in terminal.out
    assert terminal.types("case", "verify", number) == 0
    assert "holds cases already" in terminal.refuses(2, "db", "restore", "copy.db")


def with_a_case_made(url: str) -> str:
    """The same in a database that does not exist yet."""

    async def make() -> None:
        database = Database.open(url)
        await database.ensure_ready()
        await database.close()

    asyncio.run(make())
    return with_a_case(url)


async def test_the_copying_of_a_server_knows_every_table(postgres: Postgres, folder: Path) -> None:
    """As a process of its own: whoever has run the tests before has read in everything."""
    name = postgres.create()
    url = postgres.url(name)
    async with leakbot(folder, "db", "backup", "copy.db", LEAKBOT_DATABASE_URL=url) as command:
        assert await command.ends() == 0, command.err
    postgres.drop(name)
    name = postgres.create("template0")
    url = postgres.url(name)
    async with leakbot(folder, "db", "restore", "copy.db", LEAKBOT_DATABASE_URL=url) as command:
        assert await command.ends() == 0, command.err
    postgres.drop(name)


def test_keys_are_made_and_everything_is_given_the_newest(terminal: Terminal, database_url: str) -> None:
    old = Fernet.generate_key().decode()
    number = with_a_case(database_url, [old])
    terminal.sets(LEAKBOT_DATABASE_URL=database_url)
    assert "LEAKBOT_ENCRYPTION_KEYS is not set" in terminal.refuses(2, "keys", "rotate")
    assert terminal.types("keys", "new") == 0
    new = terminal.out.strip()
    terminal.sets(LEAKBOT_ENCRYPTION_KEYS=f"{new},{old}")
    assert terminal.types("keys", "rotate") == 0, terminal.err
    assert "2 of 2 rows sealed anew, 1 records verified." in terminal.out
    assert "log_entry: 1 rows looked at, 1 sealed anew." in terminal.err
    for key in (old, new):
        assert key not in terminal.out + terminal.err
    terminal.sets(LEAKBOT_ENCRYPTION_KEYS=new)
    assert terminal.types("case", "show", number) == 0, "the old key can go"
    terminal.sets(LEAKBOT_ENCRYPTION_KEYS=old)
    assert "no key in LEAKBOT_ENCRYPTION_KEYS" in terminal.refuses(2, "case", "show", number)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_database_that_may_not_be_written_is_one_line(terminal: Terminal, folder: Path) -> None:
    (folder / "locked").mkdir(mode=0o500)
    terminal.sets(LEAKBOT_DATABASE_URL="sqlite:///locked/leakbot.db")
    assert "cannot be written" in terminal.refuses(2, "case", "list")
