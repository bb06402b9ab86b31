"""`leakbot check`: everything that can be wrong is one finding with its remedy."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cases.database import Database
from bot.check import Examination, examine
from bot.workspace import Workspace
from tests.cases.rows import reported
from tests.cli.conftest import Terminal
from tests.world import DEMO_ORGANISATION


@pytest.fixture
def environment(office: Workspace, folder: Path, sqlite_url: str) -> dict[str, str]:
    """Everything set as it should be."""
    return {
        **office.environment,
        "LEAKBOT_DATABASE_URL": sqlite_url,
        "LEAKBOT_ORGANISATION": str(folder / "organisation.yaml"),
    }


class ShiftedClock:
    """A machine whose clock is wrong."""

    def __init__(self, office: Workspace, by: timedelta) -> None:
        self._office, self._by = office, by

    def now(self) -> datetime:
        return self._office.clock.now() + self._by

    def subscribe(self, callback: Callable[[], None], /) -> None:
        """It never jumps."""


async def examined(office: Workspace, environment: dict[str, str], **changes: str) -> Examination:
    """Examine, and see to it that no secret stands in any finding."""
    env = {**environment, **changes}
    examination = await examine(office.clock, env)
    said = json.dumps([finding.value() for finding in examination.findings])
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert env[name] == "" or env[name] not in said
    assert all(finding.remedy for finding in examination.findings if finding.state == "failed")
    return examination


def states(examination: Examination) -> dict[str, str]:
    """The worst state of each check."""
    order = {"failed": 0, "warning": 1, "ok": 2}
    found = sorted(examination.findings, key=lambda finding: -order[finding.state])
    return {finding.name: finding.state for finding in found}


def detail(examination: Examination, name: str) -> str:
    return " ".join(finding.detail for finding in examination.findings if finding.name == name)


def organisation(folder: Path, old: str, new: str) -> None:
    assert old in DEMO_ORGANISATION
    text = DEMO_ORGANISATION.replace(old, new)
    (folder / "organisation.yaml").write_text(text, encoding="utf-8")


async def test_a_good_installation_is_well_and_a_short_chain_is_only_a_warning(
    office: Workspace, environment: dict[str, str]
) -> None:
    examination = await examined(office, environment)
    assert states(examination) == {
        "settings": "ok",
        "organisation": "ok",
        "time_zone": "ok",
        "database": "ok",
        "bot_token": "ok",
        "app_token": "ok",
        "scopes": "ok",
        "clock": "ok",
        "people": "ok",
        "chain": "warning",
    }
    assert "hr: its chain is one person deep" in detail(examination, "chain")
    assert examination.exit_code == 0
    assert office.violations == []


async def test_http_mode_needs_a_signing_secret(office: Workspace, environment: dict[str, str]) -> None:
    assert states(await examined(office, environment, SLACK_APP_TOKEN=""))["signing_secret"] == "ok"
    weak = await examined(office, environment, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="12345")
    assert states(weak)["signing_secret"] == "warning"
    none = await examined(office, environment, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="")
    assert none.exit_code == 2
    assert states(none)["settings"] == "failed"


@pytest.mark.parametrize(
    ("variable", "value", "name"),
    [
        ("SLACK_BOT_TOKEN", "", "settings"),
        ("SLACK_BOT_TOKEN", "xapp-of-the-wrong-kind", "settings"),
        ("SLACK_API_URL", "slack.example", "settings"),
        ("LEAKBOT_PORT", "many", "settings"),
        ("LEAKBOT_ORGANISATION", "none.yaml", "organisation"),
        ("LEAKBOT_DATABASE_URL", "mysql://host/database", "database"),
        ("LEAKBOT_DATABASE_URL", "sqlite:////there/is/no/such/folder/leakbot.db", "database"),
    ],
)
async def test_what_is_written_wrongly_is_exit_2(
    office: Workspace, environment: dict[str, str], variable: str, value: str, name: str
) -> None:
    examination = await examined(office, environment, **{variable: value})
    assert examination.exit_code == 2
    assert states(examination)[name] == "failed"


async def test_a_broken_organisation_file_is_said_and_the_rest_is_still_checked(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    organisation(folder, "Asia/Tokyo", "Asia/Tokio")
    examination = await examined(office, environment)
    assert "Asia/Tokio" in detail(examination, "organisation")
    assert states(examination)["scopes"] == "ok"
    assert examination.exit_code == 2


async def test_tokens_that_slack_refuses(office: Workspace, environment: dict[str, str]) -> None:
    made_up = await examined(office, environment, SLACK_BOT_TOKEN="xoxb-made-up")
    assert "invalid_auth" in detail(made_up, "bot_token")
    assert made_up.exit_code == 1
    await office.revoke(environment["SLACK_APP_TOKEN"])
    revoked = await examined(office, environment)
    assert "token_revoked" in detail(revoked, "app_token")
    assert revoked.exit_code == 1
    office.sockets.enabled = False
    assert states(await examined(office, environment))["app_token"] == "failed"


async def test_scopes_are_compared_with_the_manifest(office: Workspace, environment: dict[str, str]) -> None:
    office.scopes.add("channels:history")
    more = await examined(office, environment)
    assert detail(more, "scopes") == "more than leakbot needs: channels:history."
    assert more.exit_code == 0
    office.scopes.difference_update({"pins:write", "groups:history"})
    less = await examined(office, environment)
    assert detail(less, "scopes") == "missing: groups:history, pins:write."
    assert less.exit_code == 1


@pytest.mark.parametrize(("seconds", "state"), [(-55, "ok"), (55, "ok"), (-70, "failed"), (70, "failed")])
async def test_the_clock_is_compared_with_slacks(
    office: Workspace, environment: dict[str, str], seconds: int, state: str
) -> None:
    examination = await examine(ShiftedClock(office, timedelta(seconds=seconds)), environment)
    assert states(examination)["clock"] == state
    assert examination.exit_code == (state == "failed")


async def test_people_who_are_not_there_or_not_active_or_guests(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    office.add_person("temp", "派遣社員", restricted=True)
    office.add_person("gone", "退職者", deleted=True)
    office.add_group("empty", "だれもいない", [])
    organisation(
        folder,
        "    manager: hr_manager@sample.example\n    deputies: []",
        "    manager: U0GONE\n    deputies: [U0TEMP, U0NOBODY, nobody@sample.example]\n"
        '    members: ["@empty", "@none", S0NONE]\n    contact_point: "@press"',
    )
    examination = await examined(office, environment)
    said = {f.detail.split(" (")[0]: f for f in examination.findings if f.name == "people"}
    assert {name: finding.state for name, finding in said.items()} == {
        "U0GONE": "failed",
        "U0TEMP": "warning",
        "U0NOBODY": "failed",
        "nobody@sample.example": "failed",
        "@empty": "failed",
        "@none": "failed",
        "S0NONE": "failed",
        "@press": "failed",
    }
    assert said["U0GONE"].detail == "U0GONE (manager of hr): deactivated."
    assert "a guest" in said["U0TEMP"].detail
    assert examination.exit_code == 1


async def test_chains_that_lead_nowhere_are_warnings(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    organisation(folder, "    manager: hr_manager@sample.example", "    manager: ciso@sample.example")
    assert "department hr: its manager is a last resort too" in detail(
        await examined(office, environment), "chain"
    )
    organisation(folder, "    manager: hr_manager@sample.example", "    manager: nobody@sample.example")
    assert "department hr: neither manager nor deputies" in detail(
        await examined(office, environment), "chain"
    )


async def test_people_that_slack_does_not_tell_are_one_finding(
    office: Workspace, environment: dict[str, str]
) -> None:
    office.scopes.discard("users:read.email")
    examination = await examined(office, environment)
    assert detail(examination, "people") == "could not be read from Slack: missing_scope."
    assert examination.exit_code == 1


async def test_slack_that_tells_nothing_in_time_is_not_waited_for(
    office: Workspace, environment: dict[str, str]
) -> None:
    office.faults.add("users.lookupByEmail", times=None, status=429, retry_after=60)
    office.faults.add("apps.connections.open", times=None, latency=60)
    begin = time.monotonic()
    examination = await examined(office, environment)
    assert time.monotonic() - begin < 15
    assert states(examination)["people"] == "failed"
    assert states(examination)["app_token"] == "failed"


async def test_a_database_that_is_empty(
    office: Workspace, environment: dict[str, str], empty_database_url: str, backend: str
) -> None:
    examination = await examined(office, environment, LEAKBOT_DATABASE_URL=empty_database_url)
    if backend == "sqlite":
        assert "`leakbot run` makes its tables" in detail(examination, "database")
        assert examination.exit_code == 0
    else:
        [finding] = [each for each in examination.findings if each.name == "database"]
        assert finding.remedy == "Run `leakbot db upgrade`."
        assert examination.exit_code == 1


async def test_a_database_of_a_newer_leakbot(office: Workspace, environment: dict[str, str]) -> None:

    with sqlite3.connect(environment["LEAKBOT_DATABASE_URL"].removeprefix("sqlite:///")) as file:
        file.execute("UPDATE alembic_version SET version_num = 'v9999'")
    file.close()
    examination = await examined(office, environment)
    assert "does not know" in detail(examination, "database")
    assert examination.exit_code == 1


async def test_a_database_that_is_not_there(office: Workspace, environment: dict[str, str]) -> None:
    nowhere = "postgresql://leak:hidden@127.0.0.1:9/leakbot"
    examination = await examined(office, environment, LEAKBOT_DATABASE_URL=nowhere)
    assert states(examination)["database"] == "failed"
    assert "hidden" not in str(examination)
    assert examination.exit_code == 1


async def test_an_encrypted_database_without_its_key(
    office: Workspace, environment: dict[str, str], sqlite_url: str
) -> None:
    key = Fernet.generate_key().decode()
    database = Database.open(sqlite_url, [key])
    async with database.transaction() as db:
        await reported(db)
    await database.close()
    assert states(await examined(office, environment, LEAKBOT_ENCRYPTION_KEYS=key))["database"] == "ok"
    examination = await examined(office, environment)
    assert "LEAKBOT_ENCRYPTION_KEYS is not set" in detail(examination, "database")
    assert examination.exit_code == 1


async def test_the_command_prints_one_line_a_check_or_json(
    office: Workspace, environment: dict[str, str], terminal: Terminal
) -> None:
    terminal.sets(**environment)
    assert await asyncio.to_thread(terminal.types, "check") == 0
    lines = terminal.out.splitlines()
    assert lines[0] == "ok       settings       complete, for Socket Mode."
    assert all(line.split()[0] in ("ok", "warning") for line in lines)
    assert await asyncio.to_thread(terminal.types, "check", "--json") == 0
    findings = json.loads(terminal.out)
    assert len(findings) == len(lines)
    assert all(set(each) == {"name", "state", "detail", "remedy"} for each in findings)
    terminal.sets(SLACK_BOT_TOKEN="xoxb-made-up")
    assert await asyncio.to_thread(terminal.types, "check") == 1
    terminal.sets(LEAKBOT_ORGANISATION="none.yaml")
    assert await asyncio.to_thread(terminal.types, "check") == 2
