"""`leakbot assess`: reads what-if items from a file and prints the duty, its reasons and the dates."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any, TextIO, TypeVar

import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.errors import ConfigurationError
from bot.law.assessment import Assessment
from bot.law.authorities import recipient_name
from bot.law.deadlines import Deadlines
from bot.law.fact_labels import fact_label
from bot.law.reading import Item, answer, read_items
from bot.law.triggers import trigger
from bot.law.wording import explain, explain_trigger, source_of, spoken_day
from bot.organisation.document import TextLoader
from bot.vocabulary import Locale

_In = TypeVar("_In")
_Out = TypeVar("_Out")

_LOCALES: tuple[Locale, Locale] = ("ja", "en")


def assess_file(path: Path, as_json: bool, out: TextIO) -> None:
    """Assess the items of a YAML or JSON file and write the answers to `out`.

    As JSON: a list of objects, `id` and the keys that the vectors call `expect`. Else a table for people.
    Raises ConfigurationError, one line, where the file or an item is wrong; then nothing is written.
    """
    items = _named(path, read_items, _parsed(path, _text_of(path)))
    if as_json:
        answers = [_named(path, answer, item) for item in items]
        json.dump(answers, out, ensure_ascii=False, indent=2)
        out.write("\n")
        return
    tables = [_table(item, _named(path, Item.assess, item)) for item in items]
    console = Console(file=out, highlight=False)
    for table in tables:
        console.print(table)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
        raise ConfigurationError(f"{path} cannot be read: {why}.", "Name a YAML or JSON file.") from None


def _named(path: Path, step: Callable[[_In], _Out], value: _In) -> _Out:
    """Do `step`; whatever is wrong is said together with the file it stands in."""
    try:
        return step(value)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}", error.remedy) from None


class _Loader(TextLoader):
    """YAML in which a key may stand only once: of two numbers of persons, neither may be lost silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping, or ConstructorError at the second occurrence of a key."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = (key_node.tag, key_node.value) if isinstance(key_node, yaml.ScalarNode) else id(key_node)
            if key in seen:
                problem = f"{key_node.value} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _parsed(path: Path, text: str) -> object:
    """YAML, and JSON as the part of it that it is."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise ConfigurationError(f"{path}{where}: {problem}.", "Correct that line.") from None
    except (RecursionError, ValueError):
        raise ConfigurationError(f"{path}: it holds a value that cannot be read.", "Correct it.") from None


def _table(item: Item, assessment: Assessment) -> Table:
    """One item for people: Japanese first, English beside it."""
    table = Table(title=Text(" ".join(filter(None, (item.id, item.title)))), title_justify="left")
    table.add_column("", no_wrap=True)
    table.add_column("日本語", overflow="fold", ratio=1)
    table.add_column("English", overflow="fold", ratio=1)
    for name, cells in _rows(item, assessment):
        table.add_row(Text(name), *(Text(cell) for cell in cells), end_section=True)
    return table


def _rows(item: Item, assessment: Assessment) -> list[tuple[str, list[str]]]:
    rows = [
        ("判断 decision", [assessment.decision.label(locale) for locale in _LOCALES]),
        ("該当 triggers", [_triggers(assessment, item, locale) for locale in _LOCALES]),
        ("不明 open", [_lines(fact_label(n, lc) for n in assessment.undetermined) for lc in _LOCALES]),
        (
            "提出先 report to",
            [_lines(recipient_name(r, lc) for r in assessment.report_to) for lc in _LOCALES],
        ),
        ("本人通知 notice", [_notice(assessment, locale) for locale in _LOCALES]),
        ("任意 voluntary", [assessment.voluntary.label(locale) for locale in _LOCALES]),
    ]
    if clock := assessment.deadlines:
        rows.append(("期限 dates", [_dates(clock, assessment.provisional, lc) for lc in _LOCALES]))
    if assessment.notify_controller:
        rows.append(("委託元 controller", [_controller(lc) for lc in _LOCALES]))
    rows.append(("規定 rules", [_rules(item, assessment, lc) for lc in _LOCALES]))
    rows.append(("理由 reasons", [_reasons(assessment, locale) for locale in _LOCALES]))
    return rows


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts) or "－"


def _triggers(assessment: Assessment, item: Item, locale: Locale) -> str:
    on = item.day
    return _lines(explain_trigger(trigger(name, on), locale) for name in assessment.triggers)


def _notice(assessment: Assessment, locale: Locale) -> str:
    if assessment.notify_individuals:
        return "必要（法第26条第2項）" if locale == "ja" else "Required (Act Art. 26(2))"
    if assessment.provisional:
        return "判断が確定してから" if locale == "ja" else "Once the duty is decided"
    return "法律上の義務なし" if locale == "ja" else "No statutory duty"


def _rules(item: Item, assessment: Assessment, locale: Locale) -> str:
    on, as_of = spoken_day(item.day, locale), spoken_day(assessment.rules_as_of, locale)
    if locale == "ja":
        return f"{on}に適用される規定（{as_of}時点の法令を収録）"
    return f"Those in force on {on} (law on file as of {as_of})"


def _controller(locale: Locale) -> str:
    if locale == "ja":
        return "委託元へ速やかに通知すれば、報告と本人通知は免除（目安は速報と同じ）"
    return "Notify the controller promptly (guide: 3 to 5 days): then no report and no individual notice"


def _dates(clock: Deadlines, provisional: bool, locale: Locale) -> str:
    start, aim, limit, due = (
        spoken_day(day, locale) for day in (clock.clock_start, clock.aim_on, clock.limit_on, clock.due_on)
    )
    if locale == "ja":
        mark = "【暫定】\n" if provisional else ""
        return (
            f"{mark}1日目 {start}\n速報の目標（3日目） {aim}\n速報の目安の上限（5日目） {limit}\n"
            f"確報の期限（{clock.days}日） {due}"
        )
    mark = "Provisional\n" if provisional else ""
    return (
        f"{mark}Day 1: {start}\nPreliminary report, aim (day 3): {aim}\n"
        f"Preliminary report, limit of the guide (day 5): {limit}\nFinal report ({clock.days} days): {due}"
    )


def _reasons(assessment: Assessment, locale: Locale) -> str:
    opening, closing = ("［", "］") if locale == "ja" else ("[", "]")
    return _lines(
        f"・{explain(reason, locale)}{opening}{source_of(reason, locale)}{closing}"
        for reason in assessment.reasons
    )
