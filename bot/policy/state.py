"""What policy and screens read of a case: plain frozen values, built by `cases/queries.py`.

All times are aware datetimes in UTC. People are Slack user ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.organisation import Criteria, TaskRules
from bot.policy.notice_state import NoticesState, PublicationState
from bot.vocabulary import (
    Indicator,
    InquiryChannel,
    InquirySource,
    InquiryStatus,
    LogKind,
    ObligationKind,
    Role,
    SkipReason,
    Status,
    TaskPhase,
    TaskStatus,
)


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a message stands: conversation id and Slack's `ts`."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class ChainPerson:
    """One person of the chain: the organisation file's reference, and the Slack id it stands for."""

    reference: str
    user: str | None
    active: bool = True
    guest: bool = False


@dataclass(frozen=True, slots=True)
class ChainLevel:
    """One level of the chain: the manager, one deputy, or everybody who is the last resort."""

    role: Role
    people: tuple[ChainPerson, ...]


@dataclass(frozen=True, slots=True)
class PageState:
    """One page of one person. `attempt` counts from 1; the last resort is paged again and again.

    A page that somebody handed on exists from that moment (`handed_at`), before it is sent.
    """

    level: int
    attempt: int
    user: str
    sent_at: datetime | None
    skipped: SkipReason | None = None
    acknowledged_at: datetime | None = None
    direct: MessageRef | None = None
    room: MessageRef | None = None
    linked: bool = False  # the direct message was sent with the link to the room already
    turn: int = 0  # the walk through the chain that it belongs to, see `CaseState.turn`
    handed_by: str | None = None
    handed_at: datetime | None = None
    cannot_at: datetime | None = None  # 「いまは対応できない」
    dnd: bool = False  # did not want to be disturbed when it was sent: a hint that shortens the wait


@dataclass(frozen=True, slots=True)
class ObligationState:
    """One obligation. `due_at` is the last second of the due date in Asia/Tokyo, None where no day is set.

    `aim_on` is day 3 (速報 and 委託元への通知 only), `nominal_on` the day before any roll-over, `days` the
    period counted.
    """

    kind: ObligationKind
    recipient: str
    due_at: datetime | None
    aim_on: date | None
    nominal_on: date | None
    clock_start: date | None
    days: int | None
    provisional: bool
    submitted_at: datetime | None = None
    receipt: str | None = None
    removed_at: datetime | None = None
    document: str | None = None  # the version that was filed, as `policy.approval.Ref` writes it

    @property
    def is_open(self) -> bool:
        """Neither submitted nor removed."""
        return self.submitted_at is None and self.removed_at is None


@dataclass(frozen=True, slots=True)
class MemberState:
    """Somebody called into the room. `error` is Slack's code where the invitation failed for good."""

    user: str
    role: Role
    invited_at: datetime | None = None
    error: str | None = None
    left_at: datetime | None = None
    outsider: bool = False  # a guest, or somebody of another organisation, let in by hand


@dataclass(frozen=True, slots=True)
class TaskState:
    """Something to be done (やること). It is `owner`'s until somebody is named (`user`).

    `title` and `why` stand where the texts are not the program's own; `by` and `at` say who changed it last.
    """

    key: str
    phase: TaskPhase
    owner: Role
    due_at: datetime
    status: TaskStatus = TaskStatus.OPEN
    user: str | None = None
    title: str | None = None
    why: str | None = None
    reason: str | None = None  # why it is not applicable
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InquiryState:
    """A question from outside (問い合わせ), numbered within the case.

    `question`, `who`, `answer` and `reason` (why no answer is needed) are free text, hostile until shown as
    plain text; None where nothing was written, or it was blanked. `by` and `at` say who changed it last.
    """

    number: int
    source: InquirySource
    channel: InquiryChannel
    received_at: datetime
    due_at: datetime
    recorded_by: str
    status: InquiryStatus = InquiryStatus.OPEN
    owner: str | None = None  # whoever was named
    who: str | None = None
    question: str | None = None
    answer: str | None = None
    reason: str | None = None
    faq: bool = False  # stands in the questions and answers for the press
    answered_at: datetime | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AbsenceState:
    """Somebody is away from `since` to `until`; `deputy` is paged instead, where there is one."""

    number: int
    person: str
    since: datetime
    until: datetime
    deputy: str | None = None
    declared_by: str | None = None


