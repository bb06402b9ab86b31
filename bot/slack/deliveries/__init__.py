"""Everything the bot says or does in Slack by itself, one file per part of the story."""

from bot.slack.deliveries.speaker import REFUSED, SlackSpeaker
from bot.slack.deliveries.voice import Voice

__all__ = ["REFUSED", "SlackSpeaker", "Voice"]
