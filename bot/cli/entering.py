"""One command line: performed, its errors said in one clear line each, its exit code."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from pathlib import Path

import typer

from bot.cli import cases, database, keys
from bot.cli.running import app
from bot.errors import BotError

app.add_typer(cases.app, name="case")
app.add_typer(database.app, name="db")
app.add_typer(keys.app, name="keys")


@app.callback()
def leakbot() -> None:
    """leakbot: leads a company through the worst hour of an office, when personal data has leaked."""


def main() -> None:
    """Entry point of the console script. Exit codes: 0 well, 1 a check failed or not found, 2 wrong usage."""
    # Nearly all that is made while the program is read in stays. Looking through it for garbage every few
    # hundred objects, as Python does, is a sixth of every start.
    gc.set_threshold(20_000, 10, 10)
    sys.exit(perform(sys.argv[1:]))


def perform(arguments: list[str]) -> int:
    """Carry out one command line (without the program's name). Out: its exit code."""
    try:
        ended: object = app(arguments, prog_name="leakbot", standalone_mode=False)
    except BotError as error:
        return _say(error.line(), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unexpected(error)
    return ended if isinstance(ended, int) else 0


def _unexpected(error: Exception) -> int:
    usage = getattr(error, "format_message", None)
    if usage is not None:  # typer's own errors: what was typed makes no sense
        context = getattr(error, "ctx", None)
        message = str(usage()).strip()
        if not message or "\n" in message:  # no subcommand was typed, and the help has been shown already
            message = "Missing command"
        return _say(
            f"{message.rstrip('.')}. See `{context.command_path if context else 'leakbot'} --help`.", 2
        )
    # Its text may hold what people wrote about a case; where it happened is enough to find it.
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return _say(
        f"leakbot failed unexpectedly: {type(error).__name__} at {where}. Please report this line.", 1
    )


def _say(line: str, exit_code: int) -> int:
    print(line, file=sys.stderr)
    return exit_code
