"""`paging.channels`: further ways to call people, each an Apprise URL with placeholders for the person.

The URL may hold passwords, therefore no message quotes it. What stands outside of this file is written
`${NAME}` and read from the environment; `{email}` and `{phone}` are filled in for the person who is called.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StrictStr

from bot.organisation.values import Channel
from bot.organisation.words import Duration, mistake
from bot.vocabulary import Role

LevelName = Literal["manager", "deputy", "last_resort"]

_BEGINS: Final = re.compile(r"(?:\$\{[A-Za-z_][A-Za-z0-9_]*\}|[a-z][a-z0-9+.-]*://).*", re.DOTALL)
_BRACES: Final = re.compile(r"\$?\{([^{}]*)\}?|[{}]")
_VARIABLE: Final = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_PLACES: Final = ("{email}", "{phone}")

_EXAMPLE: Final = "Write an Apprise URL, like mailtos://user:${SMTP_PASSWORD}@smtp.example.co.jp?to={email}."


def _url(written: str) -> str:
    url = written.strip()
    if not _BEGINS.fullmatch(url) or any(c.isspace() for c in url):
        raise mistake("this is not the URL of a channel", _EXAMPLE)
    for found in _BRACES.finditer(url):
        if found[0] not in _PLACES and not _VARIABLE.fullmatch(found[0]):
            remedy = "Write {email} or {phone} for the person's address, ${NAME} for an environment variable."
            raise mistake("braces stand around something that is no placeholder", remedy)
    return url


def _levels(written: tuple[LevelName, ...]) -> tuple[LevelName, ...]:
    if not written:
        raise mistake("no level is named", "Name manager, deputy or last_resort, or leave the key out.")
    return written


def _as_entry(written: object) -> object:
    return {"url": written} if isinstance(written, str) else written


class ChannelEntry(BaseModel):
    """One item of `paging.channels`; a URL alone is one with the defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[StrictStr, AfterValidator(_url)]
    levels: Annotated[tuple[LevelName, ...], AfterValidator(_levels)] = ("manager", "deputy", "last_resort")
    after: Duration = timedelta(minutes=5)

    def value(self) -> Channel:
        """The channel as a plain value."""
        return Channel(self.url, frozenset(Role.of(level) for level in self.levels), self.after)


Channels = tuple[Annotated[ChannelEntry, BeforeValidator(_as_entry)], ...]
