"""What policy and screens read of the notices to the persons and of the decision on publication.

Plain frozen values; times are aware datetimes in UTC, people are Slack user ids. What people typed is None
after it was blanked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.vocabulary import NoticeWay, Publication, PublicationWay


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """One record of persons being told. `number` counts from 1; a correction names the entry it replaces.

    `persons` None: a substitute measure for everybody who cannot be told one by one.
    """

    number: int
    way: NoticeWay
    persons: int | None
    told_at: datetime
    by: str
    at: datetime
    why: str | None = None  # of a substitute measure the reason, else a remark
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class NoticesState:
    """All records, oldest first, and how many persons are to be told where somebody entered that."""

    entries: tuple[NoticeEntry, ...] = ()
    total: int | None = None


@dataclass(frozen=True, slots=True)
class PublicationState:
    """The decision that stands. `review_on` is the day on which one that was put off is looked at again.

    `publish_at`: when it was published, or is to be.
    """

    decision: Publication
    reason: str | None
    by: str
    at: datetime
    ways: tuple[PublicationWay, ...] = ()
    publish_at: datetime | None = None
    review_on: date | None = None

    @property
    def done(self) -> bool:
        """It was published already when the decision was recorded."""
        return self.publish_at is not None and self.publish_at <= self.at
