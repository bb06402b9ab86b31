"""A statement past the session's objects: for rows that are read as they come, or written as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


async def run(db: AsyncSession, statement: Executable, values: Values | None = None) -> CursorResult[Any]:
    """Runs it in the session's transaction. It does not see what the session has yet to store."""
    return await db.run_sync(_run, statement, values)


def _run(session: Session, statement: Executable, values: Values | None) -> CursorResult[Any]:
    return session.connection().execute(statement, values)
