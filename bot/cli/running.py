"""`leakbot demo`, `workspace`, `run`, `check` and `assess`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.surroundings import AsJson, Host, Port, is_local, serve, stay_local
from bot.errors import ConfigurationError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


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

    stay_local()
    logs.configure("console" if sys.stderr.isatty() else "json")
    serve(lambda stopped: local.demo(host, port, data, stopped))


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

    serve(lambda stopped: local.workspace(host, port, manifest, events_url, stopped))


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

    if is_local(settings):
        stay_local()
    for name in ("BOT_TOKEN", "SIGNING_SECRET", "CLIENT_ID", "CLIENT_SECRET", "VERIFICATION_TOKEN"):
        # Bolt reads the environment too, and would take these over what it is given.
        os.environ.pop(f"SLACK_{name}", None)

    async def work(stopped: asyncio.Event) -> None:
        async with running(settings, organisation):
            await stopped.wait()

    serve(work)


@app.command()
def check(as_json: AsJson = False) -> None:
    """Is everything in place? Settings, organisation file, database, tokens, scopes, people, clock."""
    from bot.check import examine
    from bot.clock import SystemClock
    from bot.settings import Settings
    from bot.terminal import print_json

    try:
        if is_local(Settings.read()):
            stay_local()
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
