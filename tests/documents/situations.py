"""Cases of which nothing, something and everything is known, and one full of hostile words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.organisation import Organisation
from bot.policy.items import KEYS
from bot.policy.state import CaseState, EventState
from bot.vocabulary import DocumentKind, ItemField, Locale, LogKind
from tests.policy.situations import ORGANISATION as ORGANISATION
from tests.screens import situations as s

LOCALES: tuple[Locale, ...] = ("ja", "en")
KINDS = tuple(DocumentKind)
COMPANY: Organisation = ORGANISATION
HOSTILE = "<w:p>&amp; {{ 7*7 }} {% raw %} # x\n| y | z\n\x0b\x00 \ud83d ]]> \"'"


def empty() -> CaseState:
    """The shortest report."""
    return s.reported()


def half() -> CaseState:
    """Much is known, nothing is decided."""
    return s.in_hand()


def full() -> CaseState:
    """Decided, written by the office, filed, closed."""
    case = s.decided(s.closed())
    written = {
        key: {"text": f"{key}に書いた文です。", "by": "UPRIVACY", "at": s.NOW.isoformat()} for key in KEYS
    }
    closure = {"root_cause": "手順がなかった", "prevention": "手順を定めた", "outcome": "recovered"}
    events = (
        EventState(3, s.NOW, "UMANAGER", LogKind.ACKNOWLEDGED, {"level": 0}),
        EventState(4, s.NOW + timedelta(days=20), "UPRIVACY", LogKind.CLOSED, closure),
    )
    return replace(case, items=written, events=events)


def hostile() -> CaseState:
    """Whatever somebody can type holds signs of every format on the way."""
    written = {key: {"text": HOSTILE, "by": "U1", "at": s.NOW.isoformat()} for key in KEYS}
    return replace(s.hostile(HOSTILE), items=written)


def marked() -> CaseState:
    """Every field holds its own name, so that a document shows which of them it uses."""
    written = {
        field.value: {"text": f"〔{field.value}〕", "by": "U1", "at": s.NOW.isoformat()}
        for field in ItemField
    }
    return replace(s.reported(), items=written)


CASES: dict[str, Callable[[], CaseState]] = {
    "empty": empty,
    "half": half,
    "full": full,
    "hostile": hostile,
}