@dataclass(frozen=True, slots=True)
class EventState:
    """One log entry, as far as the room is told of it."""

    seq: int
    at: datetime
    actor: str
    kind: LogKind
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportState:
    """The reporter's own words. Free text is hostile until it is shown as plain text."""

    summary: str
    medium: str | None = None
    data_items: str | None = None
    persons: str | None = None
    protection: str | None = None
    immediate_actions: str | None = None
    files: tuple[str, ...] = ()
    source_permalink: str | None = None
    on_behalf_of: str | None = None  # who told the reporter, and how to reach them


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as it stands."""

    number: str
    drill: bool
    status: Status
    department: str
    department_name: str
    indicator: Indicator
    reporter: str
    aware_at: datetime
    reported_at: datetime
    occurred_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    report: ReportState
    facts: Mapping[str, Any]  # the law's facts by name, as in `law/facts.py`; unanswered ones are absent
    channel: str | None  # the case channel's id once it is open, None again where it is archived or gone
    card: MessageRef | None
    revision: int  # grows with every log entry
    chain: tuple[ChainLevel, ...]
    acknowledge_within: timedelta
    repeat_every: timedelta
    members: Mapping[str, MemberState] = field(default_factory=dict)
    pages: tuple[PageState, ...] = ()
    absences: tuple[AbsenceState, ...] = ()  # declared for the people of the chain, past ones too
    obligations: tuple[ObligationState, ...] = ()
    turn: int = 0  # walks through the chain so far: another begins when whoever has the case gives it up
    turn_level: int = 0  # the level at which the present walk began
    assessment: Mapping[str, Any] | None = None  # the confirmed decision, as `workflow/assessing.py` keeps it
    items: Mapping[str, Any] = field(default_factory=dict)  # what the office wrote, see `policy/items.py`
    confidential: bool = False  # who reported is known to the privacy office alone, see `confidential.py`
    former_rooms: tuple[str, ...] = ()  # channels it had before, oldest first, see `policy/rooms.py`
    joined_into: str | None = None  # the number of the case that this one was joined to
    informants: tuple[str, ...] = ()  # reporters of joined cases who do not belong to the room
    tasks: tuple[TaskState, ...] = ()
    inquiries: tuple[InquiryState, ...] = ()  # in the order in which they were recorded
    criteria: Criteria = field(default_factory=Criteria)  # the organisation's, when the case was opened
    task_rules: TaskRules = field(default_factory=TaskRules)  # likewise
    company_wide_at: datetime | None = None  # since when the whole company responds (全社対応)
    company_wide_by: str | None = None
    deviations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by criterion: reason, by, at
    # How far the persons were told, see `policy/notifying.py`.
    notices: NoticesState = field(default_factory=NoticesState)
    publication: PublicationState | None = None  # the decision on it that stands
    blanked_at: datetime | None = None  # since when what people typed is gone, see `cases/retention.py`
    events: tuple[EventState, ...] = ()  # those the room is told of (`policy.needs.ANNOUNCED`)

    def obligation(self, kind: ObligationKind) -> ObligationState | None:
        """The obligation of this kind that is still standing, if there is one."""
        return next((o for o in self.obligations if o.kind is kind and o.removed_at is None), None)

    @property
    def standing_obligations(self) -> tuple[ObligationState, ...]:
        """Obligations not removed, in the order they fall due (undated ones last), then of their kinds."""
        kinds = list(ObligationKind)
        standing = [o for o in self.obligations if o.removed_at is None]
        return tuple(
            sorted(
                standing,
                key=lambda o: (o.due_at is None, o.due_at or self.reported_at, kinds.index(o.kind)),
            )
        )

    @property
    def open_obligations(self) -> tuple[ObligationState, ...]:
        """Those of them that are not submitted."""
        return tuple(o for o in self.standing_obligations if o.is_open)

    @property
    def replacing_notice(self) -> ObligationState | None:
        """The processor's notice to its controller while it is open: recorded, it replaces the reports."""
        notice = self.obligation(ObligationKind.CONTROLLER_NOTICE)
        return notice if notice is not None and notice.is_open else None

    def task(self, key: str) -> TaskState | None:
        """The task of this key, None where there is none."""
        return next((task for task in self.tasks if task.key == key), None)

    def inquiry(self, number: object) -> InquiryState | None:
        """The inquiry of this number, None where there is none."""
        return next((each for each in self.inquiries if each.number == number), None)

    def events_of(self, kind: LogKind) -> list[EventState]:
        """The entries of this kind among `events`, oldest first."""
        return [event for event in self.events if event.kind is kind]
