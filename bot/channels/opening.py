"""The organisation's channels, their `${NAME}` references filled in, each tried with Apprise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from bot.channels.sending import Line
from bot.errors import ConfigurationError
from bot.organisation import Channel, place

_REFERENCE: Final = re.compile(r"\$\{([^{}]+)\}")

Variable = Callable[[str], str | None]  # an environment variable by its name


@dataclass(frozen=True, slots=True)
class Channels:
    """Every channel of `paging.channels`, counted from 1 as in the file."""

    lines: tuple[Line, ...] = ()

    @classmethod
    def open(cls, channels: Sequence[Channel], variable: Variable, path: Path | None = None) -> Self:
        """Fill in what the environment holds. Raises ConfigurationError for the first that cannot be used.

        In: where the organisation file is, so that the mistake can name the line.
        """
        for number, what, remedy in troubles(channels, variable):
            raise ConfigurationError(f"{place(path, number)}: {what}" if path else what, remedy)
        return cls(tuple(_line(each, variable) for each in channels))

    def line(self, number: int) -> Line | None:
        """The channel of this number; None where the file has it no more."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else None


def troubles(channels: Sequence[Channel], variable: Variable) -> Iterator[tuple[int, str, str]]:
    """Each channel that cannot be used: its number from 1, what is wrong, the remedy. No URL is quoted."""
    for number, channel in enumerate(channels, start=1):
        where = f"paging.channels[{number - 1}]"
        unset = [name for name in _REFERENCE.findall(channel.url) if not variable(name)]
        if unset:
            yield number, f"{where}: {', '.join(unset)} is not set in the environment.", "Set it, or mend it."
        elif not _line(channel, variable).works:
            remedy = "Compare it with the service's page of the Apprise documentation."
            yield number, f"{where}: Apprise cannot use this URL.", remedy


def _line(channel: Channel, variable: Variable) -> Line:
    """At the beginning of the URL a variable is taken as it is, elsewhere it is one part and encoded."""

    def value(found: re.Match[str]) -> str:
        text = variable(found[1]) or ""
        # A brace in a secret is a brace, and not the place of an address.
        return text if found.start() == 0 else quote(text, safe="")

    return Line(_REFERENCE.sub(value, channel.url))
