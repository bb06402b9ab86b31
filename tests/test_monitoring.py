"""What operators are told: /healthz, /readyz and /metrics, and that they notice what goes wrong."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import psycopg
import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families
from psycopg.sql import SQL, Identifier
from sqlalchemy import text

from bot.app import Leakbot, Pace, running
from bot.resources import resource
from bot.settings import Settings
from bot.vocabulary import Alarm
from bot.workspace import Workspace
from tests.databases import Postgres
from tests.world import World, the_company

SOON = Pace(first_retry=0.02, heartbeat=0.05, rehearse=False)


@pytest.fixture
async def office() -> AsyncIterator[Workspace]:
    """A local workspace that may be treated badly."""
    async with Workspace(manifest=resource("app_manifest.yml")) as local:
        yield local


@asynccontextmanager
async def at_work(office: Workspace, url: str, **changes: str) -> AsyncIterator[Leakbot]:
    """The bot, with a heart that beats twenty times a second."""
    environment = {**office.environment, "LEAKBOT_DATABASE_URL": url, "LEAKBOT_PORT": "0", **changes}
    async with running(Settings.read(environment), the_company(), office.clock, SOON) as bot:
        yield bot


async def answer(bot: Leakbot, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{bot.address}{path}") as got:
        return got.status, await got.text()


async def readiness(bot: Leakbot, wanted: int) -> str:
    """Wait until /readyz answers so. Out: what it says."""
    async with asyncio.timeout(20):
        while True:
            status, text = await answer(bot, "/readyz")
            if status == wanted:
                return text
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_a_bot_token_revoked_while_running_is_noticed_and_said(
    office: Workspace, sqlite_url: str, way: str
) -> None:
    changes = {"SLACK_APP_TOKEN": ""} if way == "http" else {}
    with structlog.testing.capture_logs() as logged:
        async with at_work(office, sqlite_url, **changes) as bot:
            await readiness(bot, 200)
            await office.revoke(office.environment["SLACK_BOT_TOKEN"])
            said = await readiness(bot, 503)
            assert "Slack refuses SLACK_BOT_TOKEN: token_revoked" in said
            assert "leakbot_ready 0.0" in (await answer(bot, "/metrics"))[1]
            assert (await answer(bot, "/healthz"))[0] == 200
            await heartbeats(office, 3)
    refused = [line for line in logged if line["event"] == "slack_refuses_the_token"]
    assert [(line["log_level"], line["error"]) for line in refused] == [("error", "token_revoked")]


async def heartbeats(office: Workspace, count: int) -> None:
    """Wait for so many further looks at the token."""
    until = sum(call.method == "auth.test" for call in office.calls) + count
    async with asyncio.timeout(20):
        while True:
            if sum(call.method == "auth.test" for call in office.calls) >= until:
                return
            await asyncio.sleep(0.02)


async def test_an_app_token_revoked_while_running_is_noticed_and_said(
    office: Workspace, sqlite_url: str
) -> None:
    with structlog.testing.capture_logs() as logged:
        async with at_work(office, sqlite_url) as bot:
            await readiness(bot, 200)
            await office.revoke(office.environment["SLACK_APP_TOKEN"])
            assert "Slack refuses SLACK_APP_TOKEN: token_revoked" in await readiness(bot, 503)
    assert "slack_refuses_the_token" in [line["event"] for line in logged]


async def test_a_socket_that_slack_renews_is_no_trouble(office: Workspace, sqlite_url: str) -> None:
    async with at_work(office, sqlite_url) as bot:
        await office.drop_connections("refresh_requested")
        await heartbeats(office, 3)
        await readiness(bot, 200)
        await office.sockets.wait_for_connections(1)


async def test_a_slack_that_is_down_for_a_moment_is_waited_for(office: Workspace, sqlite_url: str) -> None:
    async with at_work(office, sqlite_url) as bot:
        office.faults.add("auth.test", times=5, status=503)
        await heartbeats(office, 7)
        await readiness(bot, 200)


async def test_a_database_file_that_is_gone_and_comes_back(office: Workspace, sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    away = f"{file}.away"
    async with at_work(office, sqlite_url) as bot:
        await readiness(bot, 200)
        os.rename(file, away)
        assert "is gone" in await readiness(bot, 503)
        os.rename(away, file)
        await readiness(bot, 200)


async def test_a_server_that_is_gone_and_comes_back(office: Workspace, postgres: Postgres) -> None:
    name = postgres.create()
    url = postgres.url(name)
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        async with at_work(office, url) as bot:
            await readiness(bot, 200)
            admin.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(Identifier(name)))
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            assert "cannot be used" in await readiness(bot, 503)
            status, figures = await answer(bot, "/metrics")
            assert (status, "leakbot_ready 0.0" in figures) == (200, True)
            admin.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(Identifier(name)))
            await readiness(bot, 200)
    postgres.drop(name)


async def test_a_schema_that_another_version_changed_meanwhile(office: Workspace, database_url: str) -> None:
    async with at_work(office, database_url) as bot:
        await readiness(bot, 200)
        async with bot.database.transaction() as db:
            await db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert "is no longer the one" in await readiness(bot, 503)
        async with bot.database.transaction() as db:
            await db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        await readiness(bot, 200)


async def test_figures_are_explained_and_hold_only_kinds_and_counts(world: World) -> None:
    number = await world.reports(summary="極秘の顧客リスト")
    status, text = await answer(world.bot, "/metrics")
    assert status == 200
    assert number not in text
    assert "極秘" not in text
    for user in ("U0REPORTER", "U0MANAGER", "営業"):
        assert user not in text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert {"leakbot_alarm", "leakbot_delivery_oldest_seconds"} <= set(families)
    assert {"leakbot_ready", "leakbot_deliveries", "leakbot_deliveries_waiting"} <= set(families)
    assert all(family.documentation for family in families.values())
    for family in families.values():
        for sample in family.samples:
            assert set(sample.labels) <= {"kind", "outcome", "name"}
            assert sample.labels.get("name", "page_without_answer") in set(Alarm)
            assert re.fullmatch("[a-z_]+", sample.labels.get("kind", "page"))
