"""`leakbot demo` and `leakbot workspace`: the local workspace, with the bot in it or alone."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import yaml

from bot.errors import CheckFailed, ConfigurationError
from bot.resources import PACKAGE, resource
from bot.workspace import Workspace, WorkspaceClock

DEMO_DATABASE = "leakbot-demo.db"


async def demo(host: str, port: int, data: Path | None, stopped: asyncio.Event) -> None:
    """The workspace and the real bot in it, until `stopped`; the database is made anew in `data`.

    Raises ConfigurationError where `data` cannot be written, CheckFailed where the port is taken.
    """
    # Here and not above: the workspace alone starts without reading in the bot.
    from bot.app import running
    from bot.organisation import read
    from bot.settings import Settings

    local = Workspace(manifest=resource("app_manifest.yml"))
    hire(local)
    with _fresh_folder(data) as folder:
        async with _listening(local, host, port):
            settings = Settings.read(
                {
                    **local.environment,
                    "LEAKBOT_DATABASE_URL": f"sqlite:///{(folder / DEMO_DATABASE).resolve()}",
                    # On a fixed port the operators' listener would collide with a running bot.
                    "LEAKBOT_PORT": "0",
                }
            )
            organisation = read(PACKAGE / "demo_organisation.yaml")
            async with running(settings, organisation, clock=local.clock) as bot:
                local.next_reminder = bot.next_reminder
                print(f"\n  leakbot demo  →  {local.url}\n", flush=True)
                print("  /leak と入力して第一報を。人の切り替えは左上、時計は上部。終了は Ctrl+C。")
                print("  Type /leak to report; switch people at the top left. Ctrl+C ends.\n", flush=True)
                await stopped.wait()


def hire(local: Workspace) -> None:
    """Brings those into the sample company whom the demo's organisation file names beside its people."""
    press = local.add_person("pr", "広報担当")
    press.user.english_name = "Press officer"


async def workspace(
    host: str, port: int, manifest: Path | None, events_url: str | None, stopped: asyncio.Event
) -> None:
    """Only the workspace, until `stopped`; prints the environment of a bot that is to connect to it.

    With `events_url` everything is delivered there over HTTP, and there is no app token to be had. Raises
    ConfigurationError where `manifest` is none, CheckFailed where the port is taken.
    """
    path = manifest or resource("app_manifest.yml")
    try:
        # A bot in another process has its own clock, so this one cannot be moved.
        local = Workspace(manifest=path, clock=WorkspaceClock(adjustable=False))
    except (OSError, UnicodeError, yaml.YAMLError, KeyError, AttributeError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no app manifest"
        raise ConfigurationError(
            f"{path}: cannot be read: {why}.", "Name a manifest like app_manifest.yml."
        ) from None
    local.http_events_url = events_url
    async with _listening(local, host, port):
        environment = local.environment
        if events_url:
            del environment["SLACK_APP_TOKEN"]
        print(f"# {local.url}")
        for name, value in environment.items():
            print(f"export {name}={value}")
        print("# Ctrl+C ends", flush=True)
        await stopped.wait()


@contextmanager
def _fresh_folder(data: Path | None) -> Iterator[Path]:
    with contextlib.ExitStack() as stack:
        try:
            folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leakbot-demo-")))
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob(f"{DEMO_DATABASE}*"):
                old.unlink()
        except OSError as error:
            raise ConfigurationError(
                f"{data}: cannot be used: {error.strerror}.", "Name a folder you may write to with --data."
            ) from None
        yield folder


@asynccontextmanager
async def _listening(local: Workspace, host: str, port: int) -> AsyncIterator[None]:
    try:
        await local.start(host=host, port=port)
        yield
    except OSError as error:
        if local.url:
            raise
        raise CheckFailed(
            f"Cannot listen on {host}:{port}: {error.strerror}.", "Choose another with --host or --port."
        ) from error
    finally:
        await local.stop()
