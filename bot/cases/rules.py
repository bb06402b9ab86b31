"""The organisation's rules that a case keeps from its first report on: its criteria and its tasks.

Copied when the case opens, so that editing the organisation file never bends a running case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bot.organisation import AddedTask, Criteria, Criterion, TaskRules
from bot.vocabulary import Role, TaskPhase


def rules_row(criteria: Criteria, tasks: TaskRules) -> dict[str, Any]:
    """The rules as the case keeps them (`Case.rules`), read back by `criteria_of` and `task_rules_of`."""
    return {
        "criteria": {name: each for name, each in asdict(criteria).items() if each is not None},
        "tasks": {
            "omit": list(tasks.omit),
            "due": {name: due.total_seconds() for name, due in tasks.due.items()},
            "add": [{**asdict(each), "due": each.due.total_seconds()} for each in tasks.add],
        },
    }


def criteria_of(row: Mapping[str, Any]) -> Criteria:
    """The organisation's criteria as they were."""
    return Criteria(**{name: Criterion(**each) for name, each in (row.get("criteria") or {}).items()})


def task_rules_of(row: Mapping[str, Any]) -> TaskRules:
    """What the organisation had changed about the tasks."""
    kept = row.get("tasks") or {}
    return TaskRules(
        omit=tuple(kept.get("omit") or ()),
        due={name: timedelta(seconds=due) for name, due in (kept.get("due") or {}).items()},
        add=tuple(_added(each) for each in kept.get("add") or ()),
    )


def _added(row: Mapping[str, Any]) -> AddedTask:
    return AddedTask(
        id=row["id"],
        phase=TaskPhase.of(row["phase"]),
        title=row["title"],
        owner=Role.of(row["owner"]),
        due=timedelta(seconds=row["due"]),
        why=row["why"],
    )
