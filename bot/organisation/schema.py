"""The shape of the organisation file: which keys there are, which may be left out, and their defaults."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

from bot.organisation.channels import Channels
from bot.organisation.values import (
    AddedTask,
    Criteria,
    Criterion,
    Department,
    Evidence,
    Organisation,
    Paging,
    QuietHours,
    Reminders,
    Retention,
    Step,
    TaskRules,
)
from bot.organisation.words import (
    CountdownStep,
    DepartmentId,
    Duration,
    Emoji,
    FileSize,
    Folder,
    KnownTask,
    Label,
    OwnTask,
    People,
    Period,
    Person,
    PersonOrGroup,
    Persons,
    ReasonWhy,
    Somebody,
    TimeOfDay,
    Zone,
    mistake,
)
from bot.vocabulary import Locale, Role, TaskPhase

# Slack: a select menu has 100 options at most, and the first report asks for the department with one.
MOST_DEPARTMENTS = 100
# A modal has 100 blocks, and each task of a phase takes two.
MOST_ADDED_TASKS = 20


def _countdown(*names: str) -> tuple[Step, ...]:
    units = {"d": "days", "h": "hours"}
    return tuple(Step(name, timedelta(**{units[name[-1]]: int(name[:-1])})) for name in names)


def _longest_first(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    seen: dict[timedelta, str] = {}
    for step in steps:
        if step.before in seen:
            raise mistake(
                f'"{step.name}" is the same moment as "{seen[step.before]}"', "Keep one of the two."
            )
        seen[step.before] = step.name
    return tuple(sorted(steps, key=lambda step: step.before, reverse=True))


def _some_departments(departments: tuple[DepartmentEntry, ...]) -> tuple[DepartmentEntry, ...]:
    if not departments:
        raise mistake("there is no department", "Write at least one, with id, name and manager.")
    if len(departments) > MOST_DEPARTMENTS:
        what = f"there are {len(departments)} departments"
        raise mistake(what, f"Keep at most {MOST_DEPARTMENTS}; Slack's menu cannot offer more.")
    return departments


def _each_step_once(route: tuple[str, ...]) -> tuple[str, ...]:
    if not route:
        raise mistake("nobody is named", "Name at least one role, like [manager, privacy_office].")
    if twice := next((role for role in route if route.count(role) > 1), None):
        raise mistake(f'"{twice}" stands twice', "Keep it once.")
    return route


Approver = Literal["manager", "privacy_office", "response_team", "last_resort"]
Countdown = Annotated[tuple[CountdownStep, ...], AfterValidator(_longest_first)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class DepartmentEntry(_Entry):
    """One item of `departments`."""

    id: DepartmentId
    name: Label
    manager: Person
    deputies: Persons = ()
    members: People = ()
    acknowledge_within: Duration | None = None
    contact_point: PersonOrGroup | None = None
    authority: StrictStr | None = None

    def value(self, patience: timedelta) -> Department:
        """The department, with the organisation's patience where it has none of its own."""
        return Department(
            id=self.id,
            name=self.name,
            manager=self.manager,
            deputies=self.deputies,
            members=self.members,
            acknowledge_within=self.acknowledge_within or patience,
            contact_point=self.contact_point,
            authority=self.authority,
        )


class PagingEntry(_Entry):
    """`paging`."""

    acknowledge_within: Duration = timedelta(minutes=10)
    repeat_every: Duration = timedelta(minutes=10)
    step_within: Duration = timedelta(hours=4)
    absence_emoji: tuple[Emoji, ...] = ()
    channels: Channels = ()


class QuietHoursEntry(_Entry):
    """`quiet_hours`."""

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.start == self.end:
            raise mistake("from and to are the same time", "Write two times, or null for no quiet hours.")
        return self


class RemindersEntry(_Entry):
    """`reminders`. Countdowns are held back only where the file says so: no quiet hours by default."""

    preliminary: Countdown = _countdown("3d", "2d", "1d", "12h", "6h", "3h", "1h")
    final: Countdown = _countdown("14d", "7d", "3d", "2d", "1d", "6h", "1h")
    overdue_every: Duration = timedelta(hours=6)
    quiet_hours: QuietHoursEntry | None = None

    def value(self) -> Reminders:
        """The reminders as a plain value."""
        quiet = self.quiet_hours
        hours = QuietHours(quiet.start, quiet.end) if quiet else None
        return Reminders(self.preliminary, self.final, self.overdue_every, hours)


