"""The nine items of a report (RULE 8(1)) and their sub-fields: what is known of each, and from where.

In: the case as it stands; what the privacy office wrote (`CaseState.items`) stands before what follows from
the first report, the facts, the decision, the obligations and the record. Nothing is invented: a field that
nobody filled in has no value. Source: Guidelines (General) 3-5-3-3, sub-fields word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from bot.policy.notifying import Progress, progress, publication_stage, standing_entries
from bot.policy.prevention import measures
from bot.policy.state import CaseState
from bot.vocabulary import (
    Discoverer,
    Entrustment,
    FollowUp,
    HarmRisk,
    Incident,
    Indicator,
    ItemField,
    Locale,
    LogKind,
    Measures,
    Medium,
    ObligationKind,
    Origin,
    PublicationStage,
    PublicationWay,
    ReportItem,
    Stage,
    TaskStatus,
    Word,
)

FIELDS: Final[Mapping[ReportItem, tuple[ItemField, ...]]] = {
    ReportItem.SUMMARY: (
        ItemField.OCCURRED_ON,
        ItemField.DISCOVERED_ON,
        ItemField.INCIDENT,
        ItemField.DISCOVERER,
        ItemField.RULES,
        ItemField.ENTRUSTMENT,
        ItemField.OUTLINE,
        ItemField.COURSE,
    ),
    ReportItem.DATA_ITEMS: (ItemField.MEDIUM, ItemField.DATA_KIND, ItemField.DATA_ITEMS),
    ReportItem.PERSONS_COUNT: (ItemField.PERSONS,),
    ReportItem.CAUSE: (ItemField.CAUSE_PARTY, ItemField.CAUSE),
    ReportItem.SECONDARY_HARM: (ItemField.SECONDARY_HARM, ItemField.SECONDARY_HARM_CONTENT),
    ReportItem.RESPONSE_TO_PERSONS: (ItemField.RESPONSE,),
    ReportItem.PUBLICATION: (ItemField.PUBLICATION,),
    ReportItem.PREVENTION: (ItemField.PREVENTION_DONE, ItemField.PREVENTION_PLANNED),
    ReportItem.OTHER: (ItemField.OTHER, ItemField.ADVICE, ItemField.CONTACT),
}
#: Asked of nobody by the commission: the notice to the persons and the publication need them.
FOR_PERSONS: Final = frozenset({ItemField.ADVICE, ItemField.CONTACT})
#: Items of the notice to the persons (RULE 10).
NOTICE_ITEMS: Final = (
    ReportItem.SUMMARY,
    ReportItem.DATA_ITEMS,
    ReportItem.CAUSE,
    ReportItem.SECONDARY_HARM,
    ReportItem.OTHER,
)


@dataclass(frozen=True, slots=True)
class People:
    """A number of people as the facts keep it (`law/persons.py` reads it)."""

    fact: Any


@dataclass(frozen=True, slots=True)
class Rules:
    """Ids of the reportable situations that were confirmed; none: not reportable."""

    triggers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the course: when, what, and of what."""

    at: datetime
    stage: Stage
    of: Word | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The steps in their order."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Notified:
    """How far the notices to the persons are. `reasons`: why substitute measures stand, as typed."""

    progress: Progress
    reasons: tuple[str, ...]
    completed_at: datetime | None  # since when the obligation is recorded as done


@dataclass(frozen=True, slots=True)
class Published:
    """Where publication stands: how and when, or when it is looked at again. `reason` as typed."""

    stage: PublicationStage
    ways: tuple[PublicationWay, ...] = ()
    publish_at: datetime | None = None
    review_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """Measures against recurrence: what the closure says of them, then each as typed and its day."""

    words: str | None
    done: bool  # the day is that on which it was done, not that by which it will be
    each: tuple[tuple[str, datetime], ...]


Value = str | datetime | Word | People | Rules | Course | Notified | Published | Promised


