"""New rows, written as they are: somebody waits for the receipt of a report, and of twenty rows that follow.

As mapped objects each of them would be made, watched, put in order and read back, which takes longer than
everything else a report asks for. Here they go in table by table, and the guard is told whose they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Insert, bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from bot.cases.guard import note_rows
from bot.cases.rows import Row
from bot.cases.tables import Case

_TABLE: Final[Any] = Case.__table__  # type: ignore[attr-defined]
_IDS: Final = select(col(Case.number), col(Case.id)).where(
    col(Case.number).in_(bindparam("numbers", expanding=True))
)
_LAID_OUT: Final = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("case_id"))
    .values(laid_out=True, revision=bindparam("seq"), log_head=bindparam("head"))
)


def add_cases(session: Session, rows: Sequence[Row]) -> dict[str, int]:
    """Store new cases. Out: their row ids by number. A form that is a case already: IntegrityError."""
    connection = session.connection()
    connection.execute(_inserting(Case), rows)
    found = connection.execute(_IDS, {"numbers": [row["number"] for row in rows]}).all()
    ids = {number: case_id for number, case_id in found if case_id is not None}
    note_rows(session, Case, ids.values())
    return ids


def add_rows(session: Session, table: type[SQLModel], rows: Sequence[Row]) -> None:
    """Store new rows that hang on a case, in this order."""
    if rows:
        note_rows(session, table, {row["case_id"] for row in rows})
        session.connection().execute(_inserting(table), rows)


def note_laid_out(session: Session, case_id: int, revision: int, head: str) -> None:
    """What follows from its report hangs on the case.

    In: how many entries its log has now, and the hash of the newest. Adding them told the guard of it.
    """
    session.connection().execute(_LAID_OUT, {"case_id": case_id, "seq": revision, "head": head})


@cache
def _inserting(table: type[SQLModel]) -> Insert:
    return insert(table.__table__)  # type: ignore[attr-defined]
