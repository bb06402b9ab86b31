"""Slack's view state → plain values, or errors beside the field. Nobody else looks into a view's state.

Slack checks lengths and required fields in the client; everything is checked again here, since a client may
be old or the form may have changed while it stood open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, cast

from bot.errors import InvalidField
from bot.law.persons import parse_persons
from bot.policy.approval import Ref
from bot.policy.personal_data import masked
from bot.slack.screens.closure import FREE_TEXT
from bot.slack.screens.closure import REASON_LIMIT as REASON
from bot.slack.screens.first_report import (
    ACTIONS_LIMIT,
    CONFIDENTIAL,
    DATA_ITEMS_LIMIT,
    PERSONS_LIMIT,
    SUMMARY_LIMIT,
    TELLER_LIMIT,
)
from bot.slack.screens.hand_over import REASON_LIMIT
from bot.slack.screens.join import INTO
from bot.slack.screens.prevention import TEXT_LIMIT as MEASURE_LIMIT
from bot.slack.screens.submission import RECEIPT_LIMIT, RECIPIENT_LIMIT
from bot.vocabulary import (
    Indicator,
    Medium,
    ObligationKind,
    Outcome,
    PersonalData,
    Protection,
    ReportKind,
    Word,
)
from bot.workflow.absences import Absent
from bot.workflow.handing import HandOver
from bot.workflow.inputs import AddedFacts, Closure, FirstReport, Measure, PersonsFact, Submission

#: How far a person's clock may be ahead of ours before a time counts as still to come.
CLOCK_TOLERANCE = timedelta(minutes=2)

T = TypeVar("T")
W = TypeVar("W", bound=Word)
Reason = tuple[str, Mapping[str, Any]]


#: Fields that ask for a number: what stands there is what was asked for.
NUMBERS = frozenset({"receipt_no", "persons", "my_number_persons", "total"})


class FieldErrors(Exception):
    """A form that cannot be taken: for each block_id the reason and its values, for `replies.field_error`."""

    def __init__(self, reasons: Mapping[str, Reason]) -> None:
        super().__init__(", ".join(f"{field}: {reason}" for field, (reason, _) in reasons.items()))
        self.reasons = dict(reasons)


def read_first_report(view: Mapping[str, Any], now: datetime) -> FirstReport:
    """The first report. `source_permalink` comes from `private_metadata`, a JSON object with that key.

    Raises FieldErrors with every field that is wrong.
    """
    fields = Fields(view)
    indicator = fields.required("indicator", fields.word("indicator", Indicator))
    summary = fields.required("summary", fields.text("summary", SUMMARY_LIMIT))
    aware_at = fields.required("aware_at", fields.past("aware_at", now))
    department = fields.required("department", fields.choice("department"))
    occurred_at = fields.past("occurred_at", now)
    if occurred_at and aware_at and occurred_at > aware_at:
        fields.wrong("occurred_at", "before_occurrence")
    persons, persons_fact = fields.persons("persons")
    medium = fields.word("medium", Medium)
    data_items = fields.text("data_items", DATA_ITEMS_LIMIT)
    protection = fields.word("protection", Protection)
    immediate_actions = fields.text("immediate_actions", ACTIONS_LIMIT)
    on_behalf_of = fields.text("on_behalf_of", TELLER_LIMIT)
    fields.check()
    return FirstReport(
        indicator=indicator,
        summary=summary,
        aware_at=aware_at,
        department=department,
        occurred_at=occurred_at,
        medium=medium,
        data_items=data_items,
        persons=persons,
        persons_fact=persons_fact,
        protection=protection,
        immediate_actions=immediate_actions,
        files=fields.files("files"),
        source_permalink=_source_permalink(view),
        on_behalf_of=on_behalf_of,
        confidential=CONFIDENTIAL in fields.boxes("confidential"),
        typed=typed(view),
    )


def read_added_facts(view: Mapping[str, Any], now: datetime, aware_at: datetime | None = None) -> AddedFacts:
    """The facts of the form. With the case's `aware_at` given, `occurred_at` must not be after it.

    Raises FieldErrors with every field that is wrong.
    """
    fields = Fields(view)
    occurred_at = fields.past("occurred_at", now)
    if occurred_at and aware_at and occurred_at > aware_at:
        fields.wrong("occurred_at", "before_occurrence")
    persons, persons_fact = fields.persons("persons")
    facts = AddedFacts(
        occurred_at=occurred_at,
        persons=persons,
        persons_fact=persons_fact,
        data_items=fields.text("data_items", DATA_ITEMS_LIMIT),
        medium=fields.word("medium", Medium),
        protection=fields.word("protection", Protection),
        immediate_actions=fields.text("immediate_actions", ACTIONS_LIMIT),
    )
    fields.check()
    return facts


def read_submission(view: Mapping[str, Any], now: datetime) -> Submission:
    """What was filed. Raises FieldErrors with every field that is wrong."""
    fields = Fields(view)
    obligation = fields.required("obligation", fields.word("obligation", ObligationKind))
    report_kind = fields.required("report_kind", fields.word("report_kind", ReportKind))
    submitted_at = fields.required("submitted_at", fields.past("submitted_at", now))
    recipient = fields.required("recipient", fields.text("recipient", RECIPIENT_LIMIT))
    receipt_no = fields.text("receipt_no", RECEIPT_LIMIT)
    document = Ref.read(written) if (written := fields.choice("document")) else None
    if written and document is None:
        fields.wrong("document", "unknown_choice")
    fields.check()
    return Submission(obligation, report_kind, submitted_at, recipient, receipt_no, document)


def read_hand_over(view: Mapping[str, Any]) -> HandOver:
    """To whom, and why. Raises FieldErrors with every field that is wrong."""
    fields = Fields(view)
    to = fields.required("to", fields.user("to"))
    reason = fields.required("reason", fields.text("reason", REASON_LIMIT))
    fields.check()
    return HandOver(to, reason, form=str(view.get("id") or ""))


def read_join(view: Mapping[str, Any]) -> str:
    """The number of the case to join to. Raises FieldErrors where none was chosen."""
    fields = Fields(view)
    into = fields.required(INTO, fields.choice(INTO))
    fields.check()
    return into


def read_absence(view: Mapping[str, Any], sender: str) -> Absent:
    """An absence; the sender's own where the form does not ask whose. Raises FieldErrors."""
    fields = Fields(view)
    since = fields.required("from", fields.moment("from"))
    until = fields.required("until", fields.moment("until"))
    fields.check()
    return Absent(fields.user("person") or sender, since, until, fields.user("deputy"))