@dataclass(frozen=True, slots=True)
class Line:
    """One field. `value` None: nobody has entered it. `by` and `at`: who of the office wrote it, and when."""

    field: ItemField
    value: Value | None
    origin: Origin
    by: str | None = None
    at: datetime | None = None

    @property
    def known(self) -> bool:
        """Somebody has entered it, or it follows from what was entered."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Item:
    """One of the nine. `follow_up`: why something is still open and when it will be added (追完)."""

    item: ReportItem
    lines: tuple[Line, ...]
    follow_up: str | None = None

    @property
    def unknown(self) -> tuple[ItemField, ...]:
        """What the commission asks for and nobody has entered."""
        return tuple(line.field for line in self.lines if not line.known and line.field not in FOR_PERSONS)


def items(case: CaseState, contact: str | None = None) -> tuple[Item, ...]:
    """The nine items of the case. In: whom people may ask by the organisation file, where it says so."""
    derived = _derived(case)
    if contact:
        derived[ItemField.CONTACT] = contact, Origin.ORGANISATION
    return tuple(
        Item(item, tuple(_line(case, field, derived) for field in fields), _follow_up(case, item))
        for item, fields in FIELDS.items()
    )


def line_of(found: Iterable[Item], field: ItemField) -> Line:
    """The line of one field."""
    return next(line for item in found for line in item.lines if line.field is field)


def open_for_preliminary(found: Iterable[Item]) -> tuple[ItemField, ...]:
    """What a preliminary report says is under investigation. It never holds it back (RULE 8(1))."""
    return tuple(field for item in found for field in item.unknown)


def missing_for_final(found: Iterable[Item]) -> tuple[ItemField, ...]:
    """What the final report still needs: a value, or the reason and the follow-up (追完, GL 3-5-3-4)."""
    return tuple(field for item in found if not item.follow_up for field in item.unknown)


def follow_up_key(item: ReportItem) -> str:
    """Where `CaseState.items` keeps the reason why an item is still open."""
    return f"follow_up_{item.value}"


def key_label(key: str, locale: Locale) -> str:
    """What `CaseState.items` keeps under this key, for people."""
    if field := ItemField.named(key):
        return field.label(locale)
    item = next((item for item in ReportItem if follow_up_key(item) == key), None)
    return f"{item.label(locale)}{FollowUp.FOLLOW_UP.label(locale)}" if item else key


#: Everything `CaseState.items` may hold.
KEYS: Final = frozenset({*(f.value for f in ItemField), *(follow_up_key(item) for item in ReportItem)})


def _line(case: CaseState, field: ItemField, derived: Mapping[ItemField, tuple[Value, Origin]]) -> Line:
    if edit := case.items.get(field.value):
        return Line(
            field, str(edit["text"]), Origin.OFFICE, str(edit["by"]), datetime.fromisoformat(edit["at"])
        )
    value, origin = derived.get(field, (None, Origin.NOBODY))
    return Line(field, value, origin)


def _follow_up(case: CaseState, item: ReportItem) -> str | None:
    edit = case.items.get(follow_up_key(item))
    return str(edit["text"]) if edit else None


def _derived(case: CaseState) -> dict[ItemField, tuple[Value, Origin]]:
    closure = next((e.data for e in reversed(case.events) if e.kind is LogKind.CLOSED), {})
    found: dict[ItemField, tuple[Value | None, Origin]] = {
        ItemField.OCCURRED_ON: (case.occurred_at, Origin.REPORT),
        ItemField.DISCOVERED_ON: (case.aware_at, Origin.REPORT),
        ItemField.INCIDENT: (_incident(case.facts), Origin.FACTS),
        ItemField.DISCOVERER: (_discoverer(case.indicator), Origin.REPORT),
        ItemField.RULES: (_rules(case.assessment), Origin.DECISION),
        ItemField.ENTRUSTMENT: (_ENTRUSTMENT.get(str(case.facts.get("role"))), Origin.FACTS),
        ItemField.OUTLINE: (_text(case.report.summary), Origin.REPORT),
        ItemField.COURSE: (Course(_steps(case)), Origin.TIMELINE),
        ItemField.MEDIUM: (_medium(case.report.medium), Origin.REPORT),
        ItemField.DATA_ITEMS: (_text(case.report.data_items), Origin.REPORT),
        ItemField.PERSONS: (_persons(case), Origin.FACTS),
        ItemField.CAUSE: (_text(closure.get("root_cause")), Origin.CLOSURE),
        ItemField.SECONDARY_HARM: (
            HarmRisk.PROPERTY if case.facts.get("financial_harm") is True else None,
            Origin.FACTS,
        ),
        ItemField.RESPONSE: _notified(case),
        ItemField.PUBLICATION: (_published(case), Origin.PUBLICATION),
        ItemField.PREVENTION_DONE: _prevention_done(case, closure),
        ItemField.PREVENTION_PLANNED: _prevention_planned(case, closure),
    }
    return {field: (value, origin) for field, (value, origin) in found.items() if value is not None}


_ENTRUSTMENT: Final = {"processor": Entrustment.ENTRUSTED, "controller": Entrustment.OWN_DATA}
_BY_OUTSIDERS: Final = frozenset(
    {
        Indicator.EXTERNAL_INQUIRY,
        Indicator.PRESS_OR_AUTHORITY_INQUIRY,
        Indicator.POSSESSION_CLAIM,
    }
)
#: Signs that somebody of the company meets with. How a rumour or a sale was found, the sign does not tell.
_BY_STAFF: Final = frozenset(
    {
        Indicator.MEDIA_LOST,
        Indicator.MEDIA_STOLEN,
        Indicator.MEDIA_ACCESSED,
        Indicator.SYSTEM_INTRUSION,
        Indicator.KEY_OR_CREDENTIAL_LOST,
        Indicator.INTERNAL_TIP,
    }
)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _incident(facts: Mapping[str, Any]) -> Incident | None:
    kind, certainty = facts.get("kind"), facts.get("certainty")
    if certainty == "ruled_out":
        return Incident.NONE
    return Incident.named(kind if certainty == "confirmed" else f"{kind}_suspected")


def _discoverer(sign: Indicator) -> Discoverer | None:
    if sign is Indicator.PARTNER_REPORT:
        return Discoverer.PARTNER
    if sign in _BY_OUTSIDERS:
        return Discoverer.OUTSIDE
    return Discoverer.OWN if sign in _BY_STAFF else None


def _rules(assessment: Mapping[str, Any] | None) -> Rules | None:
    """Only what somebody confirmed, and only once nothing of it is open any more."""
    if assessment is None or assessment.get("decision") == "undetermined":
        return None
    return Rules(tuple(assessment.get("triggers") or ()))


def _medium(stored: str | None) -> Value | None:
    word = Medium.named(stored)
    return None if word is Medium.UNKNOWN else word or _text(stored)


def _persons(case: CaseState) -> Value | None:
    if (fact := case.facts.get("persons")) is not None:
        return None if fact == "unknown" else People(fact)
    return _text(case.report.persons)


def _notified(case: CaseState) -> tuple[Value | None, Origin]:
    """By the records of who was told; without them by the obligation, once it is recorded as done."""
    notice = case.obligation(ObligationKind.INDIVIDUAL_NOTICE)
    submitted_at = notice.submitted_at if notice else None
    if (known := progress(case)).begun:
        instead = (e.why for e in standing_entries(case) if e.way.stands_instead and e.persons != 0)
        return Notified(known, tuple(why for why in instead if why), submitted_at), Origin.NOTICES
    if submitted_at is None:
        return None, Origin.NOBODY
    done = Course((Step(submitted_at, Stage.SUBMITTED, ObligationKind.INDIVIDUAL_NOTICE),))
    return done, Origin.OBLIGATION


def _published(case: CaseState) -> Value | None:
    if (stage := publication_stage(case)) is None:
        return None
    decided = case.publication
    if decided is None:
        return Published(stage)
    return Published(stage, decided.ways, decided.publish_at, decided.review_on, decided.reason)


def _prevention_done(case: CaseState, closure: Mapping[str, Any]) -> tuple[Value | None, Origin]:
    """What the closure says, and the measures that were carried out."""
    words, origin = _text(closure.get("prevention")), Origin.CLOSURE if closure else Origin.MEASURES
    done = [t for t in measures(case) if t.status is TaskStatus.DONE]
    if not done:
        return words, Origin.CLOSURE
    return Promised(words, True, tuple((t.title or "", t.at or t.due_at) for t in done)), origin


def _prevention_planned(case: CaseState, closure: Mapping[str, Any]) -> tuple[Value | None, Origin]:
    """The measures that are still to come; without any, the closure's one text speaks of both."""
    planned = [t for t in measures(case) if t.status is TaskStatus.OPEN]
    if planned:
        return Promised(None, False, tuple((t.title or "", t.due_at) for t in planned)), Origin.MEASURES
    return (Measures.TOGETHER if closure else None), Origin.CLOSURE


def _steps(case: CaseState) -> tuple[Step, ...]:
    steps = [Step(case.aware_at, Stage.NOTICED), Step(case.reported_at, Stage.REPORTED)]
    if case.occurred_at:
        steps.append(Step(case.occurred_at, Stage.OCCURRED))
    taken = [e for e in case.events if e.kind is LogKind.ACKNOWLEDGED][:1]
    steps += [Step(event.at, Stage.ACKNOWLEDGED) for event in taken]
    for event in case.events:
        if event.kind is LogKind.ASSESSMENT_CONFIRMED:
            steps.append(Step(event.at, Stage.DECIDED))
        elif event.kind is LogKind.SUBMISSION_RECORDED:
            filed = ObligationKind.named(event.data.get("obligation"))
            steps.append(Step(datetime.fromisoformat(event.data["submitted_at"]), Stage.SUBMITTED, filed))
        elif event.kind is LogKind.CLOSED:
            steps.append(Step(event.at, Stage.CLOSED))
    return tuple(sorted(steps, key=lambda step: step.at))
