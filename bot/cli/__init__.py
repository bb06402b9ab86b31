"""The `leakbot` command: one short function per subcommand. Errors are one clear line, never a traceback.

Each subcommand imports what it needs by itself: reading in everything takes seconds, and most need little.
"""

from bot.cli.entering import main, perform
from bot.cli.running import app

__all__ = ["app", "main", "perform"]
