"""What we know of a case, as rows: Case, Page, Obligation, Member, LogEntry, and the Counter of numbers.

Only `cases/`, `workflow/` and `outbox/` touch rows; everything above reads `policy.state` values.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.cases.columns import EncryptedJson, UtcDateTime


def _moment(*, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=True, index=index))


def _partial(name: str, column: str, condition: str) -> Index:
    """An index of the rows for which this holds: few, however many there are."""
    return Index(name, column, sqlite_where=text(condition), postgresql_where=text(condition))


class Counter(SQLModel, table=True):
    """The last number given for a year (`2026`) or for a year's drills (`D2026`), so that none is skipped."""

    name: str = Field(primary_key=True)
    value: int = 0


class Case(SQLModel, table=True):
    """One case (事案) or drill. `wake_at` is when the planner next asks what it needs."""

    # Each is for something that is asked again and again while a hundred thousand cases are quiet.
    __table_args__ = (
        Index("ix_case_alike", "department", "indicator", "reported_at"),
        _partial(
            "ix_case_unanswered", "id", "closed_at IS NULL AND (channel IS NULL OR acknowledged_at IS NULL)"
        ),
        _partial("ix_case_room", "id", "closed_at IS NULL AND channel IS NOT NULL"),
        _partial("ix_case_unblanked", "closed_at", "blanked_at IS NULL OR blanked_at < closed_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, index=True)
    drill: bool = False
    status: str = Field(index=True)
    department: str
    department_name: str
    indicator: str
    reporter: str = Field(index=True)
    confidential: bool = False  # the reporter is known to the privacy office alone
    view_id: str = Field(unique=True)  # the submitted form: sent twice, it is still one case
    aware_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    reported_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    occurred_at: datetime | None = _moment()
    acknowledged_at: datetime | None = _moment()
    acknowledged_by: str | None = None
    closed_at: datetime | None = _moment()
    report: dict[str, Any] = Field(sa_column=Column(EncryptedJson, nullable=False))
    facts: dict[str, Any] = Field(sa_column=Column(EncryptedJson, nullable=False))
    # The confirmed decision, see `workflow/assessing.py`; None until somebody confirmed one.
    assessment: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    closure: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    # What the privacy office wrote into the nine items, see `policy/items.py` and `workflow/items.py`.
    items: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    # The organisation's criteria and tasks as they were at the first report, see `rules.py`.
    rules: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    company_wide_at: datetime | None = _moment()
    company_wide_by: str | None = None
    # Why one of those criteria was not followed: by its kind `reason`, `by`, `at`.
    deviations: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    # Who was told when and how, and the decision on publication that stands, see `notice_rows.py`.
    notices: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    publication: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    # What stood where words were masked, see `workflow/masking.py`; None unless it can be sealed.
    typed: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    joined_into: str | None = None  # the number of the case that this one was joined to
    # Reporters of joined cases who do not belong to the room, in the order in which they came.
    informants: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # Since when its personal data is gone, see `cases/retention.py`.
    blanked_at: datetime | None = _moment(index=True)
    chain: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))  # copied when it is reported
    # False while what follows from the first report is not here yet: see `workflow/laying_out.py`.
    laid_out: bool = True
    acknowledge_within: int = 600  # seconds
    repeat_every: int = 600  # seconds
    turn: int = 0  # walks through the chain so far, and the level at which this one began
    turn_level: int = 0
    channel: str | None = Field(default=None, index=True)
    # Rooms it had before, oldest first: archived or gone, see `workflow/rooms.py`.
    former_channels: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    card_ts: str | None = None
    revision: int = 0  # = number of log entries
    log_head: str = ""  # hash of the newest log entry, so that a removed tail is noticed
    wake_at: datetime | None = _moment(index=True)


def key_of(case: Case) -> int:
    """The row id of a stored case."""
    if case.id is None:
        raise LookupError(f"case {case.number} is not stored yet")
    return case.id


