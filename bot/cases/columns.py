"""Column types of our tables: moments that cannot lose their zone, and JSON that can be sealed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeDecorator

from bot.cases.encryption import Vault

_PLAIN: Final = Vault()


class NaiveMoment(DontWrapMixin, ValueError):
    """A datetime without a zone was to be stored or compared; nobody knows which moment it is."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Takes aware datetimes of any zone, stores UTC, gives back aware UTC, on both databases.

    A naive datetime raises `NaiveMoment` (a `ValueError`).
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Called by SQLAlchemy on the way in."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveMoment(f"{value!r} has no zone; pass an aware datetime.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Called by SQLAlchemy on the way out. SQLite gives back what was stored, but without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value as text, sealed by the vault of the engine it goes through.

    The vault belongs to the engine (`give_vault`), so two databases of one process can have different keys.
    In-place changes of the value are not noticed: assign a new dict.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Called by SQLAlchemy on the way in."""
        if value is None:
            return None
        return vault_of(dialect).seal(json.dumps(value, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Called by SQLAlchemy on the way out; `ConfigurationError` where the right key is missing."""
        return None if value is None else json.loads(vault_of(dialect).unseal(value))


def give_vault(dialect: Dialect, vault: Vault) -> None:
    """Lets an engine (through its dialect) seal and open `EncryptedJson` with this vault."""
    dialect.leakbot_vault = vault  # type: ignore[attr-defined]


def seals(db: AsyncSession) -> bool:
    """Whether what this session stores in an `EncryptedJson` is encrypted at rest."""
    return vault_of(db.get_bind().dialect).has_keys


def vault_of(dialect: Dialect) -> Vault:
    """The vault of an engine; one without keys where none was given."""
    vault = getattr(dialect, "leakbot_vault", _PLAIN)
    assert isinstance(vault, Vault)  # noqa: S101 - only `give_vault` sets it
    return vault
