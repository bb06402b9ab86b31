"""README, manifest and lock say what the code does."""

from __future__ import annotations

import re
import tomllib

import pytest
import typer

from bot.cli import app
from bot.settings import Settings
from tests.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!; ]", requirement)[0].lower() for requirement in requirements}


RUNTIME = names(PROJECT["dependencies"])
VARIABLES = {str(field.validation_alias) for field in Settings.model_fields.values()}
DEVELOPMENT = names(PROJECT["optional-dependencies"]["dev"])


def commands() -> list[str]:
    """`demo`, `case list`, …: every command of the `leakbot` program."""
    found = []

    def walk(command: typer.core.TyperGroup, before: str) -> None:
        for name, child in command.commands.items():
            if isinstance(child, typer.core.TyperGroup):
                walk(child, f"{before}{name} ")
            else:
                found.append(f"{before}{name}")

    top = typer.main.get_command(app)
    assert isinstance(top, typer.core.TyperGroup)
    walk(top, "")
    return found


def test_commands_and_variables_are_those_promised() -> None:
    """Operators script against these names; a new one is added here and to README on purpose."""
    assert set(commands()) <= {
        *(
            "demo",
            "workspace",
            "run",
            "check",
            "assess",
            "case list",
            "case show",
            "case export",
            "case verify",
        ),
        *("db upgrade", "db backup", "db restore", "keys new", "keys rotate"),
    }
    assert {
        *("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"),
        *("LEAKBOT_DATABASE_URL", "LEAKBOT_ORGANISATION", "LEAKBOT_HOST", "LEAKBOT_PORT"),
        *("LEAKBOT_ENCRYPTION_KEYS", "LEAKBOT_LOG_FORMAT", "LEAKBOT_PUBLIC_URL", "LEAKBOT_HEARTBEAT_URL"),
    } == VARIABLES


def test_readme_explains_every_command() -> None:
    missing = [command for command in commands() if f"leakbot {command}" not in README]
    assert missing == [], "a command that README does not name is not found"


def test_readme_explains_every_environment_variable() -> None:
    assert {variable for variable in VARIABLES if variable not in README} == set()


def test_readme_says_what_each_dependency_is_for() -> None:
    written = README.lower()
    missing = {
        name
        for name in RUNTIME | DEVELOPMENT
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", written)
    }
    assert missing == set(), "nobody can question a dependency whose purpose is not written down"


def test_readme_names_every_make_target() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [target for target in targets if f"make {target}" not in README and target != "help"] == []


@pytest.mark.parametrize("name", sorted(RUNTIME | DEVELOPMENT))
def test_every_dependency_is_locked(name: str) -> None:
    wanted = re.sub(r"[-_.]+", "[-_.]+", name)
    assert re.search(rf"^{wanted}==\S+ \\\n    --hash=sha256:", LOCK, re.MULTILINE | re.IGNORECASE), (
        "run `make lock`"
    )


def test_the_lock_names_no_address() -> None:
    assert not re.search(r"https?:|file:/|^-", LOCK, re.MULTILINE)
