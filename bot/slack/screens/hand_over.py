"""The form that hands a case or a page over (引き継ぐ)."""

from __future__ import annotations

from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import marks, written
from bot.vocabulary import Callback, Locale

REASON_LIMIT = 500


def hand_over(locale: Locale, case: CaseState) -> b.View:
    """To whom, and why. `private_metadata` is the case number."""
    mark, title_mark = marks(locale, case.drill)
    intro = written("hand_over_intro", locale, case=case).parts[0]
    placeholder = label("hand_over.reason.placeholder", locale)
    return b.modal(
        title_mark + label("hand_over.title", locale),
        [
            b.section(Mrkdwn(mark + intro)),
            b.field(
                "to",
                label("hand_over.to.label", locale),
                b.person_input(label("common.choose", locale)),
                label("hand_over.to.hint", locale),
            ),
            b.field(
                "reason",
                label("hand_over.reason.label", locale),
                b.text_input(REASON_LIMIT, placeholder, multiline=True),
            ),
        ],
        close=label("common.cancel", locale),
        submit=label("hand_over.submit", locale),
        callback_id=Callback.HAND_OVER,
        private_metadata=case.number,
    )
