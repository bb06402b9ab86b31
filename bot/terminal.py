"""Cases on the terminal: what `leakbot case` prints, as JSON values or as tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cases.tables import Case
from bot.vocabulary import Indicator, Status


def print_json(value: object) -> None:
    """A JSON value, for scripts."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def list_value(cases: Sequence[Case], zone: ZoneInfo) -> list[dict[str, Any]]:
    """The cases as `case list --json` gives them; times are ISO 8601 in `zone`."""
    return [
        {
            "number": case.number,
            "status": case.status,
            "drill": case.drill,
            "department": case.department,
            "indicator": case.indicator,
            "reported_at": case.reported_at.astimezone(zone).isoformat(),
            "closed_at": case.closed_at.astimezone(zone).isoformat() if case.closed_at else None,
        }
        for case in cases
    ]


def print_list(cases: Sequence[Case], zone: ZoneInfo) -> None:
    """One line a case, for people; times in `zone`."""
    if not cases:
        print("No cases.")
        return
    table = Table("number", "status", "department", "sign", "reported")
    for case in cases:
        cells = (
            case.number,
            Status.of(case.status).en,
            case.department_name,
            Indicator.of(case.indicator).en,
            f"{case.reported_at.astimezone(zone):%Y-%m-%d %H:%M %Z}",
        )
        table.add_row(*map(Text, cells))
    Console().print(table)


def print_case(value: dict[str, Any]) -> None:
    """One case, for people. In: the value of `case.json`."""
    console = Console(markup=False, highlight=False)
    console.print(Text(value["number"], style="bold"), Status.of(value["status"]).en, value["department"])
    console.print(f"noticed {value['aware_at']}  reported {value['reported_at']}")
    for title, columns, key in (
        ("obligations", ("kind", "due_at", "submitted_at", "receipt"), "obligations"),
        ("pages", ("level", "user", "sent_at", "acknowledged_at"), "pages"),
        ("record", ("at", "actor", "kind"), "log"),
    ):
        table = Table(*columns, title=title, title_justify="left")
        for row in value[key]:
            cells = ("" if row.get(column) is None else str(row[column]) for column in columns)
            table.add_row(*map(Text, cells))
        console.print(table)
