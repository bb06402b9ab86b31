"""The form that closes a case (終結)."""

from __future__ import annotations

from bot.policy.state import CaseState
from bot.policy.tasks import is_live
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import marks, written
from bot.vocabulary import Callback, Locale, Outcome

FREE_TEXT = 3000


def closure(locale: Locale, case: CaseState) -> b.View:
    """Root cause, prevention, outcome. `private_metadata` is the case number."""
    mark, title_mark = marks(locale, case.drill)

    def long_text(name: str) -> b.Block:
        element = b.text_input(FREE_TEXT, label(f"closure.{name}.placeholder", locale), multiline=True)
        return b.field(name, label(f"closure.{name}.label", locale), element)

    outcomes = b.select(b.choices(Outcome, locale), label("common.choose", locale))
    left = sum(is_live(case, task) for task in case.tasks)
    intro = written("closure_intro", locale, case=case, left=left).parts[0]
    return b.modal(
        title_mark + label("closure.title", locale),
        [
            b.section(Mrkdwn(mark + intro)),
            b.field("outcome", label("closure.outcome", locale), outcomes),
            long_text("root_cause"),
            long_text("prevention"),
        ],
        close=label("common.cancel", locale),
        submit=label("buttons.case_close", locale),
        callback_id=Callback.CLOSURE,
        private_metadata=case.number,
    )
