"""Further channels to call people by, beside Slack: mail, telephone and other services, through Apprise."""

from bot.channels.opening import Channels, troubles
from bot.channels.sending import Address, ChannelFailed, Line

__all__ = ["Address", "ChannelFailed", "Channels", "Line", "troubles"]
