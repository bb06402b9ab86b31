"""What is still to be said: one row per thing to say or do in Slack, its key unique."""

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
        Index("ix_delivery_lane", "lane", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    case_id: int = Field(foreign_key="case.id", index=True)
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
