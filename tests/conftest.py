"""What every test may ask for, and the logs of all of them."""

from __future__ import annotations

import pytest
import structlog

pytest_plugins = ["tests.databases", "tests.world"]


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """As in real life (`bot.logs`): no local variables, no drawing.

    structlog's own tracebacks are pretty, and one costs so long that Slack's clocks run out meanwhile.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )
