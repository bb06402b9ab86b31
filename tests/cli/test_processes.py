"""`demo`, `workspace` and `run` as processes: they start, answer their operators, and end at SIGTERM."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography.fernet import Fernet

from bot.workspace import Workspace
from tests.cli.processes import Command, free_port, leakbot, taken_port
from tests.world import LOST_USB


async def answer(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as got:
        return got.status, await got.text()


async def says(workspace: str, what: str, **values: Any) -> dict[str, Any]:
    """What the workspace's page would post for the reporter."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{workspace}/client/{what}", json={"user": "reporter", **values}) as got,
    ):
        value: dict[str, Any] = await got.json()
        return value


async def test_the_demo_starts_keeps_its_database_where_told_and_ends(tmp_path: Path) -> None:
    data = tmp_path / "kept" / "here"
    async with leakbot(tmp_path, "demo", "--port", "0", "--data", str(data)) as demo:
        page = (await demo.says("leakbot demo")).split()[-1]
        address = await demo.ready()
        assert (await answer(page))[0] == 200
        assert (await answer(f"{address}/readyz"))[0] == 200
        assert (await says(page, "command", command="/leak", text="", channel="bot"))["ok"]
        assert await demo.terminated() == 0
    assert (data / "leakbot-demo.db").is_file()
    assert not [line for line in demo.err if "Traceback" in line]


async def test_run_answers_its_operators_and_ends(office: Workspace, folder: Path) -> None:
    more = {
        "LEAKBOT_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LEAKBOT_HEARTBEAT_URL": "http://127.0.0.1:9/a-secret-of-ours",
        "SMTP_PASSWORD": "another-secret-of-ours",
    }
    async with leakbot(folder, "run", **office.environment, **more, LEAKBOT_PORT="0") as bot:
        address = await bot.ready()
        assert await answer(f"{address}/healthz") == (200, '{"ok": true}')
        assert (await answer(f"{address}/readyz"))[0] == 200
        status, figures = await answer(f"{address}/metrics")
        assert status == 200
        assert "leakbot_ready 1.0" in figures
        assert await bot.terminated() == 0
    for secret in [
        *(office.environment[name] for name in office.environment if "URL" not in name),
        *more.values(),
    ]:
        assert not [line for line in [*bot.out, *bot.err] if secret in line]


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_run_connects_to_workspace_by_the_printed_environment(folder: Path, way: str) -> None:
    port = free_port()
    events = ["--events-url", f"http://127.0.0.1:{port}/slack/events"] if way == "http" else []
    async with leakbot(folder, "workspace", "--port", "0", *events) as workspace:
        await workspace.says("Ctrl+C ends")
        page = workspace.out[0].removeprefix("# ")
        given = workspace.environment
        assert ("SLACK_APP_TOKEN" in given) is (way == "socket")
        async with leakbot(folder, "run", **given, LEAKBOT_PORT=str(port)) as bot:
            assert await bot.ready() == f"http://127.0.0.1:{port}"
            await a_report_is_heard(page)
            assert await bot.terminated() == 0
        async with leakbot(folder, "case", "list", "--json", **given) as listed:
            assert await listed.ends() == 0
        assert '"number": "20' in "".join(listed.out)
        assert await workspace.terminated() == 0


async def a_report_is_heard(page: str) -> None:
    assert (await says(page, "command", command="/leak", text="", channel="bot"))["ok"]
    view = (await looks(page, "boot"))["modal"]
    assert view["callback_id"] == "first_report"
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    state = {block["block_id"]: {"value": filled_in(block)} for block in inputs}
    sent = await says(page, "submit", view_id=view["id"], state=state)
    assert sent["ok"], sent
    assert not sent.get("errors"), sent
    async with asyncio.timeout(20):
        while True:
            if "page_acknowledge" in str(await looks(page, "history", user="manager", channel="bot")):
                return
            await asyncio.sleep(0.05)


def filled_in(block: dict[str, Any]) -> dict[str, Any]:
    """What the page holds for an input: the sign and the sentence chosen here, all else as it was shown."""
    element = block["element"]
    held = {"type": element["type"]}
    for name, value in element.items():
        if name.startswith("initial_"):
            held[{"initial_value": "value"}.get(name, name.replace("initial_", "selected_"))] = value
    if block["block_id"] == "summary":
        held["value"] = LOST_USB["summary"]
    for option in element.get("options", []):
        if option["value"] in (LOST_USB["indicator"], "sales"):
            held["selected_option"] = option
    return held


async def looks(page: str, what: str, user: str = "reporter", **values: str) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{page}/client/{what}", params={"user": user, **values}) as got,
    ):
        value: dict[str, Any] = await got.json()
        return value


async def one_line(command: Command, exit_code: int) -> str:
    assert await command.ends(15) == exit_code, command.err
    assert len(command.err) == 1, command.err
    return command.err[0]


async def test_a_taken_port_is_one_line(office: Workspace, folder: Path) -> None:
    with taken_port() as listener:
        port = str(listener.getsockname()[1])
        async with leakbot(folder, "demo", "--port", port) as demo:
            assert f"Cannot listen on 127.0.0.1:{port}" in await one_line(demo, 1)
        async with leakbot(folder, "workspace", "--port", port) as workspace:
            assert f"Cannot listen on 127.0.0.1:{port}" in await one_line(workspace, 1)
        async with leakbot(folder, "run", **office.environment, LEAKBOT_PORT=port) as bot:
            assert f"Cannot listen on 127.0.0.1:{port}" in await one_line(bot, 1)


async def test_refused_tokens_are_one_line(office: Workspace, folder: Path) -> None:
    given = {**office.environment, "LEAKBOT_PORT": "0"}
    async with leakbot(folder, "run", **{**given, "SLACK_BOT_TOKEN": "xoxb-made-up"}) as bot:
        assert "Slack refused SLACK_BOT_TOKEN: invalid_auth" in await one_line(bot, 1)
    async with leakbot(folder, "run", **{**given, "SLACK_APP_TOKEN": "xapp-made-up"}) as bot:
        assert "Slack refused SLACK_APP_TOKEN: invalid_auth" in await one_line(bot, 1)
    await office.revoke(given["SLACK_BOT_TOKEN"])
    async with leakbot(folder, "run", **given) as bot:
        assert "Slack refused SLACK_BOT_TOKEN: token_revoked" in await one_line(bot, 1)


async def test_slack_out_of_reach_or_silent_is_one_line_within_fifteen_seconds(
    office: Workspace, folder: Path
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/api/"
    async with leakbot(folder, "run", **{**office.environment, "SLACK_API_URL": nowhere}) as bot:
        assert f"Slack at {nowhere} does not answer" in await one_line(bot, 1)
    office.faults.add(times=None, latency=60)
    async with (
        leakbot(folder, "run", **office.environment, LEAKBOT_PORT="0") as bot,
        leakbot(folder, "check", **office.environment) as check,
    ):
        said, code = await asyncio.gather(one_line(bot, 1), check.ends(15))
    assert "does not answer as it should: TimeoutError" in said
    assert code == 1
    assert [line.split()[:2] for line in check.out if "TimeoutError" in line] == [
        ["failed", "bot_token"],
        ["failed", "app_token"],
    ]
