"""An alarm as the privacy office reads it: what is happening, what to do, and that it is over."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.outbox.alarms import Word
from bot.rendering import renderer
from bot.slack.screens.message import Message, simple
from bot.vocabulary import Locale

SHOWN = 10  # cases that are named one by one


def alarm(locale: Locale, tz: ZoneInfo, word: Word) -> Message:
    """One alarm for one person. No case's own words: numbers of cases and Slack's codes only."""
    if word.over:
        return simple("alarm_over", locale, None, tz=tz, alarm=word.alarm, since=word.since)
    texts = alarm_texts(locale)[word.alarm.value]
    return simple(
        "alarm",
        locale,
        None,
        tz=tz,
        alarm=word.alarm,
        what=texts["what"],
        remedy=texts["remedy"],
        about=word.about[:SHOWN],
        more=len(word.about[SHOWN:]),
        days=word.days,
        since=word.since,
    )


@cache
def alarm_texts(locale: Locale) -> dict[str, dict[str, Any]]:
    """alarms.yaml: by the alarm's name `what` is happening and the `remedy`."""
    read: dict[str, dict[str, Any]] = renderer().data("alarms.yaml", locale)
    return read
