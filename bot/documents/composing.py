"""From a case to a document's words: the text templates, and the values they may ask for.

In: the case as it stands, the organisation, the language, the day of writing. Out: `Content`. The same case
on the same day gives the same content and so the same hash. A missing value, an empty line or `None` in a
template is an error, never a gap in a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from traceback import walk_tb
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from bot.documents import wording
from bot.documents.content import Content
from bot.documents.layout import LayoutError, read, seal
from bot.documents.notified import contact_of
from bot.errors import BotError
from bot.law.authorities import recipient_name
from bot.law.fact_labels import FACT_LABELS, fact_label
from bot.law.facts import Certainty, DamageType, DataStatus, HandledAs, Kind
from bot.organisation import Organisation
from bot.policy.inquiries import for_the_faq
from bot.policy.items import NOTICE_ITEMS, Item, Line, items, line_of, missing_for_final
from bot.policy.prevention import measures
from bot.policy.state import CaseState, ObligationState, TaskState
from bot.resources import resource
from bot.vocabulary import DocumentKind, ItemField, Locale, LogKind, Origin, TaskStatus, Word

#: Words of the facts that are chosen from a list.
FACT_WORDS: Mapping[str, type[Word]] = {
    "kind": Kind,
    "damage_type": DamageType,
    "certainty": Certainty,
    "data_status": DataStatus,
    "role": HandledAs,
}
#: Facts that say where to file and not what happened.
_NOT_SHOWN = frozenset({"delegated_to_authority", "controller_notified", "trigger_known_at"})


class DocumentError(BotError):
    """A text template is wrong. The message names file and line."""


@dataclass(frozen=True, slots=True)
class Written:
    """One field as a template prints it."""

    name: str
    label: str
    text: str
    known: bool
    reviewed: bool  # written by the privacy office, so that it may go out as it stands

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """One of the nine items as a template prints it."""

    name: str
    number: str
    label: str
    fields: tuple[Written, ...]
    follow_up: str | None


class Composer:
    """The text templates: the organisation's own where it has them, else those that come with the program."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._environments = {locale: _environment(folders(organisation, locale)) for locale in LOCALES}

    def compose(self, kind: DocumentKind, locale: Locale, case: CaseState, now: datetime) -> Content:
        """The document of this kind about the case, as of `now` (UTC). Raises DocumentError."""
        values = values_of(case, self._organisation, locale, now)
        return self.render(f"{kind.value}.md", kind, locale, values, drill=case.drill)

    def render(
        self, name: str, kind: DocumentKind, locale: Locale, values: Mapping[str, Any], *, drill: bool
    ) -> Content:
        """One text template with these values. Raises DocumentError naming the file and line."""
        environment = self._environments[locale]
        try:
            template = environment.get_template(name)
            text = template.render(locale=locale, tz=self._organisation.timezone, **values)
            return read(text, kind, locale, drill=drill)
        except LayoutError as error:
            raise DocumentError(f"{_path(environment, name)}: {error}.", REMEDY) from error
        except (TemplateError, TypeError, ValueError, AttributeError, KeyError, ArithmeticError) as error:
            raise DocumentError(_where(error, _path(environment, name)), REMEDY) from error


LOCALES: tuple[Locale, ...] = ("ja", "en")
REMEDY = "Compare it with the template of the same name that comes with leakbot, or take it away."


def folders(organisation: Organisation, locale: Locale) -> list[Path]:
    """Where templates of a language are looked for: the organisation's own first."""
    own = [organisation.templates / locale] if organisation.templates else []
    return [*own, resource("templates") / locale / "documents"]


def _where(error: Exception, path: str) -> str:
    """What is wrong in the template and on which of its lines."""
    line = getattr(error, "lineno", None)
    for frame in walk_tb(error.__traceback__):
        if frame[0].f_code.co_filename == path:
            line = frame[1]
    what = getattr(error, "message", None) or f"{type(error).__name__}: {error}"
    return f"{path}{f':{line}' if line else ''}: {what}."


def _path(environment: Environment, name: str) -> str:
    loader = environment.loader
    assert loader is not None  # noqa: S101 - made below
    try:
        return str(loader.get_source(environment, name)[1])
    except TemplateError:
        return name


def _environment(found_in: list[Path]) -> Environment:
    # The words are sealed by `layout.seal`, and the Word file escapes them itself.
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(found_in),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {"day": _day, "moment": _moment, "label": _label, "listed": _listed}
    return environment


@pass_context
def _finalize(context: Context, value: object) -> str:
    if value is None:
        raise ValueError("a value is None")
    if isinstance(value, StrictUndefined):
        return str(value)  # raises, naming what is missing
    return seal(str(value))


@pass_context
def _day(context: Context, when: date) -> str:
    return wording.day(when, context["locale"], context["tz"])


@pass_context
def _moment(context: Context, when: datetime) -> str:
    return wording.moment(when, context["locale"], context["tz"])


@pass_context
def _label(context: Context, word: Word) -> str:
    return word.label(context["locale"])


@pass_context
def _listed(context: Context, words: list[str]) -> str:
    return ("、" if context["locale"] == "ja" else ", ").join(str(word) for word in words)


