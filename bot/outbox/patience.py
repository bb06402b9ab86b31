"""How long it is waited before something is tried again, and when that is too long."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Final

from bot.outbox.speaker import DeliveryFailed, Outcome
from bot.outbox.table import Delivery
from bot.policy.need import Say

#: The longest pauses between two tries, counted in first pauses.
SLOWEST_RETRY: Final = 10
SLOWEST_PAGE_RETRY: Final = 5  # somebody is waiting for help
SLOWEST_ALARM_RETRY: Final = 60  # somebody has to mend the installation first


def pause(delivery: Delivery, failed: DeliveryFailed, first_pause: float) -> float:
    """Seconds until the next try: Slack's own word, else twice as long each time, from `first_pause` on."""
    if failed.retry_after is not None:
        return failed.retry_after
    slowest = SLOWEST_PAGE_RETRY if delivery.kind == Say.PAGE_DIRECT else SLOWEST_RETRY
    if failed.outcome is Outcome.ALARM:
        slowest = SLOWEST_ALARM_RETRY
    pauses: int = min(2 ** min(delivery.attempts - 1, 10), slowest)
    return first_pause * pauses * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries only


def is_late(delivery: Delivery, now: datetime, until_retry: float) -> bool:
    """Whether it has waited beyond its patience, or surely will have when it may be tried again (seconds)."""
    patience = delivery.data.get("patience")
    return patience is not None and (now - delivery.wanted_at).total_seconds() + until_retry > patience
