"""The environment, read once: tokens, addresses, paths. Messages name the variable, never its value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import BeforeValidator, Field, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.errors import ConfigurationError

SLACK_API = "https://slack.com/api/"

_REMEDIES = {
    "SLACK_API_URL": "Write the base of the Web API, like https://slack.com/api/, or leave it unset.",
    "LEAKBOT_DATABASE_URL": "Write sqlite:///leakbot.db or postgresql://user:password@host/database.",
    "LEAKBOT_ORGANISATION": "Write the path of the organisation file.",
    "LEAKBOT_PORT": "Write a number from 0 to 65535.",
    "LEAKBOT_PUBLIC_URL": "Write the https address at which people reach /acknowledge/, or leave it unset.",
    "LEAKBOT_ENCRYPTION_KEYS": "Write Fernet keys separated by commas; `leakbot keys new` makes one.",
    "LEAKBOT_HEARTBEAT_URL": "Write the https address that is to hear a sign of life, or leave it unset.",
    "LEAKBOT_LOG_FORMAT": "Write console or json, or leave it unset.",
}
_PLAIN_TOKEN = re.compile(r"[\x21-\x7e]+")

#: A variable with this behind its name names a file that holds the value, as secrets of containers do.
_IN_FILE = "_FILE"


def _value(env: Mapping[str, str | None], name: str) -> str | None:
    """The variable's value, or that of the file which `NAME_FILE` names. Raises ConfigurationError."""
    path = (env.get(name + _IN_FILE) or "").strip()
    if (env.get(name) or "").strip() or not path:
        return env.get(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigurationError(
            f"{name}{_IN_FILE}: the file cannot be read: {why}.",
            f"Name a readable file, or set {name} itself.",
        ) from None


def _wrong(what: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{what}", {"what": what})


def _listed(written: object) -> object:
    if isinstance(written, str):
        return tuple(key.strip() for key in written.split(",") if key.strip())
    return written


class Settings(BaseSettings):
    """What the environment says (README, "Environment"). An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", case_sensitive=True, populate_by_name=True, hide_input_in_errors=True
    )

    slack_bot_token: SecretStr | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field(SLACK_API, validation_alias="SLACK_API_URL")  # always ends in a slash
    # It may hold a password, therefore it is not shown by repr.
    database_url: str = Field("sqlite:///leakbot.db", validation_alias="LEAKBOT_DATABASE_URL", repr=False)
    organisation: Path = Field(Path("organisation.yaml"), validation_alias="LEAKBOT_ORGANISATION")
    host: str = Field("127.0.0.1", validation_alias="LEAKBOT_HOST")
    port: int = Field(8080, ge=0, le=65535, validation_alias="LEAKBOT_PORT")
    # Where people reach this listener from outside, for the links in mails; never ends in a slash.
    public_url: str | None = Field(None, validation_alias="LEAKBOT_PUBLIC_URL")
    encryption_keys: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (), validation_alias="LEAKBOT_ENCRYPTION_KEYS", repr=False
    )
    # Whoever knows the address could keep up the appearance of life, therefore it is not shown.
    heartbeat_url: SecretStr | None = Field(None, validation_alias="LEAKBOT_HEARTBEAT_URL")
    log_format: Literal["console", "json"] | None = Field(None, validation_alias="LEAKBOT_LOG_FORMAT")

    _others: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `read` hands over: the environment is read in one place."""
        return (init_settings,)

    @classmethod
    def read(cls, env: Mapping[str, str] | None = None) -> Self:
        """Read the settings from `env`, by default the process environment.

        Raises ConfigurationError naming the variable and the remedy, never the value.
        """
        environment = EnvSettingsSource(cls, case_sensitive=True)
        source = environment.env_vars if env is None else env
        ours = {str(field.validation_alias) for field in cls.model_fields.values()}
        given = {name: (_value(source, name) or "").strip() for name in sorted(ours)}
        environment.env_vars = {name: text for name, text in given.items() if text}
        try:
            settings = cls(**environment())
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            variable = str(details[0]["loc"][0])
            what = details[0].get("ctx", {}).get("what", "has a wrong value")
            raise ConfigurationError(f"{variable}: {what}.", _REMEDIES.get(variable, "")) from None
        settings._others = {name: text for name, text in source.items() if text}
        return settings

    @field_validator("slack_api_url")
    @classmethod
    def _an_address(cls, written: str) -> str:
        try:
            parts = urlsplit(written)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise _wrong("is not an http or https address")
        return written.rstrip("/") + "/"

    @field_validator("public_url")
    @classmethod
    def _a_public_address(cls, written: str | None) -> str | None:
        if written is None:
            return None
        try:
            parts = urlsplit(written)
            here = parts.hostname in ("localhost", "127.0.0.1", "::1")
            secure = parts.scheme == "https" or (parts.scheme == "http" and here)
            usable = secure and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.query or parts.fragment or parts.username:
            raise _wrong("is not an https address")
        return written.rstrip("/")

    @field_validator("heartbeat_url")
    @classmethod
    def _a_heartbeat_address(cls, written: SecretStr | None) -> SecretStr | None:
        if written is not None:
            cls._an_address(written.get_secret_value())
        return written

    @field_validator("encryption_keys")
    @classmethod
    def _fernet_keys(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        for at, key in enumerate(keys, start=1):
            try:
                Fernet(key)
            except ValueError:
                raise _wrong(f"key {at} of {len(keys)} is not a Fernet key") from None
        return keys

    def variable(self, name: str) -> str | None:
        """Another variable of the same environment, which the organisation file names as `${NAME}`."""
        return _value(self._others, name)

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode; without an app token it is HTTP."""
        return self.slack_app_token is not None

    def for_run(self) -> Self:
        """These settings, once they hold what `leakbot run` needs to reach Slack.

        Raises ConfigurationError naming the variable that is missing or is no such token, never its value.
        """
        install = "Take it from the app's page at Slack, OAuth & Permissions, after installing the app."
        _token("SLACK_BOT_TOKEN", self.slack_bot_token, "xoxb-", install)
        if self.socket_mode:
            basic = "Make one on the app's page at Slack, Basic Information, with connections:write."
            _token("SLACK_APP_TOKEN", self.slack_app_token, "xapp-", basic)
        elif self.slack_signing_secret is None:
            raise ConfigurationError(
                "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET: neither is set.",
                "Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP.",
            )
        return self


def _token(variable: str, token: SecretStr | None, prefix: str, remedy: str) -> None:
    if token is None:
        raise ConfigurationError(f"{variable}: is not set.", remedy)
    written = token.get_secret_value()
    if not written.startswith(prefix):
        raise ConfigurationError(f"{variable}: does not start with {prefix}.", remedy)
    if not _PLAIN_TOKEN.fullmatch(written):
        raise ConfigurationError(f"{variable}: contains a space or a character no token has.", remedy)