class Member(SQLModel, table=True):
    """Somebody called into the case's room."""

    __table_args__ = (UniqueConstraint("case_id", "user"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    user: str = Field(index=True)
    role: str
    invited_at: datetime | None = _moment()
    error: str | None = None
    left_at: datetime | None = _moment()
    outsider: bool = False  # a guest or somebody of another organisation


class Page(SQLModel, table=True):
    """One page of one person at one level; the last resort gets further attempts."""

    __table_args__ = (UniqueConstraint("case_id", "level", "attempt", "user"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    level: int
    attempt: int = 1
    user: str = Field(index=True)
    sent_at: datetime | None = _moment()
    skipped: str | None = None
    acknowledged_at: datetime | None = _moment()
    direct_channel: str | None = None
    direct_ts: str | None = None
    linked: bool = False  # whether the direct message was sent with the link to the room already
    room_ts: str | None = None
    turn: int = 0
    handed_by: str | None = None
    handed_at: datetime | None = _moment()
    cannot_at: datetime | None = _moment()
    dnd: bool = False  # do-not-disturb was on when it was sent


class PageLink(SQLModel, table=True):
    """A link by which one person may answer one page, once. Only the digest of its token is known here."""

    __tablename__ = "page_link"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    digest: str = Field(unique=True)  # SHA-256 of the token, in hex
    user: str
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    used_at: datetime | None = _moment()


class Absence(SQLModel, table=True):
    """Somebody declared absent. The row is its own record: who declared it when, and who ended it when."""

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(index=True)
    since: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    until: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    deputy: str | None = None
    declared_by: str
    declared_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    ended_by: str | None = None
    ended_at: datetime | None = _moment()


class Obligation(SQLModel, table=True):
    """Something due to somebody by law. A superseded one stays, with `removed_at`."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    kind: str
    recipient: str
    due_at: datetime | None = _moment()
    aim_on: date | None = None
    nominal_on: date | None = None
    clock_start: date | None = None
    days: int | None = None
    provisional: bool = True
    submitted_at: datetime | None = _moment()
    receipt: str | None = None
    document: str | None = None  # the version that was filed, as `policy.approval.Ref` writes it
    removed_at: datetime | None = _moment()


class Document(SQLModel, table=True):
    """One version of a document. `hash` names exactly these words, also after `content` was blanked."""

    __table_args__ = (
        UniqueConstraint("case_id", "kind", "locale", "version"),
        Index("ix_document_state", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    kind: str
    locale: str
    version: int  # 1, 2, 3 … of this kind in this language
    content: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    hash: str  # SHA-256 of the content's canonical form
    author: str
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    state: str


class Task(SQLModel, table=True):
    """Something to be done (やること): of the checklist, of the organisation's own, or somebody's own words.

    `words` holds `title` and `why` where they are not the program's, the `reason` of one that is not
    applicable, and the `form` (its view id) that brought it.
    """

    # Prevention is looked for in closed cases too, of which there are many.
    __table_args__ = (UniqueConstraint("case_id", "key"), Index("ix_task_todo", "status", "phase", "due_at"))

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    key: str
    phase: str
    owner: str  # a role
    user: str | None = None  # whoever was named
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    status: str
    words: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    changed_by: str | None = None
    changed_at: datetime | None = _moment()


class Inquiry(SQLModel, table=True):
    """A question from outside (問い合わせ), numbered within the case.

    `words` holds what people typed: `question`, `who` asks, `answer`, the `reason` why none is needed, and
    the `form` (its view id) that brought it.
    """

    __table_args__ = (UniqueConstraint("case_id", "number"), Index("ix_inquiry_todo", "status", "due_at"))

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    number: int  # 1, 2, 3 … within the case
    source: str
    channel: str
    received_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    status: str
    owner: str | None = None  # whoever was named
    faq: bool = False  # its answer stands in the questions and answers for the press
    words: dict[str, Any] | None = Field(default=None, sa_column=Column(EncryptedJson, nullable=True))
    recorded_by: str
    answered_at: datetime | None = _moment()
    changed_by: str | None = None
    changed_at: datetime | None = _moment()


class LogEntry(SQLModel, table=True):
    """One line of a case's record, sealed: `hash` covers the one before.

    The chain covers `data` through a salted digest, so that personal data can be blanked later
    while the chain still verifies.
    """

    __tablename__ = "log_entry"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", index=True)
    seq: int  # 1, 2, 3 … within the case
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    actor: str  # a Slack user id, or "leakbot"
    kind: str
    data: dict[str, Any] = Field(sa_column=Column(EncryptedJson, nullable=False))
    salt: str
    digest: str  # sha256 over salt and the canonical JSON of `data`
    previous: str
    hash: str
