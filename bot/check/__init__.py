"""`leakbot check`: is everything in place? One function a check, each finding with its remedy.

Whatever Slack or the database do, or do not do, the examination ends within fifteen seconds. It changes
nothing, and no finding shows a token, a password or a key.
"""

from bot.check.examining import examine
from bot.check.finding import Examination, Finding
from bot.check.machine import templates_are_usable

__all__ = ["Examination", "Finding", "examine", "templates_are_usable"]
