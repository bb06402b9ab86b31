"""What people enter, as plain values: the forms fill these in, the steps of the workflow read them.

All times are aware datetimes in UTC. Free text is as typed, without surrounding space, personal data in it
masked (`policy/personal_data.py`), and None where empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.policy.approval import Ref
from bot.vocabulary import Indicator, Medium, ObligationKind, Outcome, Protection, ReportKind

#: A number of people as the facts keep it: `{"exact": 1200}`, `{"min": 800, "max": 1200}`, `{"min": 1000}`,
#: `{"max": 500}` or `"unknown"`.
PersonsFact = Mapping[str, int] | str


@dataclass(frozen=True, slots=True)
class FirstReport:
    """The first report (第一報). The first four were asked for; None elsewhere means: left out."""

    indicator: Indicator
    summary: str
    aware_at: datetime  # when anybody in the company first noticed: the law's clock starts here
    department: str  # a department's id
    occurred_at: datetime | None = None
    medium: Medium | None = None
    data_items: str | None = None
    persons: str | None = None  # as typed
    persons_fact: PersonsFact | None = None  # the same, understood
    protection: Protection | None = None
    immediate_actions: str | None = None
    files: tuple[str, ...] = ()  # Slack file ids
    source_permalink: str | None = None  # of the message it was reported from
    on_behalf_of: str | None = None  # who told the reporter, and how to reach them
    confidential: bool = False  # the reporter is to be known to the privacy office alone
    typed: Mapping[str, str] = field(default_factory=dict)  # masked fields as typed, by name


@dataclass(frozen=True, slots=True)
class AddedFacts:
    """What has become known since (事実を追加). None: that field was left empty and changes nothing."""

    occurred_at: datetime | None = None
    persons: str | None = None
    persons_fact: PersonsFact | None = None
    data_items: str | None = None
    medium: Medium | None = None
    protection: Protection | None = None
    immediate_actions: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The decision on the duty to report (報告義務の判断), as somebody confirms it."""

    answers: Mapping[str, Any]  # facts of the law by name, as JSON values
    remark: str | None  # in their own words; required where there is to be no duty
    based_on: int  # the log entry that last changed the facts when the form was opened
    form: str  # the form's view id: sent twice, it decides once


@dataclass(frozen=True, slots=True)
class Submission:
    """A report that was filed, or a notice that was given (提出の記録)."""

    obligation: ObligationKind
    report_kind: ReportKind
    submitted_at: datetime
    recipient: str
    receipt_no: str | None = None
    document: Ref | None = None  # the version that was filed or given


@dataclass(frozen=True, slots=True)
class Closure:
    """What ends a case (終結). The last two are asked for only where something is left, or to be decided."""

    root_cause: str
    prevention: str
    outcome: Outcome
    left_reason: str | None = None  # why what is still to be done is not done any more
    statement: str | None = None  # how somebody made sure that nothing leaked: it decides that no duty stands


@dataclass(frozen=True, slots=True)
class SeenAtClosure:
    """What the form showed to whoever closes the case. What came since is not closed unseen."""

    revision: int  # of the case: its newest log entry then
    form: str  # the form's view id


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure against recurrence (再発防止策): who sees to it by the end of which day."""

    text: str
    owner: str
    due_on: date
    form: str  # the form's view id: sent twice, it is one
