"""What people read outside of Slack: the number, that somebody is called, and the way back. Nothing else."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

from bot.rendering import label, render, renderer
from bot.vocabulary import Locale

#: The look of the page behind a link; it loads nothing.
STYLE = (
    "body{margin:0;background:#f6f7f8;color:#1d1c1d;font:17px/1.7 system-ui,sans-serif}"
    "main{max-width:26rem;margin:12vh auto 0;padding:2rem 1.5rem;background:#fff;border-radius:12px}"
    "h1{font-size:1.2rem;margin:0 0 1rem}p{margin:.8rem 0}.small{color:#616061;font-size:.85rem}"
    "button{font:inherit;width:100%;padding:.8rem;border:0;border-radius:8px;background:#1f4e5f;color:#fff}"
)


def channel_page(
    locale: Locale, number: str, *, drill: bool, slack: str | None, answer: str | None, lives: timedelta
) -> tuple[str, str]:
    """Title and text of a page by mail, telephone or another service, as plain text.

    In: the address of the message in Slack, and the link that answers, where there is one, with its life.
    """
    hours = round(lives / timedelta(hours=1))
    written = renderer().message(
        "channel_page", locale, number=number, slack=slack, answer=answer, hours=hours
    )
    mark = label("drill.mark", locale) if drill else ""
    words = "\n\n".join(unescape(part) for part in written.parts)
    return mark + unescape(written.text), mark + words


def answer_page(
    locale: Locale, words: str, *, number: str = "", drill: bool = False, ask: bool = False
) -> str:
    """The page behind a link, as HTML: what to say, and the button 「対応します」 where `ask`."""
    return render(
        "pages/answer.html",
        locale,
        style=STYLE,
        number=number,
        mark=label("drill.mark", locale) if drill else "",
        words=words,
        button=label("buttons.page_acknowledge", locale) if ask else "",
    )
