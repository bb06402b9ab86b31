"""The environment: defaults, what `run` needs, and messages that name the variable but never its value."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from bot.errors import ConfigurationError
from bot.settings import Settings

SOCKET_MODE = {"SLACK_BOT_TOKEN": "xoxb-1-made-up", "SLACK_APP_TOKEN": "xapp-1-made-up"}
OVER_HTTP = {"SLACK_BOT_TOKEN": "xoxb-1-made-up", "SLACK_SIGNING_SECRET": "made-up"}


def test_an_empty_environment_has_the_documented_defaults() -> None:
    settings = Settings.read({})
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///leakbot.db"
    assert settings.organisation == Path("organisation.yaml")
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.encryption_keys == ()
    assert settings.log_format is None
    assert settings.slack_bot_token is None


def test_an_empty_variable_counts_as_unset() -> None:
    settings = Settings.read({"LEAKBOT_PORT": "", "SLACK_APP_TOKEN": "  "})
    assert settings.port == 8080
    assert settings.slack_app_token is None


def test_other_programs_variables_are_left_alone() -> None:
    assert Settings.read({"HOST": "elsewhere", "PATH": "/bin", "host": "nowhere"}).host == "127.0.0.1"


@pytest.mark.parametrize("written", ["http://127.0.0.1:8765/api", "http://127.0.0.1:8765/api/"])
def test_the_web_api_may_be_written_with_or_without_the_last_slash(written: str) -> None:
    assert Settings.read({"SLACK_API_URL": written}).slack_api_url == "http://127.0.0.1:8765/api/"


def test_the_public_address_is_https_and_may_have_a_path() -> None:
    assert Settings.read({}).public_url is None
    written = {"LEAKBOT_PUBLIC_URL": "https://sample.example/leak/"}
    assert Settings.read(written).public_url == "https://sample.example/leak"
    here = {"LEAKBOT_PUBLIC_URL": "http://127.0.0.1:8080"}
    assert Settings.read(here).public_url == "http://127.0.0.1:8080", "to try it on one machine"


def test_other_variables_are_read_where_the_organisation_file_names_them_and_shown_nowhere() -> None:
    settings = Settings.read({"SMTP_PASSWORD": "pa55word"})
    assert settings.variable("SMTP_PASSWORD") == "pa55word"
    assert settings.variable("UNSET") is None
    assert "pa55word" not in repr(settings) + str(settings.model_dump())


def test_encryption_keys_are_split_at_commas_newest_first() -> None:
    new, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    assert Settings.read({"LEAKBOT_ENCRYPTION_KEYS": f"{new}, {old}"}).encryption_keys == (new, old)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SLACK_API_URL", "slack.invalid"),
        ("SLACK_API_URL", "ftp://slack.invalid/api/"),
        ("SLACK_API_URL", "http://[broken"),
        ("LEAKBOT_PUBLIC_URL", "http://leak.invalid"),
        ("LEAKBOT_PUBLIC_URL", "https://user@leak.invalid"),
        ("LEAKBOT_PUBLIC_URL", "https://leak.invalid/?x=1"),
        ("LEAKBOT_PORT", "eighty"),
        ("LEAKBOT_PORT", "70000"),
        ("LEAKBOT_ENCRYPTION_KEYS", "not-a-key-at-all"),
        ("LEAKBOT_LOG_FORMAT", "xml-perhaps"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable_and_not_repeated(variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.read({variable: value})
    assert refused.value.line().startswith(f"{variable}: ")
    assert refused.value.remedy
    assert value not in refused.value.line()
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("env", [SOCKET_MODE, OVER_HTTP])
def test_run_is_content_with_a_bot_token_and_one_way_to_reach_slack(env: dict[str, str]) -> None:
    settings = Settings.read(env).for_run()
    assert settings.socket_mode is ("SLACK_APP_TOKEN" in env)
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-made-up"


@pytest.mark.parametrize(
    ("env", "variable"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxp-1-secret"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1-sec ret"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1-secret"}, "SLACK_SIGNING_SECRET"),
        ({**SOCKET_MODE, "SLACK_APP_TOKEN": "xoxb-1-secret"}, "SLACK_APP_TOKEN"),
    ],
)
def test_run_refuses_what_is_missing_or_is_no_such_token(env: dict[str, str], variable: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.read(env).for_run()
    assert variable in refused.value.line()
    assert refused.value.remedy
    assert "secret" not in refused.value.line()


def test_settings_shown_by_mistake_show_no_secret() -> None:
    key = Fernet.generate_key().decode()
    env = {
        **SOCKET_MODE,
        "LEAKBOT_ENCRYPTION_KEYS": key,
        "LEAKBOT_DATABASE_URL": "postgresql://u:hidden@db/x",
    }
    shown = repr(Settings.read(env))
    assert not any(secret in shown for secret in ("made-up", key, "hidden"))


def test_settings_do_not_change() -> None:
    settings = Settings.read({})
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
