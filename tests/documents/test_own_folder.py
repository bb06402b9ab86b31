"""The organisation file's `templates`: found from the file's own folder, checked before anything starts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import running
from bot.check import templates_are_usable
from bot.errors import ConfigurationError
from bot.organisation import read
from bot.settings import Settings
from tests.documents.situations import COMPANY

FILE = """\
name: 株式会社サンプル
privacy_office: [privacy@example.co.jp]
last_resort: [U0000000009]
templates: ours
departments:
  - {id: sales, name: 営業部, manager: buchou@example.co.jp}
"""


def organisation_file(folder: Path) -> Path:
    path = folder / "organisation.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_the_folder_is_found_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    assert read(organisation_file(tmp_path)).templates == tmp_path / "ours"


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        read(organisation_file(tmp_path))
    assert f"organisation.yaml:4: templates: there is no folder {tmp_path / 'ours'}." in error.value.line()
    assert "\n" not in error.value.line()


def test_check_says_that_all_are_usable_or_which_is_not(tmp_path: Path) -> None:
    company = replace(COMPANY, templates=tmp_path)
    (tmp_path / "ja").mkdir()
    mine = tmp_path / "ja" / "apology.md"
    mine.write_text("# お詫び\n{{ out.cause }}\n", encoding="utf-8")
    assert templates_are_usable(company).state == "ok"
    mine.write_text("# お詫び\n{{ out.reason }}\n", encoding="utf-8")
    found = templates_are_usable(company)
    assert found.state == "failed"
    assert f"{mine}:2:" in found.line()


async def test_the_bot_does_not_start_with_a_broken_template(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    (ours / "ja").mkdir(parents=True)
    (ours / "ja" / "letter.docx").write_bytes(b"nothing")
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    settings = Settings.read({**tokens, "LEAKBOT_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"})
    bot = running(settings, replace(COMPANY, templates=ours))
    with pytest.raises(ConfigurationError, match=r"letter\.docx"):
        await bot.__aenter__()