def values_of(case: CaseState, organisation: Organisation, locale: Locale, now: datetime) -> dict[str, Any]:
    """Everything a text template may print, by name (README, 書類のテンプレート)."""
    tz = organisation.timezone
    found = items(case, contact_of(case, organisation))
    fields = {line.field.value: line for item in found for line in item.lines}
    written = {name: _written(line_of(found, ItemField.of(name)), locale, tz) for name in fields}
    outside = {
        name: _written(line_of(found, ItemField.of(name)), locale, tz, outside=True) for name in fields
    }
    reviewed = {
        name: each if each.reviewed or _may_go_out(name) else _held_back(each, locale)
        for name, each in outside.items()
    }
    numbered = [_item(n, item, written, locale) for n, item in enumerate(found, start=1)]
    mine = ItemField.ADVICE.value, ItemField.CONTACT.value
    closure = next((e.data for e in reversed(case.events) if e.kind is LogKind.CLOSED), {})
    incident = wording.matter_of(line_of(found, ItemField.INCIDENT))
    return {
        "case": case,
        "organisation": organisation.name,
        "today": now,
        "f": written,
        "out": reviewed,
        "items": numbered,
        "report_items": [_without(item, mine) for item in numbered],
        "notice_items": [item.value for item in NOTICE_ITEMS],
        "missing": [field.label(locale) for field in missing_for_final(found)],
        "unknown": [each.label for each in written.values() if not each.known and each.name not in mine],
        "pending": wording.Pending.FACT.label(locale),
        "matter": incident.label(locale),
        "suspected": incident not in wording.CONFIRMED,
        "facts": list(_facts(case, locale)),
        "obligations": [_obligation(o, locale) for o in case.standing_obligations],
        "filed": [_obligation(o, locale) for o in case.standing_obligations if o.submitted_at],
        "decision": case.assessment["decision"] if case.assessment else "",
        "my_number": case.facts.get("my_number"),
        "root_cause": str(closure.get("root_cause") or ""),
        "prevention": str(closure.get("prevention") or ""),
        "measures": [_measure(case, task, locale) for task in measures(case)],
        "handled": list(_words_of_the_reporter(case)),
        "inquiries": list(_asked_already(case)),
    }


def _written(line: Line, locale: Locale, tz: ZoneInfo, *, outside: bool = False) -> Written:
    text = wording.line_text(line, locale, tz, outside=outside)
    return Written(
        line.field.value, line.field.label(locale), text, line.known, line.origin in _BY_THE_OFFICE
    )


#: Whoever closes a case writes for the file, and is of the privacy office; the organisation file names whom
#: people may ask.
_BY_THE_OFFICE = frozenset({Origin.OFFICE, Origin.CLOSURE, Origin.MEASURES, Origin.ORGANISATION})
#: Fields whose value is a date, a number or a word of ours wherever it comes from.
_PLAIN = frozenset(
    {
        ItemField.OCCURRED_ON,
        ItemField.DISCOVERED_ON,
        ItemField.INCIDENT,
        ItemField.PERSONS,
        ItemField.MEDIUM,
        ItemField.DATA_ITEMS,
        ItemField.SECONDARY_HARM,
        ItemField.RESPONSE,
        ItemField.PUBLICATION,
    }
)


def _may_go_out(name: str) -> bool:
    return ItemField.of(name) in _PLAIN


def _held_back(field: Written, locale: Locale) -> Written:
    """Words somebody wrote for colleagues do not go out before the privacy office has put them right."""
    text = wording.pending(ItemField.of(field.name)).label(locale)
    return Written(field.name, field.label, text, known=False, reviewed=False)


def _item(number: int, item: Item, written: Mapping[str, Written], locale: Locale) -> WrittenItem:
    fields = tuple(written[line.field.value] for line in item.lines)
    written_number = chr(ord("０") + number) if locale == "ja" else str(number)
    return WrittenItem(item.item.value, written_number, item.item.label(locale), fields, item.follow_up)


def _without(item: WrittenItem, names: tuple[str, ...]) -> WrittenItem:
    kept = tuple(field for field in item.fields if field.name not in names)
    return WrittenItem(item.name, item.number, item.label, kept, item.follow_up)


def _facts(case: CaseState, locale: Locale) -> Iterator[tuple[str, str]]:
    for name in FACT_LABELS:
        if name in case.facts and name not in _NOT_SHOWN:
            yield (
                fact_label(name, locale),
                wording.fact_value(case.facts[name], FACT_WORDS, name, locale),
            )


def _obligation(obligation: ObligationState, locale: Locale) -> dict[str, Any]:
    return {
        "kind": obligation.kind,
        "name": obligation.kind.label(locale),
        "recipient": recipient_name(obligation.recipient, locale) or wording.Pending.FACT.label(locale),
        "due": obligation.due_at,
        "submitted": obligation.submitted_at,
        "receipt": obligation.receipt or "",
        "provisional": obligation.provisional,
    }


def _measure(case: CaseState, task: TaskState, locale: Locale) -> dict[str, Any]:
    """A measure against recurrence: what, who (by role, and by the organisation file), until when."""
    member, user = case.members.get(task.user or ""), task.user
    named = next((p.reference for lv in case.chain for p in lv.people if user and p.user == user), "")
    role = (member.role if member else task.owner).label(locale)
    return {
        "title": " ".join((task.title or "").split()),
        "owner": f"{role} {named}".strip(),
        "due": task.due_at,
        "done": task.at if task.status is TaskStatus.DONE else None,
        "state": task.status.label(locale),
    }


def _asked_already(case: CaseState) -> Iterator[dict[str, str]]:
    """What was asked and answered, for the questions and answers; never by whom."""
    for each in for_the_faq(case):
        if seal(str(each.answer)):  # more than signs that no document can hold
            yield {"question": " ".join(str(each.question).split()), "answer": str(each.answer)}


def _words_of_the_reporter(case: CaseState) -> Iterator[str]:
    if case.report.immediate_actions and case.report.immediate_actions.strip():
        yield case.report.immediate_actions
