"""What one check found, and all of them together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from bot.errors import BotError

State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `remedy` is empty where nothing is to be done."""

    name: str
    state: State
    detail: str
    remedy: str = ""

    def line(self) -> str:
        """The finding as one line for people."""
        return f"{self.state:8} {self.name:14} {self.detail} {self.remedy}".rstrip()

    def value(self) -> dict[str, str]:
        """The finding for `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Examination:
    """Every finding, and the exit code that follows from them."""

    findings: tuple[Finding, ...]
    misconfigured: bool  # settings or organisation file cannot be used

    @property
    def exit_code(self) -> int:
        """0 well (warnings allowed), 1 a check failed, 2 settings or organisation file are wrong."""
        if self.misconfigured:
            return 2
        return int(any(finding.state == "failed" for finding in self.findings))


def failed(name: str, error: BotError) -> Finding:
    """The finding of an error that names its own remedy."""
    return Finding(name, "failed", str(error), error.remedy)
