"""The listener for operators: /healthz (the process lives), /readyz (it can work), /metrics (Prometheus)."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.vocabulary import Alarm

Troubles = Callable[[], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Outbox:
    """What still waits to be said: by kind how many, and for how long the oldest has (seconds)."""

    waiting: dict[str, int]
    oldest: float


class Metrics:
    """The figures of one running bot; they carry kinds and counts, never a case's content."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.waiting = Gauge(
            "leakbot_deliveries_waiting", "Things still to be said, by kind", ["kind"], registry=self.registry
        )
        self.oldest = Gauge(
            "leakbot_delivery_oldest_seconds",
            "For how long the oldest thing still to be said has waited; 0 when nothing waits",
            registry=self.registry,
        )
        self.alarm = Gauge(
            "leakbot_alarm",
            "1 while the alarm of this name stands; README says what each means",
            ["name"],
            registry=self.registry,
        )
        self.ready = Gauge("leakbot_ready", "1 when database and Slack are usable", registry=self.registry)
        self.said = Counter(
            "leakbot_deliveries_total",
            "Things said or given up, by kind and outcome",
            ["kind", "outcome"],
            registry=self.registry,
        )


def operators_app(
    metrics: Metrics,
    troubles: Troubles,
    outbox: Callable[[], Awaitable[Outbox]],
    alarms: Callable[[], Awaitable[set[Alarm]]],
) -> web.Application:
    """The routes for operators. In: what is in the way of working, what waits, what alarms stand."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(_: web.Request) -> web.Response:
        found = await troubles()
        metrics.ready.set(0 if found else 1)
        return web.json_response({"ok": not found, "troubles": found}, status=503 if found else 200)

    async def figures(_: web.Request) -> web.Response:
        metrics.ready.set(0 if await troubles() else 1)
        metrics.waiting.clear()
        # Without a database nobody knows what waits; the other figures are wanted all the more.
        with contextlib.suppress(SQLAlchemyError, OSError):
            now = await outbox()
            metrics.oldest.set(now.oldest)
            for kind, count in now.waiting.items():
                metrics.waiting.labels(kind).set(count)
        standing = await alarms()
        for alarm in Alarm:
            metrics.alarm.labels(alarm.value).set(alarm in standing)
        return web.Response(
            body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", figures)
    return app
