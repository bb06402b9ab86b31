"""A company of ten departments in which two hundred people report within a minute."""

from __future__ import annotations

from bot.workspace import Person, Workspace

DEPARTMENTS = 10
REPORTS = 200
#: For `the_company`: the departments, each with a manager of its own, in front of those of the sample.
WITH_DEPARTMENTS = {
    "departments:\n": "departments:\n"
    + "".join(
        f"  - id: unit{n}\n    name: 第{n}課\n    manager: head{n}@sample.example\n    deputies: []\n"
        for n in range(DEPARTMENTS)
    )
}


def heads(workspace: Workspace) -> list[Person]:
    """The managers of the departments; in the company from now on. Before the bot starts."""
    return [workspace.add_person(f"head{n}", f"第{n}課長") for n in range(DEPARTMENTS)]


def reporters(workspace: Workspace, count: int = REPORTS) -> list[Person]:
    """Those who will report."""
    return [workspace.add_person(f"employee{n}", f"社員{n}") for n in range(count)]


def report_of(n: int) -> dict[str, str]:
    """What the nth of them writes."""
    return {
        "indicator": "media_lost",
        "department": f"unit{n % DEPARTMENTS}",
        "summary": f"{n}件目の報告です",
    }