def read_closure(view: Mapping[str, Any]) -> Closure:
    """What ends the case. Raises FieldErrors with every field that is wrong."""
    fields = Fields(view)
    root_cause = fields.required("root_cause", fields.text("root_cause", FREE_TEXT))
    prevention = fields.required("prevention", fields.text("prevention", FREE_TEXT))
    outcome = fields.required("outcome", fields.word("outcome", Outcome))
    left_reason, statement = fields.text("left_reason", REASON), fields.text("statement", REASON * 2)
    if statement is None and fields.asks("statement"):
        fields.wrong("statement", "required")
    fields.check()
    return Closure(root_cause, prevention, outcome, left_reason, statement)


def read_measure(view: Mapping[str, Any]) -> Measure:
    """A measure against recurrence. Raises FieldErrors with every field that is wrong."""
    fields = Fields(view)
    text = fields.required("measure", fields.text("measure", MEASURE_LIMIT))
    owner = fields.required("owner", fields.user("owner"))
    due_on = fields.required("due_on", fields.day("due_on"))
    fields.check()
    return Measure(text, owner, due_on, form=str(view.get("id") or ""))


def typed(view: Mapping[str, Any]) -> dict[str, str]:
    """The fields in which something is masked, as typed, by name. Never to be shown or logged."""
    values = (view.get("state") or {}).get("values") or {}
    texts = {name: (block.get("value") or {}).get("value") for name, block in values.items()}
    return {
        name: text
        for name, text in texts.items()
        if isinstance(text, str) and name not in NUMBERS and masked(text).kinds
    }


def kinds_of(typed: Mapping[str, str]) -> set[PersonalData]:
    """What was masked in these words."""
    return {kind for text in typed.values() for kind in masked(text).kinds}


def _source_permalink(view: Mapping[str, Any]) -> str | None:
    try:
        metadata = json.loads(view.get("private_metadata") or "null")
    except ValueError:
        return None
    permalink = metadata.get("source_permalink") if isinstance(metadata, dict) else None
    return permalink if isinstance(permalink, str) and permalink else None


