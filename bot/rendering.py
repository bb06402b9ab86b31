"""Renders templates/ in a person's language, strictly: a missing value or an unknown word is an error.

Every value a template prints is escaped for Slack's mrkdwn unless a filter here marked it as safe, so a
forgotten escape is impossible. Dates are written in the organisation's zone, never as bare UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from bot.resources import resource
from bot.vocabulary import Locale, Word

JAPAN_OFFSET = timedelta(hours=9)
BAR_WIDTH = 10
ONE_LINE = 200
PART = re.compile(r"^---$", re.MULTILINE)

# Japanese office style joins date and time without a comma; English follows the day-month order.
_MOMENT = {"ja": "y年M月d日（E）HH:mm", "en": "EEE d MMM y, HH:mm"}
_SHORT = {"ja": "M月d日（E）HH:mm", "en": "EEE d MMM, HH:mm"}
_DAY = {"ja": "y年M月d日（E）", "en": "EEE d MMM y"}
_SHORT_DAY = {"ja": "M月d日（E）", "en": "EEE d MMM"}


class Mrkdwn(str):
    """Text that is already safe as mrkdwn: our own markup, or escaped."""

    __slots__ = ()


def escape(value: object) -> Mrkdwn:
    """`value` as mrkdwn that can neither mention nor link: & < > are all that Slack asks to escape."""
    if isinstance(value, Mrkdwn):
        return value
    return Mrkdwn(str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def mention(user: str) -> Mrkdwn:
    """A Slack user id as a mention. Anything that is no plain id stays escaped text."""
    return Mrkdwn(f"<@{user}>") if user.isascii() and user.isalnum() else escape(user)


def room(channel: str) -> Mrkdwn:
    """A Slack channel id as a link. Anything that is no plain id stays escaped text."""
    return Mrkdwn(f"<#{channel}>") if channel.isascii() and channel.isalnum() else escape(channel)


def _zone_name(when: datetime, locale: Locale) -> str:
    """English always names the zone, Japanese only where it is not the reader's everyday +09:00."""
    if locale == "ja" and when.utcoffset() == JAPAN_OFFSET:
        return ""
    return f" {when.tzname()}"


def moment(when: datetime, locale: Locale, tz: ZoneInfo) -> str:
    """An aware time in `tz`: 2026年11月28日（土）23:59 / Sat 28 Nov 2026, 23:59 JST."""
    local = when.astimezone(tz)
    return format_datetime(local, _MOMENT[locale], tzinfo=tz, locale=locale) + _zone_name(local, locale)


def short(when: datetime, locale: Locale, tz: ZoneInfo) -> str:
    """The same without the year: 11月28日（土）23:59 / Sat 28 Nov, 23:59 JST."""
    local = when.astimezone(tz)
    return format_datetime(local, _SHORT[locale], tzinfo=tz, locale=locale) + _zone_name(local, locale)


def day(when: date, locale: Locale, tz: ZoneInfo) -> str:
    """A date, or the day of an aware time in `tz`: 2026年11月28日（土） / Sat 28 Nov 2026."""
    return format_date(_date_of(when, tz), _DAY[locale], locale=locale)


def short_day(when: date, locale: Locale, tz: ZoneInfo, beside: date | None = None) -> str:
    """The same without the year: 11月28日（土） / Sat 28 Nov. With it where `beside` lies in another year."""
    on = _date_of(when, tz)
    if beside is not None and on.year != _date_of(beside, tz).year:
        return day(on, locale, tz)
    return format_date(on, _SHORT_DAY[locale], locale=locale)


def _date_of(when: date, tz: ZoneInfo) -> date:
    return when.astimezone(tz).date() if isinstance(when, datetime) else when


def duration(length: timedelta, locale: Locale) -> str:
    """A length of time in its two largest units: 2日4時間 / 2 days 4 hours. To the nearest minute."""
    minutes = max(0, round(length.total_seconds() / 60))
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    units = [(days, "日", "day"), (hours, "時間", "hour"), (minutes, "分", "minute")]
    shown = units[:2] if days else units[1:]
    written = [(n, ja, en) for n, ja, en in shown if n] or [(0, "分", "minute")]
    if locale == "ja":
        return "".join(f"{n}{ja}" for n, ja, _ in written)
    return " ".join(f"{n} {en}{'' if n == 1 else 's'}" for n, _, en in written)


def remaining(due: datetime, now: datetime, locale: Locale, guide: bool = False) -> str:
    """The time left until `due`: あと2日4時間 / 2 days 4 hours left; past it, how long it is overdue.

    `guide` is for the preliminary report, whose day is a guide and no fixed date of law (目安の上限).
    """
    left = due - now
    near = abs(left) < timedelta(seconds=30)
    length = "" if near else duration(abs(left), locale)
    if locale == "ja":
        limit = "目安の上限" if guide else "期限"
        if near:
            return f"まもなく{limit}です" if left >= timedelta(0) else f"{limit}になりました"
        return f"あと{length}" if left > timedelta(0) else f"{limit}を{length}過ぎています"
    if near:
        return "due now"
    past = "past the guide's limit" if guide else "overdue"
    return f"{length} left" if left > timedelta(0) else f"{length} {past}"


def bar(done: int, total: int, width: int = BAR_WIDTH) -> str:
    """How much of `total` is used up, as `width` marks: ▓▓▓▓▓▓▓▓░░ for 4 of 5."""
    filled = width if total <= 0 else min(width, max(0, round(width * done / total)))
    return "▓" * filled + "░" * (width - filled)


@dataclass(frozen=True, slots=True)
class Written:
    """A rendered message: its notification text, and its parts from top to bottom."""

    text: str
    parts: tuple[Mrkdwn, ...]


