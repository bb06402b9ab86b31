"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli import perform
from bot.resources import resource
from bot.workspace import Workspace
from tests.world import SAMPLE_ORGANISATION


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an operator stands: a folder with an organisation file in it."""
    (tmp_path / "organisation.yaml").write_text(SAMPLE_ORGANISATION, encoding="utf-8")
    return tmp_path


@pytest.fixture
async def office() -> AsyncIterator[Workspace]:
    """A local workspace that may be treated badly: wrong tokens are no scandal here."""
    async with Workspace(manifest=resource("app_manifest.yml")) as local:
        yield local


class Terminal:
    """Types commands in a folder and an environment, and reads what comes back."""

    def __init__(self, capture: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch) -> None:
        self._capture = capture
        self._environment = environment
        self.out = ""
        self.err = ""

    def sets(self, **environment: str) -> None:
        """Export variables."""
        for name, value in environment.items():
            self._environment.setenv(name, value)

    def types(self, *arguments: str) -> int:
        """Run `leakbot ARGUMENTS`. Out: the exit code."""
        self._capture.readouterr()
        code = perform(list(arguments))
        self.out, self.err = self._capture.readouterr()
        return code

    def refuses(self, exit_code: int, *arguments: str) -> str:
        """Run a command that must fail with one line on standard error. Out: the line."""
        assert self.types(*arguments) == exit_code, (self.out, self.err)
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err.rstrip("\n")


@pytest.fixture
def terminal(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in `folder`, with nothing exported."""
    monkeypatch.chdir(folder)
    for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET", "API_URL"):
        monkeypatch.delenv(f"SLACK_{name}", raising=False)
    for name in ("DATABASE_URL", "ORGANISATION", "HOST", "PORT", "ENCRYPTION_KEYS", "LOG_FORMAT"):
        monkeypatch.delenv(f"LEAKBOT_{name}", raising=False)
    return Terminal(capsys, monkeypatch)
