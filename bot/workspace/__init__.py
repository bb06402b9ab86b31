"""The local workspace: a stand-in for Slack with a memory, for the demo, for tests and for hand trials.

It speaks Slack's real protocols over HTTP and WebSocket, is as strict as Slack, and knows nothing of the bot.
"""

from bot.workspace.clock import WorkspaceClock
from bot.workspace.faults import Fault, Faults
from bot.workspace.messages_seen import Message
from bot.workspace.patience import Patience
from bot.workspace.person import Person
from bot.workspace.records import Call, Violation
from bot.workspace.results import Conversation, Press, Reply, Submission
from bot.workspace.server import Workspace

__all__ = [
    "Call",
    "Conversation",
    "Fault",
    "Faults",
    "Message",
    "Patience",
    "Person",
    "Press",
    "Reply",
    "Submission",
    "Violation",
    "Workspace",
    "WorkspaceClock",
]
