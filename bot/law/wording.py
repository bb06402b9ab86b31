"""Puts an assessment into plain, precise sentences for the privacy office, each with its source."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.law.authorities import is_settled, recipient_name
from bot.law.calendar import closed
from bot.law.fact_labels import fact_label
from bot.law.persons import Persons, format_persons
from bot.law.reason_texts import TEXTS
from bot.law.reasons import Reason
from bot.law.triggers import Trigger
from bot.vocabulary import Locale

_WEEKDAYS: Final = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATES: Final = frozenset({"start", "nominal", "due", "limit"})

_CAUTION: Final = {
    "ja": "（法令に明文がなく、慎重に解釈しています）",
    "en": " (the texts are silent; a cautious reading)",
}
_UNSETTLED: Final = {
    "ja": "提出先は未確認です。個人情報保護委員会の案内で確認してください。",
    "en": " The recipient is unconfirmed; check it on the PPC's page.",
}


def explain(reason: Reason, locale: Locale) -> str:
    """The reason as a sentence in `locale`; a cautious reading says so."""
    values = {name: _written(name, value, locale) for name, value in reason.params.items()}
    text = TEXTS[reason.code][locale].format(**values)
    if reason.code == "delegated_authority" and not is_settled(str(reason.params["authority"])):
        text += _UNSETTLED[locale]
    return text + _CAUTION[locale] if reason.cautious else text


def source_of(reason: Reason, locale: Locale) -> str:
    """Where the reason stands: title and article."""
    return reason.source.label(locale)


def explain_trigger(row: Trigger, locale: Locale) -> str:
    """A class of reportable situation with its article: 「本人の数が1,000人を超える（…第7条第4号）」."""
    place = row.source.label(locale)
    return f"{row.label(locale)}（{place}）" if locale == "ja" else f"{row.label(locale)} ({place})"


def spoken_day(day: date, locale: Locale) -> str:
    """A date with its weekday: 「2026年11月28日（土）」, "Sat 28 Nov 2026"."""
    weekday = _WEEKDAYS[locale][day.weekday()]
    if locale == "ja":
        return f"{day.year}年{day.month}月{day.day}日（{weekday}）"
    return f"{weekday} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _written(name: str, value: Any, locale: Locale) -> str:
    if name in _DATES:
        return spoken_day(date.fromisoformat(value), locale)
    match name:
        case "persons":
            return format_persons(Persons.from_json(name, value), locale)
        case "facts":
            return _listed([fact_label(each, locale) for each in value], locale)
        case "closed":
            return _listed([_closed_day(date.fromisoformat(each), locale) for each in value], locale)
        case "authority":
            return recipient_name(value, locale)
    return str(value)


def _closed_day(day: date, locale: Locale) -> str:
    found = closed(day)
    why = found.reason(locale) if found else ""
    if locale == "ja":
        return f"{day.month}月{day.day}日（{why}）"
    return f"{day.day} {_MONTHS[day.month - 1]} ({why})"


def _listed(words: list[str], locale: Locale) -> str:
    return ("、" if locale == "ja" else ", ").join(words)