class CriterionEntry(_Entry):
    """One of `criteria`."""

    persons: Annotated[StrictInt, Field(ge=1)] | None = None
    financial_harm: StrictBool = False
    sensitive: StrictBool = False
    malicious: StrictBool = False
    my_number: StrictBool = False

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self == CriterionEntry.model_construct():
            raise mistake(
                "nothing would meet it", "Write persons or a fact that is true, or leave the key out."
            )
        return self

    def value(self) -> Criterion:
        """The criterion as a plain value."""
        return Criterion(**self.model_dump())


class CriteriaEntry(_Entry):
    """`criteria`."""

    company_wide: CriterionEntry | None = None
    publish: CriterionEntry | None = None
    notify_individuals: CriterionEntry | None = None

    def value(self) -> Criteria:
        """The criteria as plain values."""
        return Criteria(
            company_wide=self.company_wide.value() if self.company_wide else None,
            publish=self.publish.value() if self.publish else None,
            notify_individuals=self.notify_individuals.value() if self.notify_individuals else None,
        )


class AddedTaskEntry(_Entry):
    """One item of `tasks.add`."""

    id: OwnTask
    phase: Literal["first_hour", "investigate", "report", "notify", "aftercare"]
    title: Label
    owner: Literal["manager", "privacy_office", "response_team", "crisis_team"]
    due: Duration
    why: ReasonWhy | None = None

    def value(self) -> AddedTask:
        """The task as a plain value."""
        phase, owner = TaskPhase.of(self.phase), Role.of(self.owner)
        return AddedTask(self.id, phase, self.title, owner, self.due, self.why)


def _task_ids_once(added: tuple[AddedTaskEntry, ...]) -> tuple[AddedTaskEntry, ...]:
    ids = [each.id for each in added]
    if twice := next((each for each in ids if ids.count(each) > 1), None):
        raise mistake(f'"{twice}" is the id of two tasks', "Give each task an id of its own.")
    if len(added) > MOST_ADDED_TASKS:
        raise mistake(f"there are {len(added)} tasks", f"Keep at most {MOST_ADDED_TASKS}.")
    return added


class TasksEntry(_Entry):
    """`tasks`."""

    omit: tuple[KnownTask, ...] = ()
    due: dict[KnownTask, Duration] = Field(default_factory=dict)
    add: Annotated[tuple[AddedTaskEntry, ...], AfterValidator(_task_ids_once)] = ()

    def value(self) -> TaskRules:
        """What the organisation changed about the tasks, as a plain value."""
        return TaskRules(self.omit, dict(self.due), tuple(each.value() for each in self.add))


class RetentionEntry(_Entry):
    """`retention`."""

    personal_data_after: Period | None = None


class EvidenceEntry(_Entry):
    """`evidence`."""

    store: Folder | None = None
    largest: FileSize = 50_000_000

    def value(self) -> Evidence:
        """The same as a plain value."""
        return Evidence(Path(self.store) if self.store else None, self.largest)


class OrganisationEntry(_Entry):
    """The whole file."""

    name: Label
    locale: Locale = "ja"
    timezone: Zone = ZoneInfo("Asia/Tokyo")
    privacy_office: Somebody
    response_team: People = ()
    last_resort: Somebody
    crisis_team: People = ()
    departments: Annotated[tuple[DepartmentEntry, ...], AfterValidator(_some_departments)]
    paging: PagingEntry = PagingEntry()
    reminders: RemindersEntry = RemindersEntry()
    criteria: CriteriaEntry = CriteriaEntry()
    tasks: TasksEntry = TasksEntry()
    templates: Folder | None = None
    retention: RetentionEntry = RetentionEntry()
    evidence: EvidenceEntry = EvidenceEntry()
    approval: Annotated[tuple[Approver, ...], AfterValidator(_each_step_once)] = ("manager", "privacy_office")

    def value(self) -> Organisation:
        """The organisation as a plain value, defaults filled in."""
        patience = self.paging.acknowledge_within
        return Organisation(
            name=self.name,
            locale=self.locale,
            timezone=self.timezone,
            privacy_office=self.privacy_office,
            response_team=self.response_team,
            last_resort=self.last_resort,
            crisis_team=self.crisis_team,
            departments=tuple(each.value(patience) for each in self.departments),
            paging=Paging(
                acknowledge_within=patience,
                repeat_every=self.paging.repeat_every,
                step_within=self.paging.step_within,
                absence_emoji=self.paging.absence_emoji,
                channels=tuple(each.value() for each in self.paging.channels),
            ),
            reminders=self.reminders.value(),
            criteria=self.criteria.value(),
            tasks=self.tasks.value(),
            templates=Path(self.templates) if self.templates else None,
            retention=Retention(self.retention.personal_data_after),
            evidence=self.evidence.value(),
            approval=tuple(Role.of(role) for role in self.approval),
        )
