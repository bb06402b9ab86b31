"""Logs: readable or one JSON object a line, with neither tokens nor the case's own text."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import REDACTED, configure


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Logging belongs to the whole process, so each test puts it back."""
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, own.level
    yield
    root.handlers[:], level, own_level = before
    root.setLevel(level)
    own.setLevel(own_level)
    structlog.reset_defaults()


def test_json_is_one_object_a_line_with_the_case_number() -> None:
    out = io.StringIO()
    configure("json", out)
    structlog.get_logger("bot.workflow").info("page_sent", case="2026-0001", level=1)
    line = json.loads(out.getvalue())
    assert (line["event"], line["case"], line["level"], line["logger"]) == (
        "page_sent",
        "2026-0001",
        "info",
        "bot.workflow",
    )
    assert line["timestamp"].endswith("Z")


def test_away_from_a_terminal_json_is_chosen() -> None:
    out = io.StringIO()
    configure(None, out)
    structlog.get_logger("bot").info("ready")
    assert json.loads(out.getvalue())["event"] == "ready"


def test_the_console_is_readable_and_without_colours_away_from_a_terminal() -> None:
    out = io.StringIO()
    configure("console", out)
    structlog.get_logger("bot").info("ready", port=8080)
    assert "ready" in out.getvalue()
    assert "port=8080" in out.getvalue()
    assert "\x1b" not in out.getvalue()


SECRETS = [
    "xoxb-12345-67890-AbCdEf",
    "xoxe.xoxb-1-MoreSecret",
    "xapp-1-A111-222-abcdef",
    "wss://wss.example/link/?ticket=abc-def&app_id=1",
    "postgresql://leakbot:abcdef@db/leakbot",
    "Authorization: Bearer abc.def",
    "v0=" + "ab" * 32,
    "gAAAAABm" + "abcdef" * 8,
]


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_blanked_wherever_it_stands(secret: str, log_format: str) -> None:
    out = io.StringIO()
    configure("json" if log_format == "json" else "console", out)
    structlog.get_logger("bot").warning(f"refused {secret}", tried=[{"with": secret}])
    logging.getLogger("slack_sdk.web").error("a request with %s failed", secret)
    try:
        raise RuntimeError(f"no luck with {secret}")
    except RuntimeError:
        structlog.get_logger("bot").exception("failed")
    said = out.getvalue()
    assert said.count(REDACTED) >= 4
    assert "RuntimeError" in said
    assert secret not in said
    assert not any(part in said for part in ("AbCdEf", "MoreSecret", "abc-def", "abcdef", "abc.def", "abab"))


def test_the_cases_own_text_is_blanked_even_if_somebody_logs_it() -> None:
    out = io.StringIO()
    configure("json", out)
    structlog.get_logger("bot").info(
        "reported", case="2026-0001", summary="山田様の名簿", facts={"persons": 3}
    )
    assert "2026-0001" in out.getvalue()
    assert "山田" not in out.getvalue()
    assert "persons" not in out.getvalue()


def test_the_values_of_a_failed_statement_are_blanked() -> None:
    out = io.StringIO()
    configure("json", out)
    failed = "x\n[SQL: INSERT]\n[parameters: ('山田様 [名簿]', 2)]\nDETAIL: Key (summary)=(山田)\n(link)"
    logging.getLogger("bot.cases").error(failed)
    assert "山田" not in out.getvalue()
    assert "[SQL: INSERT]" in out.getvalue()


def test_libraries_are_heard_from_warning_on_and_the_bot_from_info_on() -> None:
    out = io.StringIO()
    configure("json", out)
    logging.getLogger("slack_bolt").info("a whole request, form and all")
    logging.getLogger("slack_bolt").warning("heard")
    logging.getLogger("bot.app").info("heard too")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["heard", "heard too"]


def test_configuring_again_does_not_say_everything_twice() -> None:
    out = io.StringIO()
    configure("json", out)
    configure("json", out)
    structlog.get_logger("bot").info("once")
    assert len(out.getvalue().splitlines()) == 1
