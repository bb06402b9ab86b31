"""The small family of errors: each says what is wrong, where, and what to do.

BotError
├── ConfigurationError   settings or organisation file are wrong           → exit code 2
├── NotFound             the case or thing asked for does not exist        → exit code 1
├── CheckFailed          a check failed, Slack refused the token           → exit code 1
├── Refused              a person may not do this, or not now; worded for that person
└── InvalidField         one field of a form is wrong; worded for that person
"""


class BotError(Exception):
    """Something a person can mend. `str(error)` is one clear sentence; `remedy` says what to do."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def line(self) -> str:
        """The error and its remedy as the one line shown on a terminal.

        It may quote what somebody wrote into a file: what would move a terminal's cursor, or cannot be
        written at all, is shown as its escape (`\\r`).
        """
        words = f"{self} {self.remedy}".strip()
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in words)


class ConfigurationError(BotError):
    """Settings, organisation file or command line are wrong; nothing was started."""

    exit_code = 2


class NotFound(BotError):
    """The case, file or entry that was asked for does not exist."""


class CheckFailed(BotError):
    """A check failed, or Slack refused the token."""


class Refused(BotError):
    """A person may not do this, or not now. `reason` is the name of a template under messages/refused.

    In: the word of the reason and the values its template needs. The text itself is rendered at the edge,
    in the language of the person who pressed.
    """

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class InvalidField(BotError):
    """A field of a form is wrong. `field` is its block id, `reason` a word the screens can explain."""

    def __init__(self, field: str, reason: str, **values: object) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
        self.values = values
