"""How many people are concerned: a number, a range, or not known; and how people write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.errors import InvalidField
from bot.vocabulary import Locale

# More than all people alive is a slip of the finger, not a number of people.
MOST_PERSONS: Final = 10_000_000_000
LONGEST_TEXT: Final = 60


@dataclass(frozen=True, slots=True)
class Persons:
    """People, not records. `minimum` is 0 where nothing is known, `maximum` None without an upper bound."""

    minimum: int = 0
    maximum: int | None = None

    @property
    def is_unknown(self) -> bool:
        """Nothing at all is known."""
        return self.minimum == 0 and self.maximum is None

    @property
    def is_exact(self) -> bool:
        """The number is fixed."""
        return self.minimum == self.maximum

    @classmethod
    def from_json(cls, field: str, value: object) -> Persons:
        """Read `{"exact": N}`, `{"min": N, "max": N}`, `{"min": N}`, `{"max": N}` or `"unknown"`.

        Raises InvalidField(field, …): `persons_form`, `persons_number`, `minimum_above_maximum`.
        """
        if value == "unknown":
            return UNKNOWN_PERSONS
        if not isinstance(value, Mapping) or set(value) not in ({"exact"}, {"min"}, {"max"}, {"min", "max"}):
            raise InvalidField(field, "persons_form", value=value)
        for number in value.values():
            if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_PERSONS:
                raise InvalidField(field, "persons_number", value=number)
        if "exact" in value:
            return cls(value["exact"], value["exact"])
        return between(field, value.get("min", 0), value.get("max"))

    def to_json(self) -> dict[str, int] | str:
        """The form in which the number stands in `case.json`."""
        if self.is_unknown:
            return "unknown"
        if self.maximum is None:
            return {"min": self.minimum}
        if self.is_exact:
            return {"exact": self.minimum}
        if self.minimum == 0:
            return {"max": self.maximum}
        return {"min": self.minimum, "max": self.maximum}


UNKNOWN_PERSONS: Final = Persons()


def between(field: str, minimum: int, maximum: int | None) -> Persons:
    """A range; refused where it stands on its head: InvalidField(field, "minimum_above_maximum")."""
    if maximum is not None and minimum > maximum:
        raise InvalidField(field, "minimum_above_maximum", minimum=minimum, maximum=maximum)
    return Persons(minimum, maximum)


def parse_persons(text: str, field: str = "persons") -> Persons:
    """Read a number of people as people write it.

    In: `1200`, `約1,200人`, `800〜1200`, `1000以上`, `1000-`, `-500`, `1万2千`, `不明`, full-width or not.
    Nothing written means not known. 件 is taken as people, because that is how it is said.
    Raises InvalidField(field, "not_a_number_of_people" | "minimum_above_maximum").
    """
    written = _plain(text)
    if written in _UNKNOWN_WORDS:
        return UNKNOWN_PERSONS
    for shape in _SHAPES if len(written) <= LONGEST_TEXT else ():
        if (found := shape.pattern.fullmatch(written)) and (ends := _read(shape, found.groups())):
            return between(field, *ends)
    raise InvalidField(field, "not_a_number_of_people", value=text)


def write_persons(persons: Persons) -> str:
    """The number as somebody would type it, so that `parse_persons` reads the same; nothing where unknown."""
    if persons.is_unknown:
        return ""
    if persons.is_exact:
        return str(persons.minimum)
    low = str(persons.minimum) if persons.minimum else ""
    return f"{low}-{'' if persons.maximum is None else persons.maximum}"


def format_persons(persons: Persons, locale: Locale) -> str:
    """The number as it is shown: 「800〜1,200人」, "800 to 1,200 people"."""
    low, high = f"{persons.minimum:,}", f"{persons.maximum:,}" if persons.maximum is not None else ""
    if persons.is_unknown:
        return "不明" if locale == "ja" else "not known"
    if persons.maximum is None:
        return f"{low}人以上（上限は不明）" if locale == "ja" else f"{low} or more people (no upper bound)"
    if persons.is_exact:
        people = "person" if persons.minimum == 1 else "people"
        return f"{low}人" if locale == "ja" else f"{low} {people}"
    if persons.minimum == 0:
        return f"{high}人以下" if locale == "ja" else f"up to {high} people"
    return f"{low}〜{high}人" if locale == "ja" else f"{low} to {high} people"


# --- how it is read -------------------------------------------------------------------------------

_UNKNOWN_WORDS: Final = frozenset(
    {"", "不明", "未定", "未確認", "調査中", "確認中", "わからない", "分からない", "unknown", "notknown", "?"}
)
_DASH: Final = "[-\u2010-\u2015\u2212~\u301cー]"
# The look-behind keeps a run of digits in one piece, so that no text can make the reading slow.
_DIGITS: Final = r"(?<![0-9.,])(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_NUMBER: Final = rf"((?:{_DIGITS}|[〇零一二三四五六七八九十百千万億])+)"
_UNIT: Final = r"(?:(?:人|名|件)(?:様|分)?|persons?|people|records?)?"
_ABOUT: Final = r"(?:約|およそ|おおよそ|概ね|おおむね|ほぼ|about|approx\.?|around)?"
_OR_SO: Final = r"(?:程度|ほど|ぐらい|くらい|前後)?"
_COUNT: Final = rf"{_ABOUT}{_NUMBER}{_UNIT}{_OR_SO}"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).rstrip("。")


@dataclass(frozen=True, slots=True)
class _Shape:
    """One way of writing a number, and which ends it fixes; `beyond` moves an end off the number itself."""

    pattern: re.Pattern[str]
    lower: bool
    upper: bool
    beyond: int = 0


def _shape(pattern: str, *, lower: bool = False, upper: bool = False, beyond: int = 0) -> _Shape:
    return _Shape(re.compile(pattern), lower, upper, beyond)


_SHAPES: Final = (
    _shape(_COUNT, lower=True, upper=True),
    _shape(rf"{_COUNT}(?:{_DASH}|から|to){_COUNT}(?:まで)?", lower=True, upper=True),
    _shape(rf"{_COUNT}以上{_COUNT}以下", lower=True, upper=True),
    _shape(rf"{_COUNT}(?:以上|{_DASH}|\+|から|ormore)", lower=True),
    _shape(rf"(?:少なくとも|最低(?:でも)?|atleast){_COUNT}(?:以上)?", lower=True),
    _shape(rf"{_COUNT}(?:超|を超える)|(?:morethan|over){_COUNT}", lower=True, beyond=1),
    _shape(rf"{_COUNT}(?:以下|以内|まで|orfewer|orless)", upper=True),
    _shape(rf"(?:{_DASH}|最大(?:で)?|多くとも|多くても|upto|atmost){_COUNT}(?:以下)?", upper=True),
    _shape(rf"{_COUNT}未満|(?:fewerthan|lessthan){_COUNT}", upper=True, beyond=-1),
)


def _read(shape: _Shape, groups: tuple[str | None, ...]) -> tuple[int, int | None] | None:
    """The two ends that `shape` fixes, None where the figures make no number."""
    written = [group for group in groups if group is not None]
    if len(written) == 2:
        written[0] = _with_unit_of(*written)
    numbers = [_number(group) for group in written]
    if None in numbers:
        return None
    ends = [number + shape.beyond for number in numbers if number is not None]
    if min(ends) < 0 or max(ends) > MOST_PERSONS:
        return None
    return (ends[0] if shape.lower else 0, ends[-1] if shape.upper else None)


_FIGURES: Final = {figure: value for value, figure in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS: Final = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS: Final = {"万": 10_000, "億": 100_000_000}
_TOKEN: Final = re.compile(rf"{_DIGITS}|.")
_ROUND: Final = re.compile(rf"({_DIGITS})([百千万億])")


def _with_unit_of(low: str, high: str) -> str:
    """「1〜2万」 means 10,000 to 20,000: the lower figure borrows the unit of the upper one."""
    found = _ROUND.fullmatch(high)
    if found and re.fullmatch(_DIGITS, low) and _decimal(low) < _decimal(found[1]):
        return low + found[2]
    return low


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", ""))


def _number(written: str) -> int | None:
    """Read Arabic and Japanese figures mixed, as in 1万2,000; None where they make no whole number."""
    total, group, figure = Decimal(0), Decimal(0), None
    largest_ten, largest_myriad = 10_000, 10**12
    for token in _TOKEN.findall(written):
        if token in _TENS:
            if _TENS[token] >= largest_ten:
                return None
            largest_ten = _TENS[token]
            group, figure = group + (1 if figure is None else figure) * largest_ten, None
        elif token in _MYRIADS:
            group += figure or 0
            if _MYRIADS[token] >= largest_myriad or not group:
                return None
            largest_ten, largest_myriad = 10_000, _MYRIADS[token]
            total, group, figure = total + group * largest_myriad, Decimal(0), None
        elif figure is None:
            figure = Decimal(_FIGURES[token]) if token in _FIGURES else _decimal(token)
        elif token in _FIGURES:  # 一二〇〇, figure by figure
            figure = figure * 10 + _FIGURES[token]
        else:
            return None
    total += group + (figure or 0)
    return int(total) if total == int(total) else None