class Renderer:
    """Templates and screen labels under one directory, which holds one folder per language."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        # Autoescape would escape quotes too, and Slack would show their entities; `finalize` does it right.
        self._environment = Environment(  # noqa: S701
            loader=FileSystemLoader(directory),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=escape,
        )
        self._environment.filters |= FILTERS
        self._labels = {locale: _read(directory / locale / "screens.yaml") for locale in ("ja", "en")}
        self._data: dict[tuple[str, Locale], Any] = {}

    def render(self, name: str, locale: Locale, /, tz: ZoneInfo | None = None, **values: Any) -> Mrkdwn:
        """The template `name` (as `messages/receipt.txt`) as mrkdwn.

        `tz` is needed where the template writes dates. Raises jinja2.UndefinedError for a missing value.
        """
        template = self._environment.get_template(f"{locale}/{name}")
        return Mrkdwn(template.render(locale=locale, tz=tz, **values).strip())

    def message(self, name: str, locale: Locale, /, tz: ZoneInfo | None = None, **values: Any) -> Written:
        """The template messages/`name`.txt: its first part is the notification text, `---` stands between.

        Parts that come out empty are left away.
        """
        first, *rest = PART.split(self.render(f"messages/{name}.txt", locale, tz, **values))
        parts = tuple(Mrkdwn(part.strip()) for part in rest if part.strip())
        return Written(text=first.strip(), parts=parts)

    def label(self, key: str, locale: Locale, **values: object) -> str:
        """The text at `key` (as `closure.title`) in the language's screens.yaml, as plain text.

        Raises KeyError where the key or a value is missing.
        """
        node = self._labels[locale]
        for step in key.split("."):
            node = node[step]
        if not isinstance(node, str):
            raise KeyError(key)
        return node.format(**values)

    def data(self, name: str, locale: Locale) -> Any:
        """The YAML file `name` of the language, as plain values: read once, so nobody may change them."""
        if (name, locale) not in self._data:
            self._data[name, locale] = _read(self.directory / locale / name)
        return self._data[name, locale]


def _read(path: Path) -> Any:
    # Some installations of PyYAML lack the quick loader; a bot starts ten times sooner with it.
    quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), quick)  # noqa: S506 - a SafeLoader


@lru_cache(maxsize=1)
def renderer() -> Renderer:
    """The renderer of the templates that come with the program."""
    return Renderer(resource("templates"))


def render(name: str, locale: Locale, /, tz: ZoneInfo | None = None, **values: Any) -> Mrkdwn:
    """`Renderer.render` with the program's own templates."""
    return renderer().render(name, locale, tz, **values)


def label(key: str, locale: Locale, **values: object) -> str:
    """`Renderer.label` with the program's own templates."""
    return renderer().label(key, locale, **values)


@pass_context
def _moment(context: Context, when: datetime) -> Mrkdwn:
    return Mrkdwn(moment(when, context["locale"], context["tz"]))


@pass_context
def _short(context: Context, when: datetime) -> Mrkdwn:
    return Mrkdwn(short(when, context["locale"], context["tz"]))


@pass_context
def _clock(context: Context, when: datetime, after: datetime) -> Mrkdwn:
    """The time alone where it is the same day as `after`, which stands in front of it; else with its day."""
    tz = context["tz"]
    if when.astimezone(tz).date() == after.astimezone(tz).date():
        local = when.astimezone(tz)
        return Mrkdwn(f"{local:%H:%M}{_zone_name(local, context['locale'])}")
    return _short(context, when)


@pass_context
def _day(context: Context, when: date) -> Mrkdwn:
    return Mrkdwn(day(when, context["locale"], context["tz"]))


@pass_context
def _short_day(context: Context, when: date, beside: date | None = None) -> Mrkdwn:
    return Mrkdwn(short_day(when, context["locale"], context["tz"], beside))


@pass_context
def _remaining(context: Context, due: datetime, now: datetime, guide: bool = False) -> Mrkdwn:
    return Mrkdwn(remaining(due, now, context["locale"], guide))


@pass_context
def _duration(context: Context, length: timedelta) -> Mrkdwn:
    return Mrkdwn(duration(length, context["locale"]))


@pass_context
def _label(context: Context, word: Word | None) -> Mrkdwn:
    """A word of the vocabulary; a dash where a log entry of another release has one we do not know."""
    return escape(word.label(context["locale"])) if word is not None else Mrkdwn("—")


@pass_context
def _listed(context: Context, values: Iterable[object]) -> Mrkdwn:
    """Things in a row: A、B、C / A, B, C. Each is escaped, mentions stay."""
    separator = "、" if context["locale"] == "ja" else ", "
    return Mrkdwn(separator.join(escape(value) for value in values))


def _mentions(users: Iterable[str]) -> Mrkdwn:
    return Mrkdwn(" ".join(mention(user) for user in users))


def _one_line(value: object) -> Mrkdwn:
    """User text inside a sentence of ours: escaped, short, on one line, without the marks that restyle it."""
    line = " ".join(str(value).translate({ord(mark): " " for mark in "*_~`"}).split())
    if len(escape(line)) > ONE_LINE:
        ends = range(min(len(line), ONE_LINE), 0, -1)
        line = next(line[:end] for end in ends if len(escape(line[:end])) < ONE_LINE) + "…"
    return escape(line)


FILTERS = {
    "moment": _moment,
    "short": _short,
    "clock": _clock,
    "day": _day,
    "short_day": _short_day,
    "remaining": _remaining,
    "duration": _duration,
    "label": _label,
    "listed": _listed,
    "mention": mention,
    "mentions": _mentions,
    "room": room,
    "mrkdwn": escape,
    "one_line": _one_line,
    "bar": bar,
}
