"""The `leakbot` command: one short function per subcommand. Errors are one clear line, never a traceback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot import logs
from bot.app import running
from bot.assess import assess_file
from bot.cases import log, queries
from bot.cases.casefile import case_json
from bot.cases.database import Database
from bot.errors import BotError, CheckFailed, NotFound
from bot.organisation import read
from bot.resources import PACKAGE, resource
from bot.settings import Settings
from bot.vocabulary import Indicator, Status
from bot.workflow.obligations import assessment_of
from bot.workspace import Workspace, WorkspaceClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
case_app = typer.Typer(no_args_is_help=True, help="Look at cases on the terminal.")
db_app = typer.Typer(no_args_is_help=True, help="Care for the database.")
app.add_typer(case_app, name="case")
app.add_typer(db_app, name="db")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)]
Number = Annotated[str, typer.Argument(help="The case number, for example 2026-0001.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

DEMO_DATABASE = "leakbot-demo.db"


def main() -> None:
    """Entry point of the console script. Exit codes: 0 well, 1 a check failed or not found, 2 wrong usage."""
    try:
        app()
    except BotError as error:
        print(error.line(), file=sys.stderr)
        sys.exit(error.exit_code)


@app.callback()
def leakbot() -> None:
    """leakbot: leads a company through the worst hour of an office, when personal data has leaked."""


@app.command()
def demo(
    host: Host = "127.0.0.1",
    port: Port = 8765,
    data: Annotated[
        Path | None, typer.Option(help="Keep the demo's database here (made anew at each start).")
    ] = None,
) -> None:
    """Try everything in the browser: a local workspace with the real bot. Needs no account or token."""
    _stay_local()
    with contextlib.ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leakbot-demo-")))
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{DEMO_DATABASE}*"):
            old.unlink()
        logs.configure("console" if sys.stderr.isatty() else "json")
        _serve(lambda stopped: _demo(host, port, folder, stopped))


@app.command()
def workspace(
    host: Host = "127.0.0.1",
    port: Port = 8765,
    manifest: Annotated[Path | None, typer.Option(help="The app manifest whose scopes hold.")] = None,
) -> None:
    """Only the local workspace; prints the environment with which `leakbot run` connects to it."""
    _serve(lambda stopped: _workspace(host, port, manifest or resource("app_manifest.yml"), stopped))


@app.command()
def run() -> None:
    """The bot against Slack: Socket Mode where SLACK_APP_TOKEN is set, otherwise HTTP."""
    settings = Settings.read().for_run()
    organisation = read(settings.organisation)
    logs.configure(settings.log_format)
    if "//127.0.0.1" in settings.slack_api_url or "//localhost" in settings.slack_api_url:
        _stay_local()

    async def work(stopped: asyncio.Event) -> None:
        async with running(settings, organisation):
            await stopped.wait()

    _serve(work)


@app.command()
def assess(
    file: Annotated[Path, typer.Argument(help="Facts as YAML or JSON: one item or a list.")],
    as_json: AsJson = False,
) -> None:
    """What would the law ask? Prints duty, reasons and deadlines for the facts in FILE; stores nothing."""
    assess_file(file, as_json, sys.stdout)


@case_app.command("list")
def case_list(as_json: AsJson = False) -> None:
    """Every case, oldest first."""

    async def work(database: Database) -> None:
        async with database.reading() as db:
            cases = await queries.all_cases(db)
        rows = [
            {
                "number": case.number,
                "status": case.status,
                "drill": case.drill,
                "department": case.department,
                "indicator": case.indicator,
                "reported_at": case.reported_at.isoformat(),
                "closed_at": case.closed_at.isoformat() if case.closed_at else None,
            }
            for case in cases
        ]
        if as_json:
            _print_json(rows)
            return
        table = Table("number", "status", "department", "sign", "reported")
        zone = read(Settings.read().organisation).timezone if rows else None
        for case in cases:
            table.add_row(
                case.number,
                Status.of(case.status).en,
                case.department_name,
                Indicator.of(case.indicator).en,
                f"{case.reported_at.astimezone(zone):%Y-%m-%d %H:%M %Z}",
            )
        Console().print(table if rows else "No cases.")

    _with_database(work)


@case_app.command("show")
def case_show(number: Number, as_json: AsJson = False) -> None:
    """One case with its obligations, pages and record."""

    async def work(database: Database) -> None:
        async with database.reading() as db:
            case = await queries.case_row(db, number)
            if case is None:
                raise NotFound(f"There is no case {number}.", "`leakbot case list` shows those there are.")
            law = assessment_of(Indicator.of(case.indicator), case.facts, case.aware_at)
            assessment = {
                "reportable": law.decision == "report",
                "triggers": list(law.triggers),
                "confirmed_by": None,
                "reasons": [reason.code for reason in law.reasons],
            }
            value = await case_json(db, number, assessment)
        if as_json:
            _print_json(value)
        else:
            _print_case(value)

    _with_database(work)


@case_app.command("verify")
def case_verify(
    number: Annotated[str | None, typer.Argument(help="One case; without it all of them.")] = None,
) -> None:
    """Recompute the hash chain of the case log: whether the record is as it was written."""

    async def work(database: Database) -> None:
        async with database.reading() as db:
            numbers = [number] if number else [case.number for case in await queries.all_cases(db)]
            if number and await queries.case_row(db, number) is None:
                raise NotFound(f"There is no case {number}.", "`leakbot case list` shows those there are.")
            problems = {n: found for n in numbers if (found := await log.verify(db, n))}
        for each, found in problems.items():
            for problem in found:
                print(f"{each}: {problem}")
        if problems:
            raise CheckFailed(
                f"{len(problems)} of {len(numbers)} records are not as they were written.",
                "Compare with a backup; nobody edits this database by hand.",
            )
        print(f"{len(numbers)} of {len(numbers)} records verified.")

    _with_database(work)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""

    async def work(database: Database) -> None:
        await database.upgrade()
        print(f"{database}: the schema is the newest.")

    _with_database(work, ready=False)


async def _demo(host: str, port: int, folder: Path, stopped: asyncio.Event) -> None:
    local = Workspace(manifest=resource("app_manifest.yml"))
    await _start(local, host, port)
    settings = Settings.read(
        {
            **local.environment,
            "LEAKBOT_DATABASE_URL": f"sqlite:///{(folder / DEMO_DATABASE).resolve()}",
            "LEAKBOT_PORT": "0",
        }
    )
    # Without a port of its own choosing the operators' listener would collide with a running bot.
    settings = settings.model_copy(update={"port": 0})
    organisation = read(PACKAGE / "demo_organisation.yaml")
    try:
        async with running(settings, organisation, clock=local.clock) as bot:
            local.next_reminder = bot.next_reminder
            print(f"\n  leakbot demo  →  {local.url}\n", flush=True)
            print("  /leak と入力して第一報を。人の切り替えは左上、時計は上部。終了は Ctrl+C。", flush=True)
            print("  Type /leak to report; switch people at the top left. Ctrl+C ends.\n", flush=True)
            await stopped.wait()
    finally:
        await local.stop()


async def _workspace(host: str, port: int, manifest: Path, stopped: asyncio.Event) -> None:
    # A bot in another process has its own clock, so this one cannot be moved.
    local = Workspace(manifest=manifest, clock=WorkspaceClock(adjustable=False))
    await _start(local, host, port)
    try:
        print(f"# {local.url}", flush=True)
        for name, value in local.environment.items():
            print(f"export {name}={value}", flush=True)
        await stopped.wait()
    finally:
        await local.stop()


async def _start(local: Workspace, host: str, port: int) -> None:
    try:
        await local.start(host=host, port=port)
    except OSError as error:
        raise CheckFailed(
            f"Cannot listen on {host}:{port}: {error.strerror}.", "Choose another with --port."
        ) from error


def _serve(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until Ctrl+C or SIGTERM, then end in good order."""

    async def until_stopped() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for which in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(which, stopped.set)
        await work(stopped)

    asyncio.run(until_stopped())


def _with_database(work: Callable[[Database], Coroutine[Any, Any, None]], *, ready: bool = True) -> None:
    settings = Settings.read()

    async def inside() -> None:
        database = Database.open(settings.database_url, settings.encryption_keys)
        try:
            if ready:
                await database.ensure_ready()
            await work(database)
        finally:
            await database.close()

    asyncio.run(inside())


def _stay_local() -> None:
    """The SDK takes proxies from the environment and ignores NO_PROXY; loopback needs none."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        os.environ.pop(name, None)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _print_case(value: dict[str, Any]) -> None:
    console = Console()
    console.print(f"[bold]{value['number']}[/bold]  {Status.of(value['status']).en}  {value['department']}")
    console.print(f"noticed {value['aware_at']}  reported {value['reported_at']}")
    for title, columns, key in (
        ("obligations", ("kind", "due_at", "submitted_at", "receipt"), "obligations"),
        ("pages", ("level", "user", "sent_at", "acknowledged_at"), "pages"),
        ("record", ("at", "actor", "kind"), "log"),
    ):
        table = Table(*columns, title=title, title_justify="left")
        for row in value[key]:
            table.add_row(*(str(row.get(column) or "") for column in columns))
        console.print(table)


if __name__ == "__main__":
    main()
