"""Rows of tasks (やること) as values, and as they stand in the case file."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.cases.tables import Task
from bot.policy.state import TaskState
from bot.rendering import renderer
from bot.vocabulary import Locale, Role, TaskPhase, TaskStatus


def task_state(row: Task) -> TaskState:
    """A task as policy and screens read it."""
    words = row.words or {}
    return TaskState(
        key=row.key,
        phase=TaskPhase.of(row.phase),
        owner=Role.of(row.owner),
        due_at=row.due_at,
        status=TaskStatus.of(row.status),
        user=row.user,
        title=words.get("title"),
        why=words.get("why"),
        reason=words.get("reason"),
        by=row.changed_by,
        at=row.changed_at,
    )


def task_json(row: Task, zone: ZoneInfo) -> dict[str, Any]:
    """A task as it stands in `case.json`, times with the offset of `zone`. Titles are Japanese."""
    words = row.words or {}
    return {
        "key": row.key,
        "title": words.get("title") or title_of(row.key, "ja"),
        "phase": row.phase,
        "owner": row.owner,
        "user": row.user,
        "due_at": row.due_at.astimezone(zone).isoformat(),
        "state": row.status,
        "reason": words.get("reason"),
        "by": row.changed_by,
        "at": row.changed_at.astimezone(zone).isoformat() if row.changed_at else None,
    }


def title_of(key: str, locale: Locale) -> str | None:
    """The title of a task that comes with the program; None for others, whose words the case keeps."""
    entry = texts(locale)["tasks"].get(key)
    return str(entry["title"]) if entry else None


@cache
def texts(locale: Locale) -> dict[str, Any]:
    """checklist.yaml: `tasks` by name with title, why, source and place; `sources` by name."""
    read: dict[str, Any] = renderer().data("checklist.yaml", locale)
    return read
