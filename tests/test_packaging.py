"""What a wheel carries, and where the code finds it again."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.resources import PACKAGE, resource

ROOT = PACKAGE.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built once without network; it takes a few seconds."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert built.returncode == 0, built.stdout + built.stderr
    return next(out.glob("leakbot-*.whl"))


def test_the_wheel_carries_everything_that_is_read_while_running(wheel: Path) -> None:
    members = set(zipfile.ZipFile(wheel).namelist())
    templates = {
        f"bot/_data/{path.relative_to(ROOT)}" for path in (ROOT / "templates").rglob("*") if path.is_file()
    }
    code = {
        str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    files = {"bot/_data/app_manifest.yml", "bot/_data/organisation.example.yaml"}
    assert templates
    assert "bot/workspace/static/index.html" in code
    assert (templates | code | files) - members == set()


def test_the_wheel_carries_no_tests_and_no_secrets(wheel: Path) -> None:
    members = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in members if name.startswith("tests") or name.endswith((".db", ".env"))]


def test_an_installed_wheel_finds_its_files(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "from bot.organisation import read; from bot.resources import resource; "
        "print(resource('templates'), resource('app_manifest.yml')); "
        "print(read(resource('organisation.example.yaml')).name)"
    )
    said = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert said.split() == [
        str(tmp_path / "bot/_data/templates"),
        str(tmp_path / "bot/_data/app_manifest.yml"),
        "株式会社サンプル",
    ]


def test_a_checkout_finds_the_files_at_its_top() -> None:
    assert resource("app_manifest.yml") == ROOT / "app_manifest.yml"


def test_a_file_that_is_nowhere_says_so() -> None:
    with pytest.raises(FileNotFoundError, match="install leakbot again"):
        resource("nothing.txt")


def test_the_systems_clock_is_in_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    clock.subscribe(lambda: None)
    earlier, later = clock.now(), clock.now()
    assert earlier.tzinfo is UTC
    assert timedelta(0) <= later - earlier < timedelta(seconds=5)
