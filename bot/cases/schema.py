"""Which schema a database has, and bringing it to the newest (Alembic, migrations in the package)."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

_MIGRATIONS: Final = Path(__file__).with_name("migrations")

#: Any number will do, as long as every leakbot process takes the same one.
_UPGRADE_LOCK: Final = 7_305_211


class SchemaState(StrEnum):
    """What a database holds, seen from this version of the program."""

    EMPTY = "empty"  # no table at all
    NEWEST = "newest"
    OLDER = "older"  # ours, and `leakbot db upgrade` mends it
    UNKNOWN = "unknown"  # of a newer leakbot, or not ours


def state(connection: Connection) -> SchemaState:
    """What this database holds."""
    current = MigrationContext.configure(connection).get_current_heads()
    if current == newest():
        return SchemaState.NEWEST
    if current:
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        return SchemaState.OLDER if set(current) <= known else SchemaState.UNKNOWN
    # Alembic's own table may stand alone: that of an upgrade that was undone.
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return SchemaState.UNKNOWN if tables else SchemaState.EMPTY


@cache
def newest() -> tuple[str, ...]:
    """The revision that this version of the program works with."""
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


def upgrade(connection: Connection) -> None:
    """Brings the schema to the newest, within the connection's open transaction."""
    if connection.dialect.name == "postgresql":
        # Two processes may be upgraded at the same moment; the second waits, then finds nothing left to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
