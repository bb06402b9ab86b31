"""What is still to be said: one row per thing to say or do, its key unique; and the alarms that stand."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Float, Index
from sqlmodel import Field, SQLModel

from bot.cases.columns import UtcDateTime


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"  # nobody has it; it may have been tried before (`attempts`)
    CLAIMED = "claimed"  # somebody performs it until `lease_until`
    DONE = "done"  # said, and the case knows
    MOOT = "moot"  # no longer wanted when its moment came
    FAILED = "failed"  # Slack refused it for good; `error` is Slack's code


class Delivery(SQLModel, table=True):
    """One thing to say. Rows of one `lane` are performed in order (priority, then id).

    `retry_at` and `lease_until` are machine time (seconds since 1970): they measure Slack and this process,
    not the case, and must not move with an adjusted clock.
    """

    __table_args__ = (
        Index("ix_delivery_todo", "state", "priority", "id"),
        Index("ix_delivery_retry", "state", "retry_at"),
        Index("ix_delivery_lane", "lane", "state", "priority", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    case_id: int | None = Field(default=None, foreign_key="case.id", index=True)  # None: of an alarm
    kind: str
    lane: str
    priority: int
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: str = DeliveryState.WAITING.value
    wanted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    retry_at: float = Field(default=0.0, sa_column=Column(Float, nullable=False))
    lease_until: float | None = Field(default=None, sa_column=Column(Float, nullable=True))
    owner: str | None = None
    attempts: int = 0
    begun_at: float | None = Field(
        default=None, sa_column=Column(Float, nullable=True)
    )  # since when an attempt's outcome is unknown
    error: str | None = None
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class AlarmRow(SQLModel, table=True):
    """An alarm that stands or once stood; one row for each name. `episode` counts how often it was raised."""

    __tablename__ = "alarm"

    name: str = Field(primary_key=True)
    episode: int = 1
    since: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    cleared_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    owner: str  # the process that saw it last
    about: list[str] = Field(sa_column=Column(JSON, nullable=False))  # case numbers, Slack's codes: no words

    @property
    def stands(self) -> bool:
        """Raised and not cleared."""
        return self.cleared_at is None
