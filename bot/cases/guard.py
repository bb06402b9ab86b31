"""The guard: no case changes without a line in its log, or the commit fails.

A forgotten log line is a mistake in our program, never a user's, so it is loud: `UnloggedChange`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction
from sqlmodel import SQLModel

from bot.cases.tables import Case, Document, Inquiry, LogEntry, Member, Obligation, Page, Task

_RECORDED: Final = (Case, Document, Inquiry, Member, Obligation, Page, LogEntry, Task)
_RECORDED_TABLES: Final = frozenset(str(row.__tablename__) for row in _RECORDED)

#: When the planner next looks at a case is not a fact about the case, nor how far it is with a new one.
_UNRECORDED_COLUMNS: Final = frozenset({"wake_at", "laid_out"})


class UnloggedChange(AssertionError):
    """A case was changed, but nothing was appended to its log in the same transaction."""


@dataclass(slots=True)
class _Ledger:
    """What one transaction changed and logged so far, by case id."""

    changed: dict[int, frozenset[str]] = field(default_factory=dict)
    logged: frozenset[int] = frozenset()
    savepoints: dict[SessionTransaction, tuple[dict[int, frozenset[str]], frozenset[int]]] = field(
        default_factory=dict
    )

    def change(self, case_id: int, what: str) -> None:
        self.changed[case_id] = self.changed.get(case_id, frozenset()) | {what}


class GuardedSession(Session):
    """A session that refuses to commit an unlogged change of a case, its people, pages or obligations."""


def _ledger(session: Session) -> _Ledger:
    ledger = session.info.setdefault("leakbot_ledger", _Ledger())
    assert isinstance(ledger, _Ledger)  # noqa: S101 - only this module writes it
    return ledger


def note_rows(session: Session, table: type[SQLModel], case_ids: Iterable[int]) -> None:
    """Whoever writes new rows past the session says whose they are: log entries, or what asks for one."""
    ledger = _ledger(session)
    if table is LogEntry:
        ledger.logged |= set(case_ids)
        return
    for case_id in case_ids:
        ledger.change(case_id, f"{table.__name__} added")


@event.listens_for(GuardedSession, "after_flush")
def _note_changes(session: Session, _context: UOWTransaction) -> None:
    # Ids of new rows exist by now, and `new`, `dirty` and `deleted` still tell what this flush was about.
    ledger = _ledger(session)
    for row in session.new:
        if isinstance(row, LogEntry):
            ledger.logged |= {row.case_id}
        elif isinstance(row, _RECORDED):
            ledger.change(_case_id(row), f"{type(row).__name__} added")
    for row in session.dirty:
        if isinstance(row, _RECORDED):
            columns = {a.key for a in inspect(row).attrs if a.history.has_changes()} - _UNRECORDED_COLUMNS
            for column in columns:
                ledger.change(_case_id(row), f"{type(row).__name__}.{column}")
    for row in session.deleted:
        if isinstance(row, _RECORDED):
            ledger.change(_case_id(row), f"{type(row).__name__} deleted")


@event.listens_for(GuardedSession, "do_orm_execute")
def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    statement: Any = state.statement
    name = getattr(getattr(statement, "table", None), "name", None)
    if name in _RECORDED_TABLES:
        raise UnloggedChange(f"Rows of {name} are changed one by one, not by a bulk statement.")


@event.listens_for(GuardedSession, "before_commit")
def _refuse_unlogged_changes(session: Session) -> None:
    if session.in_nested_transaction():
        return  # only a savepoint; the log line may still come
    session.flush()
    ledger = _ledger(session)
    unlogged = {case_id: what for case_id, what in ledger.changed.items() if case_id not in ledger.logged}
    if unlogged:
        told = "; ".join(f"case id {i}: {', '.join(sorted(what))}" for i, what in sorted(unlogged.items()))
        raise UnloggedChange(f"Changed without a log entry: {told}.")


@event.listens_for(GuardedSession, "after_transaction_create")
def _note_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        ledger = _ledger(session)
        ledger.savepoints[transaction] = (dict(ledger.changed), ledger.logged)


@event.listens_for(GuardedSession, "after_soft_rollback")
def _forget_rolled_back(session: Session, previous: SessionTransaction) -> None:
    ledger = _ledger(session)
    if previous in ledger.savepoints:
        ledger.changed, ledger.logged = ledger.savepoints.pop(previous)


@event.listens_for(GuardedSession, "after_transaction_end")
def _start_afresh(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("leakbot_ledger", None)


def _case_id(row: Case | Document | Inquiry | Member | Obligation | Page | LogEntry | Task) -> int:
    case_id = row.id if isinstance(row, Case) else row.case_id
    assert case_id is not None  # noqa: S101 - the row has just been flushed
    return case_id
