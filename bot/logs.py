"""Logs: a word, a case number, what happened. Never the case's own text, never a token.

The libraries' records pass through the same processors as our own.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LogFormat = Literal["console", "json"]

REDACTED = "[redacted]"

# What Slack's tokens, socket addresses and signatures, database passwords and Fernet tokens look like.
_SECRETS = re.compile(
    r"\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]+"
    r"|\bxapp-[A-Za-z0-9-]+"
    r"|\bgAAAAA[A-Za-z0-9_=-]{20,}"
    r"|(?<=[?&]ticket=)[^&\s\"']+"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
    r"|\bv0=[0-9a-f]{64}\b"
    r"|(?i:(?<=bearer ))[^\s\"',]+"
)
# SQLAlchemy and PostgreSQL quote the values of a failed statement, and those are the case's own text.
_QUOTED_ROWS = re.compile(r"\[parameters: .*?\](?=\n|$)|(?<=DETAIL:).*?(?=\n|$)", re.DOTALL)

# Words of the case itself: whoever logs them by mistake logs nothing.
CASE_TEXT = frozenset(
    {"summary", "facts", "report", "data_items", "persons", "medium", "protection", "immediate_actions"}
    | {"closure", "root_cause", "prevention", "outcome", "statement", "left_reason", "measure"}
    | {"text", "blocks", "view", "body", "payload", "data"}
)


def _redact(value: object) -> object:
    match value:
        case str():
            return _QUOTED_ROWS.sub(REDACTED, _SECRETS.sub(REDACTED, value))
        case Mapping():
            return {key: _redact(each) for key, each in value.items()}
        case list() | tuple():
            return [_redact(each) for each in value]
        case BaseException():
            return _redact(repr(value))
    return value


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """structlog processor: blanks what looks like a secret, and every field that holds the case's text."""
    return {key: REDACTED if key in CASE_TEXT else _redact(value) for key, value in event.items()}


def configure(log_format: LogFormat | None = None, stream: TextIO | None = None) -> None:
    """Send every log line to `stream` (standard error), as text for people or as one JSON object each.

    In: `console` or `json`; None chooses `console` on a terminal, else `json`. Times are UTC. Calling it
    again replaces what was configured before.
    """
    out = stream or sys.stderr
    chosen = log_format or ("console" if out.isatty() else "json")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]
    if chosen == "json":
        renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        # The traceback is plain text by then: pretty ones would show local variables, the case among them.
        renderer = structlog.dev.ConsoleRenderer(
            colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # Below warning, the libraries log whole requests: forms, messages, tokens.
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(logging.INFO)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
