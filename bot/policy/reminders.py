"""Which reminder of an obligation has come, and when the next one does (contract: Reminders)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.organisation import QuietHours, Reminders, Step
from bot.policy.state import ObligationState
from bot.vocabulary import ObligationKind, ReminderKind

TOKYO = ZoneInfo("Asia/Tokyo")  # the law counts its days here
# Due within the guide of 3 to 5 days, the processor's notice to its controller like the preliminary report.
GUIDED = frozenset(
    {ObligationKind.CONTROLLER_NOTICE, ObligationKind.PRELIMINARY, ObligationKind.MN_PRELIMINARY}
)
MORNING = time(9, 0)  # when no quiet hours are set
HELD_BACK_BEFORE = timedelta(hours=24)  # steps further ahead than this wait for the morning
PASSED = timedelta(seconds=1)  # `due_at` is the last second of the day; one later it has passed


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: when it is said, of which kind, for which step."""

    at: datetime
    kind: ReminderKind
    step: str


def reminder_now(
    obligation: ObligationState, rules: Reminders, zone: ZoneInfo, now: datetime
) -> tuple[Reminder | None, datetime | None]:
    """The newest reminder that has come by `now`, and the moment of the next one.

    In: an obligation, the organisation's reminder rules and zone, `now` in UTC.
    Out: (None, None) for an obligation without a date or no longer open. Of several missed steps only the
    newest is given: late rather than never, but no flood.
    """
    if obligation.due_at is None or not obligation.is_open:
        return None, None
    overdue_from = obligation.due_at + PASSED
    if now >= overdue_from:
        times = (now - overdue_from) // rules.overdue_every
        at = overdue_from + times * rules.overdue_every
        return Reminder(at, ReminderKind.OVERDUE, f"overdue-{times}"), at + rules.overdue_every
    said = schedule(obligation.kind, obligation.due_at, rules, zone)
    come = [r for r in said if r.at <= now]
    ahead = [r for r in said if r.at > now]
    return (come[-1] if come else None), (ahead[0].at if ahead else overdue_from)


def schedule(
    kind: ObligationKind, due_at: datetime, rules: Reminders, zone: ZoneInfo
) -> tuple[Reminder, ...]:
    """Every reminder up to the deadline, in the order in which they are said."""
    reminders = [
        Reminder(
            _held_back(due_at - step.before, step, rules.quiet_hours, zone), ReminderKind.COUNTDOWN, step.name
        )
        for step in _steps(kind, rules)
    ]
    reminders.append(Reminder(_morning_of(due_at, rules.quiet_hours, zone), ReminderKind.DUE, "due"))
    # Of two that come at the same moment the one nearer the deadline is the newer: it stands last.
    return tuple(
        sorted(reminders, key=lambda r: (r.at, r.kind is ReminderKind.DUE, -_before(r, rules, kind)))
    )


def morning(rules: Reminders) -> time:
    """When the day begins for reminders: the end of quiet hours, else nine."""
    return rules.quiet_hours.end if rules.quiet_hours else MORNING


def mornings(rules: Reminders, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """The newest morning that has come by `now` (UTC), and the next, both in UTC."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), morning(rules), tzinfo=zone)
    if today > local:
        today -= timedelta(days=1)
    return today.astimezone(now.tzinfo), (today + timedelta(days=1)).astimezone(now.tzinfo)


def _steps(kind: ObligationKind, rules: Reminders) -> tuple[Step, ...]:
    return rules.preliminary if kind in GUIDED else rules.final


def _before(reminder: Reminder, rules: Reminders, kind: ObligationKind) -> float:
    steps = {step.name: step.before.total_seconds() for step in _steps(kind, rules)}
    return steps.get(reminder.step, 0.0)


def _held_back(moment: datetime, step: Step, quiet: QuietHours | None, zone: ZoneInfo) -> datetime:
    if quiet is None or step.before <= HELD_BACK_BEFORE:
        return moment
    local = moment.astimezone(zone)
    return quiet.end_after(local).astimezone(moment.tzinfo) if quiet.holds(local.time()) else moment


def _morning_of(due_at: datetime, quiet: QuietHours | None, zone: ZoneInfo) -> datetime:
    day = due_at.astimezone(TOKYO).date()
    at = datetime.combine(day, quiet.end if quiet else MORNING, tzinfo=zone)
    return at.astimezone(due_at.tzinfo)
