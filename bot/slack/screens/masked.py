"""What somebody is told when a part of their words was masked (伏せて保存): what, and why, without blame."""

from __future__ import annotations

from collections.abc import Collection

from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import marks, written
from bot.vocabulary import Locale, PersonalData

Kinds = Collection[PersonalData]


def words_masked(locale: Locale, kinds: Kinds) -> list[b.Block]:
    """The sentence for whoever typed it; nothing where nothing was masked."""
    if not kinds:
        return []
    told = [kind.label(locale) for kind in PersonalData if kind in kinds]
    return [b.section(part) for part in written("words_masked", locale, kinds=told).parts]


def recorded(locale: Locale, kinds: Kinds, drill: bool) -> b.View:
    """What a form turns into instead of closing: it is recorded, with parts masked."""
    mark, title_mark = marks(locale, drill)
    first = b.section(Mrkdwn(mark + label("recorded.text", locale)))
    return b.modal(
        title_mark + label("recorded.title", locale),
        [first, *words_masked(locale, kinds)],
        close=label("common.close", locale),
    )
