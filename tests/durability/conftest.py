"""Logs of a bad day: plain tracebacks, for the pretty ones cost so long that Slack's clocks run out."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(scope="package", autouse=True)
def plain_logs() -> Iterator[None]:
    """As in real life (`bot.logs`): no local variables, no drawing."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )
    yield
    structlog.reset_defaults()
