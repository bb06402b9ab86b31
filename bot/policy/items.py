"""The nine items of a report (RULE 8(1)) and their sub-fields: what is known of each, and from where.

In: the case as it stands; what the privacy office wrote (`CaseState.items`) stands before what follows from
the first report, the facts, the decision, the obligations and the record. Nothing is invented: a field that
nobody filled in has no value. Source: Guidelines (General) 3-5-3-3, sub-fields word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.policy.state import CaseState
from bot.vocabulary import Indicator, Locale, LogKind, Medium, ObligationKind, Word


class ReportItem(Word):
    """The nine items, in the order of the rule and of the commission's form."""

    SUMMARY = "summary", "概要", "Outline"
    DATA_ITEMS = "data_items", "個人データの項目", "Items of personal data"
    PERSONS_COUNT = "persons_count", "本人の数", "Number of persons"
    CAUSE = "cause", "原因", "Cause"
    SECONDARY_HARM = (
        "secondary_harm",
        "二次被害又はそのおそれの有無及びその内容",
        "Secondary harm or its risk",
    )
    RESPONSE_TO_PERSONS = "response_to_persons", "本人への対応の実施状況", "Response to the persons"
    PUBLICATION = "publication", "公表の実施状況", "Publication"
    PREVENTION = "prevention", "再発防止のための措置", "Measures against recurrence"
    OTHER = "other", "その他参考となる事項", "Other information"


class ItemField(Word):
    """The sub-fields, each a field of its own. The last three are for the persons, not for the commission."""

    OCCURRED_ON = "occurred_on", "発生日", "Date of occurrence"
    DISCOVERED_ON = "discovered_on", "発覚日", "Date of discovery"
    INCIDENT = "incident", "発生事案", "Type of incident"
    DISCOVERER = "discoverer", "発見者", "Discovered by"
    RULES = "rules", "規則第7条各号該当性", "Reportable situation (Rule 7)"
    ENTRUSTMENT = "entrustment", "委託元及び委託先の有無", "Controller and processors involved"
    OUTLINE = "outline", "事案の内容", "What happened"
    COURSE = "course", "事実経過", "Course of events"
    MEDIUM = "medium", "媒体", "Medium"
    DATA_KIND = "data_kind", "種類（顧客情報・従業員情報の別等）", "Kind (customers, employees …)"
    DATA_ITEMS = "data_items", "項目", "Items"
    PERSONS = "persons", "本人の数", "Number of persons"
    CAUSE_PARTY = "cause_party", "主体（報告者又は委託先）", "Where it arose (own company or processor)"
    CAUSE = "cause", "原因", "Cause"
    SECONDARY_HARM = "secondary_harm", "二次被害又はそのおそれの有無", "Secondary harm or its risk"
    SECONDARY_HARM_CONTENT = "secondary_harm_content", "二次被害の内容", "Details of the harm"
    RESPONSE = "response", "本人への対応", "Response to the persons"
    PUBLICATION = "publication", "公表の状況・方法", "State and way of publication"
    PREVENTION_DONE = "prevention_done", "実施済みの措置", "Measures taken"
    PREVENTION_PLANNED = "prevention_planned", "今後実施予定の措置", "Measures planned, with dates"
    OTHER = "other", "参考となる事項（警察への届出など）", "Other information (police report …)"
    ADVICE = "advice", "本人にお願いしたいこと", "What the persons can do"
    CONTACT = "contact", "お問い合わせ窓口", "Contact for inquiries"


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


class Origin(Word):
    """Where the value of a field comes from."""

    OFFICE = "office", "個人情報保護担当の入力", "written by the privacy office"
    REPORT = "report", "第一報", "first report"
    FACTS = "facts", "確認された事実", "known facts"
    DECISION = "decision", "報告義務の判断", "the confirmed assessment"
    OBLIGATION = "obligation", "提出の記録", "recorded submissions"
    TIMELINE = "timeline", "経過の記録", "the record"
    CLOSURE = "closure", "終結の記録", "the closure"
    NOBODY = "nobody", "未入力", "not entered yet"


class Incident(Word):
    """発生事案. A suspicion stays one until somebody confirmed it."""

    LEAK = "leak", "漏えい", "Leak"
    LEAK_SUSPECTED = "leak_suspected", "漏えいのおそれ", "Suspected leak"
    LOSS = "loss", "滅失", "Loss"
    LOSS_SUSPECTED = "loss_suspected", "滅失のおそれ", "Suspected loss"
    DAMAGE = "damage", "毀損", "Damage"
    DAMAGE_SUSPECTED = "damage_suspected", "毀損のおそれ", "Suspected damage"
    NONE = "none", "漏えい等がなかったことを確認", "Found not to have happened"


class Discoverer(Word):
    """発見者, as far as the sign of the first report tells."""

    OWN = "own", "自社（従業者）", "Own company (staff)"
    PARTNER = "partner", "委託先又は取引先", "Processor or partner"
    OUTSIDE = "outside", "社外の方", "Somebody outside the company"


class Entrustment(Word):
    """委託元及び委託先の有無, as far as the facts tell."""

    ENTRUSTED = (
        "entrusted",
        "委託元あり（当社は委託先）",
        "Entrusted to us by a controller (we are the processor)",
    )
    OWN_DATA = (
        "own_data",
        "委託元なし（当社の取扱い）。委託先の有無は調査中",
        "Our own data, no controller above us; processors under investigation",
    )


class HarmRisk(Word):
    """二次被害のおそれ, where the facts speak of it."""

    PROPERTY = "property", "おそれあり（財産的被害）", "Risk of property damage"


class Measures(Word):
    """What the closure, which asks for one text, says of measures planned."""

    TOGETHER = "together", "「実施済みの措置」に併せて記載", "Written together with the measures taken"


class Stage(Word):
    """A step of the course of events (事実経過)."""

    OCCURRED = "occurred", "発生", "It happened"
    NOTICED = "noticed", "社内で最初に気づく", "First noticed in the company"
    REPORTED = "reported", "社内の第一報、対応を開始", "First report within the company; the response begins"
    ACKNOWLEDGED = "acknowledged", "担当者が対応を引き受け", "Somebody takes charge"
    DECIDED = "decided", "報告義務の判断を確定", "Duty to report decided"
    SUBMITTED = "submitted", "提出・通知", "Filed or notified"
    CLOSED = "closed", "対応を終結", "Response closed"


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


Value = str | datetime | Word | People | Rules | Course


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


def items(case: CaseState) -> tuple[Item, ...]:
    """The nine items of the case."""
    derived = _derived(case)
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


class FollowUp(Word):
    """What is written where an item cannot be established in time."""

    FOLLOW_UP = "follow_up", "（未確定の理由と追完の予定）", " (why it is open, and when it will be added)"


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
        ItemField.RESPONSE: (_notified(case), Origin.OBLIGATION),
        ItemField.PREVENTION_DONE: (_text(closure.get("prevention")), Origin.CLOSURE),
        ItemField.PREVENTION_PLANNED: (Measures.TOGETHER if closure else None, Origin.CLOSURE),
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


def _notified(case: CaseState) -> Value | None:
    notice = case.obligation(ObligationKind.INDIVIDUAL_NOTICE)
    if notice is None or notice.submitted_at is None:
        return None
    return Course((Step(notice.submitted_at, Stage.SUBMITTED, ObligationKind.INDIVIDUAL_NOTICE),))


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
