"""The register of cases (事案の台帳) for the privacy office: what to look for, and what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.cases.register import Filter
from bot.policy.state import CaseState
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.case_line import case_line
from bot.slack.screens.message import written
from bot.vocabulary import Action, Callback, Indicator, Locale, Status

PAGE: Final = 15
NUMBER_LIMIT: Final = 20
#: The field of the number, and its block.
NUMBER: Final = "number"
#: The value of a choice that makes no difference, and of "any status but closed".
ANY: Final = "any"
OPEN: Final = "open"
_DRILLS: Final = {"without": False, "only": True}
_MOST_CHOICES: Final = 99  # a menu holds 100, and the first is ANY


@dataclass(frozen=True, slots=True)
class Choices:
    """What the menus offer beside the words of the vocabulary: departments (id, name) and years."""

    departments: Sequence[tuple[str, str]]
    years: Sequence[int]


def register(
    locale: Locale,
    tz: ZoneInfo,
    wanted: Filter,
    choices: Choices,
    found: Sequence[CaseState],
    total: int,
    page: int,
    now: datetime,
) -> b.View:
    """One page (from 0) of what was found; `total` fit altogether. Metadata: see `kept`."""
    first = page * PAGE + 1
    intro = written("register_intro", locale, total=total, first=first, last=first + len(found) - 1).parts[0]
    number = b.text_input(NUMBER_LIMIT, label("register.number.placeholder", locale), wanted.number)
    turns = [Action.REGISTER_BEFORE] if page else []
    turns += [Action.REGISTER_AFTER] if first + len(found) <= total else []
    return b.modal(
        label("register.title", locale),
        [
            {**b.actions(*_menus(locale, wanted, choices)), "block_id": "register"},
            b.field(NUMBER, label("register.number.label", locale), number, optional=True),
            b.divider(),
            b.section(intro),
            *(case_line(locale, tz, case, now, in_register=True) for case in found),
            *([b.actions(*(_turn(locale, turn) for turn in turns))] if turns else []),
        ],
        close=label("common.close", locale),
        submit=label("register.submit", locale),
        callback_id=Callback.REGISTER,
        private_metadata=json.dumps({"page": page, **_kept(wanted)}, ensure_ascii=False),
    )


def kept(metadata: Mapping[str, Any]) -> tuple[Filter, int]:
    """What an open register was looking for, and its page: read back from its `private_metadata`."""
    wanted = Filter(
        open=True if metadata.get("status") == OPEN else None,
        status=Status.named(metadata.get("status")),
        department=metadata.get("department"),
        indicator=Indicator.named(metadata.get("indicator")),
        year=metadata.get("year"),
        drill=metadata.get("drill"),
        number=metadata.get("number"),
    )
    return wanted, int(metadata.get("page") or 0)


def chosen(wanted: Filter, menu: Action, value: str) -> Filter:
    """What is looked for once `value` was picked in a menu. Values that no menu offers count as ANY."""
    match menu:
        case Action.REGISTER_STATUS:
            return replace(wanted, open=True if value == OPEN else None, status=Status.named(value))
        case Action.REGISTER_DEPARTMENT:
            return replace(wanted, department=None if value == ANY else value)
        case Action.REGISTER_INDICATOR:
            return replace(wanted, indicator=Indicator.named(value))
        case Action.REGISTER_YEAR:
            return replace(wanted, year=int(value) if value.isdecimal() else None)
        case Action.REGISTER_DRILL:
            return replace(wanted, drill=_DRILLS.get(value))
    raise ValueError(f"{menu!r} is no menu of the register")


def _kept(wanted: Filter) -> dict[str, Any]:
    return {
        "status": OPEN if wanted.open else wanted.status,
        "department": wanted.department,
        "indicator": wanted.indicator,
        "year": wanted.year,
        "drill": wanted.drill,
        "number": wanted.number,
    }


def _menus(locale: Locale, wanted: Filter, choices: Choices) -> list[b.Block]:
    statuses = [(OPEN, label("register.open", locale)), *((s.value, s.label(locale)) for s in Status)]
    drills = [(name, label(f"register.drill.{name}", locale)) for name in _DRILLS]
    years = [(str(year), label("register.year", locale, year=year)) for year in choices.years]
    drill = next((name for name, value in _DRILLS.items() if value is wanted.drill), None)
    year = None if wanted.year is None else str(wanted.year)
    status = OPEN if wanted.open else wanted.status
    return [
        _menu(locale, Action.REGISTER_STATUS, statuses, status),
        _menu(locale, Action.REGISTER_DEPARTMENT, choices.departments, wanted.department),
        _menu(
            locale,
            Action.REGISTER_INDICATOR,
            [(i.value, i.label(locale)) for i in Indicator],
            wanted.indicator,
        ),
        _menu(locale, Action.REGISTER_YEAR, years, year),
        _menu(locale, Action.REGISTER_DRILL, drills, drill),
    ]


def _menu(locale: Locale, act: Action, offered: Sequence[tuple[str, str]], chosen: str | None) -> b.Block:
    anything = label(f"register.any.{act.value.removeprefix('register_')}", locale)
    options = [b.option(ANY, anything), *(b.option(value, text) for value, text in offered[:_MOST_CHOICES])]
    return {**b.select(options, anything, chosen or ANY), "action_id": act}


def _turn(locale: Locale, act: Action) -> b.Block:
    return b.button(label(f"buttons.{act.value}", locale), act, act)
