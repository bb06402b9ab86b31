"""New rows, written as they are: somebody waits for the receipt of a report, and of twenty rows that follow.

As mapped objects each of them would be made, watched, put in order and read back, which takes longer than
everything else a report asks for. Here they go in table by table, and the guard is told whose they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import Insert, bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from bot.cases.guard import note_rows
from bot.cases.tables import Case

#: A row by the names of its columns.
Row = dict[str, Any]

_TABLE: Final[Any] = Case.__table__  # type: ignore[attr-defined]
_IDS: Final = select(col(Case.number), col(Case.id)).where(
    col(Case.number).in_(bindparam("numbers", expanding=True))
)
_LAID_OUT: Final = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("case_id"))
    .values(laid_out=True, revision=bindparam("seq"), log_head=bindparam("head"))
)


def row_of(table: type[SQLModel], **values: Any) -> Row:
    """A new row of this table: what is not given is as the table has it for a new one."""
    return {**_defaults(table), **values}


def as_read(rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Rows in hand as they would be read: each value an attribute."""
    return [SimpleNamespace(**row) for row in rows]


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
    """What follows from its report hangs on the case; its log has `revision` entries, of which `head` is the
    newest's hash. Whoever added one told the guard of it."""
    session.connection().execute(_LAID_OUT, {"case_id": case_id, "seq": revision, "head": head})


@cache
def _inserting(table: type[SQLModel]) -> Insert:
    return insert(table.__table__)  # type: ignore[attr-defined]


@cache
def _defaults(table: type[SQLModel]) -> Row:
    fields = {name: field for name, field in table.model_fields.items() if name != "id"}
    return {
        name: field.get_default(call_default_factory=True, validated_data={})
        for name, field in fields.items()
        if not field.is_required()
    }
