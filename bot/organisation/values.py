"""What the organisation file says, as plain frozen values.

People are references as written in the file: a Slack user id or an e-mail address; where a list may name
groups too, also a user-group id or an `@handle`. Nothing here has been looked up in Slack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.vocabulary import Locale, Role, TaskPhase


@dataclass(frozen=True, slots=True)
class Department:
    """One department and the chain that is paged for it: the manager, then the deputies in order."""

    id: str
    name: str
    manager: str
    deputies: tuple[str, ...]
    members: tuple[str, ...]  # whose first reports start with this department; groups allowed
    acknowledge_within: timedelta  # the organisation's own patience where the department names none
    contact_point: str | None  # who speaks for the department to press and help desk
    authority: str | None  # delegated authority (権限委任) by id, None where it is the PPC


@dataclass(frozen=True, slots=True)
class Channel:
    """A further way to call people, beside Slack: an Apprise URL that may hold placeholders and secrets."""

    url: str = field(repr=False)
    levels: frozenset[Role]  # of the chain
    after: timedelta  # silence after the page in Slack; the last resort is called at once

    @property
    def per_person(self) -> bool:
        """Whether it has an address for each person; else it is called once for a level."""
        return "{email}" in self.url or "{phone}" in self.url


@dataclass(frozen=True, slots=True)
class Paging:
    """How patiently people are paged, and by which further channels."""

    acknowledge_within: timedelta  # silence this long pages the next in the chain too
    repeat_every: timedelta  # after the last resort, until somebody acknowledges
    step_within: timedelta  # a case somebody took and nobody did anything about is asked after
    absence_emoji: tuple[str, ...]  # status emoji that stand for an absence, without their colons
    channels: tuple[Channel, ...] = ()  # in the order of the file


@dataclass(frozen=True, slots=True)
class Step:
    """One countdown step: `name` as written (`3d`), said `before` the deadline."""

    name: str
    before: timedelta


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours in which countdowns wait, in the organisation's zone; they may run over midnight."""

    start: time
    end: time

    def holds(self, local: time) -> bool:
        """Whether `local`, a time of day in the organisation's zone, is quiet. The end itself is not."""
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def end_after(self, moment: datetime) -> datetime:
        """The next end of the quiet hours after `moment`.

        In: an aware datetime in the organisation's zone. Out: an aware datetime in the same zone, always
        later than `moment`. Raises ValueError for a naive datetime.
        """
        if moment.tzinfo is None:
            raise ValueError("end_after needs an aware datetime in the organisation's zone")
        today = datetime.combine(moment.date(), self.end, tzinfo=moment.tzinfo)
        if today > moment:
            return today
        return datetime.combine(moment.date() + timedelta(days=1), self.end, tzinfo=moment.tzinfo)


@dataclass(frozen=True, slots=True)
class Reminders:
    """When countdowns are said before a deadline (longest first), and how often after it."""

    preliminary: tuple[Step, ...]
    final: tuple[Step, ...]
    overdue_every: timedelta
    quiet_hours: QuietHours | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the organisation's own: any part that is met is enough."""

    persons: int | None = None  # this many people or more
    financial_harm: bool = False
    sensitive: bool = False
    malicious: bool = False
    my_number: bool = False


@dataclass(frozen=True, slots=True)
class Criteria:
    """The organisation's own criteria, beyond the duty; each may be absent."""

    company_wide: Criterion | None = None
    publish: Criterion | None = None
    notify_individuals: Criterion | None = None


@dataclass(frozen=True, slots=True)
class AddedTask:
    """A task of the organisation's own; `due` counts from the moment it comes up."""

    id: str
    phase: TaskPhase
    title: str
    owner: Role
    due: timedelta
    why: str | None = None


@dataclass(frozen=True, slots=True)
class TaskRules:
    """What the organisation changed about the tasks: left out, with another time, and its own."""

    omit: tuple[str, ...] = ()
    due: Mapping[str, timedelta] = field(default_factory=dict)  # by the name of the task
    add: tuple[AddedTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what people typed about a case is kept after the case was closed; None: for ever."""

    personal_data_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where shared files are kept (None: only their hash is), and how large one may be (bytes)."""

    store: Path | None = None
    largest: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Organisation:
    """The whole file. `locale` is that of channel messages; private ones follow each person's own."""

    name: str
    locale: Locale
    timezone: ZoneInfo
    privacy_office: tuple[str, ...]
    response_team: tuple[str, ...]
    last_resort: tuple[str, ...]
    crisis_team: tuple[str, ...]
    departments: tuple[Department, ...]
    paging: Paging
    reminders: Reminders
    criteria: Criteria = field(default_factory=Criteria)
    tasks: TaskRules = field(default_factory=TaskRules)
    templates: Path | None = None  # the organisation's own texts and Word files of documents
    retention: Retention = Retention()
    evidence: Evidence = Evidence()
    approval: tuple[Role, ...] = (Role.MANAGER, Role.PRIVACY_OFFICE)  # who approves documents, in order

    def department(self, department_id: str) -> Department | None:
        """The department with this id, None where there is none."""
        return next((each for each in self.departments if each.id == department_id), None)