class Fields:
    """The fields of one submitted view, and what is wrong with them so far."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        values = (view.get("state") or {}).get("values") or {}
        self._values: Mapping[str, Any] = values
        self._wrong: dict[str, Reason] = {}

    def wrong(self, field: str, reason: str, **values: Any) -> None:
        """Note an error; the first one of a field stays."""
        self._wrong.setdefault(field, (reason, values))

    def check(self) -> None:
        """Raise FieldErrors where anything was wrong."""
        if self._wrong:
            raise FieldErrors(self._wrong)

    def required(self, field: str, value: T | None) -> T:
        """`value`, noted as missing where it is None: then `check` raises before anybody uses it."""
        if value is None:
            self.wrong(field, "no_text" if self._typed(field) else "required")
        return cast(T, value)

    def _element(self, field: str) -> Mapping[str, Any]:
        found = (self._values.get(field) or {}).get("value") or {}
        return found if isinstance(found, Mapping) else {}

    def _typed(self, field: str) -> bool:
        """Something was typed, if only spaces."""
        return isinstance(value := self._element(field).get("value"), str) and value != ""

    def asks(self, field: str) -> bool:
        """Whether the form holds this field at all."""
        return field in self._values

    def text(self, field: str, limit: int) -> str | None:
        """Typed text without surrounding space, personal data masked; None where there is none."""
        value = self._element(field).get("value")
        if not isinstance(value, str) or not (stripped := value.strip()):
            return None
        if len(stripped) > limit:
            self.wrong(field, "too_long", limit=limit)
        # A mark may be a little longer than its number, and the words must fit into their field again.
        return stripped if field in NUMBERS else masked(stripped).text[:limit]

    def choice(self, field: str) -> str | None:
        """The value of the chosen option. A plain `value` is taken too: some clients send a menu so."""
        element = self._element(field)
        selected = element.get("selected_option")
        value = selected.get("value") if isinstance(selected, Mapping) else element.get("value")
        return value if isinstance(value, str) and value else None

    def boxes(self, field: str) -> set[str]:
        """The values of the boxes that are ticked."""
        ticked = self._element(field).get("selected_options") or []
        return {str(option.get("value")) for option in ticked if isinstance(option, Mapping)}

    def word(self, field: str, kind: type[W]) -> W | None:
        """The chosen word; one the vocabulary does not have is an error."""
        if (value := self.choice(field)) is None:
            return None
        if (word := kind.named(value)) is None:
            self.wrong(field, "unknown_choice")
        return word

    def moment(self, field: str) -> datetime | None:
        """The chosen time in UTC."""
        value = self._element(field).get("selected_date_time")
        if value is None or value == "":
            return None
        try:
            return datetime.fromtimestamp(int(value), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            self.wrong(field, "wrong_date")
            return None

    def day(self, field: str) -> date | None:
        """The chosen day."""
        value = self._element(field).get("selected_date")
        if value is None or value == "":
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong(field, "wrong_date")
            return None

    def past(self, field: str, now: datetime) -> datetime | None:
        """A time that has already been."""
        when = self.moment(field)
        if when and when > now + CLOCK_TOLERANCE:
            self.wrong(field, "in_future")
        return when

    def count(self, field: str) -> int | None:
        """A number of people that was counted, not estimated; None where nothing was typed."""
        typed, fact = self.persons(field)
        exact = fact.get("exact") if isinstance(fact, Mapping) else None
        if typed is not None and exact is None:
            self.wrong(field, "not_one_number")
        return exact

    def persons(self, field: str) -> tuple[str | None, PersonsFact | None]:
        """A number of people: as typed, and understood."""
        typed = self.text(field, PERSONS_LIMIT)
        if typed is None:
            return None, None
        try:
            return typed, parse_persons(typed, field).to_json()
        except InvalidField as error:
            self.wrong(field, error.reason, **error.values)
            return typed, None

    def user(self, field: str) -> str | None:
        """The id of the person chosen."""
        value = self._element(field).get("selected_user")
        return value if isinstance(value, str) and value else None

    def files(self, field: str) -> tuple[str, ...]:
        """The ids of the files that were added."""
        found = self._element(field).get("files") or []
        return tuple(file["id"] for file in found if isinstance(file, Mapping) and file.get("id"))
