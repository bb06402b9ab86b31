"""`leakbot check`: everything that can be wrong is one finding with its remedy."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cases.database import Database
from bot.check import Examination, examine
from bot.outbox.alarms import note
from bot.vocabulary import Alarm
from bot.workspace import Workspace
from tests.cases.rows import reported
from tests.cli.conftest import Terminal
from tests.operation.test_alarms import somebody_outside
from tests.world import SAMPLE_ORGANISATION


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
    assert old in SAMPLE_ORGANISATION
    text = SAMPLE_ORGANISATION.replace(old, new)
    (folder / "organisation.yaml").write_text(text, encoding="utf-8")


async def test_a_folder_of_evidence_must_be_there_and_take_files(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    organisation(folder, "locale: ja", "locale: ja\nevidence: {store: kept}")
    missing = await examined(office, environment)
    assert (states(missing)["organisation"], missing.exit_code) == ("failed", 2)
    (folder / "kept").mkdir()
    assert states(await examined(office, environment))["evidence"] == "ok"
    (folder / "kept").chmod(0o500)
    found = await examined(office, environment)
    if os.geteuid() != 0:  # nothing is closed to root
        assert states(found)["evidence"] == "failed"
        assert "cannot be written to" in detail(found, "evidence")


async def test_a_good_installation_is_well_and_a_short_chain_is_only_a_warning(
    office: Workspace, environment: dict[str, str]
) -> None:
    examination = await examined(office, environment)
    assert states(examination) == {
        "settings": "ok",
        "organisation": "ok",
        "time_zone": "ok",
        "encryption": "warning",
        "disk": "ok",
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


async def test_keys_disk_heartbeat_and_alarms(office: Workspace, environment: dict[str, str]) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    examination = await examined(office, environment, LEAKBOT_ENCRYPTION_KEYS=f"{new},{old}")
    assert states(examination)["encryption"] == "ok"
    assert "and 1 older to read with" in detail(examination, "encryption")
    assert old not in str(examination)
    assert "GB are free in" in detail(examination, "disk")
    assert {"heartbeat", "alarms"}.isdisjoint(states(examination)), "nothing to be said of either"
    async with somebody_outside() as (url, heard):
        examination = await examined(office, environment, LEAKBOT_HEARTBEAT_URL=url)
        assert (states(examination)["heartbeat"], len(heard)) == ("ok", 1)
    examination = await examined(office, environment, LEAKBOT_HEARTBEAT_URL=url)
    assert (states(examination)["heartbeat"], examination.exit_code) == ("failed", 1)
    assert url not in str(examination)
    database = Database.open(environment["LEAKBOT_DATABASE_URL"])
    async with database.transaction() as db:
        await note(db, {Alarm.DELIVERY_STUCK: ["2026-0001"]}, (), "me", office.clock.now())
    await database.close()
    examination = await examined(office, environment)
    assert (states(examination)["alarms"], examination.exit_code) == ("warning", 0)
    assert "delivery_stuck: Messages are stuck." in detail(examination, "alarms")


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


CHANNELS = "paging: {acknowledge_within: 10m, repeat_every: 10m"
MAIL = "mailtos://leakbot:${SMTP_PASSWORD}@smtp.sample.example?to={email}"


async def test_further_channels_are_tried_and_named_by_line(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    organisation(folder, CHANNELS, f"{CHANNELS}, channels: ['{MAIL}']")
    good = await examined(office, environment, SMTP_PASSWORD="pa55word")
    assert states(good)["channels"] == "ok"
    assert "(mail)" in detail(good, "channels")
    assert "LEAKBOT_PUBLIC_URL is not set" in detail(good, "channels")
    assert "pa55word" not in str(good)
    reached = await examined(
        office, environment, SMTP_PASSWORD="pa55word", LEAKBOT_PUBLIC_URL="https://leak.sample.example/"
    )
    assert "https://leak.sample.example." in detail(reached, "channels")
    unset = await examined(office, environment)
    assert "organisation.yaml:19: paging.channels[0]: SMTP_PASSWORD is not set" in detail(unset, "channels")
    assert unset.exit_code == 2, "`leakbot run` would not start"
    organisation(folder, CHANNELS, f"{CHANNELS}, channels: ['nosuch://user:pa55word@host']")
    unknown = await examined(office, environment)
    assert "Apprise cannot use this URL" in detail(unknown, "channels")
    assert "pa55word" not in str(unknown)
    assert unknown.exit_code == 2


async def test_whoever_has_no_address_for_a_channel_is_named(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    office.person("manager").user.phone = "090-1234-5678"
    office.add_person("walker", "外回りさん", email="")
    phone = f"twilio://AC{'a' * 32}:{'b' * 32}@15551234567/{{phone}}"
    organisation(folder, CHANNELS, f"{CHANNELS}, channels: ['{phone}', '{MAIL}']")
    text = (folder / "organisation.yaml").read_text(encoding="utf-8")
    text = text.replace("deputies: []", "deputies: [U0WALKER]")
    (folder / "organisation.yaml").write_text(text, encoding="utf-8")
    examination = await examined(office, environment, SMTP_PASSWORD="pa55word")
    said = detail(examination, "channels")
    assert "deputy@sample.example (deputies of sales): Slack knows no telephone number, so Twilio" in said
    assert "ciso@sample.example (last_resort): Slack knows no telephone number" in said
    assert "U0WALKER (deputies of hr): Slack knows no e-mail address, so mail cannot call them." in said
    assert "manager@sample.example (manager" not in said.replace("hr_manager@sample.example (manager", "")
    assert states(examination)["channels"] == "warning"
    assert "0901234" not in str(examination)
    assert examination.exit_code == 0


async def test_a_last_resort_whom_nobody_can_page_is_a_failure(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    office.person("ciso").user.restricted = True
    examination = await examined(office, environment)
    assert "last_resort: nobody in it can be paged" in detail(examination, "chain")
    assert "neither paged nor invited" in detail(examination, "people")
    assert examination.exit_code == 1


async def test_guests_and_bots_make_no_chain(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    office.add_person("temp", "派遣社員", restricted=True)
    organisation(
        folder,
        "    manager: hr_manager@sample.example\n    deputies: []",
        "    manager: U0TEMP\n    deputies: [U0LEAKBOT]",
    )
    examination = await examined(office, environment)
    assert "department hr: neither manager nor deputies can be paged" in detail(examination, "chain")
    assert "U0LEAKBOT (deputies of hr): a bot" in detail(examination, "people")


async def test_deputies_who_are_the_last_resort_are_a_warning(
    office: Workspace, environment: dict[str, str], folder: Path
) -> None:
    organisation(folder, "deputies: [deputy@sample.example]", "deputies: [ciso@sample.example]")
    assert "department sales: all its deputies are a last resort too" in detail(
        await examined(office, environment), "chain"
    )
