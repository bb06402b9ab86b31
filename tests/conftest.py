"""What every test may ask for, the logs of all of them, and what one process need not do again for each."""

from __future__ import annotations

import gc

import pytest
import structlog
from hypothesis import HealthCheck, settings

# As the command has it (`bot.cli.entering`): nearly all that is made here stays.
gc.set_threshold(20_000, 10, 10)

pytest_plugins = ["tests.databases", "tests.world"]


def pytest_configure() -> None:
    """No guess is judged by the clock."""
    settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """What has been imported and collected stays to the end: the collector of garbage need not look at it."""
    gc.collect()
    gc.freeze()


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
