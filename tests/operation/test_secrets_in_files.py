"""Secrets come from files as well as from variables, and nothing of them is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings

TOKEN = "xoxb-1-made-up-for-a-test"


def secret(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_a_variable_may_name_a_file_and_goes_before_it(tmp_path: Path) -> None:
    path = secret(tmp_path, "token", f"{TOKEN}\n")
    settings = Settings.read({"SLACK_BOT_TOKEN_FILE": path})
    assert settings.slack_bot_token
    assert settings.slack_bot_token.get_secret_value() == TOKEN
    settings = Settings.read({"SLACK_BOT_TOKEN_FILE": path, "SLACK_BOT_TOKEN": "xoxb-the-variable"})
    assert settings.slack_bot_token
    assert settings.slack_bot_token.get_secret_value() == "xoxb-the-variable"


def test_an_empty_file_counts_as_unset(tmp_path: Path) -> None:
    path = secret(tmp_path, "nothing", "\n")
    settings = Settings.read({"SLACK_APP_TOKEN_FILE": path, "LEAKBOT_HEARTBEAT_URL_FILE": path})
    assert settings.slack_app_token is None
    assert settings.heartbeat_url is None


def test_what_the_organisation_file_names_may_be_in_a_file_too(tmp_path: Path) -> None:
    settings = Settings.read({"SMTP_PASSWORD_FILE": secret(tmp_path, "mail", "hush\n")})
    assert settings.variable("SMTP_PASSWORD") == "hush"
    assert settings.variable("NOTHING") is None


def test_a_file_that_cannot_be_read_is_named_by_its_variable(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="LEAKBOT_DATABASE_URL_FILE: the file cannot be read"):
        Settings.read({"LEAKBOT_DATABASE_URL_FILE": str(tmp_path / "none")})


def test_other_programs_files_are_not_read(tmp_path: Path) -> None:
    Settings.read({"SSL_CERT_FILE": str(tmp_path / "none"), "SLACK_OTHER_FILE": str(tmp_path / "none")})


def test_a_heartbeat_is_an_address_and_is_never_shown() -> None:
    settings = Settings.read({"LEAKBOT_HEARTBEAT_URL": "https://example.org/ping/a-secret"})
    assert "a-secret" not in repr(settings)
    with pytest.raises(ConfigurationError, match="LEAKBOT_HEARTBEAT_URL: is not an http") as refused:
        Settings.read({"LEAKBOT_HEARTBEAT_URL": "ftp://a-secret"})
    assert "a-secret" not in refused.value.line()
