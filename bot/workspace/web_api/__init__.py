"""Slack's Web API by family of methods; importing the package fills the table of methods."""

from bot.workspace.web_api import (
    account,
    channel_lists,
    channels,
    chat,
    files,
    history,
    marks,
    users,
    views,
)
from bot.workspace.web_api.table import METHODS, Method

__all__ = [
    "METHODS",
    "Method",
    "account",
    "channel_lists",
    "channels",
    "chat",
    "files",
    "history",
    "marks",
    "users",
    "views",
]
