"""The `leakbot` command: one short function per subcommand. Errors are one clear line, never a traceback.

Each subcommand imports what it needs by itself: reading in everything takes seconds, and most need little.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import typer

from bot.errors import BotError, CheckFailed, ConfigurationError, NotFound

if TYPE_CHECKING:
    from bot.cases.database import Database
    from bot.organisation import Organisation
    from bot.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
case_app = typer.Typer(no_args_is_help=True, help="Look at cases on the terminal.")
db_app = typer.Typer(no_args_is_help=True, help="Care for the database.")
app.add_typer(case_app, name="case")
app.add_typer(db_app, name="db")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)]
Number = Annotated[str, typer.Argument(help="The case number, for example 2026-0001.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

TOKYO = ZoneInfo("Asia/Tokyo")


def main() -> None:
    """Entry point of the console script. Exit codes: 0 well, 1 a check failed or not found, 2 wrong usage."""
    sys.exit(perform(sys.argv[1:]))


def perform(arguments: list[str]) -> int:
    """Carry out one command line (without the program's name). Out: its exit code."""
    try:
        ended: object = app(arguments, prog_name="leakbot", standalone_mode=False)
    except BotError as error:
        return _say(error.line(), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unexpected(error)
    return ended if isinstance(ended, int) else 0


def _unexpected(error: Exception) -> int:
    usage = getattr(error, "format_message", None)
    if usage is not None:  # typer's own errors: what was typed makes no sense
        context = getattr(error, "ctx", None)
        message = str(usage()).strip()
        if not message or "\n" in message:  # no subcommand was typed, and the help has been shown already
            message = "Missing command"
        return _say(
            f"{message.rstrip('.')}. See `{context.command_path if context else 'leakbot'} --help`.", 2
        )
    # Its text may hold what people wrote about a case; where it happened is enough to find it.
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return _say(
        f"leakbot failed unexpectedly: {type(error).__name__} at {where}. Please report this line.", 1
    )


def _say(line: str, exit_code: int) -> int:
    print(line, file=sys.stderr)
    return exit_code


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
    from bot import demo as local
    from bot import logs

    _stay_local()
    logs.configure("console" if sys.stderr.isatty() else "json")
    _serve(lambda stopped: local.demo(host, port, data, stopped))


@app.command()
def workspace(
    host: Host = "127.0.0.1",
    port: Port = 8765,
    manifest: Annotated[Path | None, typer.Option(help="The app manifest whose scopes hold.")] = None,
    events_url: Annotated[
        str | None,
        typer.Option(help="Deliver here over HTTP (…/slack/events) instead of Socket Mode."),
    ] = None,
) -> None:
    """Only the local workspace; prints the environment with which `leakbot run` connects to it."""
    from bot import demo as local

    _serve(lambda stopped: local.workspace(host, port, manifest, events_url, stopped))


@app.command()
def run() -> None:
    """The bot against Slack: Socket Mode where SLACK_APP_TOKEN is set, otherwise HTTP."""
    from bot import logs
    from bot.organisation import read
    from bot.settings import Settings

    # What is set wrongly is said before the rest is read in.
    settings = Settings.read().for_run()
    organisation = read(settings.organisation)
    logs.configure(settings.log_format)
    from bot.app import running

    if _is_local(settings):
        _stay_local()
    for name in ("BOT_TOKEN", "SIGNING_SECRET", "CLIENT_ID", "CLIENT_SECRET", "VERIFICATION_TOKEN"):
        # Bolt reads the environment too, and would take these over what it is given.
        os.environ.pop(f"SLACK_{name}", None)

    async def work(stopped: asyncio.Event) -> None:
        async with running(settings, organisation):
            await stopped.wait()

    _serve(work)


@app.command()
def check(as_json: AsJson = False) -> None:
    """Is everything in place? Settings, organisation file, database, tokens, scopes, people, clock."""
    from bot.check import examine
    from bot.clock import SystemClock
    from bot.settings import Settings
    from bot.terminal import print_json

    try:
        if _is_local(Settings.read()):
            _stay_local()
    except ConfigurationError:
        pass  # the examination says so itself
    examination = asyncio.run(examine(SystemClock()))
    if as_json:
        print_json([finding.value() for finding in examination.findings])
    else:
        for finding in examination.findings:
            print(finding.line())
    raise typer.Exit(examination.exit_code)


@app.command()
def assess(
    file: Annotated[Path, typer.Argument(help="Facts as YAML or JSON: one item or a list.")],
    as_json: AsJson = False,
) -> None:
    """What would the law ask? Prints duty, reasons and deadlines for the facts in FILE; stores nothing."""
    from bot.assess import assess_file

    assess_file(file, as_json, sys.stdout)


@case_app.command("list")
def case_list(as_json: AsJson = False) -> None:
    """Every case, oldest first."""
    from bot.cases import queries
    from bot.terminal import list_value, print_json, print_list

    async def work(database: Database) -> None:
        async with database.reading() as db:
            cases = await queries.all_cases(db)
        if as_json:
            print_json(list_value(cases, TOKYO))
        else:
            company = _organisation()
            print_list(cases, company.timezone if company else TOKYO)

    _with_database(work)


@case_app.command("show")
def case_show(number: Number, as_json: AsJson = False) -> None:
    """One case with its obligations, pages and record."""
    from bot.cases import queries
    from bot.cases.casefile import case_json
    from bot.terminal import print_case, print_json
    from bot.workflow.assessing import assessment_json

    async def work(database: Database) -> None:
        async with database.reading() as db:
            case = await queries.case_row(db, number)
            if case is None:
                raise _no_such_case(number)
            value = await case_json(db, number, assessment_json(case))
        if as_json:
            print_json(value)
        else:
            print_case(value)

    _with_database(work)


@case_app.command("export")
def case_export(
    number: Number,
    out: Annotated[Path, typer.Option("--out", help="The ZIP file to write; it must not exist yet.")],
) -> None:
    """The case file for auditors: case.json, timeline.csv, documents, and a manifest of their hashes."""
    from bot.cases import log, queries
    from bot.cases.encryption import Vault
    from bot.cases.evidence import EvidenceStore
    from bot.cases.export import case_file
    from bot.documents.kept import word_files
    from bot.settings import Settings
    from bot.workflow.assessing import assessment_json

    company = _organisation()
    locale, zone = (company.locale, company.timezone) if company else ("ja", TOKYO)

    async def work(database: Database) -> None:
        async with database.reading() as db:
            case = await queries.case_row(db, number)
            if case is None:
                raise _no_such_case(number)
            problems = await log.verify(db, number)
            changed = CheckFailed(
                f"The record of {number} is not as it was written.",
                f"`leakbot case verify {number}` says where.",
            )
            try:
                file = await case_file(db, number, assessment_json(case), locale, zone)
            except ValueError:
                if not problems:
                    raise
                raise changed from None
        if company:
            keys = Settings.read().encryption_keys
            evidence = EvidenceStore(company.evidence.store, company.evidence.largest, Vault(keys))
            file = file.holding(word_files(file.documents, company)).holding(evidence.members(number))
        file.write(out)
        print(f"The case file of {number} is written to {out}.")
        if problems:
            raise changed

    _with_database(work)


@case_app.command("verify")
def case_verify(
    number: Annotated[str | None, typer.Argument(help="One case; without it all of them.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the hash chain of the case log: whether the record is as it was written."""
    from bot.cases import log, queries
    from bot.terminal import print_json

    async def work(database: Database) -> None:
        async with database.reading() as db:
            if number is not None and await queries.case_row(db, number) is None:
                raise _no_such_case(number)
            numbers = [number] if number else [case.number for case in await queries.all_cases(db)]
            problems = {each: await log.verify(db, each) for each in numbers}
        if as_json:
            print_json([{"number": each, "problems": found} for each, found in problems.items()])
        else:
            for each, found in problems.items():
                for problem in found:
                    print(f"{each}: {problem}")
        if unsound := [each for each, found in problems.items() if found]:
            raise CheckFailed(
                f"{len(unsound)} of {len(numbers)} records are not as they were written.",
                "Compare with a backup; nobody edits this database by hand.",
            )
        if not as_json:
            print(f"{len(numbers)} of {len(numbers)} records verified.")

    _with_database(work)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""

    async def work(database: Database) -> None:
        await database.upgrade()
        print(f"{database}: the schema is the newest.")

    _with_database(work, ready=False)


@db_app.command("backup")
def db_backup(
    file: Annotated[Path, typer.Argument(help="The SQLite file to write; it must not exist yet.")],
) -> None:
    """Copy the database while the bot works on. To restore, point LEAKBOT_DATABASE_URL at the copy."""
    from bot.cases.backup import back_up

    async def work(database: Database) -> None:
        await back_up(database, file)
        print(f"{database} is copied to {file}.")

    _with_database(work, ready=False)


def _no_such_case(number: str) -> NotFound:
    return NotFound(f"There is no case {number}.", "`leakbot case list` shows those there are.")


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
    from bot.cases.database import Database
    from bot.settings import Settings

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


def _organisation() -> Organisation | None:
    """None where only the database is at hand, as on an auditor's machine; Japanese and Tokyo count then."""
    from bot.organisation import read
    from bot.settings import Settings

    try:
        return read(Settings.read().organisation)
    except ConfigurationError:
        return None


def _is_local(settings: Settings) -> bool:
    return urlsplit(settings.slack_api_url).hostname in ("127.0.0.1", "localhost", "::1")


def _stay_local() -> None:
    """The SDK takes proxies from the environment and ignores NO_PROXY; loopback needs none."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        os.environ.pop(name, None)


if __name__ == "__main__":
    main()
