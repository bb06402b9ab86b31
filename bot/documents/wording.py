"""How what is known is written in a document: dates in full, numbers of people, articles of the rules.

What nobody has entered is under investigation (facts), under consideration (decisions) or in preparation
(the desk for inquiries); it is never left blank and never invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.documents.notified import notified_text, published_text
from bot.errors import InvalidField
from bot.law.persons import Persons, format_persons
from bot.law.triggers import TRIGGERS
from bot.law.wording import explain_trigger
from bot.policy.items import Course, Line, Notified, People, Promised, Published, Rules, Step, Value
from bot.vocabulary import Incident, ItemField, Locale, Measures, Stage, Word

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DECISIONS: Final = frozenset(
    {
        ItemField.RESPONSE,
        ItemField.PUBLICATION,
        ItemField.PREVENTION_DONE,
        ItemField.PREVENTION_PLANNED,
        ItemField.ADVICE,
    }
)


class Pending(Word):
    """What stands where nobody has entered anything."""

    FACT = "fact", "調査中", "Under investigation"
    DECISION = "decision", "検討中", "Under consideration"
    DESK = "desk", "準備中（決まり次第お知らせします）", "Being set up; we will let you know"


class Said(Word):
    """Short answers of documents."""

    NOT_REPORTABLE = "not_reportable", "非該当", "None applies"
    YES = "yes", "あり", "Yes"
    NO = "no", "なし", "No"


class Matter(Word):
    """What a document for outsiders calls the matter: a suspicion as long as nobody confirmed it."""

    LEAK = "leak", "漏えい", "leak"
    LOSS = "loss", "滅失", "loss"
    DAMAGE = "damage", "毀損", "damage"
    LEAK_SUSPECTED = "leak_suspected", "漏えいのおそれ", "suspected leak"
    LOSS_SUSPECTED = "loss_suspected", "滅失のおそれ", "suspected loss"
    DAMAGE_SUSPECTED = "damage_suspected", "毀損のおそれ", "suspected damage"
    POSSIBLE = "possible", "漏えい等のおそれ", "possible leak"


CONFIRMED: Final = frozenset({Matter.LEAK, Matter.LOSS, Matter.DAMAGE})


def matter_of(line: Line) -> Matter:
    """What the matter is called, by the type of incident: as the facts tell, or as the office wrote it."""
    value = line.value
    written = next((i for i in Incident if value in (i, i.ja, i.en)), None)
    return (Matter.named(written.value) if written else None) or Matter.POSSIBLE


def pending(field: ItemField) -> Pending:
    """What stands in this field until somebody fills it in."""
    if field is ItemField.CONTACT:
        return Pending.DESK
    return Pending.DECISION if field in _DECISIONS else Pending.FACT


def day(when: date, locale: Locale, tz: ZoneInfo) -> str:
    """A day as documents write it: 2026年11月22日, 22 November 2026. Aware times are read in `tz`."""
    on = when.astimezone(tz).date() if isinstance(when, datetime) else when
    if locale == "ja":
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def moment(when: datetime, locale: Locale, tz: ZoneInfo) -> str:
    """Day and time: 2026年11月22日 21:10, 22 November 2026, 21:10 JST."""
    local = when.astimezone(tz)
    if locale == "ja":
        return f"{day(when, locale, tz)} {local:%H:%M}"
    return f"{day(when, locale, tz)}, {local:%H:%M} {local.tzname()}"


def line_text(line: Line, locale: Locale, tz: ZoneInfo, *, outside: bool = False) -> str:
    """The field as documents write it; what nobody entered is pending. `outside`: without typed reasons."""
    if line.value is None:
        return pending(line.field).label(locale)
    return value_text(line.value, locale, tz, outside=outside)


def value_text(value: Value, locale: Locale, tz: ZoneInfo, *, outside: bool = False) -> str:
    """One value, whatever its kind."""
    match value:
        case Notified():
            done_on = day(value.completed_at, locale, tz) if value.completed_at else ""
            return notified_text(value, locale, done_on, outside=outside)
        case Published():
            published_on = day(value.publish_at, locale, tz) if value.publish_at else ""
            review_on = day(value.review_on, locale, tz) if value.review_on else ""
            return published_text(value, locale, (published_on, review_on), outside=outside)
        case Promised():
            each = (_promise(title, at, value.done, locale, tz) for title, at in value.each)
            return "\n".join([*([value.words] if value.words else []), *each])
        case Measures() | Word():
            return value.label(locale)
        case datetime():
            return moment(value, locale, tz)
        case People():
            return persons_text(value.fact, locale)
        case Rules():
            return rules_text(value.triggers, locale)
        case Course():
            return "\n".join(_step(step, locale, tz) for step in value.steps)
    return str(value)


def persons_text(fact: Any, locale: Locale) -> str:
    """A number of people as the facts keep it."""
    try:
        persons = Persons.from_json("persons", fact)
    except InvalidField:
        return str(fact)
    return Pending.FACT.label(locale) if persons.is_unknown else format_persons(persons, locale)


def rules_text(triggers: tuple[str, ...], locale: Locale) -> str:
    """The reportable situations with their articles, one a line."""
    rows = {row.id: row for row in TRIGGERS}
    known = [explain_trigger(rows[each], locale) if each in rows else each for each in triggers]
    return "\n".join(known) or Said.NOT_REPORTABLE.label(locale)


def fact_value(value: Any, words: Mapping[str, type[Word]], name: str, locale: Locale) -> str:
    """A fact of the law as people read it; not known is under investigation."""
    if value is None or value == "unknown":
        return Pending.FACT.label(locale)
    if isinstance(value, bool):
        return (Said.YES if value else Said.NO).label(locale)
    if name in ("persons", "my_number_persons"):
        return persons_text(value, locale)
    word = words[name].named(value) if name in words else None
    return word.label(locale) if word else str(value)


def _promise(title: str, at: datetime, done: bool, locale: Locale, tz: ZoneInfo) -> str:
    """One measure with the day on which it was done, or by which it will be."""
    on = day(at, locale, tz)
    if locale == "ja":
        return f"・{title}（{on}{'実施' if done else 'まで'}）"
    return f"- {title} ({'done' if done else 'by'} {on})"


def _step(step: Step, locale: Locale, tz: ZoneInfo) -> str:
    what = step.stage.label(locale)
    if step.of is not None and step.stage is Stage.SUBMITTED:
        what = f"{step.of.label(locale)}{'を提出・実施' if locale == 'ja' else ' filed or given'}"
    return f"{moment(step.at, locale, tz)}{'　' if locale == 'ja' else '  '}{what}"
