"""How long the workspace waits, in real seconds: Slack's own values, which a test may shorten."""

from dataclasses import dataclass


@dataclass
class Patience:
    """Real seconds. `retries` are the pauses before the second, third and fourth delivery of an event."""

    ack: float = 3.0
    trigger: float = 3.0
    retries: tuple[float, ...] = (0.2, 60.0, 300.0)
