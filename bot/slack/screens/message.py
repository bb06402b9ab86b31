"""A message as Slack takes it: notification text and blocks, and the mark of a drill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, Written, label, renderer
from bot.slack.screens.blocks import Block, clip, section
from bot.vocabulary import Locale

MOST_BLOCKS = 50


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted. `text` is what a locked telephone shows: number and kind, never what leaked."""

    text: str
    blocks: list[dict[str, Any]]

    def drill(self, locale: Locale) -> Message:
        """The same message marked as a drill, in the notification and at the head of the first block."""
        mark = label("drill.mark", locale)
        if self.text.startswith(mark):
            return self
        first, *rest = self.blocks
        text = first.get("text") if first["type"] in ("section", "header") else None
        if text is None:
            blocks = [section(Mrkdwn(mark)), *self.blocks][:MOST_BLOCKS]
        else:
            marked = mark + text["text"]
            marked = clip(Mrkdwn(marked) if text["type"] == "mrkdwn" else marked)
            blocks = [{**first, "text": {**text, "text": marked}}, *rest]
        return Message(text=mark + self.text, blocks=blocks)


def marks(locale: Locale, drill: bool) -> tuple[str, str]:
    """What a drill puts in front of a view's text and of its title, which holds 24 characters only."""
    return (label("drill.mark", locale), label("drill.title_mark", locale)) if drill else ("", "")


def written(template: str, locale: Locale, /, **values: Any) -> Written:
    """messages/`template`.txt, rendered. `tz` and whatever the template asks for are values."""
    return renderer().message(template, locale, **values)


def message(case: CaseState | None, locale: Locale, text: str, blocks: Sequence[Block]) -> Message:
    """A message about `case`, marked by itself where the case is a drill."""
    made = Message(text=text, blocks=list(blocks)[:MOST_BLOCKS])
    return made.drill(locale) if case is not None and case.drill else made


def simple(template: str, locale: Locale, case: CaseState | None, *after: Block, **values: Any) -> Message:
    """A message that is its template's parts, one section each, and then the blocks `after`."""
    rendered = written(template, locale, case=case, **values)
    return message(case, locale, rendered.text, [*(section(part) for part in rendered.parts), *after])
